"""From what the grammar matched to the nodes of `anim_dsl.syntax`; nothing here recurses.

One function a rule or alias of `anim.lark`, called with its children when the rule is complete: tokens and
nodes, None for what may be missing and is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from anim_dsl import syntax
from anim_dsl.lexer import QUANTITY_PART
from anim_dsl.source import Span
from anim_dsl.syntax import Expr
from anim_dsl.tokens import Token
from anim_dsl.units import canonical, factor
from anim_dsl.words import WORDS

# --- statements --------------------------------------------------------------------------------


def _setting(name: syntax.Name, op: Token, value: Expr, block: Token | None) -> syntax.Setting:
    """`name = value { … }`."""
    end = value.span.end if block is None else block.end
    return syntax.Setting(name, op.text, value, _block(block), Span(name.span.start, end))


def _let(word: Token, name: syntax.Name, _: Token, value: Expr) -> syntax.Let:
    """`let name = value`."""
    return syntax.Let(name, value, Span(word.start, value.span.end))


def _let_block(word: Token, name: syntax.Name, token: Token) -> syntax.Let:
    """`let name { key ⏎ key }`; a block that holds anything but keys gives no keys."""
    keys = keys_of(_block(token)) or syntax.Keys((), None, token.span)
    return syntax.Let(name, keys, Span(word.start, token.end))


def _definition(
    word: Token,
    name: Token,
    _open: Token,
    parameters: list[syntax.Parameter] | None,
    _close: Token,
    _equal: Token,
    value: Expr,
) -> syntax.Def:
    """`def name(a, b = 2) = expr`."""
    return syntax.Def(_plain(name), tuple(parameters or ()), value, Span(word.start, value.span.end))


def _without_commas(*children: Any) -> list[Any]:
    """Parameters, arguments or elements, every second child."""
    return list(children[::2])


def _parameter(name: Token, equal: Token | None, default: Expr | None) -> syntax.Parameter:
    """`a` or `b = 2`."""
    end = name.end if default is None else default.span.end
    return syntax.Parameter(name.text, default, Span(name.start, end))


def _block_word(name: syntax.Name, token: Token) -> syntax.Statement:
    """`camera { … }`, or a key list written as a block."""
    block = _block(token)
    span = Span(name.span.start, token.end)
    keys = None if name.text in WORDS else keys_of(block)
    if keys is not None:
        return syntax.Setting(name, "=", keys, None, span)
    return syntax.Word(name, (), None, block, span)


def _word(word: Token, *children: Any) -> syntax.Word:
    """`audio song = "…" { … }`; `as` and the name after it are two names in the head."""
    *front, as_word, alias, equal, value, token = children
    head = [_plain(child) if isinstance(child, Token) else child for child in front]
    if as_word is not None:
        head += [_plain(as_word), _plain(alias)]
    last = next((part for part in (token, value, equal) if part is not None), head[-1] if head else word)
    span = Span(word.start, last.span.end)
    return syntax.Word(_plain(word), tuple(head), value, _block(token), span)


def _expect(word: Token, value: Expr, if_word: Token | None, test: Expr | None) -> syntax.Word:
    """`expect luma > 5%`, `expect luma > 5% if time > 1s`: the word's value, joined to a test by `if`."""
    whole = value if if_word is None or test is None else _binary(value, if_word, test)
    return syntax.Word(_plain(word), (), whole, None, Span(word.start, whole.span.end))


def _key_line(keys: syntax.Keys) -> syntax.KeyLine:
    """Keys that stand as a statement."""
    return syntax.KeyLine(keys, keys.span)


def _dimension(token: Token) -> syntax.Dimension:
    """`3d`."""
    return syntax.Dimension(int(token.text[0]), token.span)


# --- keys --------------------------------------------------------------------------------------


def _keys(*children: Any) -> syntax.Keys:
    """Keys and the easing after `with`."""
    *listed, _, easing = children
    keys = tuple(listed[::2])
    end = keys[-1].span.end if easing is None else easing.span.end
    return syntax.Keys(keys, easing, Span(keys[0].span.start, end))


def _key(at: Expr, _: Token, value: Expr, easing: syntax.Easing | None) -> syntax.Key:
    """`time: value easing`."""
    end = value.span.end if easing is None else easing.span.end
    return syntax.Key(at, value, easing, Span(at.span.start, end))


def _easing(
    name: Token, _: Token | None, arguments: list[syntax.Argument] | None, close: Token | None
) -> syntax.Easing:
    """`ease_out`, `bezier(…)`."""
    end = name.end if close is None else close.end
    return syntax.Easing(name.text, tuple(arguments or ()), Span(name.start, end))


# --- expressions -------------------------------------------------------------------------------


def _positional(value: Expr) -> syntax.Argument:
    """An argument without a name."""
    return syntax.Argument(None, value, value.span)


def _named(name: Token, _: Token, value: Expr) -> syntax.Argument:
    """`name = value` in a call."""
    return syntax.Argument(name.text, value, Span(name.start, value.span.end))


