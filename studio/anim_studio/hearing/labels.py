"""Beats, bars and sections as a label file: what Audacity opens, and `markers` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_studio.draw.portrait import Section

Marked: TypeAlias = Literal["all", "beats", "bars", "sections"]
"""What a label file may hold."""


def label_text(
    beats: NDArray[np.float64],
    downbeats: NDArray[np.float64],
    sections: Sequence[Section],
    marked: Marked = "all",
) -> str:
    """Lines of start, end and label between tabs, in seconds, by time (Audacity's manual, "Label Tracks").

    A bar's first beat is labelled `bar`, every other beat `beat`; a section is a region with its label.
    """
    bars = set(downbeats.tolist())
    rows: list[tuple[float, float, str]] = []
    if marked in ("all", "sections"):
        rows += [(section.start, section.end, section.label) for section in sections]
    if marked in ("all", "beats"):
        rows += [(beat, beat, "bar" if beat in bars else "beat") for beat in beats.tolist()]
    if marked == "bars":
        rows += [(bar, bar, "bar") for bar in downbeats.tolist()]
    return "".join(_lines(sorted(rows, key=lambda row: row[0])))


def _lines(rows: Iterable[tuple[float, float, str]]) -> Iterable[str]:
    return (f"{start:.6f}\t{end:.6f}\t{label}\n" for start, end, label in rows)
