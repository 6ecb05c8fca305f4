"""Compiling: a checked film becomes a plan and its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from anim_compiler import not_yet, settle, silence
from anim_compiler.assemble import Assembly, Chosen, assembled
from anim_compiler.audio.problem import AudioError
from anim_compiler.conditionings import Encoder
from anim_compiler.curves import Evaluator
from anim_compiler.film import Film
from anim_compiler.findings import Findings
from anim_compiler.frames import Frames
from anim_compiler.graph import Graph
from anim_compiler.listening import Listener, film_clock
from anim_compiler.lower import lower
from anim_compiler.ops import verify
from anim_compiler.passes import PASSES, Facts
from anim_compiler.pieces import pieces, placed, scenes, spread
from anim_compiler.plan import Columns, ModelRef, Plan
from anim_compiler.seeds import drawn
from anim_compiler.takes import Take, settled, takes
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
    findings = Findings(film.sources, film.uses)
    for span, message, hint in not_yet.refused(film):
        findings.error("E2009", span, message, hint=hint)
    if findings.any:
        return Compiled(None, {}, findings.all())
    try:
        made = _Compiler(film, world, options or CompileOptions(), findings).plan()
    except AudioError as error:
        findings.error("E4009", _audio_span(film, error.track), error.message, hint=error.hint)
        made = None
    else:
        silence.after(film, world, findings)
    if made is None:
        return Compiled(None, {}, findings.all())
    return Compiled(*made, findings.all())


def _audio_span(film: Film, name: str) -> Span:
    """Where the film names the file of a track."""
    return next((track.span for track in film.tracks if track.name == name), Span(0, 0))


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
        clock = film_clock(film, self._listener, fps=self._fps, seed=self._seed)
        self._whole = Evaluator(clock, self._listener)

    def plan(self) -> tuple[Plan, Columns] | None:
        made = self._takes()
        if made is None:
            return None
        start, end = self._range(self._whole.clock.frames)
        found = pieces(made, start, end)
        how = placed(found)
        encoder = Encoder(len(how.kinds))
        for piece, rows in zip(found, how.scenes, strict=True):
            encoder.scene(piece.take.shot.prompts, piece.take.evaluator, rows, piece.begin)
        for culprit in encoder.culprits:
            settle.not_finite("prompt", culprit, self._findings)
        if encoder.culprits:
            return None
        columns = spread(found, how) | encoder.columns
        shots = scenes(found)
        graph = _optimised(lower(shots), columns, how)
        chosen = Chosen(self._width, self._height, self._fps, self._seed, self._model(), start)
        return assembled(self._film, chosen, Assembly(graph, columns, how, shots, encoder.prompts()))

    def _takes(self) -> list[Take] | None:
        """Every shot with the columns of its settings; None if one cannot be computed."""
        found = [
            settled(take, self._options.steps, self._findings)
            for take in takes(self._film, self._whole, self._listener)
        ]
        made = [take for take in found if take is not None]
        return made if len(made) == len(found) else None

    def _range(self, count: int) -> tuple[int, int]:
        start, end = self._options.frames or (0, count)
        start = max(0, min(start, count - 1))
        return start, max(start + 1, min(end, count))

    def _model(self) -> ModelRef:
        reference = self._film.model if isinstance(self._film.model, str) else BUILT_IN_MODEL
        given = self._options.model_sha256
        return ModelRef(reference=reference, sha256=given if isinstance(given, str) else given(reference))


def _optimised(graph: Graph, columns: Columns, how: Frames) -> Graph:
    """The graph after every pass, valid as it was before."""
    facts = Facts(columns, how.by_template())
    for step in PASSES:
        graph = step(graph, facts)
    shapes = {name: tuple(column.shape) for name, column in columns.items()}
    faults = verify(graph, shapes)
    assert not faults, faults
    return graph
