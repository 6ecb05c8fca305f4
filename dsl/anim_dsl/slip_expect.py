"""Slips in an `expect`: its word misspelt, comparisons and bounds joined with something else than `and`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from anim_dsl.diagnostic import Edit
from anim_dsl.expecting import WORD, is_expectation
from anim_dsl.findings import Findings
from anim_dsl.machine import Refused
from anim_dsl.nearest import nearest
from anim_dsl.source import Span
from anim_dsl.tokens import Token, ends_operand

#: what people say for a sign
_SIGNS: Mapping[str, str] = MappingProxyType({"below": "<", "under": "<", "above": ">", "over": ">"})

#: what people write for `==`
_EQUALS = frozenset({"is", "equals", "="})

#: what people write between two bounds for `and`
_JOINTS = frozenset({"-", ",", "to", "until", "and"})

_AROUND = "write the bounds that it must keep to: `expect luma between 10% and 90%`"


def expectation(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`expects luma > 10%`, `expect luma > 10%, flicker < 2%`, `expect luma between 10%-90%`,
    `expect luma is 50%`.
    """
    if not is_expectation(tokens):
        return _misspelt(tokens, findings)
    begin = _bounds_at(tokens)
    if begin:
        return _bounds(tokens, begin, findings)
    at = refused.at
    if not 1 < at < len(tokens) - 1:
        return None
    token = tokens[at]
    if token.type == "COMMA":
        return _several(tokens, at, findings)
    if token.text in _EQUALS:
        return _equal(tokens, at, findings)
    if token.text in _SIGNS:
        return _sign(tokens, at, findings)
    return None


def _misspelt(tokens: list[Token], findings: Findings) -> list[list[Token]] | None:
    """`except luma > 10%`: nothing else compares without being given to a name."""
    word = tokens[0]
    if word.type != "NAME" or len(tokens) < 4 or tokens[1].type in ("EQUAL", "AUGMENT", "COLON", "DOT"):
        return None
    compares = any(token.type == "COMPARE" or token.text == "between" for token in tokens[2:])
    if not compares or word.text == WORD or nearest(word.text, [WORD]) is None:
        return None
    findings.error(
        "E2004",
        word.span,
        f"there is no statement `{word.text}`",
        hint=f"did you mean `{WORD}`?",
        edit=Edit(word.span, WORD),
    )
    return [[word._replace(text=WORD), *tokens[1:]]]


def _bounds_at(tokens: list[Token]) -> int:
    """Where the bounds of a `between` without an `and` of its own begin; 0 if there is none."""
    begin = depth = 0
    for at, token in enumerate(tokens):
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
        if token.text == "between":
            begin = at + 1
        elif token.type == "AND" and depth == 0:
            begin = 0
    return begin


def _bounds(tokens: list[Token], begin: int, findings: Findings) -> list[list[Token]]:
    """`between 10%-90%`, `between (10% and 90%)`."""
    end = next((at for at in range(begin, len(tokens)) if tokens[at].type == "IF"), len(tokens))
    said = tokens[begin:end]
    span = said[0].span.to(said[-1].span) if said else tokens[begin - 1].span
    inner = said[1:-1] if len(said) == 5 and said[0].type == "LPAR" else said
    message = "the two bounds of `between` are joined with `and`"
    if (
        len(inner) != 3
        or inner[1].text not in _JOINTS
        or not (ends_operand(inner[0]) and ends_operand(inner[2]))
    ):
        findings.error("E1040", span, message, hint="write `between 10% and 90%`")
        return []
    low, joint, high = inner
    text = f"{low.text} and {high.text}"
    findings.error("E1040", span, message, hint=f"write `between {text}`", edit=Edit(span, text))
    return [[*tokens[:begin], low, _and(joint), high, *tokens[end:]]]


def _several(tokens: list[Token], at: int, findings: Findings) -> list[list[Token]]:
    """`luma > 10%, flicker < 2%`."""
    comma = tokens[at]
    findings.error(
        "E1040",
        comma.span,
        "comparisons are joined with `and`",
        hint="write `and` for the comma, or an `expect` for each in a line of its own",
        edit=Edit(comma.span, " and"),
    )
    return [[*tokens[:at], _and(comma), *tokens[at + 1 :]]]


def _equal(tokens: list[Token], at: int, findings: Findings) -> list[list[Token]]:
    """`luma is 50%`, `luma is < 50%`."""
    said, follower = tokens[at], tokens[at + 1]
    if follower.type == "COMPARE" or follower.text in _SIGNS or follower.text == "between":
        message = f"`{follower.text}` stands without `{said.text}`"
        edit = Edit(Span(said.start, follower.start), "")
        findings.error("E1040", said.span, message, hint=f"take `{said.text}` away", edit=edit)
        return [[*tokens[:at], *tokens[at + 1 :]]]
    findings.error(
        "E1040", said.span, f"a measured figure is never exactly a number: `{said.text}`", hint=_AROUND
    )
    return []


def _sign(tokens: list[Token], at: int, findings: Findings) -> list[list[Token]]:
    """`luma below 50%`."""
    word = tokens[at]
    sign = _SIGNS[word.text]
    message = f"a comparison is written with a sign, not with `{word.text}`"
    findings.error("E1040", word.span, message, hint=f"write `{sign}`", edit=Edit(word.span, sign))
    return [[*tokens[:at], word._replace(type="COMPARE", text=sign), *tokens[at + 1 :]]]


def _and(token: Token) -> Token:
    return Token("AND", "and", token.start, token.end)
