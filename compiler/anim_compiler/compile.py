"""Compiling: a checked film becomes a plan and its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from anim_compiler import settle
from anim_compiler.assemble import Chosen, assembled
from anim_compiler.audio.problem import AudioError
from anim_compiler.camera import path
from anim_compiler.conditionings import Encoder
from anim_compiler.curves import Evaluator, rounded
from anim_compiler.film import Curve, Film
from anim_compiler.findings import Findings
from anim_compiler.frames import Frames, frames
from anim_compiler.functions.registry import Array
from anim_compiler.graph import Graph
from anim_compiler.listening import Listener, film_clock
from anim_compiler.lower import lower
from anim_compiler.ops import verify
from anim_compiler.passes import PASSES, Facts
from anim_compiler.plan import Columns, ModelRef, Plan
from anim_compiler.seeds import drawn, seed_column
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.source import Span

BUILT_IN_MODEL = "postcard"
"""The reference of the model that ships with the package."""


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """What a command line may override. `frames` is start and end (excluded) of a preview.

    `model_sha256` gives the hash of the model a reference names, or is that hash.
    """

    size: tuple[int, int] | None = None
    fps: Fraction | None = None
    frames: tuple[int, int] | None = None
    steps: int | None = None
    seed: int | None = None
    model_sha256: Callable[[str], str] | str = ""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan with its columns, or None and empty where `diagnostics` hold errors."""

    plan: Plan | None
    columns: Columns
    diagnostics: tuple[Diagnostic, ...]


def compile_film(film: Film, world: World, options: CompileOptions | None = None) -> Compiled:
    """Evaluates every curve, lowers, optimises and digests. Decodes sound, loads no model."""
    findings = Findings(film.source)
    try:
        made = _Compiler(film, world, options or CompileOptions(), findings).plan()
    except AudioError as error:
        findings.error("E4009", _audio_span(film), error.message, hint=error.hint)
        made = None
    if made is None:
        return Compiled(None, {}, findings.all())
    return Compiled(*made, findings.all())


def _audio_span(film: Film) -> Span:
    """Where the film names its track."""
    at = film.source.text.find("audio ")
    return Span(at, at + len("audio")) if at >= 0 else Span(0, 0)


