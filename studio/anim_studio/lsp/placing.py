"""Which part of a statement a place is in: before its value, in it, at a key's time, behind a key's value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from anim_dsl.tokens import Token, ends_operand
from anim_dsl.words import WORDS
from anim_studio.lsp.levels import Level

Place: TypeAlias = Literal[
    "statement",  # where a statement begins
    "head",  # behind a statement word, before its value and block
    "name",  # where a new name is given
    "value",  # where a value is wanted, or an operand of one
    "time",  # where the time of a key is wanted, or a value
    "easing",  # behind the value of a key
    "with",  # behind `with`
    "per",  # behind `per`
    "operator",  # behind a value
    "text",  # inside quotes
    "comment",
]


@dataclass(frozen=True, slots=True)
class Argument:
    """Which argument of a call is being written: its number from 0, or its name; `given` are the names that
    the others have, `opened` is where the `(` stands.
    """

    function: str
    number: int
    name: str
    given: tuple[str, ...]
    opened: int


class Placed(NamedTuple):
    """The place; the setting or `let` that a value there is for; the argument; whether keys are listed."""

    place: Place
    path: tuple[str, ...]
    argument: Argument | None
    in_keys: bool


def placed(opened: tuple[Level, ...]) -> Placed:
    """The place, the setting and the argument, by what is open."""
    inner = opened[-1]
    blocks = [level for level in opened if level.is_block]
    path, rest = _path_of(blocks[-1])
    calls = [level for level in opened if level.kind == "call" and level.start > blocks[-1].start]
    argument = _argument(calls[-1]) if calls else None
    if not inner.is_block:
        element = _element(inner.tokens)
        if inner.kind == "call" and len(element) == 2 and element[1].type == "EQUAL":
            element = ()
        in_keys = _has_keys(inner.tokens)
        return Placed(_in_value(element, in_keys), path, argument, in_keys)
    is_list, in_keys = is_key_block(inner), _has_keys(rest or ())
    place: Place = "time" if is_list else "statement"
    if inner.tokens:
        place = _before_value(inner) if rest is None else _in_value(_element(rest), in_keys)
    return Placed(place, path, argument, in_keys or is_list)


def _has_keys(tokens: tuple[Token, ...]) -> bool:
    return any(token.type == "COLON" for token in tokens)


def _before_value(block: Level) -> Place:
    """The place in a statement without a `=`, a `:` or a block."""
    first = block.tokens[0]
    if first.type in ("LET", "DEF"):
        return "name"
    if first.text == "expect":
        return _in_value(block.tokens[1:], False)
    if first.text in WORDS:
        return "head"
    return "operator" if ends_operand(block.tokens[-1]) else "value"


def _path_of(block: Level) -> tuple[tuple[str, ...], tuple[Token, ...] | None]:
    """The setting of a block's statement, or of the key list that the block is, and the tokens of its value;
    None for those where no value has begun.
    """
    tokens = block.tokens
    sign = next((i for i, token in enumerate(tokens) if token.type in ("EQUAL", "AUGMENT")), None)
    if sign is not None:
        names = [token.text for token in tokens[:sign] if token.type in ("NAME", "LET", "DEF")]
        return tuple(names), tokens[sign + 1 :]
    is_keys = _has_keys(tokens)
    if is_key_block(block):
        names = [token.text for token in block.head if token.type == "NAME"]
        return tuple(names), tokens if tokens else None
    if block.context in WORDS and WORDS[block.context].keys:
        return (block.context,), tokens if is_keys else None
    return (), tokens if is_keys else None


def is_key_block(level: Level) -> bool:
    """Whether a block is a key list: what stands before it is a setting, or a `let`."""
    if level.kind != "block":
        return False
    if level.head and level.head[0].type == "LET":
        return True
    words = [token for token in level.head if token.type != "DOT"]
    return len(words) >= 1 and all(t.type == "NAME" for t in words) and not _is_word(level.head)


def _is_word(head: tuple[Token, ...]) -> bool:
    is_known = head[0].text in WORDS
    return is_known and (len(head) == 1 or head[1].type != "DOT")


def _element(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    """What stands behind the last comma."""
    last = max((i for i, token in enumerate(tokens) if token.type == "COMMA"), default=-1)
    return tokens[last + 1 :]


def _in_value(element: tuple[Token, ...], in_keys: bool) -> Place:
    """The place in a value, by what its element holds already."""
    colon = next((i for i, token in enumerate(element) if token.type == "COLON"), None)
    value = element if colon is None else element[colon + 1 :]
    if not value:
        return "time" if in_keys and colon is None else "value"
    if value[-1].type == "WITH":
        return "with"
    if value[-1].type == "PER":
        return "per"
    if ends_operand(value[-1]):
        return "easing" if colon is not None else "operator"
    return "value"


def _argument(call: Level) -> Argument:
    """The argument that is written last in a call."""
    number, given = 0, []
    for i, token in enumerate(call.tokens):
        if token.type == "COMMA":
            number += 1
        elif token.type == "EQUAL" and i and call.tokens[i - 1].type == "NAME":
            given.append(call.tokens[i - 1].text)
    element = _element(call.tokens)
    named = [token.type for token in element[:2]] == ["NAME", "EQUAL"]
    name = element[0].text if named else ""
    return Argument(call.function, number, name, tuple(given), call.start)
