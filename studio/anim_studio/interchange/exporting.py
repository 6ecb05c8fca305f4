"""From a checked film to what exporters are given: its plan, and every number of it at every frame."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anim_compiler.asking import Asked
from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.film import WordSchedule
from anim_compiler.setting import numeric
from anim_compiler.sound.problem import AudioError
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.settings import SETTINGS
from anim_studio.cli.build import Overrides
from anim_studio.cli.load import Loaded, unheard
from anim_studio.interchange.exported import Exporting, Folders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from anim_compiler.film import Film
    from anim_compiler.plan import Plan
    from anim_compiler.world import World

CHANNEL = "channel."
"""What the columns of a camera's channels begin with."""

_BLOCKS = ("diffuse", "coherence")


def exporting(
    loaded: Loaded,
    film: Film,
    overrides: Overrides,
    ranges: Sequence[tuple[int, int]],
    folders: Folders,
) -> tuple[Exporting | None, tuple[Diagnostic, ...]]:
    """The film as exporters read it, None if it cannot be compiled; and what is said of that.

    `overrides` are what the command line says instead of the film. No model is needed. Raises `Stop` for a
    track that cannot be read.
    """
    # ControlNets are named by the other tool: that none is known here is no mistake
    plain = replace(film, shots=tuple(replace(shot, controls=()) for shot in film.shots))
    compiled = compile_film(plain, loaded.world, _options(overrides))
    if compiled.plan is None:
        return None, compiled.diagnostics
    try:
        asked = Asked(film, loaded.world, fps=overrides.fps, seed=overrides.seed)
        curves = tuple(name for name in asked.names() if _is_said(name, film))
        columns = _columns(asked, curves, compiled.plan, compiled.columns, overrides)
        columns |= _channels(film, loaded.world, compiled.plan, overrides)
        rests = dict(_rests(asked, columns, curves))
    except AudioError as error:
        raise unheard(error) from None
    words = {name: text for name in _worded(film) if (text := asked.words(name)) is not None}
    made = Exporting(
        document=loaded.document,
        film=film if overrides.seed is None else replace(film, seed=overrides.seed),
        plan=compiled.plan,
        columns=columns,
        stem=loaded.stem,
        ranges=tuple(ranges),
        curves=curves,
        rests=rests,
        words=words,
        beside=dict(_beside(compiled.plan, loaded.world.root, folders)),
    )
    return made, compiled.diagnostics


def _columns(
    asked: Asked,
    curves: Sequence[str],
    plan: Plan,
    made: Mapping[str, NDArray[np.generic]],
    overrides: Overrides,
) -> dict[str, NDArray[np.float64]]:
    """Every number at every frame; a seed is what each frame's is, not what the film counts from."""
    numbers = {name: asked.curve(name) for name in curves}
    if overrides.steps is not None:
        numbers["diffuse.steps"] = np.full(plan.frames, float(overrides.steps))
    columns = {**numbers, **_unwritten(asked, numbers), **_plain(made)}
    seeds = columns["diffuse.seed"]
    # -1 stands for one that is drawn
    columns["diffuse.seed"] = np.where(seeds < 0, plan.seed, seeds)
    return columns


def _options(overrides: Overrides) -> CompileOptions:
    return CompileOptions(
        size=overrides.size,
        fps=overrides.fps,
        steps=overrides.steps,
        seed=overrides.seed,
        model_sha256=lambda _: "",
    )


def _is_said(name: str, film: Film) -> bool:
    """Whether it is a setting or `let` of the film's, not a feature of its sound that anyone may ask for."""
    return any(name in names for names in (film.lets, *((*s.numbers, *s.lets) for s in film.shots))) or (
        name.startswith(("lora.", "control."))
    )


def _plain(columns: Mapping[str, NDArray[np.generic]]) -> dict[str, NDArray[np.float64]]:
    """The plan's columns of one number a frame."""
    return {name: c.astype(np.float64) for name, c in columns.items() if c.ndim == 1}


def _unwritten(asked: Asked, known: Mapping[str, object]) -> dict[str, NDArray[np.float64]]:
    """The settings of sampling and coherence that the film leaves at their default."""
    paths = [f"{b}.{n}" for (b, n), spec in SETTINGS.items() if b in _BLOCKS and numeric(spec)]
    found = ((path, asked.unwritten(path)) for path in paths if path not in known)
    return {path: column for path, column in found if column is not None}


def _rests(
    asked: Asked, columns: Mapping[str, NDArray[np.float64]], curves: Sequence[str]
) -> Iterator[tuple[str, float]]:
    """What each setting is in the scenes that do not have it."""
    for name in curves:
        rest = None if np.isfinite(columns[name]).all() else asked.unwritten(name)
        if rest is not None:
            yield name, float(rest[0])


def _channels(film: Film, world: World, plan: Plan, overrides: Overrides) -> dict[str, NDArray[np.float64]]:
    """The channels of every scene's camera, each by the scene's clock: float64[frames]."""
    columns: dict[str, NDArray[np.float64]] = {}
    several = len(film.shots) > 1
    for shot in film.shots:
        if shot.camera is None or not shot.camera.curves:
            continue
        asked = Asked(film, world, shot.name if several else None, fps=overrides.fps, seed=overrides.seed)
        for name, curve in shot.camera.curves.items():
            values = asked.value(curve.expr)
            column = columns.setdefault(f"{CHANNEL}{name}", np.full(plan.frames, np.nan))
            column[asked.first : asked.first + len(values)] = values
    return columns


def _worded(film: Film) -> Iterator[str]:
    """The settings of words that change during the film or that some format has a name for."""
    yield from ("diffuse.sampler", "diffuse.seed_mode", "coherence.color")
    if isinstance(film.model, WordSchedule):
        yield "model"


def _beside(plan: Plan, root: Path, folders: Folders) -> Iterator[tuple[str, str]]:
    """Every file of the film, by its path from where is written; whole where there is none."""
    for path, whole in (
        *((media.path, root / media.path) for media in plan.media),
        *((spec.path, folders.out / spec.path) for spec in plan.outputs),
    ):
        try:
            yield path, Path(os.path.relpath(whole, folders.to)).as_posix()
        except ValueError:
            yield path, whole.as_posix()
