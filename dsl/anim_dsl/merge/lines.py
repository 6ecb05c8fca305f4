"""Three texts merged line by line, as git does it: for what is not a film, and for comments."""

from __future__ import annotations

from difflib import SequenceMatcher

from anim_dsl.merge.pieces import Conflict, Piece

MANY = 2000
"""Lines beyond which those that are frequent are not searched for."""


def merged_lines(base: str, ours: str, theirs: str) -> tuple[Piece, ...]:
    """Texts and conflicts in order: changes of lines that do not touch are both made."""
    lines = [_lines(text) for text in (base, ours, theirs)]
    pieces: list[Piece] = []
    at = [0, 0, 0]
    for stop in (*_common(*lines), (len(lines[0]), len(lines[1]), len(lines[2]))):
        before, mine, other = ("".join(one[a:b]) for one, a, b in zip(lines, at, stop, strict=True))
        _add(pieces, before, mine, other)
        if stop[0] < len(lines[0]):
            _settled(pieces, lines[0][stop[0]])
        at = [number + 1 for number in stop]
    return tuple(pieces)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _common(base: list[str], ours: list[str], theirs: list[str]) -> list[tuple[int, int, int]]:
    """The lines that all three share, by their numbers."""
    pairs = [_pairs(base, side) for side in (ours, theirs)]
    return [(line, pairs[0][line], pairs[1][line]) for line in sorted(pairs[0].keys() & pairs[1].keys())]


def _pairs(base: list[str], side: list[str]) -> dict[int, int]:
    """The lines of one text that stand in the other too; what both begin and end with is not searched."""
    least = min(len(base), len(side))
    front = next((n for n in range(least) if base[n] != side[n]), least)
    back = next((n for n in range(least - front) if base[-1 - n] != side[-1 - n]), least - front)
    inner = (base[front : len(base) - back], side[front : len(side) - back])
    blocks = SequenceMatcher(None, *inner, autojunk=max(map(len, inner)) > MANY).get_matching_blocks()
    pairs = {n: n for n in range(front)}
    pairs |= {front + block.a + n: front + block.b + n for block in blocks for n in range(block.size)}
    return pairs | {len(base) - n: len(side) - n for n in range(1, back + 1)}


def _add(pieces: list[Piece], base: str, ours: str, theirs: str) -> None:
    if ours == theirs or theirs == base:
        _settled(pieces, ours)
    elif ours == base:
        _settled(pieces, theirs)
    else:
        pieces.append(Conflict(base, ours, theirs))


def _settled(pieces: list[Piece], text: str) -> None:
    if not text:
        return
    if pieces and isinstance(pieces[-1], str):
        pieces[-1] += text
    else:
        pieces.append(text)
