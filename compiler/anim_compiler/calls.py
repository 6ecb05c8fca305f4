"""Calls: functions of the table, a film's own `def`s, features with arguments, lists."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from anim_compiler import arithmetic, choosing, musical
from anim_compiler.advice import arguments, brought
from anim_compiler.binding import bind
from anim_compiler.constants import constant
from anim_compiler.defs import defined, no_function, visible_defs
from anim_compiler.env import DefBinding, MediumBinding
from anim_compiler.names import SPECIAL_FUNCTIONS, nearest
from anim_compiler.signatures import FEATURES, SIGNATURES, Parameter, Signature
from anim_compiler.typed import Apply, Const, Typed
from anim_compiler.values import CALLED, NumberValue, Value, plain, times
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.syntax import Argument, Call, Expr, Quantity, Text
from anim_dsl.units import Dimension

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_MAY_BE_ZERO = frozenset({"attack", "release", "by"})
"""Durations of filters that do nothing at 0, which is a fair thing to try."""


def call(check: Expressions, expr: Call) -> Value | None:
    """The value of a call."""
    name = expr.function.text
    definition = check.resolve(expr.function)
    if isinstance(definition, DefBinding):
        return defined(check, expr, definition)
    if definition is not None:
        no_function(check, expr, definition)
        return None
    if name in SPECIAL_FUNCTIONS:
        return choosing.chosen(check, expr)
    first, last, is_alone = expr.function.path[0], expr.function.path[-1], len(expr.function.path) == 1
    owner = None if is_alone else check.env.find(first)
    if isinstance(owner, MediumBinding) and owner.kind in ("markers", "midi", "series"):
        from anim_compiler.events import reading

        owner.used = True
        check.scope.used.add(first)
        return reading.called(check, expr)
    if last in FEATURES and (is_alone or first in check.scope.tracks):
        return _feature(check, expr, last)
    if name in SIGNATURES:
        return _applied(check, expr, SIGNATURES[name])
    if check.scope.missing.isdisjoint({name, *expr.function.path}):
        _unknown(check, expr, name)
    return None


def _unknown(check: Expressions, expr: Call, name: str) -> None:
    """Says that there is no function of that name, and what to write instead."""
    span = expr.function.span
    if name == "on":
        hint = "it stands alone: `cadence = on(beat)` in `coherence { }`"
        check.findings.error("E2002", span, "`on` is no function of numbers", hint=hint)
        return
    if name == "format" and check.findings.sources.slice(span) != name:
        message = "a number in a text is shown as it is, without zeros before it"
        hint = "leave the `:` and the digits away: they are for the file names of an `output`"
        check.findings.error("E2002", span, message, hint=hint)
        return
    known = [*SIGNATURES, *SPECIAL_FUNCTIONS, *visible_defs(check), "band", "chroma"]
    last = expr.function.path[-1]
    told = brought.function(last)
    if told:
        check.findings.error("E2002", span, f"there is no function called `{name}`", hint=told)
        return
    near = last if last in known else nearest(name, known) or nearest(last, known)
    check.findings.error(
        "E2002",
        span,
        f"there is no function called `{name}`",
        hint=f"did you mean `{near}`?" if near else f"write `def {last}(x) = …` to have one",
        edit=Edit(span, near) if near else None,
    )


# --- functions of the table ---


def _applied(check: Expressions, expr: Call, signature: Signature) -> Value | None:
    given = bind(check, expr, [(p.name, p.default is not None) for p in signature.parameters], signature.many)
    if given is None:
        return None
    rows = [
        (parameter, given[i] if i < len(given) else None) for i, parameter in enumerate(signature.parameters)
    ]
    rows += [(signature.parameters[-1], extra) for extra in given[len(signature.parameters) :]]
    values: list[NumberValue] = []
    for parameter, argument in rows:
        value = _argument(check, expr, parameter, argument)
        if value is None:
            return None
        values.append(value)
    parameters = [parameter for parameter, _ in rows]
    spans = tuple(argument.span if argument else expr.span for _, argument in rows)
    dim = _unified(check, signature, parameters, values, spans)
    if dim is None:
        return None
    if arguments.misused(check.findings, signature.name, values, spans):
        return None
    speed = any(v.speed for v, p in zip(values, parameters, strict=True) if p.takes == "same")
    given_exprs: tuple[Typed, ...] = tuple(value.expr for value in values)
    if signature.grid:
        given_exprs = musical.on_grid(signature, given_exprs, expr.span)
    live = signature.live or any(value.live for value in values)
    return NumberValue(Apply(signature.name, given_exprs, expr.span), dim, live, speed)


def _unified(
    check: Expressions,
    signature: Signature,
    parameters: list[Parameter],
    values: list[NumberValue],
    spans: tuple[Span, ...],
) -> Dimension | None:
    """Brings the `same` arguments into one dimension, in place; the dimension of the result."""
    same = [i for i, parameter in enumerate(parameters) if parameter.takes == "same"]
    if same:
        pair = arithmetic.unify(
            check, tuple(values[i] for i in same), tuple(spans[i] for i in same), f"`{signature.name}`"
        )
        if pair is None:
            return None
        for i, value in zip(same, pair, strict=True):
            values[i] = value
    if signature.gives == "same":
        return values[same[0]].dim
    return "angle" if signature.gives == "angle" else "plain"


def _argument(
    check: Expressions, expr: Call, parameter: Parameter, argument: Argument | None
) -> NumberValue | None:
    if argument is None:
        assert parameter.default is not None
        return NumberValue(Const(parameter.default, expr.span))
    value = check.number(argument.value)
    if value is None:
        return None
    if parameter.fixed and value.live:
        check.findings.error(
            "E3004",
            argument.span,
            f"`{parameter.name}` of `{expr.function.text}` cannot change with the frame",
            hint=f"write a constant: {_like(parameter)}",
        )
        return None
    return fitted(check, value, parameter, argument.value, expr.function.text)


def fitted(
    check: Expressions, value: NumberValue, parameter: Parameter, expr: Expr, function: str
) -> NumberValue | None:
    """The value as the parameter takes it, in base units."""
    span = expr.span
    if parameter.takes in ("same", "any"):
        return value if parameter.takes == "same" else plain(value, span)
    if value.speed:
        hint = "leave `per` and its unit away"
        check.findings.error("E3009", span, f"`{function}` takes no speed here", hint=hint)
        return None
    if parameter.takes == "number":
        return plain(value, span)
    if value.dim in ("plain", "ratio"):
        frames = parameter.takes == "time"
        factor = float(1 / check.scope.fps) if frames else 1.0
        return _positive(check, replace(value, expr=times(value.expr, factor, span)), parameter, span)
    if value.dim != parameter.takes:
        if {value.dim, parameter.takes} == {"time", "frequency"}:
            return replace(value, expr=Apply("div", (Const(1.0, span), value.expr), span), dim="plain")
        wanted = CALLED["time" if parameter.takes == "time" else "frequency"]
        check.findings.error(
            "E3001",
            span,
            f"`{parameter.name}` of `{function}` is {wanted}, not {CALLED[value.dim]}",
            hint=_like(parameter),
        )
        return None
    return _positive(check, value, parameter, span)


def _positive(check: Expressions, value: NumberValue, parameter: Parameter, span: Span) -> NumberValue | None:
    known = constant(value.expr)
    known = musical.fixed_beats(value.expr) if known is None else known
    if parameter.takes != "time" or known is None or known > 0:
        return value
    if known == 0 and parameter.name in _MAY_BE_ZERO:
        return value
    must = "be 0 or longer" if parameter.name in _MAY_BE_ZERO else "be longer than 0"
    check.findings.error("E3003", span, f"`{parameter.name}` must {must}", hint=_like(parameter))
    return None


def _like(parameter: Parameter) -> str:
    """What an argument of this kind is written as."""
    if parameter.takes == "frequency":
        return "write it like `2hz`"
    if parameter.takes == "time":
        return "write it like `2s` or `4beats`" if parameter.name == "period" else "write it like `80ms`"
    return "write it like `0.5`"


# --- features ---


def _feature(check: Expressions, expr: Call, name: str) -> Value | None:
    takes = FEATURES[name].takes
    if len(expr.arguments) != len(takes):
        wants = f"{len(takes)} number" + ("" if len(takes) == 1 else "s") if takes else "no arguments"
        instead = {"band": "band(20hz, 80hz)", "chroma": 'chroma("C")'}.get(name, name)
        check.findings.error("E2010", expr.span, f"`{name}` takes {wants}", hint=f"write `{instead}`")
        return None
    numbers: list[float] = []
    for kind, argument in zip(takes, expr.arguments, strict=True):
        if name == "chroma" and isinstance(argument.value, Text):
            named = arguments.note_class(check.findings, argument.value)
            if named is None:
                return None
            numbers.append(named)
            continue
        value = check.number(argument.value)
        if value is None:
            return None
        number = constant(value.expr)
        if number is None or value.dim not in ("plain", kind):
            shown = argument.value
            unit = " in `hz`" if kind == "frequency" and isinstance(shown, Quantity) else ""
            hint = "write `band(20hz, 80hz)`" if name == "band" else f"write `{name}(0)`"
            message = f"`{name}` takes constant numbers{unit}"
            check.findings.error("E3004", argument.span, message, hint=hint)
            return None
        numbers.append(number)
    if arguments.misused_feature(check.findings, expr, name, tuple(numbers)):
        return None
    track = expr.function.path[0] if len(expr.function.path) > 1 else None
    return check.feature(track, name, tuple(numbers), expr.span)
