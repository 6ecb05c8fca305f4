"""Where each curve stands in the pane of curves, and how much room its parts have."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

_MOST_NAME, _VALUE = 16, 10
_TALLEST = 6


@dataclass(frozen=True, slots=True)
class CurveRows:
    """Curves from number `top` on, each on `tall` rows; left of the plots, `gutter` cells hold the name in
    `name` of them and, beside or below it, the value.
    """

    names: tuple[str, ...]
    top: int
    tall: int
    width: int
    height: int
    name: int
    gutter: int

    @classmethod
    def of(cls, names: tuple[str, ...], width: int, height: int, top: int = 0) -> CurveRows:
        """The rows of curves at a size: as tall as all of them can be, one row each if room is little."""
        count = max(len(names), 1)
        tall = min(max(height // count, 1), _TALLEST)
        most = max(count - height // tall, 0)
        value = min(_VALUE, max(width // 4, 4))
        longest = max((len(label) for label in _labels(names).values()), default=0) + 2
        name = min(longest, _MOST_NAME, max(width // 3, 1))
        gutter = name + value if tall == 1 else max(name, value)
        return cls(names, min(max(top, 0), most), tall, width, height, name, gutter)

    @property
    def columns(self) -> int:
        """Cells for frames."""
        return max(self.width - self.gutter, 1)

    @property
    def value_row(self) -> int:
        """The row of a curve that its value stands on."""
        return 0 if self.tall == 1 else 1

    def at(self, y: int) -> tuple[int, int] | None:
        """The number of the curve on a row, and which of its rows that is; None below the last."""
        number = self.top + y // self.tall
        return (number, y % self.tall) if number < len(self.names) else None

    def top_for(self, number: int) -> int:
        """The first curve to show, so that one is seen."""
        return number if number < self.top else max(self.top, number - self.height // self.tall + 1)

    def scrolled(self, by: int) -> int:
        """The first curve to show, so many further."""
        return min(max(self.top + by, 0), max(len(self.names) - self.height // self.tall, 0))

    def label(self, name: str) -> str:
        """What a curve is called: the last part of its name where no other ends so."""
        return _labels(self.names)[name]


@lru_cache(maxsize=8)
def _labels(names: tuple[str, ...]) -> dict[str, str]:
    lasts = Counter(name.rpartition(".")[2] for name in names)
    return {name: last if lasts[last := name.rpartition(".")[2]] == 1 else name for name in names}
