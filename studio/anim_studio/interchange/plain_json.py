"""JSON of other programs, in which a number is one that can be counted with."""

from __future__ import annotations

import json
import math

#: seeds have 20 digits; whoever writes more means harm
_MOST_DIGITS = 40


def plain_json(text: str) -> object:
    """What a JSON text says; null for `NaN`, infinities and whole numbers without end. Raises ValueError."""
    try:
        return json.loads(text, parse_int=_whole, parse_float=_number, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _whole(text: str) -> int | None:
    return int(text) if len(text) <= _MOST_DIGITS else None


def _number(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None
