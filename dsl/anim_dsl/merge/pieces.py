"""What a merge is made of: texts that are settled, and conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Style(StrEnum):
    """What stands between the markers of a conflict, as git's `merge.conflictStyle` calls it."""

    MERGE = "merge"
    #: also what the base says
    DIFF3 = "diff3"
    #: as diff3, with the lines in front of the markers on which both sides agree
    ZDIFF3 = "zdiff3"


@dataclass(frozen=True, slots=True)
class Marking:
    """How conflicts are written: the style, the markers' length, and what the three texts are called."""

    style: Style = Style.MERGE
    size: int = 7
    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Whole lines that both sides want to be different; "" where one has none.

    `what` names the statement, "" where lines were merged.
    """

    base: str
    ours: str
    theirs: str
    what: str = ""


Piece: TypeAlias = str | Conflict


class ClashError(Exception):
    """Two changes of one thing, which become a conflict of the statement around it."""
