"""`expect`: what must be true of shown frames, as comparisons of one figure with a curve each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anim_compiler.constants import constant
from anim_compiler.crossing import on_film
from anim_compiler.env import Env
from anim_compiler.figures import FIGURES
from anim_compiler.film import Curve, Expectation
from anim_compiler.names import did_you_mean
from anim_compiler.values import CALLED, NumberValue, plain
from anim_dsl import syntax
from anim_dsl.source import Span
from anim_dsl.syntax import Binary, Comparison, Expr, Name, Word
from anim_dsl.walk import walk

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_HINT = "write `expect luma between 10% and 90%`, or `expect flicker < 0.05`"


@dataclass(frozen=True, slots=True)
class Expected:
    """An `expect` as it is written, and where it is read."""

    statement: Word
    env: Env


@dataclass(frozen=True, slots=True)
class _Link:
    """One figure compared with something: `figure op bound`."""

    figure: Name
    op: str
    bound: Expr
    span: Span


def checked(check: Expressions, rows: Sequence[Expected]) -> tuple[Expectation, ...]:
    """The expectations of a shot, by its own clock; what is wrong is reported where it is written."""
    return tuple(made for row in rows for made in _of(check, row))


def _of(check: Expressions, row: Expected) -> Iterator[Expectation]:
    value = row.statement.value
    if value is None or row.statement.head or row.statement.block is not None:
        message = "`expect` compares a figure of the picture with something"
        check.findings.error("E2103", row.statement.word.span, message, hint=_HINT)
        return
    test: Expr | None = None
    if isinstance(value, Binary) and value.op == "if":
        test, value = value.right, value.left
    with check.inside(row.env):
        when = None if test is None else _condition(check, test)
        links = [link for part in _conjuncts(value) for link in _links(check, part)]
        bounds = [_bound(check, link) for link in links]
    if test is not None and when is None:
        return
    says = check.findings.text(row.statement.span, 120)
    for link, bound in zip(links, bounds, strict=True):
        if bound is not None:
            yield Expectation(
                link.figure.text,
                link.op,
                _crossed(check, row, bound),
                None if when is None else _crossed(check, row, when),
                says,
                row.statement.span,
            )


def _conjuncts(value: Expr) -> Iterator[Expr]:
    if isinstance(value, Binary) and value.op == "and":
        yield from _conjuncts(value.left)
        yield from _conjuncts(value.right)
    else:
        yield value


def _links(check: Expressions, value: Expr) -> Iterator[_Link]:
    if not isinstance(value, Comparison):
        joined = (isinstance(value, Binary) and value.op == "or") or isinstance(value, syntax.Unary)
        hint = "write each in an `expect` of its own, the other way round" if joined else _HINT
        message = "`expect` compares a figure of the picture with something"
        check.findings.error("E2103", value.span, message, hint=hint)
        return
    for i, op in enumerate(value.ops):
        found = _link(check, (value.operands[i], op, value.operands[i + 1]), value.span)
        if found is None:
            return
        yield found
    _nothing_between(check, value)


def _link(check: Expressions, pair: tuple[Expr, str, Expr], span: Span) -> _Link | None:
    left, op, right = pair
    if op not in _TURNED:
        hint = "write the bounds that it must keep to: `expect luma between 10% and 90%`"
        check.findings.error("E2103", span, f"a measured figure is never exactly a number: `{op}`", hint=hint)
        return None
    named = [part for part in (left, right) if _figure(part) is not None]
    if len(named) == 1:
        figure, bound = (left, right) if named[0] is left else (right, left)
        assert isinstance(figure, Name)
        inside = _inside(bound)
        if inside is None:
            return _Link(figure, op if figure is left else _TURNED[op], bound, span)
        _not_alone(check, inside)
    elif len(named) == 2:
        _not_alone(check, named[1])
    else:
        _no_figure(check, left, right, span)
    return None


def _figure(expr: Expr) -> str | None:
    return expr.text if isinstance(expr, Name) and expr.text in FIGURES else None


def _inside(expr: Expr) -> Expr | None:
    """The first figure that stands somewhere in an expression."""
    return next((node for node, _ in walk(expr) if _figure(node) is not None), None)


def _not_alone(check: Expressions, figure: Expr) -> None:
    check.findings.error(
        "E2102",
        figure.span,
        "a figure stands alone on one side of a comparison, and the other side measures nothing",
        hint="compare each figure with a number: `expect luma > 10%`",
    )


def _no_figure(check: Expressions, left: Expr, right: Expr, span: Span) -> None:
    inside = _inside(left) or _inside(right)
    if inside is not None:
        _not_alone(check, inside)
        return
    for part in (left, right):
        if isinstance(part, Name) and check.resolve(part) is None:
            near = did_you_mean(part.text, FIGURES)
            if near:
                check.findings.error("E2101", part.span, f"`{part.text}` is not measured", hint=near)
                return
    known = ", ".join(f"`{name}`" for name in FIGURES)
    check.findings.error("E2101", span, "nothing measured is compared here", hint=f"the figures are {known}")


def _bound(check: Expressions, link: _Link) -> Curve | None:
    found = check.number(link.bound)
    if found is None:
        return None
    if found.dim not in ("plain", "ratio") or found.speed:
        called = "a speed" if found.speed else CALLED[found.dim]
        message = f"`{link.figure.text}` is a share of 0 to 1, and this is {called}"
        check.findings.error("E3070", link.bound.span, message, hint="write it like `20%`, or `0.2`")
        return None
    made = _curve(found, link.bound.span)
    _judge(check, link, made)
    return made


def _condition(check: Expressions, test: Expr) -> Curve | None:
    inside = _inside(test)
    if inside is not None:
        message = "the condition of an `expect` speaks of time and sound, not of what is measured"
        hint = "write it as an `expect` of its own"
        check.findings.error("E2102", inside.span, message, hint=hint)
        return None
    found = check.number(test)
    return None if found is None else _curve(plain(found, test.span), test.span)


def _curve(value: NumberValue, span: Span) -> Curve:
    return Curve(value.expr, value.live, "ratio", span=span)


def _crossed(check: Expressions, row: Expected, curve: Curve) -> Curve:
    """The curve by the clock of the shot that is being checked."""
    if row.env.clock is check.env.clock:
        return curve
    span = curve.span or curve.expr.span
    found = on_film(NumberValue(curve.expr, "ratio", curve.live), span)
    assert isinstance(found, NumberValue)
    return Curve(found.expr, curve.live, "ratio", span=span)


def _judge(check: Expressions, link: _Link, bound: Curve) -> None:
    """Warns of what no frame can break, and of what every frame does: figures lie within 0 and 1."""
    known = None if bound.live else constant(bound.expr)
    if known is None:
        return
    name = link.figure.text
    never = {"<": known <= 0, "<=": known < 0, ">": known >= 1, ">=": known > 1}[link.op]
    always = {"<": known > 1, "<=": known >= 1, ">": known < 0, ">=": known <= 0}[link.op]
    said = f"`{name}` lies within 0 and 1"
    if never:
        check.findings.warning(
            "W6125", link.bound.span, f"no frame can keep to this: {said}", hint=_as_share(known)
        )
    elif always:
        check.findings.warning(
            "W6126", link.bound.span, f"every frame keeps to this: {said}", hint=_as_share(known)
        )


def _as_share(known: float) -> str:
    return f"did you mean `{known:g}%`?" if 2 < known <= 100 else "write a bound between 0% and 100%"


def _nothing_between(check: Expressions, value: Comparison) -> None:
    """Warns of a chain whose ends leave nothing between them: `90% < luma < 10%`."""
    if len(value.operands) != 3 or {op[0] for op in value.ops} not in ({"<"}, {">"}):
        return
    ends = [check.number(value.operands[i]) for i in (0, 2) if _inside(value.operands[i]) is None]
    known = [None if end is None or end.live else constant(end.expr) for end in ends]
    if len(known) != 2 or known[0] is None or known[1] is None:
        return
    low, high = (known[0], known[1]) if value.ops[0][0] == "<" else (known[1], known[0])
    if low > high:
        message = f"no frame can keep to this: nothing lies between {low:g} and {high:g}"
        check.findings.warning("W6125", value.span, message, hint="write the smaller one first")
