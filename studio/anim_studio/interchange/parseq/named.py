"""What a film's formulas refer to: `let`s, functions and tables."""

from __future__ import annotations

from dataclasses import dataclass, field

from anim_compiler.names import BUILT_IN
from anim_studio.interchange.film_text import identifier
from anim_studio.interchange.parseq.fields import FIELDS

#: the name of the film's table of values
TABLE = "parseq"
#: what importers call something themselves
_TAKEN = frozenset(("b", "rest", "step", "growth", TABLE, "words", "negative_words", *FIELDS))


@dataclass(slots=True)
class Named:
    """What a film's formulas refer to: `lets` by name, as text; `helpers` are the functions that are used."""

    lets: dict[str, str] = field(default_factory=dict)
    helpers: set[str] = field(default_factory=set)
    #: time series by their alias: what the film calls them
    tracks: dict[str, str] = field(default_factory=dict)
    #: sections of the field that have no words, by their place: a column of the table has their values
    gaps: set[int] = field(default_factory=set)

    def name(self, wish: str, text: str) -> str:
        """A `let` of that text, under the wished name or one with a number."""
        name, count = wish, 1
        while name in self.lets and self.lets[name] != text:
            count += 1
            name = f"{wish}_{count}"
        self.lets[name] = text
        return name

    def track(self, alias: str) -> str:
        """What the film calls a time series."""
        if alias not in self.tracks:
            self.tracks[alias] = identifier(alias, {*self.tracks.values(), *BUILT_IN, *_TAKEN}, "series")
        return self.tracks[alias]
