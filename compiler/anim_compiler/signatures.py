"""Every function of the language as data: parameters, what they take, what comes out.

The checker reads this table without numpy; `functions` holds the implementations under the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

#: what a parameter takes: `number` a plain number (units become s, rad, px, ratio), `same` any
#: dimension, one for all such parameters, `time` a duration (bare numbers are frames), `frequency`
#: (bare numbers are hertz), `any` whatever there is
Takes: TypeAlias = Literal["number", "same", "time", "frequency", "any"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; without a default it must be given. A `fixed` one may not depend on the frame."""

    name: str
    takes: Takes = "number"
    default: float | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A function; `gives` is the dimension of its result, `same` that of its `same` parameters.

    `live`: the result depends on the frame even if no argument does. `many`: the last parameter
    repeats. `grid`: musical periods count from the song's grid, not from the film's start.
    """

    name: str
    parameters: tuple[Parameter, ...]
    gives: str = "plain"
    live: bool = False
    many: bool = False
    grid: bool = False
    help: str = ""


def _p(spec: str) -> Parameter:
    """`period:time!=4` is a fixed time with a default."""
    head, _, default = spec.partition("=")
    name, _, takes = head.partition(":")
    fixed = takes.endswith("!")
    kind = takes.rstrip("!") or "number"
    assert kind in ("number", "same", "time", "frequency", "any")
    return Parameter(name, kind, float(default) if default else None, fixed)  # type: ignore[arg-type]


def _f(
    name: str, parameters: str, gives: str = "plain", flags: str = "", help: str = ""
) -> tuple[str, Signature]:
    parts = tuple(_p(part) for part in parameters.split())
    signature = Signature(
        name, parts, gives, live="live" in flags, many="many" in flags, grid="grid" in flags, help=help
    )
    return name, signature


_ROWS = (
    _f("abs", "x:same", "same", help="the size without the sign"),
    _f("sign", "x:any", help="-1, 0 or 1"),
    _f("floor", "x:same", "same", help="the whole number below"),
    _f("ceil", "x:same", "same", help="the whole number above"),
    _f("round", "x:same", "same", help="the nearest whole number, halves away from zero"),
    _f("sqrt", "x", help="the square root"),
    _f("exp", "x", help="e to the power of x"),
    _f("log", "x", help="the natural logarithm"),
    _f("log10", "x", help="the logarithm to base 10"),
    _f("log1p", "x", help="log(1 + x), exact near 0"),
    _f("expm1", "x", help="exp(x) - 1, exact near 0"),
    _f("pow", "x y", help="x to the power of y"),
    _f("min", "a:same b:same", "same", "many", help="the smallest"),
    _f("max", "a:same b:same", "same", "many", help="the largest"),
    _f("clamp", "x:same low:same=0 high:same=1", "same", help="x kept within low and high"),
    _f("mix", "a:same b:same weight", "same", help="a at weight 0, b at weight 1"),
    _f("smoothstep", "low:same high:same x:same", "plain", help="0 below low, 1 above high, smooth between"),
    _f(
        "remap",
        "x in_low in_high out_low=0 out_high=1",
        help="x from one range into another, kept within the second",
    ),
    _f("where", "test a:same b:same", "same", help="a where the test holds, else b"),
    _f("sin", "x", help="the sine of an angle (bare numbers are radians)"),
    _f("cos", "x", help="the cosine of an angle (bare numbers are radians)"),
    _f("tan", "x", help="the tangent of an angle (bare numbers are radians)"),
    _f("asin", "x", "angle", help="the angle with this sine"),
    _f("acos", "x", "angle", help="the angle with this cosine"),
    _f("atan", "x", "angle", help="the angle with this tangent"),
    _f("atan2", "y:same x:same", "angle", help="the angle of the point (x, y)"),
    _f("arcsin", "x", help="the arc sine in radians, as numpy and Deforum have it"),
    _f("arccos", "x", help="the arc cosine in radians, as numpy and Deforum have it"),
    _f("arctan", "x", help="the arc tangent in radians, as numpy and Deforum have it"),
    _f("sinh", "x", help="the hyperbolic sine"),
    _f("cosh", "x", help="the hyperbolic cosine"),
    _f("tanh", "x", help="the hyperbolic tangent"),
    _f("sine", "period:time phase=0", "plain", "live grid", help="a sine wave, -1..1, from 0 rising"),
    _f("tri", "period:time phase=0", "plain", "live grid", help="a triangle wave, -1..1, from 0 rising"),
    _f("saw", "period:time phase=0", "plain", "live grid", help="a saw wave, -1..1, from 0 rising"),
    _f("square", "period:time phase=0", "plain", "live grid", help="a square wave, 1 then -1"),
    _f(
        "pulse", "period:time width:any=0.5", "plain", "live grid", help="1 for the first part of each period"
    ),
    _f("random", "seed=0", "plain", "live", help="another number in 0..1 at every frame"),
    _f("noise", "speed:frequency=1 seed=0", "plain", "live", help="smooth noise, -1..1"),
    _f("fbm", "speed:frequency=1 seed=0", "plain", "live", help="smooth noise in four octaves, -1..1"),
    _f("smooth", "x:same width:time!", "same", help="x blurred over time, without delay"),
    _f("envelope", "x:same attack:time! release:time!", "same", help="x followed at two speeds"),
    _f("decay", "trigger width:time!", help="1 at each trigger, 5% left after that time"),
    _f("delay", "x:same by:time!", "same", help="x as it was that long ago"),
    _f("slew", "x:same per_second:same!", "same", help="x moving at most that much a second"),
    _f("integrate", "x:same", "same", help="the sum of x over the seconds before, 0 at the first frame"),
    _f("derivative", "x:same", "same", help="how much x grows a second"),
    _f("sample_hold", "x:same trigger", "same", help="x as it was at the last trigger"),
    _f("count", "trigger", help="how many triggers there were"),
    _f("every", "period:time!", "plain", "live grid", help="a trigger at each period"),
    _f("toggle", "trigger", help="0, then 1 after one trigger, 0 after the next"),
    _f("normalize", "x:any", help="x stretched to 0..1 over the whole film"),
    _f("quantize", "x:same step:same!", "same", help="x at the nearest multiple of step"),
    _f("threshold", "x:same level:same", help="1 where x is at least level, else 0"),
    _f("loop", "x:same period:time!", "same", "live", help="the first period of x again and again"),
)

SIGNATURES: Mapping[str, Signature] = MappingProxyType(dict(_ROWS))


@dataclass(frozen=True, slots=True)
class FeatureSignature:
    """An audio feature: how many numbers it takes and the range of its values."""

    name: str
    takes: tuple[Takes, ...] = ()
    low: float | None = 0.0
    high: float | None = 1.0
    help: str = ""


_FEATURES = (
    FeatureSignature("bass", help="how loud 20..250 Hz is"),
    FeatureSignature("mid", help="how loud 250..4000 Hz is"),
    FeatureSignature("treble", help="how loud 4 kHz and up is"),
    FeatureSignature("energy", help="how loud the track is"),
    FeatureSignature("onset", help="how strongly something begins"),
    FeatureSignature("beat", help="1 on the frame that holds a beat"),
    FeatureSignature("beat_phase", help="0 on a beat, rising to the next"),
    FeatureSignature("bar_phase", help="0 on a bar's first beat, rising to the next bar"),
    FeatureSignature("downbeat", help="1 on the frame that holds a bar's first beat"),
    FeatureSignature("tempo", (), None, None, "beats a minute"),
    FeatureSignature("loudness", (), None, None, "decibels below full scale"),
    FeatureSignature("centroid", help="how bright the sound is"),
    FeatureSignature("chroma", ("number",), help="how strong one note is, 0 = C … 11 = B"),
    FeatureSignature("band", ("frequency", "frequency"), help="how loud one band is"),
    FeatureSignature("percussive", help="how loud the drums are"),
    FeatureSignature("harmonic", help="how loud the tones are"),
    FeatureSignature("kick", help="how strongly a kick begins"),
    FeatureSignature("snare", help="how strongly a snare begins"),
    FeatureSignature("hat", help="how strongly a hi-hat begins"),
    FeatureSignature("vocal_band", help="how loud 200..4000 Hz of the tones is"),
    FeatureSignature("silence", help="1 where nothing sounds"),
    FeatureSignature("section", (), None, None, "the number of the section"),
)

FEATURES: Mapping[str, FeatureSignature] = MappingProxyType({row.name: row for row in _FEATURES})

LATER_FEATURES = frozenset(
    {
        "chroma",
        "band",
        "percussive",
        "harmonic",
        "kick",
        "snare",
        "hat",
        "vocal_band",
        "silence",
        "section",
    }
)
"""Features of the language that this version's analysis does not give."""

READABLE = tuple(name for name in FEATURES if name not in LATER_FEATURES)
"""Features of this version, in the table's order."""

#: operators as functions of two (or one) arguments, for `Apply`
OPERATORS = frozenset(
    {
        "add",
        "sub",
        "mul",
        "div",
        "mod",
        "pow",
        "neg",
        "not",
        "and",
        "or",
        "lt",
        "le",
        "gt",
        "ge",
        "eq",
        "ne",
        "select",
    }
)

_FAMILIES = ["sine", "quad", "cubic", "quart", "expo", "circ", "back", "elastic", "bounce"]

#: easing name -> how many numbers it takes at least and at most
EASINGS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        **dict.fromkeys(("linear", "hold", "ease", "ease_in", "ease_out", "ease_in_out", "smooth"), (0, 0)),
        **{f"{family}_{way}": (0, 0) for family in _FAMILIES for way in ("in", "out", "in_out")},
        "bezier": (4, 4),
        "spring": (0, 2),
        "steps": (1, 1),
    }
)
