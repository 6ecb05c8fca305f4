"""What the compiles of one film, version after version, leave for the next: nothing is worked out twice.

Every step of a compile is a pure function, so what it gives is found again by what it was given. Curves are
known by what they say (`alike.Keys`), columns and chains of frames by which object they are: an object that
was found again is the same object, so what is made of it is found again too. A compile that has a memo gives
what it would give without one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

from anim_compiler.alike import Keys
from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator
from anim_compiler.film import Film
from anim_compiler.remembered import KeptColumns, Memory, heard, place
from anim_compiler.typed import Typed

if TYPE_CHECKING:
    from anim_compiler.audio import Analysis
    from anim_compiler.recipes import Recipes

_Made = TypeVar("_Made")

_LONG = 64
_PLAIN = (str, bytes, int, float, Fraction, type(None))


@dataclass(slots=True)
class Memo:
    """Results by what they were made from. What a finished compile did not ask for is forgotten.

    `kept` holds columns of expressions, for an `Evaluator`. One memo serves one compile at a time.
    """

    kept: KeptColumns = field(default_factory=KeptColumns)
    #: of the film's tracks, by what is heard in them
    analyses: dict[str, Analysis] = field(default_factory=dict)
    #: of the last compile that came so far
    recipes: Recipes | None = None
    _keys: Keys = field(default_factory=Keys)
    #: clocks by identity with what they say, held so that no other takes their identity
    _places: dict[tuple[int, int], tuple[FilmClock, FilmClock | None, bytes]] = field(default_factory=dict)
    #: results of this compile and of the one before; Any, because each step makes something else
    _made: dict[Hashable, Any] = field(default_factory=dict)
    _before: dict[Hashable, Any] = field(default_factory=dict)
    #: objects with their numbers, held so that no other takes the identity of one
    _numbers: dict[int, tuple[object, int]] = field(default_factory=dict)
    _older: dict[int, tuple[object, int]] = field(default_factory=dict)
    _next: count[int] = field(default_factory=count)

    @property
    def size(self) -> int:
        """How many results are held."""
        return len(self._made.keys() | self._before.keys())

    @property
    def memory(self) -> Memory:
        """What the evaluators of this compile read and add."""
        return Memory(self.kept, self._keys)

    def begin(self, film: Film) -> None:
        """Begins with another version of the film."""
        tracks = heard(film)
        self._keys = Keys(tracks)
        self.analyses = {says: self.analyses[says] for says in tracks.values() if says in self.analyses}
        self._places = {}

    def finish(self) -> None:
        """Ends a compile that went well: what it did not ask for goes. One that did not leaves all there."""
        self._before, self._made = self._made, {}
        self._older, self._numbers = self._numbers, {}

    def recall(self, make: Callable[[], _Made], *parts: object) -> _Made:
        """What `make` gives, made once for equal parts.

        Parts are numbers, texts and tuples of such; any other object stands for itself, not for what it
        says. What is None is made again.
        """
        key = tuple(map(self._part, parts))
        found: _Made | None = self._made.get(key)
        if found is None:
            found = self._before.get(key)
            made = make() if found is None else found
            if made is not None:
                self._made[key] = made
            return made
        return found

    def curve(self, make: Callable[[], _Made], evaluator: Evaluator, expr: Typed, *parts: object) -> _Made:
        """The same for what is made of an expression's column by a clock."""
        key = self.expression(evaluator, expr)
        return make() if key is None else self.recall(make, key, *parts)

    def expression(self, evaluator: Evaluator, expr: Typed) -> bytes | None:
        """What an expression and the clock that it runs by say; None if that cannot be told."""
        key = self._keys.key(expr)
        return None if key is None else key + self.place(evaluator)

    def says(self, expr: Typed) -> bytes | None:
        """What an expression says, by whatever clock it runs; None if that cannot be told."""
        return self._keys.key(expr)

    def place(self, evaluator: Evaluator) -> bytes:
        """What an evaluator's columns depend on besides their expressions: the clocks that it runs by."""
        own, film = evaluator.clock, None if evaluator.film is None else evaluator.film.clock
        found = self._places.get((id(own), id(film)))
        if found is None:
            found = self._places[id(own), id(film)] = (own, film, place(own, film))
        return found[2]

    def _part(self, part: object) -> Hashable:
        if isinstance(part, _PLAIN):
            return part
        if type(part) is tuple:
            # the frames of a film need no look at each
            return part if len(part) > _LONG and type(part[0]) is int else tuple(map(self._part, part))
        return (Memo, self._number(part))

    def _number(self, part: object) -> int:
        """The number of an object, the same as long as compiles ask for it."""
        entry = self._numbers.get(id(part)) or self._older.get(id(part)) or (part, next(self._next))
        self._numbers[id(part)] = entry
        return entry[1]
