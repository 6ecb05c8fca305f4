"""The LALR machine of `anim.lark`, built once in a process and fed one statement at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from anim_dsl.tokens import END, Token

if TYPE_CHECKING:
    from lark import Lark

Start: TypeAlias = Literal["statement", "value"]


@dataclass(frozen=True, slots=True)
class Refused:
    """The machine could not go on: the index of the token, and the kinds that could stand there."""

    at: int
    expected: frozenset[str]


@dataclass(frozen=True, slots=True)
class Built:
    """What the tokens were: a statement or an expression."""

    node: Any  # what the start rule's method of `TreeBuilder` gives


def run(tokens: list[Token], start: Start) -> Built | Refused:
    """Feeds all tokens, which must not hold line ends or braces."""
    from lark import UnexpectedInput

    machine = _lark().parse_interactive(start=start)
    end = tokens[-1].end if tokens else 0
    for at, token in enumerate((*tokens, Token(END, "", end, end))):
        try:
            node = machine.feed_token(token)  # type: ignore[arg-type]  # Lark reads nothing but `type`
        except UnexpectedInput:
            return Refused(at, frozenset(machine.accepts()))  # type: ignore[no-untyped-call]
    return Built(node)  # pyright: ignore[reportPossiblyUnboundVariable]


@cache
def _lark() -> Lark:
    from lark import Lark
    from lark.lexer import Lexer

    from anim_dsl.tree import TreeBuilder

    class Unused(Lexer):
        """Tokens are fed one by one; Lark asks for a lexer all the same."""

        def __init__(self, lexer_conf: object) -> None:
            pass

        def lex(self, lexer_state: object, parser_state: object) -> Iterator[Any]:
            return iter(())

    text = resources.files("anim_grammar").joinpath("anim.lark").read_text(encoding="utf-8")
    return Lark(
        text,
        parser="lalr",
        lexer=Unused,
        start=["statement", "value"],
        transformer=TreeBuilder(),
        maybe_placeholders=True,
    )
