"""One setting's value: fitted to the table's type, unit and range."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from anim_compiler import cadence, speeds
from anim_compiler.advice import hints
from anim_compiler.constants import constant
from anim_compiler.crossing import curve_on_film
from anim_compiler.entry import Entry
from anim_compiler.film import Curve
from anim_compiler.typed import Apply, Const, KeyCurve, Schedule, Typed
from anim_compiler.values import CALLED, WRITTEN, ListValue, NumberValue, TextValue, plain, times
from anim_compiler.wording import schedule, word
from anim_dsl.diagnostic import Edit
from anim_dsl.settings import SETTINGS, SettingSpec
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Keys, Quantity, Text
from anim_dsl.units import Dimension

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

__all__ = [
    "Entry",
    "curve",
    "default",
    "fitted",
    "in_dimension",
    "in_range",
    "joined",
    "number",
    "numeric",
    "schedule",
    "shown",
    "word",
]

_DIMENSIONS: dict[str, Dimension] = {
    "number": "plain",
    "int": "plain",
    "time": "time",
    "angle": "angle",
    "px": "px",
    "ratio": "ratio",
    "frequency": "frequency",
}


#: where a length in pixels is wanted and a percentage stands
_NO_SHARE = ": pixels of the film's own `size`, not a share of it"

_WRITTEN_DEFAULT = re.compile(r"(-?[0-9.]+)([a-z%]*)")


#: the unit that a bound is shown in, by the kind of a setting
_UNIT = {"number": "", "int": "", "ratio": "", "angle": "deg", "px": "px", "time": "s"}


def numeric(spec: SettingSpec) -> bool:
    """Whether a setting's value is a number."""
    return spec.type in _DIMENSIONS


def curve(check: Expressions, spec: SettingSpec, entry: Entry) -> Curve | None:
    """A setting that takes a number, as it is at every frame of the scene that is being checked.

    What was written outside the scene keeps the film's clock.
    """
    kept = check.curves.get(id(entry))
    if kept is None or kept[1] != check.round:
        with check.inside(entry.env):
            kept = (entry, check.round, _read(check, spec, entry))
        check.curves[id(entry)] = kept
    found = kept[2]
    if found is None or entry.env.clock is check.env.clock:
        return found
    return curve_on_film(found)


def _read(check: Expressions, spec: SettingSpec, entry: Entry) -> Curve | None:
    if spec.name == "cadence" and cadence.is_on(entry.value):
        return cadence.on_trigger(check, entry)
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


def number(
    check: Expressions, block: str, name: str, entries: Iterable[Entry], base: Curve | None = None
) -> Curve | None:
    """A setting of a block with everything that was added to it; `base`, or else the default, where nothing
    is said, None where there is none or what is said is wrong.
    """
    spec = SETTINGS[block, name]
    result = base or default(spec)
    for entry in entries:
        if entry.name != name:
            continue
        found = curve(check, spec, entry)
        if found is None:
            continue
        result = found if entry.op == "=" else joined(check, spec, entry, result, found)
    return result


def default(spec: SettingSpec) -> Curve | None:
    """What a setting is if nothing is said."""
    if not spec.default:
        return None
    amount, unit = _WRITTEN_DEFAULT.fullmatch(spec.default).groups()  # type: ignore[union-attr]  # a table of ours
    value = float(amount) / (100.0 if unit == "%" else 1.0)
    expr = Const(value, Span(0, 0))
    return Curve(expr, False, spec.type, spec.minimum, spec.maximum, spec.type == "int")


def joined(
    check: Expressions, spec: SettingSpec, entry: Entry, base: Curve | None, found: Curve
) -> Curve | None:
    """`+=` and `*=` onto what was given before, or onto the default."""
    if base is None:
        return found
    function = "add" if entry.op == "+=" else "mul"
    expr = Apply(function, (base.expr, found.expr), entry.span)
    whole = replace(found, expr=expr, live=base.live or found.live)
    known = None if whole.live else constant(expr)
    if known is None:
        return whole
    # one number, so that what is added next need not add all of this again
    whole = replace(whole, expr=Const(known, entry.span))
    return whole if in_range(check, spec.name, whole) else None


def _written_with_unit(check: Expressions, spec: SettingSpec, value: Expr) -> bool:
    """Whether a quantity stands alone where a plain number is wanted: a slip, unlike in a formula."""
    written = [key.value for key in value.keys] if isinstance(value, Keys) else [value]
    slips = [part for part in written if isinstance(part, Quantity) and not _in_its_own(spec, part)]
    for slip in slips:
        check.findings.error(
            "E3001",
            slip.span,
            f"`{spec.name}` is a plain number, and this has a unit",
            hint=f"write `{slip.parts[0][0]:g}`",
        )
    return bool(slips)


