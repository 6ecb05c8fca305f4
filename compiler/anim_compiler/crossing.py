"""Values of the film inside a scene: evaluated on the whole film, then cut to the scene's frames."""

from __future__ import annotations

from dataclasses import replace

from anim_compiler.film import Alternative, Conditioning, Curve
from anim_compiler.signatures import SIGNATURES
from anim_compiler.typed import Apply, Clock, Const, Feature, OnFilm, Recorded, Typed, walk
from anim_compiler.values import ListValue, NumberValue, TextValue, Value
from anim_dsl.source import Span

#: functions of the whole timeline
_WHOLE = frozenset({"smooth", "envelope", "decay", "delay", "slew", "integrate", "derivative"}) | {
    "sample_hold",
    "count",
    "toggle",
    "normalize",
    "until",
}

#: values of the clock that are the same in every scene
_SAME = frozenset({"s", "beat_seconds", "bar_seconds"})


def stays(expr: Typed) -> bool:
    """Whether an expression is the same on every clock."""
    for node in walk(expr):
        if isinstance(node, Clock) and node.name in _SAME:
            continue
        if isinstance(node, Apply):
            signature = SIGNATURES.get(node.function)
            moves = signature is not None and (signature.live or signature.grid)
            if moves or node.function in _WHOLE:
                return False
            continue
        if not isinstance(node, Const | OnFilm):
            return False
    return True


def crossed(expr: Typed, span: Span) -> Typed:
    """An expression of the film as a scene reads it; what sounds and files tell runs by the film anyhow."""
    if isinstance(expr, Feature | Recorded) or stays(expr):
        return expr
    return OnFilm(expr, span)


def on_film(value: Value, span: Span) -> Value:
    """A value of the film as a scene reads it."""
    match value:
        case NumberValue():
            raw = None if value.raw is None else crossed(value.raw, span)
            period = None if value.period is None else crossed(value.period, span)
            return replace(value, expr=crossed(value.expr, span), raw=raw, period=period)
        case TextValue():
            return replace(value, conditioning=conditioning_on_film(value.conditioning, span))
        case ListValue():
            return ListValue(tuple(on_film(item, span) for item in value.items))


def conditioning_on_film(value: Conditioning, span: Span) -> Conditioning:
    """A prompt's texts as a scene reads them."""
    return tuple(
        Alternative(
            tuple(part if isinstance(part, str) else crossed(part, span) for part in row.parts),
            None if row.weight is None else crossed(row.weight, span),
        )
        for row in value
    )


def curve_on_film(curve: Curve) -> Curve:
    """A setting of the film as a scene reads it."""
    return replace(curve, expr=crossed(curve.expr, curve.span or curve.expr.span))
