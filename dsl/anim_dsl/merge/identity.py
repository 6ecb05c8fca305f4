"""By what a statement or a key is known again in another version of a film."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from anim_dsl.merge.essence import essence
from anim_dsl.syntax import (
    Call,
    Def,
    Expr,
    Key,
    KeyLine,
    Let,
    Name,
    Number,
    Percent,
    Quantity,
    Setting,
    Statement,
    Text,
    Word,
)
from anim_dsl.units import factor

Id: TypeAlias = tuple[str, ...]
"""The kind of thing and its name: `("set", "zoom")`, `("scene", "rain")`, `("key", "4 s")`."""

NAMED = frozenset(
    {"lora", "embedding", "audio", "image", "video", "mask", "markers", "midi", "series", "lyrics"}
    | {"scene", "layer", "template"}
)
"""Words whose first name says which one it is."""
BY_TEXT = frozenset({"output", "import", "use", "expect"})
"""Words without a name: all that stands behind them says which one it is."""


def statement_id(statement: Statement, text: str) -> Id:
    """What a statement is about."""
    match statement:
        case Setting(name, op):
            return ("set", name.text) if op == "=" else ("set", name.text, op)
        case Let(name) | Def(name):
            return ("name", name.text)
        case KeyLine(keys):
            return ("keys", time_of(keys.keys[0].at, text))
        case Word():
            return _word_id(statement, text)
        case _:
            assert_never(statement)


def _word_id(statement: Word, text: str) -> Id:
    word = statement.word.text
    if word in BY_TEXT:
        spans = [part.span for part in statement.head]
        spans += [statement.value.span] if statement.value is not None else []
        said = " ".join(" ".join(essence(text[span.start : span.end])) for span in spans)
        return (word, said)
    names = [part.text for part in statement.head if isinstance(part, Name)]
    names += [part.function.text for part in statement.head if isinstance(part, Call)]
    if word in NAMED:
        names = names[:1]
    # a block that has no name, and a setting of that name: `prompt { … }` and `prompt = "…"`
    return (word, *names) if names else ("set", word)


def key_id(key: Key, text: str) -> Id:
    """When a key is."""
    return ("key", time_of(key.at, text))


def comment_id(body: str) -> Id:
    """What a paragraph of comments says."""
    return ("#", " ".join(body.split()))


def time_of(at: Expr, text: str) -> str:
    """A key's time: as it is written, or as a number in one unit if it is one."""
    plain = plain_time(at)
    if plain is None:
        return " ".join(essence(text[at.span.start : at.span.end]))
    return "0" if not plain[0] else f"{plain[0]:.12g} {plain[1]}"


def plain_time(at: Expr) -> tuple[float, str] | None:
    """A time that is a number: how many, and of `s`, `f`, `beat`, `bar` or `%`."""
    match at:
        case Number(value):
            return value, "f"
        case Percent(value):
            return value, "%"
        case Text() if at.plain is not None and at.plain.isdecimal():
            return float(at.plain), "f"
        case Quantity(parts):
            units = {unit for _, unit in parts}
            if units <= {"s", "ms", "m"}:
                return sum(count * (factor(unit) or 0.0) for count, unit in parts), "s"
            return parts[0] if len(parts) == 1 else None
        case _:
            return None
