"""From what the grammar matched to the nodes of `anim_dsl.syntax`; nothing here recurses."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import Any

from lark import Transformer

from anim_dsl import syntax
from anim_dsl.lexer import QUANTITY_PART
from anim_dsl.source import Span
from anim_dsl.syntax import Expr
from anim_dsl.tokens import Token
from anim_dsl.units import canonical, factor
from anim_dsl.words import WORDS

Children = list[Any]  # tokens and nodes as the grammar's rules name them; Lark gives them untyped


class TreeBuilder(Transformer[Any, Any]):
    """One method a rule or alias of `anim.lark`, called when the rule is complete."""

    # --- statements ---

    def setting(self, children: Children) -> syntax.Setting:
        """`name = value { … }`."""
        name, op, value, block = children
        return syntax.Setting(name, op.text, value, _block(block), _around(name, value, block))

    def let(self, children: Children) -> syntax.Let:
        """`let name = value`."""
        word, name, _, value = children
        return syntax.Let(name, value, _around(word, value))

    def let_block(self, children: Children) -> syntax.Let:
        """`let name { key ⏎ key }`; a block that holds anything but keys gives no keys."""
        word, name, token = children
        keys = keys_of(_block(token)) or syntax.Keys((), None, token.span)
        return syntax.Let(name, keys, _around(word, token))

    def definition(self, children: Children) -> syntax.Def:
        """`def name(a, b = 2) = expr`."""
        word, name, _, parameters, _, _, value = children
        return syntax.Def(_name(name), tuple(parameters or ()), value, _around(word, value))

    def parameters(self, children: Children) -> Children:
        """The parameters without their commas."""
        return children[::2]

    def parameter(self, children: Children) -> syntax.Parameter:
        """`a` or `b = 2`."""
        name, equal, default = children if len(children) == 3 else (children[0], None, None)
        return syntax.Parameter(name.text, default, _around(name, equal and default))

    def block_word(self, children: Children) -> syntax.Statement:
        """`camera { … }`, or a key list written as a block."""
        name, token = children
        block = _block(token)
        span = _around(name, token)
        keys = None if name.text in WORDS else keys_of(block)
        if keys is not None:
            return syntax.Setting(name, "=", keys, None, span)
        return syntax.Word(name, (), None, block, span)

    def word(self, children: Children) -> syntax.Word:
        """`audio song = "…" { … }`; `as` and the name after it are two names in the head."""
        *front, as_word, alias, equal, value, token = children
        head = [_name(child) if isinstance(child, Token) else child for child in front[1:]]
        if as_word is not None:
            head += [_name(as_word), _name(alias)]
        span = _around(front[0], head[-1] if head else None, equal, value, token)
        return syntax.Word(_name(front[0]), tuple(head), value, _block(token), span)

    def key_line(self, children: Children) -> syntax.KeyLine:
        """Keys that stand as a statement."""
        return syntax.KeyLine(children[0], children[0].span)

    def dimension(self, children: Children) -> syntax.Dimension:
        """`3d`."""
        return syntax.Dimension(int(children[0].text[0]), children[0].span)

    # --- keys ---

    def keys(self, children: Children) -> syntax.Keys:
        """Keys and the easing after `with`."""
        keys = tuple(child for child in children if isinstance(child, syntax.Key))
        easing = children[-1] if isinstance(children[-1], syntax.Easing) else None
        return syntax.Keys(keys, easing, _around(keys[0], keys[-1], easing))

    def key(self, children: Children) -> syntax.Key:
        """`time: value easing`."""
        at, _, value, easing = children
        return syntax.Key(at, value, easing, _around(at, value, easing))

    def easing(self, children: Children) -> syntax.Easing:
        """`ease_out`, `bezier(…)`."""
        name, _, arguments, close = children
        return syntax.Easing(name.text, tuple(arguments or ()), _around(name, close))

    def time(self, children: Children) -> Expr:
        """A quoted time, parsed already."""
        value: Expr = children[0].value
        return value

    # --- expressions ---

    def arguments(self, children: Children) -> Children:
        """The arguments without their commas."""
        return children[::2]

    def items(self, children: Children) -> Children:
        """The elements without their commas."""
        return children[::2]

    def positional(self, children: Children) -> syntax.Argument:
        """An argument without a name."""
        return syntax.Argument(None, children[0], children[0].span)

    def named(self, children: Children) -> syntax.Argument:
        """`name = value` in a call."""
        return syntax.Argument(children[0].text, children[2], _around(children[0], children[2]))

    def conditional(self, children: Children) -> syntax.Conditional:
        """`then if test else other`."""
        then, _, test, _, other = children
        return syntax.Conditional(test, then, other, _around(then, other))

    def binary(self, children: Children) -> syntax.Binary:
        """`a op b`."""
        left, op, right = children
        return syntax.Binary(op.text, left, right, left.span.to(right.span))

    def unary(self, children: Children) -> syntax.Unary:
        """`-x`, `not x`."""
        op, operand = children
        return syntax.Unary(op.text, operand, _around(op, operand))

    def chain(self, children: Children) -> Children:
        """The operands and operators of a comparison."""
        return children

    def comparison(self, children: Children) -> syntax.Comparison:
        """`0 < x <= 1`."""
        operands, ops = children[0][::2], children[0][1::2]
        span = _around(operands[0], operands[-1])
        return syntax.Comparison(tuple(operands), tuple(op.text for op in ops), span)

    def per(self, children: Children) -> syntax.Per:
        """`20px per 4beats`; several units at once are added up in seconds."""
        value, _, token = children
        span = _around(value, token)
        if token.type == "NAME":
            return syntax.Per(value, 1.0, canonical(token.text) or token.text, span)
        parts = _parts(token.text)
        if len(parts) == 1:
            return syntax.Per(value, *parts[0], span)
        return syntax.Per(value, sum(count * (factor(unit) or 0.0) for count, unit in parts), "s", span)

    def call(self, children: Children) -> syntax.Call:
        """`smooth(bass, 80ms)`."""
        name, _, arguments, close = children
        return syntax.Call(name, tuple(arguments or ()), _around(name, close))

    def group(self, children: Children) -> Expr:
        """`( … )`: the value inside, with the parentheses in its span."""
        opened, value, close = children
        widened: Expr = replace(value, span=_around(opened, close))
        return widened

    def list(self, children: Children) -> syntax.ListExpr:
        """`[1, 2, 3]`."""
        opened, items, close = children
        return syntax.ListExpr(tuple(items or ()), _around(opened, close))

    # --- leaves ---

    def number(self, children: Children) -> syntax.Number:
        """A plain number."""
        return syntax.Number(float(children[0].text), children[0].span)

    def quantity(self, children: Children) -> syntax.Quantity:
        """A number with a unit, or several."""
        return syntax.Quantity(_parts(children[0].text), children[0].span)

    def percent(self, children: Children) -> syntax.Percent:
        """`50%`."""
        return syntax.Percent(float(children[0].text[:-1]), children[0].span)

    def size(self, children: Children) -> syntax.Size:
        """`768x512`."""
        width, height = children[0].text.lower().split("x")
        return syntax.Size(int(width), int(height), children[0].span)

    def text(self, children: Children) -> syntax.Text:
        """A text, its escapes and inserts read already."""
        value: syntax.Text = children[0].value
        return value

    def name(self, children: Children) -> syntax.Name:
        """`bass`, `song.bass`."""
        return syntax.Name(tuple(part.text for part in children[::2]), _around(children[0], children[-1]))


def keys_of(block: syntax.Block | None) -> syntax.Keys | None:
    """The key list that a block of nothing but keys is, or None."""
    lines = block.statements if block else ()
    if block is None or not lines or not all(isinstance(line, syntax.KeyLine) for line in lines):
        return None
    parts = [line.keys for line in lines if isinstance(line, syntax.KeyLine)]
    easing = reduce(lambda found, part: part.easing or found, parts, parts[0].easing)
    return syntax.Keys(tuple(key for part in parts for key in part.keys), easing, block.span)


def _parts(text: str) -> tuple[tuple[float, str], ...]:
    found = QUANTITY_PART.findall(text)
    return tuple((float(number), canonical(unit) or unit) for number, unit in found)


def _name(token: Token) -> syntax.Name:
    return syntax.Name((token.text,), token.span)


def _block(token: Token | None) -> syntax.Block | None:
    value = None if token is None else token.value
    return value if isinstance(value, syntax.Block) else None


def _around(*parts: Any) -> Span:
    """The span of tokens and nodes in written order; None is skipped."""
    present = [part.span for part in parts if part is not None]
    return Span(present[0].start, present[-1].end)