def _in_its_own(spec: SettingSpec, value: Quantity) -> bool:
    """Whether a quantity is in the unit that the setting's numbers are of: `gain = 3db`."""
    return bool(spec.unit) and all(unit == spec.unit for _, unit in value.parts)


def fitted(check: Expressions, spec: SettingSpec, entry: Entry, value: NumberValue) -> Curve | None:
    """The value in the setting's own unit, its speeds travelled, its range checked."""
    span = entry.value.span
    if value.speed and spec.constant:
        check.findings.error(
            "E3009", span, f"`{entry.name}` takes no speed", hint="leave `per` and its unit away"
        )
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
        expr = _one_minus(expr, span)
    if spec.constant and value.live:
        message = f"`{entry.name}` cannot change with the frame"
        check.findings.error("E3004", span, message, hint="write one value, the same for the whole film")
        return None
    result = Curve(expr, value.live, spec.type, spec.minimum, spec.maximum, spec.type == "int", span)
    return result if entry.op != "=" or in_range(check, entry.name, result) else None


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
    if value.dim == "ratio" and spec.share:
        width, height = check.scope.size
        return times(value.expr, float(width if spec.share == "width" else height), span)
    if value.dim == "ratio" and wanted == "time":
        return times(value.expr, float(check.env.clock.length), span)
    check.findings.error(
        "E3001",
        span,
        f"`{spec.name}` is {CALLED[wanted]}, and this is {CALLED[value.dim]}",
        hint=hints.like(spec, WRITTEN[wanted])
        + (_NO_SHARE if value.dim == "ratio" and wanted == "px" else ""),
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
        hint = "write a number" if known == known else "write a smaller number"
        check.findings.error("E3012", span, f"`{name}` {says}", hint=hint)
        return False
    if curve.integer and known != int(known):
        hint = f"write `{int(known // 1)}` or `{int(known // 1) + 1}`"
        check.findings.error("E3013", span, f"`{name}` is a whole number, and this is {known:g}", hint=hint)
        return False
    low, high = curve.minimum, curve.maximum
    if (low is None or known >= low) and (high is None or known <= high):
        return True
    if name == "bpm":
        # cycles a second here, beats a minute where it is written
        known = round(known * 60, 6)
        low, high = (None if n is None else round(n * 60, 6) for n in (low, high))
    check.findings.error(
        "E3003",
        span,
        f"`{name}` is {shown(known)}; it must be {_within(low, high)}",
        hint=hints.within(name, known, low, high) or _nearest(curve, known),
    )
    return False


def _nearest(curve: Curve, known: float) -> str:
    """What to write for a number outside its range; nothing for one whose unit is not told by its kind."""
    if curve.unit not in _UNIT:
        return ""
    bound = curve.minimum if curve.minimum is not None and known < curve.minimum else curve.maximum
    return f"write `{shown(bound)}{_UNIT[curve.unit]}`"


def _within(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {shown(high)}"
    if high is None:
        return f"at least {shown(low)}"
    return f"within {shown(low)} and {shown(high)}"


def shown(value: float | None) -> str:
    """A bound or value as people write it: whole numbers with every digit."""
    assert value is not None
    return f"{value:.0f}" if value == int(value) and abs(value) < 1e16 else f"{value:g}"


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
    if text is not None and re.fullmatch(r"\s*-?[0-9]*\.?[0-9]+\s*", text):
        bare = text.strip()
        message = f"`{entry.name}` is {CALLED[_DIMENSIONS[spec.type]]}, not a text"
        check.findings.error("E3002", span, message, hint=f"write `{bare}`", edit=Edit(span, bare))
        return None
    if text is None or ":" not in text or spec.constant:
        _not_number(check, spec, entry, TextValue(()))
        return None
    expr: Typed = Schedule(text, span)
    if entry.rule == "one_minus":
        expr = _one_minus(expr, span)
    return Curve(expr, True, spec.type, spec.minimum, spec.maximum, spec.type == "int", span)


def _one_minus(expr: Typed, span: Span) -> Typed:
    """Deforum's strength turned round; it cuts what is beyond 0 and 1, so this does too."""
    low, high = Const(0.0, span), Const(1.0, span)
    return Apply("sub", (high, Apply("clamp", (expr, low, high), span)), span)
