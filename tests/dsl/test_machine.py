"""The table-driven machine does what Lark's own parser does with the same grammar."""

from __future__ import annotations

import random
from functools import cache
from typing import Any

import pytest
from lark import Lark, UnexpectedInput

from anim_dsl.automaton import make_lark
from anim_dsl.machine import Built, Refused, Start, run
from anim_dsl.source import Span
from anim_dsl.syntax import Number
from anim_dsl.tokens import END, Token
from anim_grammar.files import read

KINDS = (
    *("NAME", "NAME", "NAME", "NUMBER", "QUANTITY", "PERCENT", "SIZE", "DIM", "STRING", "TIME", "BLOCK"),
    *("EQUAL", "AUGMENT", "COLON", "COMMA", "DOT", "LPAR", "RPAR", "LSQB", "RSQB", "PLUS", "MINUS", "STAR"),
    *("POW", "COMPARE", "AND", "NOT", "IF", "ELSE", "PER", "WITH", "AS", "LET", "DEF"),
)
TEXTS = {"NUMBER": "1", "QUANTITY": "2s", "PERCENT": "3%", "SIZE": "4x5", "DIM": "3d"}


@cache
def lark() -> Lark:
    return make_lark(read("anim.lark"))


def as_lark_does(kinds: list[str], start: Start) -> tuple[int, frozenset[str]] | None:
    """Where Lark stops and what it would have taken, or None if it takes all."""
    machine: Any = lark().parse_interactive(start=start)
    for at, kind in enumerate((*kinds, END)):
        try:
            machine.feed_token(Token(kind, "", 0, 0))
        except UnexpectedInput:
            return at, frozenset(machine.accepts())
    return None


def tokens(kinds: list[str]) -> list[Token]:
    value = Number(1.0, Span(0, 1))
    return [Token(kind, TEXTS.get(kind, "a"), at, at + 1, value) for at, kind in enumerate(kinds)]


def walk(chance: random.Random, start: Start) -> list[str]:
    """Kinds that mostly go on as the grammar allows."""
    kinds: list[str] = []
    for _ in range(chance.randrange(1, 25)):
        stopped = as_lark_does(kinds, start)
        allowed = sorted(stopped[1] - {END}) if stopped else []
        kinds.append(chance.choice(allowed if allowed and chance.random() < 0.9 else KINDS))
    return kinds


@pytest.mark.parametrize("start", ["statement", "value"])
@pytest.mark.parametrize("seed", range(4))
def test_stops_where_lark_stops_and_expects_what_lark_accepts(start: Start, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(60):
        kinds = walk(chance, start)
        result, wanted = run(tokens(kinds), start), as_lark_does(kinds, start)
        if wanted is None:
            assert isinstance(result, Built), kinds
        else:
            assert result == Refused(*wanted), kinds


def test_a_very_long_list_is_built_without_recursion() -> None:
    kinds = ["NAME", "EQUAL", *["NUMBER", "COLON", "NUMBER", "COMMA"] * 20_000]
    result = run(tokens(kinds[:-1]), "statement")
    assert isinstance(result, Built)
    assert len(result.node.value.keys) == 20_000


def test_nothing_at_all_is_refused() -> None:
    result = run([], "value")
    assert isinstance(result, Refused)
    assert result.at == 0
    assert "NUMBER" in result.expected
