"""A curve as a few lines of text: one column a value, its height in eighths of a line."""

from __future__ import annotations

from collections.abc import Sequence

_BLOCKS = " ▁▂▃▄▅▆▇█"
_PLAIN = " .:-=+*%#"


def spark(
    values: Sequence[float], *, rows: int = 4, seconds: float | None = 2.0, plain: bool = False
) -> list[str]:
    """The lines of a plot, top first: the area under the curve, its least and greatest value, the seconds.

    `seconds` is how long the curve lasts; None leaves the ruler out. `plain` draws with ASCII signs.
    A curve that never changes is drawn half way up.
    """
    if not values:
        return []
    low, high = min(values), max(values)
    signs = _PLAIN if plain else _BLOCKS
    eighths = [_eighths(value, low, high, rows) for value in values]
    labels = [""] * rows
    labels[0], labels[-1] = (_label(high), _label(low)) if high != low else ("", _label(low))
    gutter = max(map(len, labels))
    bar, corner, line = ("|", "+", "-") if plain else ("│", "└", "─")
    body = [
        f"{label:>{gutter}} {bar}{''.join(signs[min(max(eighth - 8 * below, 0), 8)] for eighth in eighths)}"
        for label, below in zip(labels, range(rows - 1, -1, -1), strict=True)
    ]
    pad = " " * gutter
    ruler = [] if seconds is None else [f"{pad}  {_ruler(len(values), seconds)}"]
    return [*(row.rstrip() for row in body), f"{pad} {corner}{line * len(values)}", *ruler]


def _eighths(value: float, low: float, high: float, rows: int) -> int:
    """The height of a column, 1 to 8 a row: a value at the bottom is still seen."""
    most = 8 * rows
    if high == low:
        return most // 2
    return 1 + round((value - low) / (high - low) * (most - 1))


def _label(value: float) -> str:
    # what is 0 but for the last bits of a sum is 0 to a reader
    return f"{round(value, 9) + 0.0:.3g}"


def _ruler(columns: int, seconds: float) -> str:
    middle, end = f"{seconds / 2:g}s", f"{seconds:g}s"
    left = f"{'0s':<{columns // 2}}{middle}"
    return f"{left:<{columns - len(end)}}{end}"
