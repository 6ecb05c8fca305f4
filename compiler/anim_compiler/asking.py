"""Asking a film for numbers: its curves by name, or any expression in the words of the film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import count

import numpy as np

from anim_compiler import said
from anim_compiler.check import check
from anim_compiler.curves import Evaluator, rounded
from anim_compiler.drawing.extras import CONTROL, LORA
from anim_compiler.film import Curve, Film, Shot
from anim_compiler.functions.registry import Array
from anim_compiler.listening import Listener, film_clock
from anim_compiler.lowering.guiding import named_curves
from anim_compiler.memo import Memo
from anim_compiler.setting import default, numeric
from anim_compiler.settle import whole
from anim_compiler.settled import settled
from anim_compiler.signatures import READABLE
from anim_compiler.sound.problem import AudioError
from anim_compiler.takes import Take, takes
from anim_compiler.typed import Feature, Typed
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, has_errors
from anim_dsl.parse import parse, parse_value
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Document, Name, Word


@dataclass(frozen=True, slots=True)
class Part:
    """A scene on the film's frames: `first <= f < end`."""

    name: str
    first: int
    end: int


class Asked:
    """Curves of one film. Tracks are analysed when a curve first asks.

    A setting is one column of the whole film, put together from its scenes, NaN where a scene does not
    have it; a `let` of the film and an audio feature run by the film's clock. With `scene`, all are
    read by that scene's clock and over its frames only. KeyError for a scene that is none.

    A process that asks again after each edit hands a `memo` that has begun with the film; `seed` and `fps`
    stand over the film's.
    """

    def __init__(
        self,
        film: Film,
        world: World,
        scene: str | None = None,
        *,
        memo: Memo | None = None,
        seed: int | None = None,
        fps: Fraction | None = None,
    ) -> None:
        analyses, memory = (None, None) if memo is None else (memo.analyses, memo.memory)
        film = settled(film, world, analyses)[0] or film
        self._film = film
        listener = Listener(film, world, analyses)
        self._whole = Evaluator(film_clock(film, listener, fps=fps, seed=seed), listener, memory=memory)
        self._takes = takes(film, self._whole, listener)
        self._scene = None if scene is None else self._find(scene)

    @property
    def first(self) -> int:
        """The film's frame that the first value belongs to."""
        return self._scene.clock.first if self._scene else 0

    @property
    def parts(self) -> tuple[Part, ...]:
        """The scenes that have frames, in order."""
        return tuple(
            Part(take.shot.name, take.clock.first, take.clock.first + take.own) for take in self._takes
        )

    def names(self) -> tuple[str, ...]:
        """The names that `curve` knows, settings first."""
        shots = (self._scene.shot,) if self._scene else self._film.shots
        numbers = [name for shot in shots for name in (*shot.numbers, *dict(named_curves(shot)))]
        lets = [*self._film.lets, *(name for shot in shots for name in shot.lets)]
        return tuple(dict.fromkeys([*numbers, *lets, *(READABLE if self._film.tempo.track else ())]))

    def curve(self, name: str) -> Array:
        """A setting's path, a `let` or a feature (`bass`, `song.bass`) at every frame: float64[frames] at
        12 significant digits. KeyError for another name, AudioError for a track that cannot be read.
        """
        found = self._film.lets.get(name)
        if any(_of(take.shot, name) for take in self._chosen()):
            return rounded(np.concatenate([self._part(take, name) for take in self._chosen()]))
        return self.value(self._feature(name) if found is None else found.expr)

    def words(self, name: str) -> tuple[str, ...] | None:
        """The text of a setting, a prompt or the model at every frame; None if it is no text."""
        parts = [said.words(self._film, take, name) for take in self._chosen()]
        if all(part is None for part in parts):
            return None
        own = [take.own for take in self._chosen()]
        return tuple(
            text
            for part, n in zip(parts, own, strict=True)
            for text in (["none"] * n if part is None else part)
        )

    def unwritten(self, name: str) -> Array | None:
        """A number that the film does not say, at its default: float64[frames]; None if it has none."""
        block, _, own = name.rpartition(".")
        blocks = {"": ("film",), "camera": _cameras(self._film)}.get(block, (block,))
        spec = next((SETTINGS[home, own] for home in blocks if (home, own) in SETTINGS), None)
        found = default(spec) if spec is not None and numeric(spec) else None
        return None if found is None else self.value(found.expr)

    def value(self, expr: Typed) -> Array:
        """An expression at every frame, by the chosen scene's clock or the film's."""
        evaluator = self._scene.evaluator if self._scene else self._whole
        return rounded(evaluator.column(expr)[: self._count()])

    def _count(self) -> int:
        return self._scene.own if self._scene else self._whole.clock.frames

    def _chosen(self) -> tuple[Take, ...]:
        return (self._scene,) if self._scene else self._takes

    def _find(self, scene: str) -> Take:
        for take in self._takes:
            if take.shot.name == scene:
                return take
        raise KeyError(scene)

    def _part(self, take: Take, name: str) -> Array:
        found = _of(take.shot, name)
        if found is None:
            return np.full(take.own, np.nan)
        # as the plan has it: whole numbers of a setting that takes such
        return whole(name.rpartition(".")[2], found, rounded(take.evaluator.column(found.expr))[: take.own])

    def _feature(self, name: str) -> Feature:
        track, _, feature = name.rpartition(".")
        track = track or self._film.tempo.track or ""
        if feature not in READABLE or track not in {t.name for t in self._film.tracks}:
            raise KeyError(name)
        return Feature(track, feature, (), Span(0, 0))


