"""Texts as values: inserts, weights and sums become weighted alternatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.constants import constant
from anim_compiler.film import Alternative, Conditioning
from anim_compiler.typed import Apply, Const, Typed
from anim_compiler.values import NumberValue, TextValue, Value, plain
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.syntax import Binary, Expr, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

MOST_ALTERNATIVES = 64
"""So many weighted texts may one conditioning hold."""


def format_number(value: float) -> str:
    """A number as it stands in a text: at most 4 decimals, no trailing zeros, no minus zero."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def text(check: Expressions, expr: Text) -> Value | None:
    """A string with its inserts."""
    results: list[Alternative] = [Alternative(())]
    blend = False
    for part in expr.parts:
        inserted = _inserted(check, part)
        if inserted is None:
            return None
        blend = blend or inserted.blend
        if len(inserted.conditioning) > MOST_ALTERNATIVES and len(results) == 1:
            # the lines of a song: as many as there are, as long as nothing multiplies them
            results = [_concatenated(results[0], b, expr.span) for b in inserted.conditioning]
            continue
        if len(inserted.conditioning) == 1:
            results = [_concatenated(a, inserted.conditioning[0], expr.span) for a in results]
            continue
        results = [_concatenated(a, b, expr.span) for a in results for b in inserted.conditioning]
        if len(results) > MOST_ALTERNATIVES:
            check.findings.error(
                "E2017",
                expr.span,
                f"this text has more than {MOST_ALTERNATIVES} alternatives",
                hint="insert fewer blends and choices; each multiplies the others",
            )
            return None
    return TextValue(tuple(_merged(a) for a in results), blend)


def _inserted(check: Expressions, part: str | Expr) -> TextValue | None:
    if isinstance(part, str):
        return TextValue((Alternative((part,)),))
    value = check.value(part)
    if value is None or isinstance(value, TextValue):
        return value
    if not isinstance(value, NumberValue):
        written = check.findings.text(part.span, 20)
        hint = f"choose one: `{{cycle({written}, every(1s))}}` or `{{pick({written}, 0)}}`"
        check.findings.error("E3002", part.span, "a list cannot be inserted in a text", hint=hint)
        return None
    expr = plain(value, part.span).expr
    known = None if value.live else constant(expr)
    return TextValue((Alternative((expr if known is None else format_number(known),)),))


def _concatenated(a: Alternative, b: Alternative, span: Span) -> Alternative:
    return Alternative((*a.parts, *b.parts), weighted(a.weight, b.weight, span))


def _merged(alternative: Alternative) -> Alternative:
    """The alternative with neighbouring plain texts joined."""
    parts: list[str | Typed] = []
    for part in alternative.parts:
        if isinstance(part, str) and parts and isinstance(parts[-1], str):
            parts[-1] += part
        else:
            parts.append(part)
    return Alternative(tuple(parts), alternative.weight)


def weighted(a: Typed | None, b: Typed | None, span: Span) -> Typed | None:
    """The product of two weights, None being 1."""
    if a is None or b is None:
        return b if a is None else a
    return Apply("mul", (a, b), span)


def combine(check: Expressions, node: Binary, left: Value, right: Value) -> Value | None:
    """`"a" * 0.4` and `"a" * 0.4 + "b" * 0.6`; anything else with a text is a slip."""
    if node.op == "*" and isinstance(left, NumberValue) and isinstance(right, TextValue):
        return _scaled(right, left, node.span)
    if node.op == "*" and isinstance(left, TextValue) and isinstance(right, NumberValue):
        return _scaled(left, right, node.span)
    if node.op == "+" and isinstance(left, TextValue) and isinstance(right, TextValue):
        return _summed(check, node, left, right)
    if node.op == "+":
        check.findings.error(
            "E3010", node.span, "a text and a number cannot be added", hint='insert the number: `"… {x} …"`'
        )
    else:
        hint = 'texts are weighted, `"fire" * 0.4 + "forest" * 0.6`, or put into one another, `"{a}, {b}"`'
        check.findings.error("E3010", node.span, f"`{node.op}` does not work on texts", hint=hint)
    return None


def _scaled(value: TextValue, weight: NumberValue, span: Span) -> TextValue:
    factor = plain(weight, span).expr
    return TextValue(
        tuple(Alternative(a.parts, weighted(a.weight, factor, span)) for a in value.conditioning), True
    )


def _summed(check: Expressions, node: Binary, left: TextValue, right: TextValue) -> TextValue | None:
    if left.blend and right.blend:
        both = (*left.conditioning, *right.conditioning)
        if len(both) <= MOST_ALTERNATIVES:
            return TextValue(both, True)
        message = f"this sum has more than {MOST_ALTERNATIVES} texts"
        check.findings.error("E2017", node.span, message, hint="add up fewer texts, or use prompt keys")
        return None
    source = check.findings.sources
    a, b = source.slice(node.left.span).strip(), source.slice(node.right.span).strip()
    plain_texts = all(s.startswith('"') and not s.startswith('"""') and s.endswith('"') for s in (a, b))
    edit = Edit(node.span, f"{a[:-1]}, {b[1:]}") if plain_texts else None
    check.findings.error(
        "E3010",
        node.span,
        "texts are not added",
        hint='write one text, `"{a}, {b}"`, or give each a weight: `"…" * 0.4 + "…" * 0.6`',
        edit=edit,
    )
    return None


def choose(test: NumberValue, then: TextValue, other: TextValue, span: Span) -> TextValue:
    """Texts of `a if test else b`: both, one of them with weight 0."""
    known = constant(test.expr)
    if known is not None:
        return then if known else other
    holds = Apply("ne", (test.expr, Const(0.0, span)), span)
    fails = Apply("eq", (test.expr, Const(0.0, span)), span)
    conditioning: Conditioning = (
        *(Alternative(a.parts, weighted(holds, a.weight, span)) for a in then.conditioning),
        *(Alternative(a.parts, weighted(fails, a.weight, span)) for a in other.conditioning),
    )
    return TextValue(conditioning, then.blend or other.blend)
