"""One setting's value: fitted to the table's type, unit and range."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from anim_compiler import speeds
from anim_compiler.constants import constant
from anim_compiler.film import Curve
from anim_compiler.names import SWITCHES, did_you_mean
from anim_compiler.typed import Apply, Const, KeyCurve, Schedule, Typed
from anim_compiler.values import CALLED, WRITTEN, ListValue, NumberValue, TextValue, plain, times
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SettingSpec
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Keys, Name, Quantity, Size, Text
from anim_dsl.units import Dimension

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_DIMENSIONS: dict[str, Dimension] = {
    "number": "plain",
    "int": "plain",
    "time": "time",
    "angle": "angle",
    "px": "px",
    "ratio": "ratio",
    "frequency": "frequency",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A setting as it is written; `rule` says how a Deforum name's value reads here."""

    name: str
    at: Span
    op: str
    value: Expr
    span: Span
    rule: str = ""


def numeric(spec: SettingSpec) -> bool:
    """Whether a setting's value is a number."""
    return spec.type in _DIMENSIONS


def curve(check: Expressions, spec: SettingSpec, entry: Entry) -> Curve | None:
    """A setting that takes a number, as it is at every frame."""
    if isinstance(entry.value, Text):
        return _schedule(check, spec, entry)
    found = check.value(entry.value)
    if found is None:
        return None
    if not isinstance(found, NumberValue):
        _not_number(check, spec, entry, found)
        return None
    if _DIMENSIONS[spec.type] == "plain" and _written_with_unit(check, spec, entry.value):
        return None
    return fitted(check, spec, entry, found)


def _written_with_unit(check: Expressions, spec: SettingSpec, value: Expr) -> bool:
    """Whether a quantity stands alone where a plain number is wanted: a slip, unlike in a formula."""
    written = [key.value for key in value.keys] if isinstance(value, Keys) else [value]
    slips = [part for part in written if isinstance(part, Quantity)]
    for slip in slips:
        check.findings.error(
            "E3001",
            slip.span,
            f"`{spec.name}` is a plain number, and this has a unit",
            hint=f"write `{slip.parts[0][0]:g}`",
        )
    return bool(slips)


def fitted(check: Expressions, spec: SettingSpec, entry: Entry, value: NumberValue) -> Curve | None:
    """The value in the setting's own unit, its speeds travelled, its range checked."""
    span = entry.value.span
    if value.speed and spec.constant:
        check.findings.error("E3009", span, f"`{entry.name}` takes no speed")
        return None
    if value.speed:
        grown = speeds.grown(value, span) if spec.name == "zoom" else None
        way = grown if grown is not None else speeds.travelled(value, span)
        if spec.name == "zoom" and grown is None:
            check.findings.error(
                "E3009", span, "a zoom's speed is one factor above 0 per time", hint="write `1.02 per s`"
            )
            return None
        value = replace(value, expr=way, live=True, speed=False)
    found = in_dimension(check, spec, value, span)
    if found is None:
        return None
    expr = found
    if entry.rule == "one_minus":
        expr = Apply("sub", (Const(1.0, span), expr), span)
    if spec.constant and value.live:
        check.findings.error("E3004", span, f"`{entry.name}` cannot change with the frame")
        return None
    result = Curve(expr, value.live, spec.type, spec.minimum, spec.maximum, spec.type == "int", span)
    return result if in_range(check, entry.name, result) else None


def in_dimension(check: Expressions, spec: SettingSpec, value: NumberValue, span: Span) -> Typed | None:
    """A number in the setting's unit: a bare one takes it, a plain place takes any."""
    wanted = _DIMENSIONS[spec.type]
    if wanted == "plain":
        return plain(value, span).expr
    if value.dim == wanted or (wanted == "ratio" and value.dim == "plain"):
        return value.expr
    if value.dim == "plain":
        factor = {"time": float(1 / check.scope.fps)}.get(wanted, 1 / 60 if spec.unit == "bpm" else 1.0)
        return times(value.expr, factor, span)
    if value.dim == "ratio" and wanted == "time":
        return times(value.expr, float(check.scope.length), span)
    check.findings.error(
        "E3001",
        span,
        f"`{spec.name}` is {CALLED[wanted]}, and this is {CALLED[value.dim]}",
        hint=f"write it like `{WRITTEN[wanted]}`",
    )
    return None


