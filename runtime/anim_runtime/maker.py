"""What makes the frames of a plan, one by one, whoever asks for them and in whichever order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from anim_compiler.frame_table import FrameTable, frame_table
from anim_compiler.plan import Columns, FrameKind, Plan
from anim_runtime.arriving import host_picture
from anim_runtime.carries import Carries, from_picture, quantised, restored
from anim_runtime.conditioning import Conditionings
from anim_runtime.depth import library as depth_models
from anim_runtime.depth.record import parted
from anim_runtime.determinism import deterministic
from anim_runtime.diffusion.engine import Engine, fingerprint
from anim_runtime.diffusion.request import Request
from anim_runtime.diffusion.setup import Setup, every_setup, setup_of
from anim_runtime.digests import Environment, environment, store_keys
from anim_runtime.kept import Kept
from anim_runtime.luts import Luts
from anim_runtime.ops import KERNELS
from anim_runtime.ops.hints import pose
from anim_runtime.ops.kernel import FrameContext, Kernel
from anim_runtime.program import Program, Tools, Walk
from anim_runtime.sources import Image, Sources
from anim_runtime.spent import Spent
from anim_runtime.store import Picture, Shelf
from anim_runtime.together import together
from anim_runtime.working import read, scene_places


@dataclass(frozen=True, slots=True)
class Means:
    """What frames are made with besides their plan: where media are read and models are known, the device,
    where carries are kept, who draws, and whom to warn.
    """

    root: Path
    cache: Path
    device: str
    shelf: Shelf
    engine: Callable[[Setup], Engine]
    warn: Callable[[str], None]
    spent: Spent
    #: the film's pictures that are loaded already; a preview shares them among its versions
    images: MutableMapping[Image, torch.Tensor] | None = None
    #: what stands for the kernels, by op
    over: Callable[[Mapping[str, Kernel]], Mapping[str, Kernel]] = dict
    #: the folder of the user's library of models
    library: Path | None = None


class FrameMaker:
    """Makes carries and shown pictures. A frame's `keys` is the name of its carry in the store."""

    def __init__(self, plan: Plan, columns: Columns, means: Means) -> None:
        self.plan = plan
        self.device = torch.device(means.device)
        self._columns = columns
        self._means = means
        self._drew: dict[int, Engine] = {}
        self.table: FrameTable = frame_table(plan, columns)
        self.where: Environment = where_made(plan, means.root, means.cache, means.device, means.library)
        self.keys = store_keys(self.table.recipes, self.where)
        self.carries = Carries(means.shelf, self.keys.__getitem__, self.device, plan.height)
        self.places = scene_places(plan)
        self._luts = Luts(plan, means.root, self.device)
        self.sources = self._make_sources()
        self.programs = self._compile()

    def carried(self, group: Sequence[int], wanted: Sequence[int]) -> list[torch.Tensor]:
        """The carries of the wanted frames of a group, each drawn at its place in the group."""
        chosen = frozenset(wanted)
        return together([self.walk(f) if f in chosen else None for f in group], self._draw)

    def walk(self, frame: int) -> Walk:
        """One frame's carry in work."""
        return self.program(frame).carry(self._context(frame))

    def shown(self, frame: int, picture: Picture) -> NDArray[np.uint16]:
        """The picture that is shown at a frame, uint16 `[H,W,3]`, RGB, of its carry as it is stored."""
        picture, _ = parted(picture, self.plan.height)
        if self.program(frame).shows_carry:
            return picture
        with torch.inference_mode(), deterministic(self._means.device):
            made = host_picture(quantised(self.seen(frame, restored(from_picture(picture, self.device)))))
        self.settle()
        return made

    def settle(self) -> None:
        """Wait until it is known that all pictures so far hold numbers; RenderProblem if one does not."""
        for engine in list(self._drew.values()):
            engine.settle()

    def save(self) -> str:
        """Have the engines take less of the device's memory: in one line how; empty if nothing is left."""
        said = (engine.save() for engine in self._drew.values())
        return next(filter(None, said), "")

    def seen(self, frame: int, carry: torch.Tensor) -> torch.Tensor:
        """The same of a carry float32 `[1,3,H,W]` on the device; that of the frame beneath is there."""
        under = self.table.under[frame]
        beneath = None if under < 0 else self._over(under, self.carries.at(under))
        return self._over(frame, carry, beneath)

    def program(self, frame: int) -> Program:
        """How a frame is made."""
        return self.programs[self.places[frame][0], self.table.kinds[frame]]

    def needs(self, frame: int) -> tuple[int, ...]:
        """The frames whose carries a frame's carry is made from."""
        start = self.plan.scenes[self.places[frame][0]].start
        return tuple(sorted({*read(self.table, frame, start, self.program(frame).ops)} - {frame}))

    def passes(self, frame: int) -> int:
        """The pictures that go through the denoiser for a frame."""
        return sum(self.sources.passes(op, at(frame)) for op, at in self.program(frame).asks)

    def _over(self, frame: int, carry: torch.Tensor, beneath: torch.Tensor | None = None) -> torch.Tensor:
        """The shown picture of a frame, float32 `[1,3,H,W]`, from its carry and the one shown beneath it."""
        program = self.program(frame)
        if program.shows_carry:
            return carry
        context = replace(self._context(frame), beneath=beneath)
        (made,) = together([program.shown(carry, context)], self._draw)
        return made

    def _draw(self, requests: Sequence[Request]) -> list[torch.Tensor]:
        # what is drawn together is drawn by one engine
        engine = self._means.engine(requests[0].setup or setup_of(self.plan))
        self._drew[id(engine)] = engine
        return engine.draw(requests)

    def _make_sources(self) -> Sources:
        engines = self._means.engine
        # nothing here leads back to the maker: a preview has one a version, which goes at once with that
        scenes, places = self.plan.scenes, self.places
        told = Conditionings(
            self.plan.prompts,
            self._columns,
            lambda text, voice: engines(voice.setup).encode(text, voice.spoken),
            lambda frame: scenes[places[frame][0]].morph,
        )
        return Sources(
            self.plan,
            self.table,
            self._means.root,
            self.carries,
            told,
            lambda text, setup: engines(setup).tokens(text),
            self._means.warn,
            self._means.images,
            self._means.library,
        )

    def _compile(self) -> dict[tuple[int, FrameKind], Program]:
        kernels = self._means.over({**KERNELS, **self.sources.kernels()})
        tools = Tools(self._columns, kernels, self.sources.asks(), self._means.spent, Kept())
        return {
            (index, kind): Program(template, index, tools)
            for index, scene in enumerate(self.plan.scenes)
            for kind, template in scene.templates.items()
        }

    def _context(self, frame: int) -> FrameContext:
        place = self.places[frame][1]
        return FrameContext(frame, self.plan.width, self.plan.height, self.device, place, tables=self._luts)


def where_made(plan: Plan, root: Path, cache: Path, device: str, library: Path | None = None) -> Environment:
    """What may change the bits of a plan's frames here."""
    engine = _fingerprints(plan, torch.device(device)) + depth_models.fingerprint(plan, root, cache, library)
    engine += pose.fingerprint(plan, library, cache)
    return environment(engine, device)


def _fingerprints(plan: Plan, device: torch.device) -> str:
    """What may change the bits of what the engines of a plan draw. Where there are several, no model's digest
    is told: the recipes hold them, and another model at the end of a film is none of its beginning's.
    """
    setups = every_setup(plan)
    if len(setups) == 1:
        return fingerprint(setups[0], device)
    bare = (replace(setup, model=setup.model.model_copy(update={"sha256": ""})) for setup in setups)
    return " and ".join(sorted({fingerprint(setup, device) for setup in bare}))