def _of(shot: Shot, name: str) -> Curve | None:
    found = shot.numbers.get(name) or shot.lets.get(name)
    if found is None and name.startswith((LORA, CONTROL)):
        return dict(named_curves(shot)).get(name)
    return found


def _cameras(film: Film) -> tuple[str, ...]:
    axes = next((shot.camera.axes for shot in film.shots if shot.camera is not None), 2)
    return (f"camera {axes}d", f"camera {5 - axes}d")


def curve(film: Film, name: str, world: World) -> Array:
    """A curve of the whole film by its name; see `Asked.curve`."""
    return Asked(film, world).curve(name)


@dataclass(frozen=True, slots=True)
class Asking:
    """An expression that was checked among a film's names: `film` and `curve` are None if it, or the
    film, has errors.
    """

    film: Film | None
    curve: Curve | None
    diagnostics: tuple[Diagnostic, ...]


def check_expression(
    document: Document, world: World, text: str, *, scene: str | None = None, variant: int | None = None
) -> Asking:
    """What an expression means at the end of a film, or at the end of one of its scenes.

    It is read there as the value of a `let`, so it sees what the film sees. Diagnostics are those about
    the expression, in a source of its own called `expression`; KeyError for a scene that is none.
    """
    asked = Source("expression", text)
    _, slips = parse_value(asked)
    if has_errors(slips):
        return Asking(None, None, slips)
    place = _end_of(document, scene)
    name = next(n for n in (f"asked_{i}" for i in count()) if n not in document.source.text)
    before, after = document.source.text[:place], document.source.text[place:]
    head = f"{before}\nlet {name} = "
    longer, found = parse(Source(document.source.name, f"{head}{text}\n{after}"))
    longer = replace(longer, given=document.given)
    film, more = check(longer, world) if variant is None else check(longer, world, variant=variant)
    film = None if film is None else _heard(film, world)
    inside = (_moved(d, asked, len(head)) for d in (*found, *more) if d.source == longer.source)
    about = tuple(d for d in inside if d is not None)
    return Asking(film, None if film is None else _answer(film, name, scene), (*slips, *about))


def _heard(film: Film, world: World) -> Film:
    """The film with the places that its song tells; as it is if that cannot be heard, which others say."""
    try:
        return settled(film, world)[0] or film
    except AudioError:
        return film


def _end_of(document: Document, scene: str | None) -> int:
    """Where a `let` can stand that sees all that the film, or a scene of it, defines."""
    if scene is None:
        return len(document.source.text)
    for statement in document.statements:
        if isinstance(statement, Word) and statement.word.text == "scene" and statement.block is not None:
            head = statement.head[0] if statement.head else None
            if isinstance(head, Name) and head.text == scene:
                return statement.block.span.end - 1
    raise KeyError(scene)


def _moved(diagnostic: Diagnostic, asked: Source, start: int) -> Diagnostic | None:
    """A diagnostic about the asked text, in its own source; None for one about anything else."""
    span = diagnostic.span
    if not start <= span.start <= span.end <= start + len(asked.text):
        return None
    here = Span(span.start - start, span.end - start)
    return replace(diagnostic, source=asked, span=here, labels=(), edit=None)


def _answer(film: Film, name: str, scene: str | None) -> Curve | None:
    lets = film.lets if scene is None else next(s.lets for s in film.shots if s.name == scene)
    return lets.get(name)


def moving(film: Film) -> tuple[str, ...]:
    """The settings and lets that change during the film, in the order they are known."""
    return tuple(dict.fromkeys(name for name, found in _curves(film) if found.live and "seed" not in name))


def written_still(film: Film) -> tuple[str, ...]:
    """The settings and lets that are written in the film and never change."""
    still = (name for name, found in _curves(film) if not found.live and found.span is not None)
    moves = set(moving(film))
    return tuple(dict.fromkeys(name for name in still if name not in moves and "seed" not in name))


def _curves(film: Film) -> Iterator[tuple[str, Curve]]:
    for shot in film.shots:
        yield from shot.numbers.items()
        yield from named_curves(shot)
    yield from film.lets.items()
    for shot in film.shots:
        yield from shot.lets.items()
