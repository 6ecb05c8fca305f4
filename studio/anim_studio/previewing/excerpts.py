"""Which frames stand for a film that is longer than its preview may be."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

PIECE = 2
"""Seconds that a piece of a long scene lasts: enough to see how it moves."""

Frames = tuple[int, int]


def excerpts(scenes: Sequence[Frames], fps: Fraction, seconds: float) -> tuple[Frames, ...]:
    """Pieces of the scenes (each its frames, the end excluded) that last so many seconds together, at most.

    What fits is shown whole. Else each scene is shown from its beginning, where its pictures are what they
    are in the final too, for an equal share; scenes are left out, evenly, where shares would be much shorter
    than `PIECE`. One scene is shown in pieces that lie evenly in it, the last one at its end.
    """
    most = max(1, int(Fraction(seconds) * fps))
    whole = [one for one in scenes if one[0] < one[1]]
    if sum(end - first for first, end in whole) <= most:
        return _joined(whole)
    piece = min(most, max(1, int(PIECE * fps)))
    if len(whole) == 1:
        count = max(1, most // piece)
        return _joined(_pieces(whole[0], most // count, count))
    # to the nearest, so that three seconds are of two scenes and not of one with a second left over
    shown = _evenly(whole, max(1, (2 * most + piece) // (2 * piece)))
    return _joined(_shared(shown, most))


def _shared(scenes: Sequence[Frames], most: int) -> list[Frames]:
    """The beginnings of scenes; what a short one leaves goes to those that are longer."""
    left, shares = most, dict.fromkeys(scenes, 0)
    waiting = sorted(scenes, key=lambda one: one[1] - one[0])
    for place, one in enumerate(waiting):
        shares[one] = min(one[1] - one[0], left // (len(waiting) - place))
        left -= shares[one]
    return [(first, first + shares[first, end]) for first, end in scenes if shares[first, end]]


def _pieces(scene: Frames, piece: int, count: int) -> list[Frames]:
    first, end = scene
    if count == 1:
        return [(first, first + piece)]
    room = end - first - piece
    begins = [first + room * i // (count - 1) for i in range(count)]
    return [(begin, begin + piece) for begin in begins]


def _evenly(scenes: Sequence[Frames], count: int) -> list[Frames]:
    if len(scenes) <= count:
        return list(scenes)
    if count == 1:
        return [scenes[0]]
    return [scenes[(len(scenes) - 1) * i // (count - 1)] for i in range(count)]


def _joined(pieces: Sequence[Frames]) -> tuple[Frames, ...]:
    """Pieces that touch or overlap as one, so that no chain breaks between them."""
    found: list[Frames] = []
    for first, end in pieces:
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((first, end))
    return tuple(found)
