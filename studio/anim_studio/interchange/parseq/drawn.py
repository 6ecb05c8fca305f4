"""Parseq's functions of chance, and the eased ways that one of them and `bez` go."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from anim_studio.interchange.parseq.chance import Noise, stream
from anim_studio.interchange.parseq.easing import bezier, control_points
from anim_studio.interchange.parseq.evaluate import VARIABLES, Made, Moment, Value, as_number, spelled
from anim_studio.interchange.parseq.formula import Call, FormulaError


def curve_of(call: Call, numbers: Sequence[Value], name: Value) -> tuple[float, float, float, float]:
    """The control points of a way: by the name of a curve, or by four numbers."""
    if name:
        found = control_points(str(name))
        if found is None:
            raise FormulaError(f"Parseq has no curve `{name}`", call.span, "one of them is `easeInOut`")
        return found
    x1, y1, x2, y2 = map(as_number, numbers)
    if not (0.0 <= x1 <= 1.0 and 0.0 <= x2 <= 1.0):
        said = f"`{call.name}` has control points outside of 0 to 1 in time, where Parseq stops"
        raise FormulaError(said, call.span, "`x1` and `x2` are within 0 and 1")
    return x1, y1, x2, y2


def eased(
    curve: tuple[float, float, float, float],
    start: float,
    end: float,
    span: float,
    offset: float,
    along: float,
) -> float:
    """The value so many frames `along` a way that takes `span` of them."""
    if span == 0.0:
        return start
    place = offset if abs(offset) < 1 else along / span
    if place > 1:
        return end
    return start + bezier(place, *curve) * (end - start)


def noisy(name: str) -> Made:
    """`smrand` or `perlin`."""
    held: dict[str, Noise] = {}

    def made(m: Moment, a: Sequence[Value]) -> Value:
        smooth, low, high, seed, y = map(as_number, a)
        noise = held.setdefault("noise", Noise(seed))
        x = m.frame / (smooth or 1.0)
        if name == "smrand":
            return noise.simplex(x, y) * (high - low) / 2.0 + (high + low) / 2.0
        return noise.perlin(x, y) * (high - low) + (high + low) / 2.0

    return made


def random_value(_: Call) -> Made:
    """`rand`: a number that is drawn anew after each `hold`."""
    held: dict[str, float] = {}
    numbers: list[Iterator[float]] = []

    def made(m: Moment, a: Sequence[Value]) -> Value:
        low, high, seed, hold = map(as_number, a)
        hold = hold or 1.0
        last = held.get("at")
        is_new = last is None or math.floor((last - m.active) / hold) < math.floor(
            (m.frame - m.active) / hold
        )
        if is_new:
            if not numbers:
                numbers.append(stream(spelled(seed)))
            held["value"] = next(numbers[0]) * (high - low) + low
            held["at"] = float(m.frame)
        return held["value"]

    return made


def vibe(call: Call) -> Made:
    """`vibe`: eased ways from one drawn value to the next."""
    held: dict[str, float] = {}
    numbers: list[Iterator[float]] = []

    def made(m: Moment, a: Sequence[Value]) -> Value:
        pmin, pmax, period, low, high, seed = map(as_number, a[5:11])
        if not held or m.frame > held["from"] + held["period"]:
            if not numbers:
                numbers.append(stream(spelled(seed)))
            held["start"] = held.get("end", VARIABLES["active_keyframe_value"](m))
            held["from"] = float(m.frame)
            held["end"] = next(numbers[0]) * (high - low) + low
            drawn = period if not math.isnan(period) else math.floor(next(numbers[0]) * (pmin - pmax) + pmin)
            held["period"] = float(drawn)
        along = m.frame - held["from"]
        if held["period"] == 0.0:
            return held["start"]
        # the share is handed on as an offset, which counts only below 1; else the active key does
        share = along / held["period"]
        curve = curve_of(call, a[:4], a[11])
        return eased(curve, held["start"], held["end"], held["period"], share, m.frame - m.active)

    return made
