"""A film's text parsed in pieces, so that an edit costs what the piece it is in costs.

A piece is some whole statements outside all blocks: it begins on a line of its own with a name, `let` or
`def`, behind a `}` or a finished value, with every bracket and brace closed. Then nothing before or behind it
has a say in how it is read. A text that cannot be cut so, as while a `}` is missing, is one piece.

Spans stay offsets in the whole text: pieces behind an edit are moved when the tree is asked for.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import NamedTuple

from anim_dsl.blocks import BlockParser
from anim_dsl.cut import FILM, cut
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.findings import MOST, Findings
from anim_dsl.gate import MOST_ELEMENTS, MOST_STATEMENTS, MOST_TOKENS, admits, admits_edit
from anim_dsl.lexer import lex
from anim_dsl.lines import TooDeepError, significant
from anim_dsl.mend import mend
from anim_dsl.parse import parse
from anim_dsl.pieces import closed_starts
from anim_dsl.shift import shifted
from anim_dsl.source import Source
from anim_dsl.syntax import Document, Statement
from anim_dsl.uncollected import uncollected

# What is told by looking beyond the piece: braces that do not match or are missing, keys that the line before
# has lost.
_FAR_CODES = frozenset({"E1030", "E1031", "E1036", "E1044", "E1053"})


class Counts(NamedTuple):
    """What is limited over a whole file."""

    tokens: int
    statements: int
    inserts: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Statements that were parsed together while they began at `origin`; their spans count from there."""

    length: int
    origin: int
    counts: Counts
    statements: tuple[Statement, ...]
    broken: tuple[str, ...]
    found: tuple[Diagnostic, ...]

    def at(self, offset: int) -> Piece:
        """The piece where it stands now."""
        by = offset - self.origin
        if not by:
            return self
        return replace(
            self, origin=offset, statements=shifted(self.statements, by), found=shifted(self.found, by)
        )