def in_range(check: Expressions, name: str, curve: Curve) -> bool:
    """Whether constants keep to the setting's range; keys are looked at one by one."""
    for part in curve.expr.keys if isinstance(curve.expr, KeyCurve) else ():
        if not in_range(check, name, replace(curve, expr=part.value, span=part.value.span)):
            return False
    known = None if isinstance(curve.expr, KeyCurve) else constant(curve.expr)
    if known is None:
        return True
    span = curve.span or curve.expr.span
    if known != known or abs(known) == float("inf"):
        says = "has no value: this is not a number" if known != known else "is beyond what a number can hold"
        check.findings.error("E3012", span, f"`{name}` {says}")
        return False
    if curve.integer and known != int(known):
        check.findings.error("E3013", span, f"`{name}` is a whole number, and this is {known:g}")
        return False
    low, high = curve.minimum, curve.maximum
    if (low is None or known >= low) and (high is None or known <= high):
        return True
    check.findings.error("E3003", span, f"`{name}` is {known:g}; it must be {_within(low, high)}")
    return False


def _within(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high:g}"
    if high is None:
        return f"at least {low:g}"
    return f"within {low:g} and {high:g}"


def _not_number(check: Expressions, spec: SettingSpec, entry: Entry, found: TextValue | ListValue) -> None:
    kind = "a text" if isinstance(found, TextValue) else "a list"
    wanted = CALLED[_DIMENSIONS[spec.type]]
    written = WRITTEN[_DIMENSIONS[spec.type]]
    check.findings.error(
        "E3002",
        entry.value.span,
        f"`{entry.name}` is {wanted}, not {kind}",
        hint=f"write it like `{written}`",
    )


def _schedule(check: Expressions, spec: SettingSpec, entry: Entry) -> Curve | None:
    """A quoted Deforum schedule, `"0: (1), 30: (1.2)"`, with Deforum's exact rules."""
    assert isinstance(entry.value, Text)
    text, span = entry.value.plain, entry.value.span
    if text is None or ":" not in text or spec.constant:
        _not_number(check, spec, entry, TextValue(()))
        return None
    expr: Typed = Schedule(text, span)
    if entry.rule == "one_minus":
        expr = Apply("sub", (Const(1.0, span), expr), span)
    return Curve(expr, True, spec.type, spec.minimum, spec.maximum, spec.type == "int", span)


# --- words ---


def word(check: Expressions, spec: SettingSpec, entry: Entry) -> str | bool | None:
    """A setting that takes a choice, a switch or a text; None if it is wrong or `none`."""
    if isinstance(entry.value, Keys) and len(entry.value.keys) == 1 and spec.type == "choice":
        entry = replace(entry, value=entry.value.keys[0].value)
    if isinstance(entry.value, Keys):
        check.findings.error(
            "E2009", entry.value.span, f"`{entry.name}` cannot change over time in this version yet"
        )
        return None
    match spec.type:
        case "bool":
            return _switch(check, entry)
        case "choice":
            return _choice(check, spec, entry)
        case _:
            return _text(check, entry)


def _switch(check: Expressions, entry: Entry) -> bool | None:
    value = entry.value
    if isinstance(value, Name) and value.text in SWITCHES:
        return SWITCHES[value.text]
    check.findings.error("E3005", value.span, f"`{entry.name}` is `on` or `off`")
    return None


def _choice(check: Expressions, spec: SettingSpec, entry: Entry) -> str | None:
    text = _spelled(entry.value)
    if text is None and isinstance(entry.value, Text):
        found = check.value(entry.value)
        text = found.plain if isinstance(found, TextValue) else None
    by_lower = {choice.lower(): choice for choice in spec.choices}
    if text is not None and text.lower() in by_lower:
        return by_lower[text.lower()]
    shown = text if text is not None else check.findings.text(entry.value.span)
    near = did_you_mean(shown, spec.choices)
    hint = near or "it is one of " + ", ".join(f"`{c}`" for c in spec.choices)
    edit = None
    if near:
        choice = near.split("`")[1]
        quoted = choice if choice.isidentifier() else f'"{choice}"'
        edit = Edit(entry.value.span, quoted)
    check.findings.error(
        "E3005", entry.value.span, f"`{entry.name}` cannot be `{shown}`", hint=hint, edit=edit
    )
    return None


def _text(check: Expressions, entry: Entry) -> str | None:
    if isinstance(entry.value, Name) and entry.value.text == "none":
        return None
    if isinstance(entry.value, Name) and entry.value.text not in check.scope.lets:
        check.findings.error(
            "E3002",
            entry.value.span,
            f"`{entry.name}` is a text",
            hint=f'write `"{entry.value.text}"`',
            edit=Edit(entry.value.span, f'"{entry.value.text}"'),
        )
        return None
    found = check.value(entry.value)
    if found is None:
        return None
    if not isinstance(found, TextValue) or found.plain is None:
        says = "a text that does not change" if isinstance(found, TextValue) else "a text, not a number"
        check.findings.error("E3002", entry.value.span, f"`{entry.name}` is {says}")
        return None
    return found.plain


def _spelled(expr: Expr) -> str | None:
    """A choice written bare or as a plain text."""
    match expr:
        case Name():
            return expr.text
        case Text():
            return expr.plain
        case Size() | Quantity():
            return None
        case _:
            return None