def _conditional(then: Expr, _if: Token, test: Expr, _else: Token, other: Expr) -> syntax.Conditional:
    """`then if test else other`."""
    return syntax.Conditional(test, then, other, Span(then.span.start, other.span.end))


def _binary(left: Expr, op: Token, right: Expr) -> syntax.Binary:
    """`a op b`."""
    return syntax.Binary(op.text, left, right, Span(left.span.start, right.span.end))


def _unary(op: Token, operand: Expr) -> syntax.Unary:
    """`-x`, `not x`."""
    return syntax.Unary(op.text, operand, Span(op.start, operand.span.end))


def _chain(*children: Any) -> tuple[Any, ...]:
    """The operands and operators of a comparison."""
    return children


def _comparison(chain: tuple[Any, ...]) -> syntax.Comparison:
    """`0 < x <= 1`."""
    operands, ops = chain[::2], chain[1::2]
    span = Span(operands[0].span.start, operands[-1].span.end)
    return syntax.Comparison(operands, tuple(op.text for op in ops), span)


def _between(value: Expr, _: Token, low: Expr, _and: Token, high: Expr) -> syntax.Comparison:
    """`x between a and b`: what `a <= x <= b` is."""
    return syntax.Comparison((low, value, high), ("<=", "<="), Span(value.span.start, high.span.end))


def _per(value: Expr, _: Token, token: Token) -> syntax.Per:
    """`20px per 4beats`; several units at once are added up in seconds."""
    span = Span(value.span.start, token.end)
    if token.type == "NAME":
        return syntax.Per(value, 1.0, canonical(token.text) or token.text, span)
    parts = _parts(token.text)
    if len(parts) == 1:
        return syntax.Per(value, *parts[0], span)
    return syntax.Per(value, sum(count * (factor(unit) or 0.0) for count, unit in parts), "s", span)


def _call(name: syntax.Name, _: Token, arguments: list[syntax.Argument] | None, close: Token) -> syntax.Call:
    """`smooth(bass, 80ms)`."""
    return syntax.Call(name, tuple(arguments or ()), Span(name.span.start, close.end))


def _group(opened: Token, value: Expr, close: Token) -> Expr:
    """`( … )`: the value inside, with the parentheses in its span."""
    widened: Expr = replace(value, span=Span(opened.start, close.end))
    return widened


def _list(opened: Token, items: list[Expr] | None, close: Token) -> syntax.ListExpr:
    """`[1, 2, 3]`."""
    return syntax.ListExpr(tuple(items or ()), Span(opened.start, close.end))


# --- leaves ------------------------------------------------------------------------------------


def _number(token: Token) -> syntax.Number:
    """A plain number."""
    return syntax.Number(float(token.text), Span(token.start, token.end))


def _quantity(token: Token) -> syntax.Quantity:
    """A number with a unit, or several."""
    return syntax.Quantity(_parts(token.text), Span(token.start, token.end))


def _percent(token: Token) -> syntax.Percent:
    """`50%`."""
    return syntax.Percent(float(token.text[:-1]), Span(token.start, token.end))


def _size(token: Token) -> syntax.Size:
    """`768x512`."""
    width, height = token.text.lower().split("x")
    return syntax.Size(int(width), int(height), Span(token.start, token.end))


def _made(token: Token) -> Any:
    """What stands in a token already: a text with its escapes and inserts read, or a quoted time."""
    return token.value


def _name(first: Token, *rest: Token) -> syntax.Name:
    """`bass`, `song.bass`."""
    if not rest:
        return syntax.Name((first.text,), Span(first.start, first.end))
    path = (first.text, *(part.text for part in rest[1::2]))
    return syntax.Name(path, Span(first.start, rest[-1].end))


BUILDERS: Mapping[str, Callable[..., Any]] = {
    "setting": _setting,
    "let": _let,
    "let_block": _let_block,
    "definition": _definition,
    "parameters": _without_commas,
    "parameter": _parameter,
    "block_word": _block_word,
    "word": _word,
    "expect": _expect,
    "key_line": _key_line,
    "dimension": _dimension,
    "keys": _keys,
    "key": _key,
    "easing": _easing,
    "time": _made,
    "arguments": _without_commas,
    "items": _without_commas,
    "positional": _positional,
    "named": _named,
    "conditional": _conditional,
    "binary": _binary,
    "unary": _unary,
    "chain": _chain,
    "between": _between,
    "comparison": _comparison,
    "per": _per,
    "call": _call,
    "group": _group,
    "list": _list,
    "number": _number,
    "quantity": _quantity,
    "percent": _percent,
    "size": _size,
    "text": _made,
    "name": _name,
}
"""The function of every rule and alias of `anim.lark`."""


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


def _plain(token: Token) -> syntax.Name:
    return syntax.Name((token.text,), token.span)


def _block(token: Token | None) -> syntax.Block | None:
    value = None if token is None else token.value
    return value if isinstance(value, syntax.Block) else None