class Parsed:
    """A text and its pieces; `document` and `diagnostics` are those that `parse` gives."""

    __slots__ = ("_document", "_pieces", "source", "whole")

    def __init__(self, source: Source, pieces: tuple[Piece, ...], *, whole: bool = False) -> None:
        self.source = source
        self.whole = whole
        self._pieces = pieces
        self._document: Document | None = None

    @classmethod
    def of(cls, source: Source) -> Parsed:
        """A text parsed for the first time."""
        with uncollected():
            pieces = _pieces(source)
        if pieces is not None:
            return cls(source, pieces)
        document, found = parse(source)
        parsed = cls(
            source,
            (Piece(len(source.text), 0, Counts(0, 0, 0), document.statements, document.broken, found),),
            whole=True,
        )
        parsed._document = document
        return parsed

    @property
    def document(self) -> Document:
        """The tree of the whole text."""
        if self._document is None:
            with uncollected():
                self._settle()
                statements = tuple(node for piece in self._pieces for node in piece.statements)
            broken = tuple(name for piece in self._pieces for name in piece.broken)
            self._document = Document(self.source, statements, broken)
        return self._document

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the whole text."""
        if self.whole:
            return self._pieces[0].found
        starts = self.starts()
        found = [
            replace(diagnostic, source=self.source)
            for start, piece in zip(starts, self._pieces, strict=False)
            for diagnostic in shifted(piece.found, start - piece.origin)
        ]
        return tuple(sorted(found, key=Diagnostic.sort_key))

    def starts(self) -> list[int]:
        """Where each piece begins, and at last the length of the text."""
        return [0, *accumulate(piece.length for piece in self._pieces)]

    def edited(self, source: Source) -> Parsed:
        """The text after an edit: only the pieces that it touches are parsed."""
        before, after = self.source.text, source.text
        head = _same_start(before, after)
        tail = _same_end(before, after, head)
        changed = range(head, len(after) - tail)
        if not self.whole and admits_edit(source, changed):
            with uncollected():
                pieces = self._around(source, head, len(before) - tail)
            if pieces is not None:
                return Parsed(source, pieces)
        return Parsed.of(source)

    def _around(self, source: Source, start: int, end: int) -> tuple[Piece, ...] | None:
        """The pieces after an edit of `start` to `end` in the old text, or None if all must be cut anew."""
        starts = self.starts()
        first = max(0, bisect_left(starts, start) - 1)
        last = min(len(self._pieces) - 1, bisect_right(starts, end) - 1)
        moved = len(source.text) - len(self.source.text)
        for _ in range(3):
            place = range(starts[first], starts[last + 1] + moved)
            fresh = _read_range(source, place, is_first=first == 0, is_last=last + 1 == len(self._pieces))
            if fresh is not None:
                pieces = (*self._pieces[:first], *fresh, *self._pieces[last + 1 :])
                return pieces if _within_limits(pieces) else None
            first, last = max(0, first - 1), min(len(self._pieces) - 1, last + 1)
        return None

    def _settle(self) -> None:
        """Moves every piece to where it stands; done once, since a settled piece stays as it is."""
        starts = self.starts()
        self._pieces = tuple(piece.at(start) for start, piece in zip(starts, self._pieces, strict=False))


def _pieces(source: Source) -> tuple[Piece, ...] | None:
    findings = Findings(source)
    if not admits(findings) or findings.all():
        return None
    pieces = _read_range(source, range(len(source.text)), is_first=True, is_last=True)
    return pieces if pieces is not None and _within_limits(pieces) else None


def _read_range(source: Source, place: range, *, is_first: bool, is_last: bool) -> tuple[Piece, ...] | None:
    """The pieces of a range, or None if something around it has a say in how it is read."""
    tokens = lex(source.text, place.start, place.stop)
    if not is_last and not _begins_line(source.text, place.stop):
        return None
    if not is_last and any(token[0] == "OPEN_LONG_STRING" for token in tokens):
        return None
    starts = closed_starts(mend(tokens, Findings(source)), is_first=is_first, is_last=is_last)
    if starts is None:
        return None
    edges = [place.start, *(start for start in starts if start > place.start), place.stop]
    pieces: list[Piece] = []
    for start, end in pairwise(edges):
        piece = _read(source, start, end)
        if piece is None:
            return None
        pieces.append(piece)
    return tuple(pieces)


def _begins_line(text: str, at: int) -> bool:
    """Whether only spaces stand between an offset and the line end before it."""
    start = text.rfind("\n", 0, at) + 1
    start = max(start, text.rfind("\r", start, at) + 1)
    return not text[start:at].strip(" \t\ufeff")


def _read(source: Source, start: int, end: int) -> Piece | None:
    findings = Findings(source)
    tokens = lex(source.text, start, end)
    count = len(tokens)
    try:
        tokens = significant(mend(tokens, findings), findings)
    except TooDeepError:
        return None
    parser = BlockParser(findings)
    statements = parser.statements(cut(tokens, findings), FILM)
    found = findings.all()
    if findings.full or any(diagnostic.code in _FAR_CODES for diagnostic in found):
        return None
    counts = Counts(count, parser.count, parser.values.inserts)
    return Piece(end - start, start, counts, statements, tuple(parser.broken), found)


def _within_limits(pieces: tuple[Piece, ...]) -> bool:
    """Whether nothing is counted over the whole file that would be reported."""
    if sum(len(piece.found) for piece in pieces) >= MOST:
        return False
    most = (MOST_TOKENS, MOST_STATEMENTS, MOST_ELEMENTS)
    totals = (sum(column) for column in zip(*(piece.counts for piece in pieces), strict=True))
    return all(total <= limit for total, limit in zip(totals, most, strict=False))


def _same_start(a: str, b: str) -> int:
    """How many characters two texts begin with alike."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _same_end(a: str, b: str, head: int) -> int:
    """How many characters two texts end with alike, none of them counted in `head`."""
    low, high = 0, min(len(a), len(b)) - head
    while low < high:
        middle = (low + high + 1) // 2
        if a[len(a) - middle : len(a) - low] == b[len(b) - middle : len(b) - low]:
            low = middle
        else:
            high = middle - 1
    return low
