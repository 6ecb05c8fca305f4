"""Curves before and after as lines of text: a picture for places that show none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anim_dsl.visible import escaped, shortened
from anim_studio.draw.chart import number_text

if TYPE_CHECKING:
    from anim_studio.draw.overlay import Changed

_BLOCKS = "▁▂▃▄▅▆▇█"
_COLUMNS = 56
_MOST_CURVES = 6


def sparks(curves: Sequence[Changed]) -> Iterator[str]:
    """A block of code with two rows a curve, on one scale; nothing if there is no curve."""
    if not curves:
        return
    yield ""
    yield "```text"
    for curve in curves[:_MOST_CURVES]:
        known = np.concatenate([curve.before, curve.after])
        known = known[np.isfinite(known)]
        if not known.size:
            continue
        low, high = float(known.min()), float(known.max())
        # a fence within the name would end the block
        name = shortened(escaped(curve.name).replace("`", "'"), 40)
        yield f"{name}   {number_text(low, high - low)} … {number_text(high, high - low)}"
        yield f"  before {row(curve.before, low, high)}".rstrip()
        yield f"  after  {row(curve.after, low, high)}".rstrip()
    yield "```"


def row(values: NDArray[np.float64], low: float, high: float) -> str:
    """A curve in one line, a column for as many frames as it takes; blank where it has no value."""
    parts = np.array_split(values, min(_COLUMNS, len(values))) if len(values) else []
    return "".join(_sign(part[np.isfinite(part)], low, high) for part in parts)


def _sign(part: NDArray[np.float64], low: float, high: float) -> str:
    if not part.size:
        return " "
    if high == low:
        return _BLOCKS[len(_BLOCKS) // 2]
    share = (float(part.mean()) - low) / (high - low)
    return _BLOCKS[min(len(_BLOCKS) - 1, int(share * len(_BLOCKS)))]
