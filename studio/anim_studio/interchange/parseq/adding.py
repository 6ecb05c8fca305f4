"""Fields whose one formula adds to its own last value: what it adds is what Deforum gets."""

from __future__ import annotations

from collections.abc import Iterator

from anim_dsl.source import Span
from anim_studio.interchange.parseq.formula import If, Neg, Node, Num, Op, Var, variables
from anim_studio.interchange.parseq.keys import Way
from anim_studio.interchange.parseq.named import Named
from anim_studio.interchange.parseq.spell import Speller
from anim_studio.interchange.parseq.truth import Curve
from anim_studio.interchange.parseq.writing import NoWords


def growth(node: Node) -> Node | None:
    """What a formula adds to `prev_computed_value` at each frame; None if it does more with it than that."""
    if "prev_computed_value" not in variables(node):
        return None
    match node:
        case Var(_, span):
            return Num(0.0, "", "0", span)
        case Op("+" | "-" as sign, left, right, span):
            if "prev_computed_value" not in variables(right):
                inner = growth(left)
                return None if inner is None else _added(sign, inner, right, span)
            if sign == "-" or "prev_computed_value" in variables(left):
                return None
            inner = growth(right)
            return None if inner is None else _added("+", left, inner, span)
        case If(test, then, other, span) if other is not None and "prev_computed_value" not in variables(
            test
        ):
            yes, no = growth(then), growth(other)
            return None if yes is None or no is None else If(test, yes, no, span)
        case _:
            return None


def _added(sign: str, a: Node, b: Node, span: Span) -> Node:
    if isinstance(a, Num) and a.value == 0.0:
        return b if sign == "+" else Neg(b, span)
    return a if isinstance(b, Num) and b.value == 0.0 else Op(sign, a, b, span)


def added(curve: Curve, fps: float) -> Iterator[Way]:
    """For a field whose one formula adds to its own last value: what it adds, at each frame."""
    if len(curve.sections) != 1:
        return
    grown = growth(curve.sections[0].formula)
    if grown is None:
        return
    for is_exact in (False, True):
        named = Named()
        try:
            text = Speller(curve, curve.sections[0], named, is_exact, fps).spelled(grown).text
        except NoWords:
            continue
        yield Way(text, (), named)
