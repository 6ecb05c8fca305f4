"""The words of an `expect`, which are names everywhere else."""

from __future__ import annotations

from anim_dsl.tokens import Token

WORD = "expect"
"""The word that such a statement begins with."""

_OTHERWISE = frozenset({"EQUAL", "AUGMENT", "COLON", "DOT", "BLOCK", "LPAR"})
"""What follows the word where it is a name."""


def expecting(tokens: list[Token]) -> list[Token]:
    """The tokens of a statement; of an `expect` with its own words as such."""
    if not is_expectation(tokens):
        return tokens
    rest = [t._replace(type="BETWEEN") if _is_between(t) else t for t in tokens[1:]]
    return [tokens[0]._replace(type="EXPECT"), *rest]


def is_expectation(tokens: list[Token]) -> bool:
    """Whether a statement begins with the word, and not with a name that is called the same."""
    if len(tokens) < 2 or tokens[0].text != WORD or tokens[0].type != "NAME":
        return False
    return tokens[1].type not in _OTHERWISE


def _is_between(token: Token) -> bool:
    return token.type == "NAME" and token.text == "between"
