"""Parseq's formulas: text becomes a small tree.

All operators of a level group to the right, and `* / % : ^` are one level: `10 - 3 - 2` is 9, `8 / 4 / 2`
is 4. `and` and `or` are the loosest, then the comparisons with `&&` and `||`, then `+ -`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TypeAlias

from anim_dsl.source import Span
from anim_studio.interchange.parseq.tokens import FormulaError, Token, tokens

__all__ = ["Call", "FormulaError", "If", "Neg", "Node", "Num", "Op", "Text", "Var", "calls", "children"]
__all__ += ["parse", "variables"]


@dataclass(frozen=True, slots=True)
class Num:
    """A number; `unit` is `f`, `s` or `b` where it counts frames, seconds or beats."""

    value: float
    unit: str
    written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A string."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Var:
    """A name that stands for a value: `L`, `f`, `prev_computed_value`, a field, a time series."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Neg:
    """A minus before a value."""

    inner: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Op:
    """Two values and what stands between them; `and` and `or` are `&&` and `||`."""

    sign: str
    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True)
class If:
    """`if test then else other`; without `other` it is 0 where the test does not hold."""

    test: Node
    then: Node
    other: Node | None
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, each with its name, "" where it is by place."""

    name: str
    args: tuple[tuple[str, Node], ...]
    span: Span


Node: TypeAlias = Num | Text | Var | Neg | Op | If | Call


def parse(text: str) -> Node:
    """The tree of a formula. Raises `FormulaError`."""
    reader = _Reader(text, tokens(text))
    tree = reader.expression()
    if reader.kind != "end":
        raise reader.unexpected("an operator or the formula's end")
    return tree


def children(node: Node) -> tuple[Node, ...]:
    """What is directly inside a node."""
    match node:
        case Neg(inner, _):
            return (inner,)
        case Op(_, left, right, _):
            return (left, right)
        case If(test, then, other, _):
            return (test, then) if other is None else (test, then, other)
        case Call(_, args, _):
            return tuple(arg for _, arg in args)
        case _:
            return ()


def variables(node: Node) -> set[str]:
    """The names of variables that a formula reads."""
    found = {node.name} if isinstance(node, Var) else set()
    return found.union(*(variables(child) for child in children(node)))


def calls(node: Node) -> set[str]:
    """The names of the functions that a formula calls."""
    found = {node.name} if isinstance(node, Call) else set()
    return found.union(*(calls(child) for child in children(node)))


_LEVELS = (
    ("&&w", "||w"),
    ("<", "<=", ">", ">=", "==", "!=", "&&", "||"),
    ("+", "-"),
    ("*", "/", "%", ":", "^"),
)
#: how deep formulas are: what is nested counts more than one more link of `a + b + c`
_DEEPEST, _NEST, _LINK = 180, 3, 1
_MOST_RETRIES = 60


class _Reader:
    """Reads tokens by precedence; a condition that took too much is read again, shorter."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self._text, self._tokens = text, tokens
        self._at = self._depth = self._retries = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at].kind

    def unexpected(self, wanted: str) -> FormulaError:
        token = self._tokens[self._at]
        said = "the formula ends" if token.kind == "end" else f"`{token.text}` stands"
        return FormulaError(f"{said} where {wanted} is expected", token.span)

    def expression(self, level: int = 0) -> Node:
        if level == len(_LEVELS):
            return self._negated()
        left = self.expression(level + 1)
        if self.kind not in _LEVELS[level]:
            return left
        sign = self._next().kind.removesuffix("w")
        self._deeper(_LINK)
        right = self.expression(level)
        self._depth -= _LINK
        return Op(sign, left, right, _span(left).to(_span(right)))

    def _negated(self) -> Node:
        if self.kind != "-":
            return self._operand()
        start = self._next().span
        inner = self._operand()
        return Neg(inner, start.to(_span(inner)))

    def _operand(self) -> Node:
        token = self._tokens[self._at]
        match token.kind:
            case "number":
                self._at += 1
                unit = token.text[-1] if token.text[-1] in "fsb" else ""
                return Num(float(token.text.rstrip("fsb")), unit, token.text, token.span)
            case "text":
                self._at += 1
                return Text(json.loads(token.text), token.span)
            case "name":
                self._at += 1
                return self._named(token)
            case "if":
                return self._choice()
            case "(":
                self._at += 1
                self._deeper()
                inner = self.expression()
                self._depth -= _NEST
                return replace(inner, span=token.span.to(self._expect(")").span))
            case _:
                raise self.unexpected("a value")

    def _named(self, token: Token) -> Node:
        if self.kind != "(":
            if token.text in ("true", "false"):
                return Num(float(token.text == "true"), "", token.text, token.span)
            return Var(token.text, token.span)
        self._next()
        self._deeper()
        args: list[tuple[str, Node]] = []
        while self.kind != ")":
            name = ""
            if self.kind == "name" and self._tokens[self._at + 1].kind == "=":
                name = self._next().text
                self._next()
            args.append((name, self.expression()))
            if self.kind != ",":
                break
            self._next()
        self._depth -= _NEST
        end = self._expect(")").span
        if len({bool(name) for name, _ in args}) > 1:
            said = f"`{token.text}` has arguments by name and others by place"
            raise FormulaError(said, token.span.to(end), "Parseq takes the one or the other: name them all")
        return Call(token.text, tuple(args), token.span.to(end))

    def _choice(self) -> Node:
        start = self._next().span
        self._deeper()
        held = self._at
        test = self.expression()
        if self.kind in ("else", "end", ")", ",") and self._retries < _MOST_RETRIES:
            # `if (a) -b`: what was taken for a difference is a condition and a value
            self._at, self._retries = held, self._retries + 1
            test = self._operand()
        then = self.expression()
        other = None
        if self.kind == "else":
            self._next()
            other = self.expression()
        self._depth -= _NEST
        return If(test, then, other, start.to(_span(other or then)))

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _expect(self, kind: str) -> Token:
        if self.kind != kind:
            raise self.unexpected(f"`{kind}`")
        return self._next()

    def _deeper(self, by: int = _NEST) -> None:
        self._depth += by
        if self._depth > _DEEPEST:
            raise FormulaError("the formula is nested deeper than this reads", self._tokens[self._at].span)


def _span(node: Node) -> Span:
    return node.span
