"""What stands before an item, and comments that stand for themselves, as both sides want them."""

from __future__ import annotations

from anim_dsl.merge.compose import blank_lines
from anim_dsl.merge.essence import merged_text
from anim_dsl.merge.items import Item
from anim_dsl.merge.lines import merged_lines
from anim_dsl.merge.pieces import ClashError, Conflict, Piece
from anim_dsl.merge.regions import called


def merged_lead(base: Item | None, ours: Item, theirs: Item) -> tuple[str, tuple[Piece, ...], bool]:
    """What stands before an item, or what does and a conflict of the comments above it; and whether it begins
    its line.
    """
    before = None if base is None else base.lead
    whole = merged_text(before, ours.lead, theirs.lead)
    if whole is not None:
        return whole, (), theirs.starts_line if whole == theirs.lead != ours.lead else ours.starts_line
    pieces = merged_lines(before or "", ours.lead, theirs.lead)
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(str(piece) for piece in pieces), (), ours.starts_line
    if not (ours.starts_line and theirs.starts_line):
        raise ClashError
    first, mine, other = (_comments(lead) for lead in (before or "", ours.lead, theirs.lead))
    conflict = Conflict(first, mine, other, f"the comment above {called(ours)}")
    return blank_lines(ours.lead), (conflict,), True


def _comments(lead: str) -> str:
    """The lines of comments before an item."""
    return lead[len(blank_lines(lead)) : lead.rfind("\n") + 1]


def merged_paragraph(base: str | None, ours: str, theirs: str) -> str:
    """A paragraph of comments, line by line. Raises `ClashError`."""
    pieces = merged_lines(*("" if text is None else f"{text}\n" for text in (base, ours, theirs)))
    if not all(isinstance(piece, str) for piece in pieces):
        raise ClashError
    return "".join(str(piece) for piece in pieces).removesuffix("\n")
