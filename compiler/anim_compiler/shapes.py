"""Masks that are drawn, `circle(…)` or `rectangle(…)` and so on; all of their numbers are curves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler import setting
from anim_compiler.binding import bind
from anim_compiler.crossing import curve_on_film
from anim_compiler.entry import Entry
from anim_compiler.film import Curve, Film, MaskShape
from anim_compiler.typed import Const
from anim_compiler.values import times
from anim_dsl.settings import SETTINGS, SettingSpec, SettingType
from anim_dsl.source import Span
from anim_dsl.syntax import Call

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_EDGE = 0.39
"""The standard deviation of the blur that gives an edge a width of 1 from 10% to 90% (1 / 2.563)."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A number of a mask that is read once the film's clock and size are settled; `factor` makes a column's
    number of what is written.
    """

    mask: str
    key: str
    spec: SettingSpec
    entry: Entry | None
    factor: float = 1.0


def _length(name: str, share: str, default: str, least: float | None = 0.0) -> SettingSpec:
    return _spec(name, "px", default, least, share)


def _spec(name: str, type: SettingType, default: str, least: float | None, share: str = "") -> SettingSpec:
    example = f"{name} = 10%" if share else f"{name} = 30deg"
    return SettingSpec("mask", name, type, "", minimum=least, default=default, share=share, example=example)


_X, _Y = _length("x", "width", "50%", None), _length("y", "height", "50%", None)
_WIDE, _TALL = _length("width", "width", "50%"), _length("height", "height", "50%")
_ANGLE, _SOFT = _spec("angle", "angle", "0deg", None), _length("soft", "height", "0%")

SHAPES: Mapping[str, tuple[SettingSpec, ...]] = MappingProxyType(
    {
        "circle": (_X, _Y, _length("radius", "height", "25%"), _SOFT),
        "ellipse": (_X, _Y, _WIDE, _TALL, _ANGLE, _SOFT),
        "rectangle": (_X, _Y, _WIDE, _TALL, _ANGLE, _length("corner", "height", "0%"), _SOFT),
        "gradient": (_ANGLE, _X, _Y, replace(_SOFT, share="width", default="100%")),
    }
)
"""The shapes, and what each takes, in order: `x`, `y` its middle, lengths in px or shares of the picture."""


def shape(check: Expressions, mask: str, expr: Call) -> MaskShape | None:
    """The shape that a call draws; its numbers are read later. What is wrong is reported."""
    kind = expr.function.text
    specs = SHAPES[kind]
    given = bind(check, expr, [(spec.name, True) for spec in specs])
    if given is None:
        return None
    place = sum(1 for one in check.scope.drawn if one.mask == mask and one.key.endswith(".soft"))
    for spec, argument in zip(specs, given, strict=True):
        entry = None
        if argument is not None:
            entry = Entry(spec.name, argument.span, "=", argument.value, argument.span, check.env)
        check.scope.drawn.append(Drawn(mask, f"{place}.{spec.name}", spec, entry))
    return MaskShape(kind, place)


def softened(check: Expressions, mask: str, entry: Entry) -> None:
    """`{ soft = 8px }` of a mask: read later as the standard deviation of a blur."""
    check.scope.drawn.append(Drawn(mask, "radius", SETTINGS["mask", "soft"], entry, _EDGE))


def drawn(check: Expressions) -> None:
    """Gives the masks their numbers, now that the film's clock and size are settled."""
    for one in check.scope.drawn:
        curve = _default(check, one.spec) if one.entry is None else setting.curve(check, one.spec, one.entry)
        mask = check.scope.masks.get(one.mask)
        if mask is None or curve is None:
            continue
        curve = replace(curve, expr=times(curve.expr, one.factor, curve.expr.span))
        check.scope.masks[one.mask] = replace(mask, curves={**mask.curves, one.key: curve})


def _default(check: Expressions, spec: SettingSpec) -> Curve | None:
    """What a number is that is not given: of a length the share of the picture."""
    made = setting.default(spec)
    if made is None or not spec.share:
        return made
    assert isinstance(made.expr, Const)
    width, height = check.scope.size
    whole = width if spec.share == "width" else height
    return replace(made, expr=Const(made.expr.value * whole, Span(0, 0)))


def mask_curves(film: Film) -> Mapping[str, Curve]:
    """Every number of the film's masks by the name of its column, as a scene reads it."""
    return {
        f"mask.{mask.name}.{key}": curve_on_film(curve)
        for mask in film.masks
        for key, curve in mask.curves.items()
    }
