"""Compiling: a checked film becomes a plan and its columns."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from anim_compiler import silence
from anim_compiler.assemble import Assembly, Chosen, assembled
from anim_compiler.drawing.refs import Drawers
from anim_compiler.drawing.settled import settled
from anim_compiler.film import Film
from anim_compiler.findings import Findings
from anim_compiler.front import Front, Lowered
from anim_compiler.graph import Graph
from anim_compiler.listening import Listener
from anim_compiler.memo import Memo
from anim_compiler.optimise import optimise
from anim_compiler.passes import PASSES, Facts, Pass
from anim_compiler.plan import Columns, Plan
from anim_compiler.settled import unsaid
from anim_compiler.sound.problem import AudioError
from anim_compiler.timed import timed
from anim_compiler.verify import verify
from anim_compiler.world import Problem, World
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.source import Span

if TYPE_CHECKING:
    from anim_compiler.audio.locked import Noting


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """What a command line may override. `frames` is start and end (excluded) of a preview.

    `model_sha256` gives the hash of the file that a reference names (a model, LoRA, embedding, ControlNet or
    decoder), or is that of the film's model. `noted` is filled with what is read of each track, by its name,
    so that a lock can be written of it.
    """

    size: tuple[int, int] | None = None
    fps: Fraction | None = None
    frames: tuple[int, int] | None = None
    steps: int | None = None
    seed: int | None = None
    model_sha256: Callable[[str], str] | str = ""
    noted: dict[str, Noting] | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A plan with its columns, or None and empty where `diagnostics` hold errors."""

    plan: Plan | None
    columns: Columns
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """A film's graph as it was lowered and after every pass, by name; none if `diagnostics` hold errors."""

    graphs: tuple[tuple[str, Graph], ...]
    diagnostics: tuple[Diagnostic, ...]


def compile_film(
    film: Film,
    world: World,
    options: CompileOptions | None = None,
    passes: Sequence[Pass] = PASSES,
    memo: Memo | None = None,
) -> Compiled:
    """Evaluates every curve, lowers, optimises and digests. Decodes sound, loads no model.

    `passes` are those that the graph goes through; `PLAIN` leave it as it is written. A process that
    compiles a film again after each edit hands the same `memo` again: what the edit does not touch is taken
    from it, and the result is the same.
    """
    placed, told = _placed(film, world, memo)
    if placed is None:
        return Compiled(None, {}, told)
    film, findings = placed, Findings(placed.sources, placed.uses)
    findings.take(told)
    compiler = _opened(film, world, options, passes, findings, memo)
    made = None if compiler is None else _heard(compiler.plan, film, compiler.listener, findings)
    plan, columns = made or (None, {})
    return Compiled(plan, columns, findings.all())


def staged(
    film: Film, world: World, options: CompileOptions | None = None, passes: Sequence[Pass] = PASSES
) -> Staged:
    """The graph after lowering (`lower`) and after every pass, for whoever wants to see how it is made."""
    placed, told = _placed(film, world, None)
    if placed is None:
        return Staged((), told)
    film, findings = placed, Findings(placed.sources, placed.uses)
    findings.take(told)
    compiler = _opened(film, world, options, passes, findings)
    lowered = None if compiler is None else _heard(compiler.lowered, film, compiler.listener, findings)
    if compiler is None or lowered is None:
        return Staged((), findings.all())
    return Staged(tuple(compiler.stages(lowered)), findings.all())


def _placed(film: Film, world: World, memo: Memo | None) -> tuple[Film | None, tuple[Diagnostic, ...]]:
    """The film with its lengths as the song tells them, and what is said of that."""
    try:
        return unsaid(film, world, None if memo is None else memo.analyses)
    except AudioError as error:
        return None, unheard(error, film)


def unheard(error: AudioError, film: Film) -> tuple[Diagnostic, ...]:
    """What is said of a film's track that cannot be read, where the film names it."""
    findings = Findings(film.sources, film.uses)
    _unheard(error, film, findings)
    return findings.all()


