"""All that a render would do, put together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NoReturn

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import Columns, OutputSpec, Plan
from anim_runtime.diffusion.setup import Setup, every_setup
from anim_runtime.models.library import Located, locate
from anim_studio.estimate.calls import denoiser_calls
from anim_studio.estimate.files import File, files
from anim_studio.estimate.history import Run, past_runs
from anim_studio.estimate.memory import Memory, memory, weights_of
from anim_studio.estimate.planned import graph_of
from anim_studio.estimate.seconds import Estimate, estimate, frames_to_make
from anim_studio.estimate.work import Left, work_left


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a render of `plan` would do on `device`.

    `calls` are the denoiser's; `ready` are the film's frames from its start that are in the store; `batch`
    is how many frames would pass the model at once where the film says nothing, 0 if only a render finds out.
    """

    plan: Plan
    device: str
    work: Left
    calls: int
    ready: int
    batch: int
    files: tuple[File, ...]
    memory: Memory
    estimate: Estimate | None

    @property
    def seconds(self) -> float:
        """How long the film runs."""
        return float(self.plan.frames / Fraction(self.plan.fps))

    @property
    def is_done(self) -> bool:
        """Whether every frame is in the store, and every file is there as this film gives it."""
        return self.work.total.missing == 0 and all(file.state == "done" for file in self.files)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a render would happen: the film's root, the folder that outputs go to, the cache, the device, and
    the folder of the user's library of models.
    """

    root: Path
    folder: Path
    cache: Path
    device: str
    library: Path | None = None


def forecast(plan: Plan, columns: Columns, outputs: Sequence[OutputSpec], place: Place) -> Forecast:
    """What a render would do. Looks at the store's names and earlier journals; loads no model, writes
    nothing.
    """
    from anim_runtime.store import Store
    from anim_runtime.working import makers, working_order

    table = frame_table(plan, columns)
    graph = graph_of(plan, columns)
    keys = _keys(plan, table.recipes, place)
    there = Store(place.cache).lists
    missing = [row for row, key in enumerate(keys) if not there(key)]
    same = makers(working_order(plan, table), keys)
    # the frames that scenes run on with are shown too: beneath others
    work = work_left(graph, frozenset(missing), plan.made, same)
    made = [row for row in missing if same[row] == row]
    runs = past_runs(place.cache, plan.model.reference, place.device)
    batch = _batch(plan, runs, place.device)
    found = files(plan, outputs, place.folder, place.cache)
    weights = max(_weights(setup, place) for setup in every_setup(plan))
    written = sum(file.frames for file in found)
    return Forecast(
        plan=plan,
        device=place.device,
        work=work,
        calls=work.shown_steps + denoiser_calls(plan, graph, table, same, made, batch or 1),
        ready=min([*missing, plan.frames]),
        batch=batch,
        files=found,
        memory=memory(graph, plan.width, plan.height, batch or 1, weights),
        estimate=estimate(
            frames_to_make(table.kinds, _drawn(made, work), work.passes),
            plan.width * plan.height,
            written,
            runs,
        ),
    )


def _drawn(made: Sequence[int], work: Left) -> tuple[int, ...]:
    """The rows that take time: those that are made, and those whose shown picture the model draws."""
    return tuple(sorted({*made, *work.passes.nonzero()[0].tolist()}))


def _keys(plan: Plan, recipes: Sequence[str], place: Place) -> tuple[str, ...]:
    """The names in the store that a render here would give the carries of all rows."""
    from anim_runtime.digests import store_keys
    from anim_runtime.maker import where_made

    return store_keys(recipes, where_made(plan, place.root, place.cache, place.device))


def _weights(setup: Setup, place: Place) -> int:
    """Bytes of all files that one engine is loaded from, as far as they are here."""
    files = (setup.model, *(setup.vae,) * (setup.vae is not None), *setup.loras, *setup.controls)
    found = (locate(file.reference, place.root, place.library, file.sha256) for file in files if file)
    return sum(weights_of(one.path) for one in found if isinstance(one, Located))


def _batch(plan: Plan, runs: Sequence[Run], device: str) -> int:
    """Frames at once where the film says nothing: by the rule of a processor, else as in a render before."""
    if device == "cpu":
        import torch

        from anim_runtime.batches import room

        return room(torch.device(device), plan.width, plan.height, _no_engine)
    pixels = plan.width * plan.height
    return next((run.batch for run in runs if run.pixels == pixels), 0)


def _no_engine() -> NoReturn:
    raise AssertionError("a processor's rule needs no model")
