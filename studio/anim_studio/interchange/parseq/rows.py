"""What stands in a Parseq document's lists: numbers as JavaScript reads them, prompts, time series."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from anim_studio.interchange.parseq.evaluate import as_number
from anim_studio.interchange.parseq.track import Track


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt with the frames that it stands on, and how it overlaps with others: `fade` is `none`,
    `linear` over so many frames at its ends, or `custom`, the formula `weight`.
    """

    positive: str
    negative: str
    first: int
    last: int
    fade: str = "none"
    fade_in: int = 0
    fade_out: int = 0
    weight: str = ""


def number(given: object) -> float | None:
    """A finite number, or a text that is one; None for anything else."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    try:
        value = as_number(given if isinstance(given, str) else float(given))
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def prompt_of(row: Mapping[str, Any], last: int, common: Mapping[str, Any], where: str) -> Prompt:
    """A prompt of a film whose last frame is given, with what all prompts have."""
    is_always = row.get("allFrames", "from" not in row) is True
    overlap = row.get("overlap")
    overlap = overlap if isinstance(overlap, dict) else {}
    first, end = (int(number(row.get(name)) or 0) for name in ("from", "to"))
    texts = [
        _around(str(row.get(name) or ""), str(common.get(name) or ""), where)
        for name in ("positive", "negative")
    ]
    return Prompt(
        texts[0],
        texts[1],
        0 if is_always else max(first, 0),
        last if is_always else min(end, last),
        str(overlap.get("type") or "none"),
        int(number(overlap.get("inFrames")) or 0),
        int(number(overlap.get("outFrames")) or 0),
        str(overlap.get("custom") or ""),
    )


def _around(text: str, common: str, where: str) -> str:
    """A prompt with what all of them have."""
    if not common:
        return text
    if where == "template":
        return common.replace("[prompt]", text) if "[prompt]" in common else common
    return f"{common} {text}" if where == "prepend" else f"{text} {common}"


def tracks_of(given: object) -> Iterator[tuple[str, Track]]:
    """The time series of a document, by their alias."""
    for row in given if isinstance(given, list) else []:
        ts = row.get("ts") if isinstance(row, dict) else None
        data = ts.get("data") if isinstance(ts, dict) else None
        points = [
            (x, y)
            for point in (data if isinstance(data, list) else [])
            if isinstance(point, dict)
            and (x := number(point.get("x"))) is not None
            and (y := number(point.get("y"))) is not None
        ]
        if points and isinstance(ts, dict):
            points.sort(key=lambda point: point[0])
            in_seconds = str(ts.get("timestampType", 1)).lower() in ("1", "millisecond", "milliseconds")
            xs, ys = zip(*points, strict=True)
            yield str(row.get("alias")), Track(xs, ys, in_seconds)