def _opened(
    film: Film,
    world: World,
    options: CompileOptions | None,
    passes: Sequence[Pass],
    findings: Findings,
    memo: Memo | None = None,
) -> _Compiler | None:
    """The compiler of a film; None if a track is unreadable, or a ControlNet is unknown."""
    film = settled(film, world.models, findings)
    if findings.has_errors:
        return None
    try:
        return _Compiler(film, world, options or CompileOptions(), findings, passes, memo)
    except AudioError as error:
        _unheard(error, film, findings)
        return None


_Made = TypeVar("_Made")


def _heard(work: Callable[[], _Made], film: Film, listener: Listener, findings: Findings) -> _Made | None:
    """What work comes to that listens to the film's tracks; None if one cannot be read."""
    try:
        made = work()
        if film.tracks:
            from anim_compiler.audio import told

            told.after(film, listener, findings)
    except AudioError as error:
        _unheard(error, film, findings)
        return None
    silence.after(film, findings)
    return made


def _unheard(error: AudioError, film: Film, findings: Findings) -> None:
    findings.error(error.code, _audio_span(film, error.track), error.message, hint=error.hint)


def _audio_span(film: Film, name: str) -> Span:
    """Where the film names the file of a track."""
    return next((track.span for track in film.tracks if track.name == name), Span(0, 0))


class _Compiler:
    """One film on its way to a plan."""

    def __init__(
        self,
        film: Film,
        world: World,
        options: CompileOptions,
        findings: Findings,
        passes: Sequence[Pass],
        memo: Memo | None,
    ) -> None:
        # what a memo gives back was verified when it was made
        self._is_warm = memo is not None
        self._memo = Memo() if memo is None else memo
        self._memo.begin(film)
        self._film = film
        self._world = world
        self._options = options
        self._passes = passes
        self._front = Front(film, world, options, findings, self._memo)

    @property
    def listener(self) -> Listener:
        """What the film's tracks are heard by."""
        return self._front.listener

    def plan(self) -> tuple[Plan, Columns] | None:
        """The plan with its columns; None if a curve cannot be computed."""
        made = self.lowered()
        if made is None:
            return None
        plain, graph = optimise(made.graph, self._facts(made), self._passes, self._memo)
        faults = () if self._is_warm else verify(graph)
        assert not faults, faults
        front = self._front
        drawers = self._drawers()
        chosen = Chosen(front.width, front.height, front.fps, front.seed, drawers, made.start)
        words = {name: drawers.of(reference) for name, reference in drawers.embeddings.items()}
        parts = Assembly(graph, plain, made.how, made.scenes, front.told(made, words))
        with timed("digests"):
            done = assembled(self._film, chosen, parts, self._memo)
        self._memo.finish()
        return done

    def lowered(self) -> Lowered | None:
        """The film's graph before any pass; None if a curve cannot be computed."""
        return self._front.lowered()

    def stages(self, made: Lowered) -> Iterator[tuple[str, Graph]]:
        """The graph as it was lowered, and after each pass."""
        facts, graph = self._facts(made), made.graph
        yield "lower", graph
        for step in self._passes:
            graph = step(graph, facts)
            yield step.__name__, graph

    def _facts(self, made: Lowered) -> Facts:
        return Facts(self._front.width, self._front.height, float(self._front.fps), made.how, made.scenes)

    def _drawers(self) -> Drawers:
        given = self._options.model_sha256
        if not isinstance(given, str):
            return Drawers(self._film, given, given)
        return Drawers(self._film, lambda _: given, self._digest)

    def _digest(self, reference: str) -> str:
        """The digest of a file that stands on top of a model, as far as it is known here."""
        facts = self._world.models(reference)
        if facts is not None and facts.sha256:
            return facts.sha256
        path = self._world.resolve(reference, folder=self._world.root)
        if isinstance(path, Problem):
            return hashlib.sha256(reference.encode()).hexdigest()
        return self._world.sha256(path)
