"""`cadence = on(trigger)`: a frame is diffused where the trigger fires, the others are tweens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.binding import bind
from anim_compiler.constants import constant
from anim_compiler.entry import Entry
from anim_compiler.film import Curve
from anim_compiler.typed import Apply
from anim_compiler.values import CALLED, NumberValue
from anim_dsl.syntax import Call, Expr

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_LIKE = "write `on(beat)`, or `on(every(2beats))`"


def is_on(expr: Expr) -> bool:
    """Whether an expression is `on(…)`."""
    return isinstance(expr, Call) and expr.function.text == "on"


def on_trigger(check: Expressions, entry: Entry) -> Curve | None:
    """The cadence that `on(trigger)` is: at each frame, how many there are to the next that it fires on.

    Counting so from the scene's first frame leads from one diffused frame to the next. None if it is wrong.
    """
    assert isinstance(entry.value, Call)
    if entry.op != "=":
        check.findings.error("E2040", entry.at, "nothing can be added to `on(…)`", hint="write `cadence = …`")
        return None
    with check.inside(entry.env):
        given = bind(check, entry.value, [("trigger", False)])
        written = given[0].value if given is not None and given[0] is not None else None
        value = None if written is None else check.number(written)
    if written is None or value is None or not _fires(check, value, written):
        return None
    span = entry.value.span
    return Curve(Apply("until", (value.expr,), span), True, "int", 1.0, None, True, span)


def _fires(check: Expressions, value: NumberValue, written: Expr) -> bool:
    """Whether a value can be a trigger: a plain number that changes."""
    if value.speed or value.dim not in ("plain", "ratio"):
        kind = "a speed" if value.speed else CALLED[value.dim]
        check.findings.error("E3001", written.span, f"`on` takes a trigger, not {kind}", hint=_LIKE)
        return False
    known = constant(value.expr)
    if known is None:
        return True
    hint = f"write `cadence = {known:g}` for every so many frames, or `on(beat)`" if known >= 1 else _LIKE
    message = f"this is always {known:g}, so it never fires again"
    check.findings.error("E3053", written.span, message, hint=hint)
    return False
