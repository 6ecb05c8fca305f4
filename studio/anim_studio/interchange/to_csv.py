"""CSV: a line a frame, a column a curve."""

from __future__ import annotations

import csv
import io

from anim_studio.interchange.exported import Exported, Exporting
from anim_studio.interchange.to_rows import table

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write(film: Exporting) -> Exported:
    """`frame,time,scene`, the curves, then the texts; as RFC 4180 says, so that any CSV reader takes it.

    A cell of text that a spreadsheet would take for a formula begins with `'`.
    """
    rows = table(film)
    names = [*rows.numbers, *rows.texts]
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["frame", "time", "scene", *map(safe, names)])
    for i, frame in enumerate(rows.frames):
        numbers = [_cell(column[i]) for column in rows.numbers.values()]
        texts = [safe(column[i]) for column in rows.texts.values()]
        writer.writerow([frame, _cell(rows.times[i]), safe(rows.scenes[i]), *numbers, *texts])
    return Exported({f"{film.stem}.csv": out.getvalue().encode()})


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.12g}"
