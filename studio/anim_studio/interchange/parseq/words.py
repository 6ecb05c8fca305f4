"""The functions of Parseq's language: their arguments by every name, and their defaults."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from anim_studio.interchange.parseq.formula import Call, FormulaError, Node

#: a default that is read from the moment at which the function is called
Read = Literal["active value", "next value", "gap", "active", "frame", "field", "unseeded", "none"]


@dataclass(frozen=True, slots=True)
class Param:
    """An argument. `default` is None where it must be given."""

    names: tuple[str, ...]
    default: float | str | None = None
    reads: Read | None = None
    is_text: bool = False


def _p(names: str, default: float | str | None = None, reads: Read | None = None) -> Param:
    return Param(tuple(names.split("|")), default, reads, isinstance(default, str))


def _text(names: str) -> Param:
    return Param(tuple(names.split("|")), None, None, is_text=True)


_WAVE = (
    _p("period|p"),
    _p("phase|ps", 0.0),
    _p("amp|a", 1.0),
    _p("centre|c", 0.0),
    _p("limit|li", 0.0),
    _p("pulse|pw", 5.0),
)
_CURVE = (_p("x1", 0.5), _p("y1", 0.0), _p("x2", 0.5), _p("y2", 1.0))
_WAY = (
    _p("from|start|s", 0.0, "active value"),
    _p("to|end|t", 0.0, "next value"),
    _p("span|in|s", 0.0, "gap"),
    _p("offset|os", 2.0),
)
_SEED = _p("seed|s", 0.0, "unseeded")
_NOISE = (_p("smooth|sm", 10.0), _p("min|n", 0.0), _p("max|x", 1.0), _SEED, _p("y", 0.0))
_TERM = (_text("term|t"), _p("weight|w"), _p("posweight|pw", 0.0, "none"), _p("negweight|nw", 0.0, "none"))
_ONE = (_p("v"),)
_ROUNDED = (_p("v"), _p("p", 0.0))
_LABEL = (_text("regex|r"),)

#: JavaScript's own functions of one number
RAW = ("sin", "cos", "tan", "asin", "acos", "atan", "log", "exp", "sqrt", "cbrt", "clz32", "expm1", "log1p",
       "log10", "log2", "sign", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh")  # fmt: skip
WAVES = ("sin", "sq", "saw", "tri", "pulse")
LABELS = tuple(
    f"info_match{end}"
    for end in ("", "_count", "_prev", "_last", "_next", "_gap", "_progress", "_since", "_until")
)
CHANCE = ("rand", "smrand", "perlin", "vibe")

FUNCTIONS = MappingProxyType(
    {
        **dict.fromkeys(WAVES, _WAVE),
        **dict.fromkeys(LABELS, _LABEL),
        **{f"_{name}": _ONE for name in RAW},
        "min": (_p("a"), _p("b")),
        "max": (_p("a"), _p("b")),
        "abs": _ONE,
        "round": _ROUNDED,
        "floor": _ROUNDED,
        "ceil": _ROUNDED,
        "bez": (*_CURVE, *_WAY, _p("curve|c", ""), _p("d|delta", 0.0)),
        "slide": _WAY,
        "rand": (_p("min|n", 0.0), _p("max|x", 1.0), _SEED, _p("hold|h", 1.0)),
        "smrand": _NOISE,
        "perlin": _NOISE,
        "vibe": (
            *_CURVE,
            _p("offset|os", 2.0),
            _p("pmin", 1.0),
            _p("pmax", 20.0),
            _p("p", 0.0, "none"),
            _p("min", 0.0),
            _p("max", 1.0),
            _SEED,
            _p("curve|c", ""),
        ),
        **dict.fromkeys(("f2b", "f2s", "b2f", "s2f"), _ONE),
        "computed_at": (_p("f", 0.0, "active"), _p("d", 0.0, "field")),
        "start_of_beat": (_p("f", 0.0, "frame"), _p("round|r", "r")),
        "recompute_if": (_p("if"), _p("compute|c"), _p("default|d", -1.0)),
        "is_generation": (),
        "dangerous": (_text("name|n"), _p("frame|f", 0.0, "frame")),
        "posneg": _TERM,
        "posneg_lora": _TERM,
    }
)


def arguments(call: Call, params: tuple[Param, ...]) -> tuple[Node | None, ...]:
    """What is given for each parameter. Raises `FormulaError` as Parseq refuses a call."""
    is_named = any(name for name, _ in call.args)
    if not is_named and len(call.args) > len(params):
        said = f"`{call.name}` takes {len(params)} arguments, and has {len(call.args)}"
        raise FormulaError(said, call.span, "take the last ones away")
    for name, node in call.args if is_named else ():
        if not any(name in param.names for param in params):
            known = ", ".join(f"`{param.names[0]}`" for param in params)
            raise FormulaError(f"`{call.name}` has no argument `{name}`", node.span, f"it takes {known}")
    found: list[Node | None] = []
    for place, param in enumerate(params):
        given = [node for name, node in call.args if name in param.names]
        if len(given) > 1:
            raise FormulaError(f"`{call.name}` has `{param.names[0]}` twice", given[1].span)
        by_place = call.args[place][1] if not is_named and place < len(call.args) else None
        chosen = given[0] if given else by_place
        if chosen is None and param.default is None:
            said = f"`{call.name}` needs its argument `{param.names[0]}`"
            raise FormulaError(said, call.span, f"write it: `{call.name}({param.names[0]}=…)`")
        found.append(chosen)
    return tuple(found)