class _Compiler:
    """One film on its way to a plan."""

    def __init__(self, film: Film, world: World, options: CompileOptions, findings: Findings) -> None:
        self._film = film
        self._options = options
        self._findings = findings
        self._fps = options.fps or film.fps
        self._width, self._height = options.size or (film.width, film.height)
        seed = film.seed if options.seed is None else options.seed
        self._seed = drawn(film.name) if seed < 0 else seed
        self._listener = Listener(film, world)
        self._evaluator = Evaluator(
            film_clock(film, self._listener, fps=self._fps, seed=self._seed), self._listener
        )

    def plan(self) -> tuple[Plan, Columns] | None:
        columns = self._settings()
        if columns is None:
            return None
        encoder = Encoder(self._evaluator)
        prompts = encoder.prompts(self._film.prompts)
        columns |= encoder.columns
        bad = [name for name, column in encoder.columns.items() if not np.isfinite(column).all()]
        if bad:
            self._findings.error("E5001", Span(0, 0), "a number in a prompt is infinite or not a number")
            return None
        whole = self._frames(columns)
        columns["diffuse.seed"] = self._seeds(columns, whole)
        start, end = self._range(len(whole.kinds))
        how = _cut(whole, start, end)
        # columns are cut, not computed anew: a preview's frame has the film's own values
        moves = self._camera(columns, how, start)
        columns = {name: column[start:end] for name, column in columns.items()} | moves
        columns["tween.mix"] = _tween_mix(how)
        graph = _optimised(lower(self._film), columns, how)
        chosen = Chosen(self._width, self._height, self._fps, self._seed, self._model(), start)
        return assembled(self._film, chosen, graph, columns, how, prompts)

    def _range(self, count: int) -> tuple[int, int]:
        start, end = self._options.frames or (0, count)
        start = max(0, min(start, count - 1))
        return start, max(start + 1, min(end, count))

    # --- curves ---

    def _settings(self) -> Columns | None:
        """Columns of everything but the camera's moves; None if one cannot be computed."""
        columns: Columns = {}
        for name, curve in self._film.numbers.items():
            if name.startswith("camera."):
                continue
            found = settle.column(self._evaluator, name, curve, self._findings)
            if found is not None:
                columns[name] = found
        channels = self._film.camera.channels if self._film.camera else {}
        for name, curve in channels.items():
            found = settle.column(self._evaluator, f"camera.{name}", _unbounded(curve, name), self._findings)
            if found is not None:
                columns[f"camera.{name}"] = found
        if len(columns) < len([n for n in self._film.numbers if not n.startswith("camera.")]) + len(channels):
            return None
        steps = columns["diffuse.steps"] if self._options.steps is None else self._steps()
        columns["diffuse.steps"] = np.asarray(steps).astype(np.int64)
        return columns

    def _steps(self) -> Array:
        return np.full(self._evaluator.clock.frames, float(self._options.steps or 0))

    def _frames(self, columns: Columns) -> Frames:
        clock = self._evaluator.clock
        keys = (*self._film.prompts.positive, *self._film.prompts.negative)
        places = [clock.place(key.at) for key in keys]
        whole = [int(np.ceil(place - 1e-9)) for place in places]
        return frames(clock.frames, columns["coherence.cadence"].tolist(), whole)

    def _seeds(self, columns: Columns, how: Frames) -> NDArray[np.int64]:
        curve = self._film.numbers["diffuse.seed"]
        mode = str(self._film.words.get("diffuse.seed_mode") or "iter")
        base = np.asarray(columns["diffuse.seed"], dtype=np.float64)
        return seed_column(base, mode, how.diffused, self._film.name, curve.live)

    def _camera(self, columns: Columns, how: Frames, start: int) -> Columns:
        """The moves of the frames from `start` on; the channels themselves are taken out of `columns`."""
        camera = self._film.camera
        if camera is None:
            return {}
        clock = self._evaluator.clock
        channels = {n: np.asarray(columns.pop(f"camera.{n}"), dtype=np.float64) for n in camera.channels}
        if not channels:
            channels = {"zoom": np.ones(clock.frames)}
        way = path(camera, channels, float(1 / clock.fps), self._film.width, self._film.height)
        here = [start + f for f in range(len(how.kinds))]
        before = [start + b if b >= 0 else f for f, b in zip(here, how.before, strict=True)]
        after = [start + a if a >= 0 else f for f, a in zip(here, how.after, strict=True)]
        moves: Columns = {"camera.from_previous": rounded(way.move(before, here))}
        if "tween" in how.kinds:
            moves["camera.from_next"] = rounded(way.move(after, here))
        return moves

    def _model(self) -> ModelRef:
        reference = self._film.model or BUILT_IN_MODEL
        given = self._options.model_sha256
        return ModelRef(reference=reference, sha256=given if isinstance(given, str) else given(reference))


def _unbounded(curve: Curve, name: str) -> Curve:
    """A channel whose sign may have been turned keeps no range, but the lens and zoom do."""
    if name in ("zoom", "fov", "flip_fov"):
        return curve
    return Curve(curve.expr, curve.live, curve.unit, None, None, False, curve.span)


def _tween_mix(how: Frames) -> Array:
    """How far each tween is from its diffused frame before to the one after: float64[frames]."""
    rows = zip(range(len(how.kinds)), how.before, how.after, strict=True)
    return rounded(np.array([0.0 if b < 0 or a < 0 else (f - b) / (a - b) for f, b, a in rows]))


def _cut(how: Frames, start: int, end: int) -> Frames:
    """The frames of a preview: `start` begins a chain of its own, and the last is diffused."""
    if (start, end) == (0, len(how.kinds)):
        return how
    count = end - start
    return frames(count, [float(count)] * count, [f - start for f in how.diffused if start <= f < end])


def _optimised(graph: Graph, columns: Columns, how: Frames) -> Graph:
    """The graph after every pass, valid as it was before."""
    kinds = sorted(set(how.kinds))
    by_kind: dict[tuple[int, str], tuple[int, ...]] = {
        (0, k): tuple(f for f, kind in enumerate(how.kinds) if kind == k) for k in kinds
    }
    facts = Facts(columns, by_kind)
    for step in PASSES:
        graph = step(graph, facts)
    shapes = {name: tuple(column.shape) for name, column in columns.items()}
    faults = verify(graph, shapes)
    assert not faults, faults
    return graph
