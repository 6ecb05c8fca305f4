"""The key lists of a film on its frames, by the compiler's own clocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

from anim_compiler.clip_times import ramps
from anim_compiler.clock import FilmClock
from anim_compiler.film import Film, PromptKey, Shot, WordSchedule
from anim_compiler.lowering.paths import calls, camera_prefix
from anim_compiler.shapes import mask_curves
from anim_compiler.takes import Take
from anim_compiler.typed import KeyCurve, Moment, OnFilm, Typed, children
from anim_dsl.source import Span

_SAME = 1e-6
"""Keys of one place in the text that are so many frames apart are one."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A key on the film's frames: its list's name, its place in the film's numbering of texts, where it
    stands, and the first frame after it. `read` are the scenes that read it, each as its frames
    `first <= f < end`.
    """

    lane: str
    span: Span
    position: float
    frame: int
    read: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Gathered:
    """The keys of a film as they are found, each once for each place it stands at."""

    clock: FilmClock
    #: identities of the `let`s' expressions: whatever uses one does not show its keys again
    lets: frozenset[int]
    found: dict[tuple[str, int, int, int], Pinned] = field(default_factory=dict)

    def numbers(self, lane: str, expr: Typed, clock: FilmClock, first: int, end: int) -> None:
        """The keys of all lists within an expression."""
        for curve, own in _lists(expr, clock, self.clock, self.lets):
            for key in curve.keys:
                place = own.place(key.at)
                self.add(lane, key.span, own.first + place, ceil(place - own.ahead(key.at)), own, first, end)

    def texts(self, lane: str, at: Moment, span: Span, clock: FilmClock, first: int, end: int) -> None:
        """A key of a text, which stands where the compiler says that such do."""
        place = clock.stands(at)
        self.add(lane, span, clock.first + place, ceil(place - 1e-9), clock, first, end)

    def add(
        self, lane: str, span: Span, position: float, frame: int, clock: FilmClock, first: int, end: int
    ) -> None:
        """Notes a key; one that several scenes read reaches over all of them."""
        known = (lane, span.start, span.end, round(position / _SAME))
        had = self.found.get(known)
        read = ((first, end),) if had is None else (*had.read, (first, end))
        whole = min(max(clock.first + frame, read[0][0]), read[-1][1])
        self.found[known] = Pinned(lane, span, position, whole, read)


def pinned(film: Film, whole: FilmClock, takes: tuple[Take, ...]) -> tuple[Pinned, ...]:
    """Every key of the film: those of texts first, then of numbers as their settings are known, lets last."""
    lets = [*film.lets.values(), *(curve for shot in film.shots for curve in shot.lets.values())]
    made = Gathered(whole, frozenset(_inner(let.expr) for let in lets))
    for take in takes:
        _texts(made, take)
    if isinstance(film.model, WordSchedule):
        _words(made, "model", film.model, whole, 0, whole.frames)
    for take in takes:
        first, end = take.clock.first, take.clock.first + take.own
        for name, expr in _curves(take.shot):
            made.numbers(name, expr, take.clock, first, end)
    for name, curve in {**ramps(film), **mask_curves(film)}.items():
        made.numbers(name, curve.expr, whole, 0, whole.frames)
    _lets(made, film, takes)
    return tuple(made.found.values())


def _texts(made: Gathered, take: Take) -> None:
    clock, first, end = take.clock, take.clock.first, take.clock.first + take.own
    rows: list[tuple[str, tuple[PromptKey, ...]]] = [
        ("prompts", take.shot.prompts.positive),
        ("negative", take.shot.prompts.negative),
    ]
    for lane, keys in rows:
        for key in keys:
            if key.span.end > key.span.start:
                made.texts(lane, key.at, key.span, clock, first, end)
    for guide_key in take.shot.guide.keys if take.shot.guide is not None else ():
        made.texts("guide", guide_key.at, guide_key.span, clock, first, end)
    for name, word in take.shot.words.items():
        if isinstance(word, WordSchedule):
            _words(made, name, word, clock, first, end)


def _words(made: Gathered, lane: str, words: WordSchedule, clock: FilmClock, first: int, end: int) -> None:
    for (at, _), span in zip(words.keys, words.spans, strict=False):
        made.texts(lane, at, span, clock, first, end)


def _curves(shot: Shot) -> Iterator[tuple[str, Typed]]:
    """Every curve of a shot by the name that its column has."""
    for name, curve in shot.numbers.items():
        yield name, curve.expr
    # the channels of the scene's own camera are among its numbers, under the names that the film writes
    for axis, aim in zip("xyz", (shot.camera.target or ()) if shot.camera else (), strict=False):
        yield f"camera.target_{axis}", aim.expr
    for called, camera in shot.cameras.items():
        for name, curve in camera.curves.items():
            yield f"{camera_prefix(called)}.{name}", curve.expr
    for layer in shot.layers:
        for name, curve in layer.numbers.items():
            yield f"layer.{layer.name}.{name}", curve.expr
    for control in shot.controls:
        for name, curve in control.numbers.items():
            yield f"control.{control.name}.{name}", curve.expr
    for lora in shot.loras:
        yield f"lora.{lora.name}.weight", lora.weight.expr
    for named in calls(shot.pipeline) if shot.pipeline is not None else ():
        for arg, curve in named.given:
            yield named.column(arg.name), curve.expr


def _lets(made: Gathered, film: Film, takes: tuple[Take, ...]) -> None:
    whole, every = made.clock, made.lets
    for name, curve in film.lets.items():
        made.lets = every - {_inner(curve.expr)}
        made.numbers(name, curve.expr, whole, 0, whole.frames)
    for take in takes:
        first, end = take.clock.first, take.clock.first + take.own
        for name, curve in take.shot.lets.items():
            made.lets = every - {_inner(curve.expr)}
            made.numbers(name, curve.expr, take.clock, first, end)


def _inner(expr: Typed) -> int:
    return id(expr.expr if isinstance(expr, OnFilm) else expr)


def _lists(
    expr: Typed, clock: FilmClock, whole: FilmClock, stops: frozenset[int]
) -> Iterator[tuple[KeyCurve, FilmClock]]:
    """The key lists within an expression, each with the clock that reads it; not those of `stops`."""
    stack, seen = [(expr, clock)], set()
    while stack:
        node, own = stack.pop()
        if id(node) in seen or id(node) in stops:
            continue
        seen.add(id(node))
        if isinstance(node, OnFilm):
            own = whole
        elif isinstance(node, KeyCurve):
            yield node, own
        stack.extend((child, own) for child in children(node))
