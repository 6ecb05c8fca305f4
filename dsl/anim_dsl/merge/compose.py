"""Items of two texts put behind each other: separators, line ends and indents are made to fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from anim_dsl.merge.items import Item
from anim_dsl.merge.pieces import Conflict, Piece

_TRAIL = re.compile(r"([ \t]*)([;,]?)([ \t]*)(#[^\r\n]*)?(\r\n|\n)?")


@dataclass(frozen=True, slots=True)
class Laid:
    """An item as it is to be written: what stands before it, its text, and what stands behind it."""

    lead: str
    pieces: tuple[Piece, ...]
    trail: str
    starts_line: bool
    is_key: bool
    is_last: bool

    @property
    def begins_conflict(self) -> bool:
        """Whether it begins with a conflict, whose markers need a line of their own."""
        return bool(self.pieces) and isinstance(self.pieces[0], Conflict)

    @property
    def is_conflict(self) -> bool:
        """Whether all of it is a conflict, which ends its line."""
        return self.begins_conflict and len(self.pieces) == 1


def laid(item: Item) -> Laid:
    """An item as it is."""
    return Laid(item.lead, (item.body,), item.trail, item.starts_line, item.is_key, item.is_last)


def as_lines(item: Item | None, indent: str) -> str:
    """An item as whole lines for a conflict, comments above it included, blank lines not; "" for none."""
    if item is None:
        return ""
    lead = item.lead.lstrip("\r\n") if item.starts_line else indent
    lead = re.sub(r"\A(?:[ \t]*\r?\n)+", "", lead)
    return f"{lead}{item.body}{item.remark}\n"


class Writer:
    """Writes the items of a block or a film, each a statement of its own."""

    def __init__(self, opening: str, indent: str) -> None:
        self.pieces: list[Piece] = [opening] if opening else []
        self.indent = indent
        self.trail: tuple[str, Laid] | None = None
        #: whether something stands on the line that is being written
        self.is_open = bool(opening) and not opening.endswith("\n")

    def write(self, item: Laid) -> None:
        """Writes an item behind those that were written."""
        self._finish(item)
        lead = item.lead
        if item.begins_conflict:
            lead = lead[: lead.rfind("\n") + 1]
            self._break()
        elif self.is_open and item.starts_line:
            self._break()
        elif not self.is_open and not item.starts_line:
            lead = self.indent
        self._put(lead, *item.pieces)
        self.is_open = not item.is_conflict
        self.trail = None if item.is_conflict else (item.trail, item)

    def end(self, tail: str, *, own_line: bool, outer: str) -> tuple[Piece, ...]:
        """All that was written, with what stands before the closing brace."""
        if self.trail is not None:
            trail, item = self.trail
            space, sign, gap, remark, ending = _parts(trail)
            keeps = item.is_last or bool(ending)
            self._put(f"{space}{sign}" if sign and keeps else "", f"{gap or '  '}{remark}" if remark else "")
            if ending or remark or own_line:
                self._put(ending or "\n")
                self.is_open = False
        if not self.is_open and not own_line and self.pieces:
            tail = outer
        self._put(tail)
        return tuple(self.pieces)

    def _finish(self, following: Laid) -> None:
        """Writes what stands behind the last item, as what follows needs it."""
        if self.trail is None:
            return
        trail, item = self.trail
        space, sign, gap, remark, ending = _parts(trail)
        listed = sign == "," and item.is_key and following.is_key
        if ending and (sign != "," or listed):
            self._put(trail)
            self.is_open = False
        elif ending or remark or following.starts_line or following.begins_conflict:
            self._put(f"{space}," if listed else "", f"{gap}{remark}" if remark else "", ending or "\n")
            self.is_open = False
        else:
            self._put(f"{space}{',' if listed else ';'}{gap or ' '}")

    def _break(self) -> None:
        if self.is_open:
            if self.pieces and isinstance(self.pieces[-1], str):
                self.pieces[-1] = self.pieces[-1].rstrip(" \t")
            self._put("\n")
            self.is_open = False

    def _put(self, *pieces: Piece) -> None:
        for piece in pieces:
            if isinstance(piece, str) and self.pieces and isinstance(self.pieces[-1], str):
                self.pieces[-1] += piece
            elif piece:
                self.pieces.append(piece)


def comma_list(opening: str, items: Sequence[Laid], tail: str) -> tuple[Piece, ...]:
    """The keys of a list with a comma between any two."""
    parts: list[Piece] = [opening]
    for number, item in enumerate(items):
        space, sign, gap, remark, ending = _parts(item.trail)
        lead = item.lead if number else item.lead.lstrip()
        parts += [lead, *item.pieces]
        if number + 1 < len(items):
            close = ending or ("\n" if remark else "")
            following = items[number + 1]
            blank = "" if close or following.lead[:1].isspace() else (gap if sign and gap else " ")
            behind = f"{gap or '  '}{remark}" if remark else ""
            comma = f"{space if sign else ''}," if item.is_key else ""
            parts.append(f"{comma}{behind}{close or blank}")
        else:
            parts.append(f"{gap or '  '}{remark}" if remark and item.is_last else "")
    return tuple(part for part in (*parts, tail) if part)


def _parts(trail: str) -> tuple[str, str, str, str, str]:
    found = _TRAIL.match(trail)
    assert found is not None
    space, sign, gap, remark, ending = (found[number] or "" for number in range(1, 6))
    return (space, sign, gap, remark, ending) if sign else ("", "", space + gap, remark, ending)


def blank_lines(lead: str) -> str:
    """The blank lines that something begins with."""
    found = re.match(r"(?:[ \t]*\r?\n)*", lead)
    return found[0] if found else ""
