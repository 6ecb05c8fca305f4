"""A text with conflicts read again: what either side says, and the two put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from anim_dsl.merge.lines import MANY

_OURS = re.compile(r"<{7,}(?: |\r?\n|\Z)")
_BASE = re.compile(r"\|{7,}(?: |\r?\n|\Z)")
_MIDDLE = re.compile(r"={7,}\r?\n")
_THEIRS = re.compile(r">{7,}(?: |\r?\n|\Z)")


@dataclass(frozen=True, slots=True)
class Sides:
    """The text as ours and as theirs, with the first lines of markers in it, line ends left out."""

    ours: str
    theirs: str
    opening: str
    middle: str
    closing: str

    def marked(self, ours: str, theirs: str) -> str:
        """Two texts as one, with markers around the lines in which they differ."""
        return "".join(self._marked(ours.splitlines(keepends=True), theirs.splitlines(keepends=True)))

    def _marked(self, ours: list[str], theirs: list[str]) -> Iterator[str]:
        many = max(len(ours), len(theirs)) > MANY
        for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=many).get_opcodes():
            if kind == "equal":
                yield from ours[a:b]
            else:
                yield from (f"{self.opening}\n", *ours[a:b], f"{self.middle}\n")
                yield from (*theirs[c:d], f"{self.closing}\n")


def sides_of(text: str) -> Sides | None:
    """What either side of a text with conflicts says; None for one that has none, or markers in no order."""
    kept: tuple[list[str], list[str]] = ([], [])
    first: dict[str, str] = {}
    place = "both"
    for line in text.splitlines(keepends=True):
        to = _after(line, place)
        if to == "out of order":
            return None
        if to:
            first.setdefault(to, line.rstrip("\r\n"))
            place = to
            continue
        for number, side in enumerate(("ours", "theirs")):
            if place in ("both", side):
                kept[number].append(line)
    if place != "both" or not first:
        return None
    return Sides("".join(kept[0]), "".join(kept[1]), first["ours"], first["theirs"], first["both"])


def _after(line: str, place: str) -> str:
    """Where the lines behind a marker belong; "" for a line that is none."""
    for marker, before, after in (
        (_OURS, ("both",), "ours"),
        (_BASE, ("ours",), "base"),
        (_MIDDLE, ("ours", "base"), "theirs"),
        (_THEIRS, ("theirs",), "both"),
    ):
        if marker.match(line):
            return after if place in before else "out of order"
    return ""
