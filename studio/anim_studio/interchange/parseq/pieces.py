"""A column of numbers as few keys: straight ways and holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from anim_studio.interchange.parseq.writing import figure

#: how far off a straight way its frames may be, for each unit of the values' size
_STRAIGHT = 1e-9


@dataclass(frozen=True, slots=True)
class Pieces:
    """Keys, as time and value with the word `hold` where the value stands still until the next one."""

    keys: tuple[tuple[str, str], ...]

    @property
    def count(self) -> int:
        """How many keys there are."""
        return len(self.keys)

    @property
    def text(self) -> str:
        """The list on one line; a single key is its value."""
        if len(self.keys) == 1:
            return self.keys[0][1]
        return ", ".join(f"{at}: {value}" for at, value in self.keys)


def pieced(values: Sequence[float], first: int = 0, tolerance: float = _STRAIGHT) -> Pieces:
    """The fewest keys, found from the left, that give these values at the frames from `first` on."""
    keys: list[tuple[str, str]] = []
    i = 0
    while i < len(values):
        end = i
        while end + 1 < len(values) and values[end + 1] == values[i]:
            end += 1
        value = _short(values[i])
        if end == len(values) - 1:
            keys.append((str(first + i), value))
            break
        straight = _reach(values, i, tolerance)
        if straight > i + 1 and end == i:
            keys.append((str(first + i), value))
            i = straight
            if straight == len(values) - 1:
                keys.append((str(first + i), _short(values[i])))
                break
        else:
            keys.append((str(first + i), f"{value} hold"))
            i = end + 1
    return Pieces(tuple(keys))


def _reach(values: Sequence[float], start: int, tolerance: float) -> int:
    """The last frame up to which a straight way from `start` goes through all values: the slopes that do so
    grow fewer with each of them.
    """
    low, high, found = -math.inf, math.inf, start
    for end in range(start + 1, len(values)):
        along = end - start
        slope = (values[end] - values[start]) / along
        if low <= slope <= high:
            found = end
        off = tolerance * max(abs(values[start]), abs(values[end]), 1.0) / along
        low, high = max(low, slope - off), min(high, slope + off)
        if low > high:
            break
    return found


def _short(value: float) -> str:
    """A number without the last digits that only rounding makes: 2.34, not 2.3400000000000003."""
    return figure(float(f"{value:.12g}")).text
