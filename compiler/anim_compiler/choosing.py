"""`pick` and `cycle`: one item of a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler import arithmetic, texts
from anim_compiler.advice import arguments
from anim_compiler.binding import bind
from anim_compiler.typed import Apply, Const
from anim_compiler.values import ListValue, NumberValue, TextValue, Value, plain
from anim_dsl.source import Span
from anim_dsl.syntax import Call

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions


def chosen(check: Expressions, expr: Call) -> Value | None:
    """`pick(list, i)` and `cycle(list, trigger)`: the i-th item, round and round."""
    name = expr.function.text
    given = bind(check, expr, [("list", False), ("i" if name == "pick" else "trigger", False)])
    if given is None or given[0] is None or given[1] is None:
        return None
    items, index = check.value(given[0].value), check.number(given[1].value)
    if items is None or index is None:
        return None
    if not isinstance(items, ListValue) or not items.items:
        check.findings.error(
            "E3002", given[0].span, f"`{name}` chooses from a list", hint=f'write `{name}(["a", "b"], …)`'
        )
        return None
    if name == "pick":
        arguments.beyond_the_list(check.findings, index, given[1].span, len(items.items))
    span, size = expr.span, Const(float(len(items.items)), expr.span)
    counted = plain(index, span).expr if name == "pick" else Apply("count", (plain(index, span).expr,), span)
    if name == "cycle":
        start = Apply("sub", (counted, Const(1.0, span)), span)
        counted = Apply("max", (start, Const(0.0, span)), span)
    place = NumberValue(Apply("mod", (Apply("floor", (counted,), span), size), span), live=True)
    return _selected(check, items.items, place, span)


def _selected(check: Expressions, items: tuple[Value, ...], place: NumberValue, span: Span) -> Value | None:
    result = items[-1]
    for i in range(len(items) - 2, -1, -1):
        test = NumberValue(Apply("eq", (place.expr, Const(float(i), span)), span), live=True)
        item = items[i]
        if isinstance(item, TextValue) and isinstance(result, TextValue):
            result = texts.choose(test, item, result, span)
        elif isinstance(item, NumberValue) and isinstance(result, NumberValue):
            pair = arithmetic.unify(check, (item, result), (span, span), "the list")
            if pair is None:
                return None
            chosen = Apply("select", (test.expr, pair[0].expr, pair[1].expr), span)
            result = NumberValue(chosen, pair[0].dim, True)
        else:
            check.findings.error(
                "E3002",
                span,
                "a list to choose from holds numbers, or texts",
                hint='write `[1, 2, 3]`, or `["red", "blue"]`',
            )
            return None
    return result
