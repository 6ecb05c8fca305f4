"""One of the two films: its scenes on its frames, its curves as columns, and how each frame is made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from anim_compiler.clock import FilmClock
from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.curves import Evaluator, rounded
from anim_compiler.diff.facts import FrameFacts, frame_facts
from anim_compiler.diff.where import Stretch, Timeline
from anim_compiler.film import Curve, Film
from anim_compiler.functions.registry import Array
from anim_compiler.listening import Listener, film_clock
from anim_compiler.settle import whole
from anim_compiler.settled import settled
from anim_compiler.sound.problem import AudioError
from anim_compiler.takes import Take, takes
from anim_compiler.tempo import TempoMap
from anim_compiler.typed import Moment
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic


@dataclass(frozen=True, slots=True)
class Side:
    """A checked film with everything that is compared.

    `facts` is None where the film could not be compiled; `reason` then says why.
    """

    film: Film
    world: World
    options: CompileOptions
    evaluator: Evaluator
    takes: tuple[Take, ...]
    facts: FrameFacts | None = None
    reason: str = ""
    #: the song's grid, if the film names its tempo
    tempo: TempoMap | None = None

    @property
    def clock(self) -> FilmClock:
        """The clock of the whole film."""
        return self.evaluator.clock

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.options.size or (self.film.width, self.film.height)

    @property
    def timeline(self) -> Timeline:
        """What its frames are told by."""
        stretches = tuple(
            Stretch(take.shot.name, take.clock.first, take.clock.first + take.own) for take in self.takes
        )
        return Timeline(self.clock.fps, self.clock.frames, stretches, self._grid())

    def _grid(self) -> TempoMap | None:
        return self.tempo if self.clock.grid is None else self.clock.grid

    def written(self, curve: Curve | None) -> str:
        """What the film's text says of a curve, on one line; empty for a default."""
        if curve is None or curve.span is None:
            return ""
        return " ".join(self.film.sources.slice(curve.span).split())

    def at_rate(self, fps: Fraction) -> Side:
        """The same film on the frames of another rate, to be compared frame by frame; without `facts`."""
        if fps == self.clock.fps:
            return self
        return _evaluated(self.film, self.world, replace(self.options, fps=fps))


@dataclass(frozen=True, slots=True)
class Opened:
    """A side, or None with the errors that stop it."""

    side: Side | None
    diagnostics: tuple[Diagnostic, ...]


def side(film: Film, world: World, options: CompileOptions) -> Opened:
    """The film as it is compared. Unreadable tracks stop it; what cannot be compiled yet does not."""
    compiled = compile_film(film, world, options)
    try:
        made = _evaluated(film, world, options)
    except AudioError:
        return Opened(None, compiled.diagnostics)
    if compiled.plan is None:
        reason = next((d.message for d in compiled.diagnostics if d.code.startswith("E")), "")
        return Opened(replace(made, reason=reason), compiled.diagnostics)
    return Opened(replace(made, facts=frame_facts(compiled.plan, compiled.columns)), compiled.diagnostics)


def _evaluated(film: Film, world: World, options: CompileOptions) -> Side:
    film = settled(film, world)[0] or film
    listener = Listener(film, world)
    clock = film_clock(film, listener, fps=options.fps, seed=options.seed)
    evaluator = Evaluator(clock, listener)
    # a film that counts in seconds only, but names a tempo, is told of in beats too
    told = film.tempo.bpm is not None or film.tempo.given is not None
    tempo = listener.grid() if told else None
    return Side(film, world, options, evaluator, takes(film, evaluator, listener), tempo=tempo)


def since_start(take: Take, moment: Moment) -> float:
    """Where a moment stands in a scene, in frames from the very moment at which the scene begins."""
    clock = take.clock
    return clock.place(moment) + float(clock.first - take.shot.start * clock.fps)


def column(take: Take, path: str, curve: Curve) -> Array | None:
    """A setting at every own frame of a scene, as a plan has it: float64[own]; None if it has no values."""
    try:
        values = rounded(take.evaluator.column(curve.expr))
    except (AudioError, ValueError):
        return None
    values = whole(path.rpartition(".")[2], curve, values)
    low = -np.inf if curve.minimum is None else curve.minimum
    high = np.inf if curve.maximum is None else curve.maximum
    return np.clip(values, low, high)[: take.own]
