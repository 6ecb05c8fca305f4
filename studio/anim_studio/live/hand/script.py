"""A film's text as edits by hand look at it: its keys, what is wrong with it, and its clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from anim_compiler.check import check
from anim_compiler.clock import FilmClock
from anim_compiler.film import Film, Shot
from anim_compiler.listening import Listener, film_clock
from anim_compiler.settled import settled
from anim_compiler.sound.problem import AudioError
from anim_compiler.world import World
from anim_dsl.diagnostic import Diagnostic, Severity, has_errors
from anim_dsl.edit.places import Film as Layout
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.syntax import Document, Given
from anim_studio.live.board.written_keys import WrittenKey, written_keys
from anim_studio.live.version import Choice

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis
    from anim_studio.live.hand.answers import Standing


class Refused(Exception):
    """An edit by hand that is not made: why, and what to do instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def not_by_hand(what: str, why: str) -> Refused:
    """The refusal of keys that no edit reaches, and why."""
    return Refused(f"{what} cannot be edited by hand: {why}", "press `e` to edit it in the text")


@dataclass(frozen=True, slots=True)
class Home:
    """The clock that a list is read by, a scene's or the film's, and the frames that it has."""

    scene: str | None
    clock: FilmClock
    frames: int

    @property
    def first(self) -> int:
        """The film's frame that it begins with."""
        return self.clock.first

    @property
    def last(self) -> int:
        """The film's frame behind its last one, where `100%` stands."""
        return self.clock.first + self.frames


@dataclass(frozen=True)
class Script:
    """One text of a film, checked. `given` are values for its `let`s, as `-D` takes them; `heard` are
    analyses of its songs that are there already.
    """

    source: Source
    world: World
    choice: Choice = field(default_factory=Choice)
    given: Given | None = None
    heard: dict[str, Analysis] = field(default_factory=dict, compare=False)
    #: where the keys of lists stand that were asked for: each costs a check of the film
    placed: dict[tuple[tuple[str, ...], str], list[Standing]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @cached_property
    def document(self) -> Document:
        """The tree."""
        return self._parsed[0]

    @cached_property
    def layout(self) -> Layout:
        """The text with its tree, as edits look at it."""
        return Layout(self.source, self.document, ())

    @cached_property
    def lists(self) -> Mapping[tuple[tuple[str, ...], str], tuple[WrittenKey, ...]]:
        """The keys of every list of the text by its path and name; of two that are called the same, those of
        the one that edits find.
        """
        found: dict[tuple[tuple[str, ...], str], list[WrittenKey]] = {}
        for key in written_keys(self.document):
            row = found.setdefault((key.path, key.name), [])
            if row and row[0].why_not and not key.why_not:
                row.clear()
            if not row or bool(row[0].why_not) == bool(key.why_not):
                row.append(key)
        return {place: tuple(row) for place, row in found.items()}

    @cached_property
    def _parsed(self) -> tuple[Document, tuple[Diagnostic, ...]]:
        document, slips = parse(self.source)
        return replace(document, given=self.given), slips

    @cached_property
    def _checked(self) -> tuple[Film | None, tuple[Diagnostic, ...]]:
        document, slips = self._parsed
        film, found = self.checked(document)
        return (None if has_errors(slips) else film), (*slips, *found)

    def checked(self, document: Document) -> tuple[Film | None, tuple[Diagnostic, ...]]:
        """What another tree comes to in the same world."""
        try:
            film, found = check(document, self.world, self.choice.variant)
        except IndexError:
            # the text has fewer variants than the one that the choice was made on
            film, found = check(document, self.world)
        if film is None:
            return None, found
        try:
            again, more = settled(film, self.world, self.heard)
        except AudioError:
            return film, found
        return again, more if film.tempo.awaits else found

    @property
    def film(self) -> Film | None:
        """The film; None if it has errors."""
        return self._checked[0]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What is wrong with it."""
        return tuple(each for each in self._checked[1] if each.severity is Severity.ERROR)

    def with_text(self, text: str) -> Script:
        """Another text of the same film."""
        return replace(self, source=Source(self.source.name, text))

    def sound(self) -> Film:
        """The film. Raises Refused if it has errors."""
        if self.film is None:
            first = self.errors[0] if self.errors else None
            line = first.source.place(first.span.start).line if first is not None else 1
            told = f": {first.message}" if first is not None else ""
            raise Refused(f"the film has a mistake in line {line}{told}", "mend it first, then edit keys")
        return self.film

    def home(self, scene: str | None, film: Film | None = None) -> Home:
        """The clock of a scene, or of the film; of another `film` if it is given. Raises Refused."""
        film = film or self.sound()
        clock = self._clock(film)
        if scene is None:
            return Home(None, clock, clock.frames)
        shot = next((shot for shot in film.shots if shot.name == scene), None)
        if shot is None:
            raise Refused(f"no scene `{scene}` is shown", "go to a scene of the film")
        return _home(shot, film, clock)

    def _clock(self, film: Film) -> FilmClock:
        try:
            return film_clock(film, Listener(film, self.world, self.heard))
        except AudioError as error:
            raise Refused(error.message, error.hint) from error


def _home(shot: Shot, film: Film, clock: FilmClock) -> Home:
    last = film.shots[-1] is shot
    end = clock.frames if last else clock.frame_at(shot.end, clock.fps)
    frames = max(end - clock.frame_at(shot.start, clock.fps), 1)
    return Home(shot.name, clock.scene(shot.start, shot.length, seed=clock.seed, frames=frames), frames)
