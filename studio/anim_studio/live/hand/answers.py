"""Where times of a film stand, and what values are at a frame, by the compiler's own rules.

Times are never read by a second rule: they are put into the film, each as the key of a `let` that is only
asked for, and the checker and its clocks tell where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from math import ceil, floor, isfinite

import numpy as np

from anim_compiler.curves import Evaluator
from anim_compiler.film import Curve, Film
from anim_compiler.listening import Listener, film_clock
from anim_compiler.sound.problem import AudioError
from anim_compiler.typed import Const, KeyCurve, walk
from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.parse import parse
from anim_dsl.shift import shifted
from anim_dsl.source import Source
from anim_dsl.syntax import Block, Document, Name, Statement, Word
from anim_studio.live.hand.script import Home, Refused, Script

_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a time stands, in frames of the film: exactly, and the first frame that is after it."""

    position: float
    frame: int

    def is_on(self, frame: int) -> bool:
        """Whether it stands exactly on a frame."""
        return abs(self.position - frame) < _SAME


@dataclass(frozen=True, slots=True)
class Answers:
    """What a film answered."""

    script: Script
    film: Film
    home: Home
    spots: Mapping[str, tuple[Standing, int]]
    numbers: Mapping[str, Curve]

    def spot(self, time: str, *, is_text: bool = False) -> Standing:
        """Where a time stands; keys of texts stand by a rule of their own."""
        spot, text = self.spots[time]
        return Standing(spot.position, text) if is_text else spot

    def is_live(self, value: str) -> bool:
        """Whether a value depends on the frame."""
        return value in self.numbers and self.numbers[value].live

    def number(self, value: str, position: float) -> float | None:
        """A value at a frame of the film, whole or not, in base units; None if it is no number there.

        Raises Refused for a song that cannot be heard.
        """
        curve = self.numbers.get(value)
        if curve is None:
            return None
        expr = curve.expr
        if isinstance(expr, Const):
            return expr.value
        local = min(max(position - self.home.first, 0.0), self.home.frames - 1.0)
        try:
            listener = Listener(self.film, self.script.world, self.script.heard)
            whole = Evaluator(film_clock(self.film, listener), listener)
            own = whole if self.home.scene is None else Evaluator(self.home.clock, listener, whole)
            column = own.column(expr)[floor(local) : floor(local) + 2]
        except AudioError as error:
            raise Refused(error.message, error.hint) from error
        found = float(np.interp(local - floor(local), np.arange(len(column)), column))
        return found if isfinite(found) else None


def ask(script: Script, scene: str | None, times: Iterable[str], values: Sequence[str] = ()) -> Answers:
    """Where times stand and what values are, as they are read at the end of a scene or of the film.

    Raises Refused if they cannot be read there.
    """
    # a song that tells lengths is heard by the text, which then must hold what is asked
    awaits = script.sound().tempo.awaits
    text = script.source.text
    numbers = (n for n in count() if f"asked_{n}" not in text)
    named = {f"asked_{next(numbers)}": time for time in dict.fromkeys(times)}
    valued = {f"asked_{next(numbers)}": value for value in dict.fromkeys(values)}
    lets = [f"let {name} = {time}: t" for name, time in named.items()]
    lets += [f"let {name} = {value}" for name, value in valued.items()]
    made = _written(script, scene, "\n".join(lets)) if awaits else _added(script, scene, "\n".join(lets))
    film, found = script.checked(made)
    if film is None:
        raise _why(found)
    shot = next((shot for shot in film.shots if shot.name == scene), None)
    known = film.lets if shot is None else shot.lets
    home = script.home(scene, film)
    spots = {time: _spot(time, known[name], home) for name, time in named.items()}
    return Answers(script, film, home, spots, {value: known[n] for n, value in valued.items() if n in known})


def _added(script: Script, scene: str | None, lets: str) -> Document:
    """The film's tree with `let`s behind what is there, without reading all of its text again."""
    longer = Source(script.source.name, f"{script.source.text}\n{lets}")
    tree, slips = parse(Source(script.source.name, lets))
    if slips:
        raise _why(slips)
    added = shifted(tree.statements, len(script.source.text) + 1)
    statements = script.document.statements
    if scene is None:
        return replace(script.document, source=longer, statements=(*statements, *added))
    place, word, block = _scene(script, scene)
    inside = replace(word, block=replace(block, statements=(*block.statements, *added)))
    made: tuple[Statement, ...] = (*statements[:place], inside, *statements[place + 1 :])
    return replace(script.document, source=longer, statements=made)


def _written(script: Script, scene: str | None, lets: str) -> Document:
    """The tree of the film's text with `let`s in it."""
    text = script.source.text
    place = len(text) if scene is None else _scene(script, scene)[2].span.end - 1
    tree, slips = parse(Source(script.source.name, "\n".join([text[:place], lets, text[place:]])))
    if any(slip.severity is Severity.ERROR for slip in slips):
        raise _why(slips)
    return replace(tree, given=script.given)


def _scene(script: Script, scene: str) -> tuple[int, Word, Block]:
    for place, statement in enumerate(script.document.statements):
        if isinstance(statement, Word) and statement.word.text == "scene" and statement.block is not None:
            head = statement.head[0] if statement.head else None
            if isinstance(head, Name) and head.text == scene:
                return place, statement, statement.block
    raise Refused(f"scene `{scene}` is not written in this file", "edit the file that it comes from")


def _spot(time: str, curve: Curve, home: Home) -> tuple[Standing, int]:
    """Where a time stands as a key of numbers, and the frame behind it as one of texts."""
    found = next((node for node in walk(curve.expr) if isinstance(node, KeyCurve)), None)
    if found is None:
        raise Refused(f"`{time}` is no time", "write a time like `4s`")
    at = found.keys[0].at
    place = home.clock.place(at)
    after, text = ceil(place - home.clock.ahead(at)), ceil(home.clock.stands(at) - _SAME / 1000)
    return Standing(home.first + place, home.first + after), home.first + text


def _why(found: Sequence[Diagnostic]) -> Refused:
    told = next((each for each in found if each.severity is Severity.ERROR), found[0])
    return Refused(told.message, told.hint)
