"""Parseq's functions, by its own rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from anim_dsl.nearest import nearest
from anim_studio.interchange.parseq.drawn import curve_of, eased, noisy, random_value, vibe
from anim_studio.interchange.parseq.evaluate import (
    VARIABLES,
    Formula,
    Made,
    Moment,
    Value,
    as_number,
    compiled,
)
from anim_studio.interchange.parseq.formula import Call, FormulaError
from anim_studio.interchange.parseq.labels import labelled
from anim_studio.interchange.parseq.words import FUNCTIONS, LABELS, RAW, WAVES, Param, arguments


def called(call: Call, known: frozenset[str]) -> Formula:
    """A call, ready to be asked. Raises `FormulaError` for what Parseq does not know."""
    params = FUNCTIONS.get(call.name)
    if params is None:
        return _series(call, known)
    given = arguments(call, params)
    formulas = [None if node is None else compiled(node, known) for node in given]
    made = _made(call)

    def ask(m: Moment) -> Value:
        values: list[Value] = []
        for param, formula in zip(params, formulas, strict=True):
            value = _default(param, m) if formula is None else formula(m)
            if isinstance(value, str) != param.is_text:
                wanted = "a text" if param.is_text else "a number"
                said = f"`{param.names[0]}` of `{call.name}` must be {wanted}"
                raise FormulaError(said, call.span)
            values.append(value)
        return made(m, values)

    return ask


def _series(call: Call, known: frozenset[str]) -> Formula:
    """`alias(frame)` of a time series, or a mistake."""
    if call.name not in known:
        near = nearest(call.name, [*FUNCTIONS, *known])
        hint = f"did you mean `{near}`?" if near else ""
        raise FormulaError(f"Parseq has no function `{call.name}`", call.span, hint)
    formulas = [compiled(node, known) for _, node in call.args[:2]]

    def read(m: Moment) -> Value:
        track = m.setting.tracks.get(call.name)
        if track is None:
            raise FormulaError(f"`{call.name}` is a field, not a function", call.span)
        frame, linear = ([as_number(formula(m)) for formula in formulas] + [0.0, 0.0])[:2]
        return track.at(frame, m.setting.fps, linear=linear > 0)

    return read


def _default(param: Param, m: Moment) -> Value:
    match param.reads:
        case "active value":
            return VARIABLES["active_keyframe_value"](m)
        case "next value":
            return VARIABLES["next_keyframe_value"](m)
        case "gap":
            return VARIABLES["next_keyframe"](m) - m.active
        case "active":
            return m.active
        case "frame":
            return float(m.frame)
        case "field":
            return m.setting.default
        case "none":
            return math.nan
        case _:
            return 0.0 if param.default is None else param.default


def _made(call: Call) -> Made:
    name = call.name
    if name in WAVES:
        return lambda m, a: _wave(call, m, *map(as_number, a))
    if name in LABELS:
        return labelled(call)
    if name.startswith("_") and name[1:] in RAW:
        raw = _RAW[name[1:]]
        return lambda _, a: _safe(raw, as_number(a[0]))
    if name in ("rand", "vibe", "recompute_if"):
        return {"rand": random_value, "vibe": vibe, "recompute_if": _recompute}[name](call)
    if name in ("smrand", "perlin"):
        return noisy(name)
    if name in ("bez", "slide"):
        return lambda m, a: _bez(call, m, a) if name == "bez" else _slide(m, *map(as_number, a))
    if name in ("posneg", "posneg_lora"):
        return lambda m, a: _posneg(call, m, a)
    return _PLAIN[name]


def _safe(function: Callable[[float], float], x: float) -> float:
    try:
        return function(x)
    except OverflowError:
        return math.inf
    except ValueError:
        return -math.inf if x == 0.0 else math.nan


def _clz32(x: float) -> float:
    whole = int(x) & 0xFFFFFFFF if math.isfinite(x) else 0
    return float(32 - whole.bit_length())


_RAW: Mapping[str, Callable[[float], float]] = {
    **{name: getattr(math, name) for name in RAW if name not in ("sign", "clz32", "cbrt")},
    "sign": lambda x: math.copysign(1.0, x) if x else x,
    "clz32": _clz32,
    "cbrt": math.cbrt,
}


def _rounded(whole: Callable[[float], float]) -> Made:
    def made(_: Moment, a: Sequence[Value]) -> Value:
        value, digits = as_number(a[0]), as_number(a[1])
        power = _safe(lambda d: math.pow(10.0, d), digits)
        scaled = value * power
        return whole(scaled) / power if math.isfinite(scaled) and power else math.nan

    return made


def _start_of_beat(m: Moment, a: Sequence[Value]) -> Value:
    beat = m.setting.fps * 60.0 / m.setting.bpm
    whole = float(math.floor(as_number(a[0]) / beat)) * beat
    ways = {"d": math.floor, "u": math.ceil, "r": lambda x: math.floor(x + 0.5)}
    way = ways.get(str(a[1]), math.floor)
    return float(way(whole))


def _computed_at(m: Moment, a: Sequence[Value]) -> Value:
    frame = as_number(a[0])
    if frame < 0:
        return a[1]
    return m.before[int(frame)] if frame == int(frame) and frame < len(m.before) else math.nan


_PLAIN: Mapping[str, Made] = {
    "min": lambda _, a: min(as_number(a[0]), as_number(a[1])),
    "max": lambda _, a: max(as_number(a[0]), as_number(a[1])),
    "abs": lambda _, a: abs(as_number(a[0])),
    "round": _rounded(lambda x: math.floor(x + 0.5)),
    "floor": _rounded(math.floor),
    "ceil": _rounded(math.ceil),
    "f2b": lambda m, a: as_number(a[0]) / (m.setting.fps * 60.0 / m.setting.bpm),
    "f2s": lambda m, a: as_number(a[0]) / m.setting.fps,
    "b2f": lambda m, a: as_number(a[0]) * (m.setting.fps * 60.0 / m.setting.bpm),
    "s2f": lambda m, a: as_number(a[0]) * m.setting.fps,
    "computed_at": _computed_at,
    "start_of_beat": _start_of_beat,
    "is_generation": lambda m, _: float(m.frame % max(m.setting.cadence, 1.0) == 0.0),
    "dangerous": lambda m, a: m.others.get(str(a[0]), -1.0) if as_number(a[1]) == m.frame else -1.0,
}


def _wave(
    call: Call, m: Moment, period: float, phase: float, amp: float, centre: float, limit: float, width: float
) -> Value:
    if period == 0.0:
        said = f"`{call.name}` has a period of 0, of which Parseq makes no number"
        raise FormulaError(said, call.span, "write how long one swing takes: `p=2b`")
    if limit > 0 and m.frame - m.active > limit * period:
        return 0.0
    place = m.frame + phase
    if call.name == "saw":
        return centre + math.fmod(place, period) * amp / period
    if call.name == "pulse":
        return centre + amp * (1.0 if math.fmod(place, period) < width else 0.0)
    swing = math.sin(place * math.pi * 2.0 / period)
    match call.name:
        case "sin":
            return centre + swing * amp
        case "tri":
            return centre + math.asin(swing) * (2.0 * amp) / math.pi
        case _:
            return centre + (1.0 if swing >= 0 else -1.0) * amp


def _slide(m: Moment, start: float, end: float, span: float, offset: float) -> Value:
    along = m.frame - m.active
    if span == 0.0:
        return start
    if along >= span:
        return end
    return start + (end - start) / span * (offset * span if abs(offset) < 1 else along)


def _bez(call: Call, m: Moment, a: Sequence[Value]) -> Value:
    start, end, span, offset = map(as_number, a[4:8])
    end = start + as_number(a[9]) if as_number(a[9]) else end
    return eased(curve_of(call, a[:4], a[8]), start, end, span, offset, m.frame - m.active)


def _recompute(_: Call) -> Made:
    held: dict[str, Value] = {}

    def made(m: Moment, a: Sequence[Value]) -> Value:
        if as_number(a[0]) > 0 or not held:
            held["value"] = a[1]
        return held["value"]

    return made


#: around what `posneg` moves to the other prompt
MOVE, END_MOVE = "\0<", ">\0"


def _posneg(call: Call, m: Moment, a: Sequence[Value]) -> Value:
    weight, positive, negative = map(as_number, a[1:])
    if m.is_positive is None:
        raise FormulaError(f"`{call.name}` stands in prompts only", call.span)
    if weight == 0.0:
        return ""
    to_positive = m.is_positive == (weight > 0)
    given = positive if to_positive else negative
    shown = abs(weight) if math.isnan(given) else given
    start, end = ("<lora:", ">") if call.name == "posneg_lora" else ("(", ")")
    term = f"{start}{a[0]}:{shown:.4f}{end}"
    return term if weight > 0 else f"{MOVE}{term}{END_MOVE}"
