"""Slips in numbers, quantities, times and sizes."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from math import isinf
from typing import TypeAlias

from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.nearest import nearest
from anim_dsl.settings import SETTINGS
from anim_dsl.source import Span
from anim_dsl.tokens import Token
from anim_dsl.units import FOREIGN, SPELLINGS, canonical

Mended: TypeAlias = tuple[Token, int]
"""The token that was meant, and how many tokens it takes the place of."""

Reader: TypeAlias = Callable[[list[Token], int, bool, Findings], Mended | None]

_NUMBER_AND_LETTERS = re.compile(r"((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)([^\W\d_]+)\Z")
_TIME_NAMES = frozenset(name for (_, name), spec in SETTINGS.items() if spec.type == "time")
_LINE_ENDS = frozenset({"NEWLINE", "SEMICOLON", "RBRACE", "LBRACE"})
_LONGEST = 300


def number(token: Token, findings: Findings) -> Token:
    """A number that can be held, else 1 and a diagnostic."""
    if len(token.text) > _LONGEST or isinf(float(token.text)):
        return too_long(token, findings)
    return token


def too_long(token: Token, findings: Findings) -> Token:
    """A number with more digits than any value has."""
    findings.error("E1013", token.span, "this number is too large", hint="numbers go up to about 1.8e308")
    return token._replace(type="NUMBER", text="1")


def bad_number(token: Token, findings: Findings) -> Token:
    """`5frames`, `1m30`, `1_000`, `1.2.3`."""
    if len(token.text) > _LONGEST:
        return too_long(token, findings)
    split = _NUMBER_AND_LETTERS.match(token.text)
    if split:
        return _unknown_unit(token, split.group(1), split.group(2), findings)
    plain = token.text.replace("_", "")
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", plain):
        findings.error(
            "E1013",
            token.span,
            f"`{token.text}` is not a number",
            hint=f"write `{plain}`",
            edit=Edit(token.span, plain),
        )
        return token._replace(type="NUMBER", text=plain)
    compound = re.fullmatch(r"([0-9]+m)([0-9]{1,2})", token.text)
    hint = f"write `{token.text}s`" if compound else "a number has digits and at most one point"
    edit = Edit(token.span, f"{token.text}s") if compound else None
    findings.error("E1013", token.span, f"`{token.text}` is not a number", hint=hint, edit=edit)
    return token._replace(type="NUMBER", text="1")


def _unknown_unit(token: Token, digits: str, letters: str, findings: Findings) -> Token:
    meant = FOREIGN.get(letters.lower())
    span = Span(token.end - len(letters), token.end)
    if meant is not None:
        findings.error(
            "E1012",
            span,
            f"`{letters}` is not a unit",
            marker=f"write `{meant}`",
            hint=f"write `{digits}{meant}`",
            edit=Edit(span, meant),
        )
        return token._replace(type="QUANTITY", text=digits + meant)
    if letters in ("t", "u", "x", "max_f"):
        text = f"{digits} * {letters}"
        message = f"`{letters}` is not a unit: a product is written with `*`"
        findings.error("E1012", span, message, hint=f"write `{text}`", edit=Edit(token.span, text))
        return token._replace(type="NUMBER", text=digits)
    guess = nearest(letters.lower(), SPELLINGS)
    hint = (
        f"did you mean `{digits}{guess}`?"
        if guess
        else "the units are s ms m f beats bars deg rad px % fps bpm hz khz db"
    )
    findings.error("E1012", span, f"`{letters}` is not a unit", hint=hint)
    return token._replace(type="QUANTITY" if guess else "NUMBER", text=digits + (guess or ""))


def rate_unit(token: Token, findings: Findings) -> Token:
    """The unit after `per`."""
    if canonical(token.text) is not None:
        return token
    meant = FOREIGN.get(token.text.lower())
    guess = meant or nearest(token.text.lower(), SPELLINGS)
    findings.error(
        "E1012",
        token.span,
        f"`{token.text}` is not a unit",
        marker="a unit of time stands after `per`",
        hint=f"write `per {guess}`" if guess else "write `per s`, `per f`, `per beat` or `per bar`",
        edit=Edit(token.span, meant) if meant else None,
    )
    return token._replace(text=guess or "s")


# --- slips of several tokens, of which the first is a number -----------------------------------


def _spaced_unit(tokens: list[Token], at: int, in_brackets: bool, findings: Findings) -> Mended | None:
    """`10 s`, `24 fps`, `4 beats`."""
    after = _at(tokens, at + 1)
    if after is None or after.type != "NAME" or after.start == tokens[at].end:
        return None
    meant = after.text if canonical(after.text) else FOREIGN.get(after.text.lower())
    follower = _at(tokens, at + 2)
    if meant is None or (follower is not None and follower.type in ("EQUAL", "LPAR", "DOT")):
        return None
    span = tokens[at].span.to(after.span)
    text = tokens[at].text + meant
    findings.error(
        "E1011",
        span,
        "a number and its unit are written without a space",
        hint=f"write `{text}`",
        edit=Edit(span, text),
    )
    return Token("QUANTITY", text, span.start, span.end), 2


def _decimal_comma(tokens: list[Token], at: int, in_brackets: bool, findings: Findings) -> Mended | None:
    """`0,65` where no list can be: outside brackets, and before a key's colon only where the key begins."""
    if not _glued(tokens, at, ("NUMBER", "COMMA")):
        return None
    fraction = tokens[at + 2] if at + 2 < len(tokens) else None
    if (
        fraction is None
        or fraction.start != tokens[at + 1].end
        or fraction.type not in ("NUMBER", "QUANTITY", "PERCENT")
    ):
        return None
    colon = _at(tokens, at + 3)
    is_time = colon is not None and colon.type == "COLON"
    if (is_time and not _begins_key(tokens, at)) or not tokens[at].text.isdigit() or in_brackets:
        return None
    if not fraction.text[0].isdigit() or "." in fraction.text:
        return None
    span = tokens[at].span.to(fraction.span)
    text = f"{tokens[at].text}.{fraction.text}"
    findings.error(
        "E1014",
        span,
        "the decimal sign is a point",
        hint=f"write `{text}`",
        edit=Edit(span, text),
    )
    return Token(fraction.type, text, span.start, span.end), 3


def _timecode(tokens: list[Token], at: int, in_brackets: bool, findings: Findings) -> Mended | None:
    """`0:45:` as a key's time, `length = 1:30` where a time is wanted."""
    if not _glued(tokens, at, ("NUMBER", "COLON", "NUMBER")):
        return None
    count = 5 if _glued(tokens, at + 2, ("NUMBER", "COLON", "NUMBER")) else 3
    fields = [token.text for token in tokens[at : at + count : 2]]
    if not all(field.isdigit() for field in fields) or any(len(field) != 2 for field in fields[1:]):
        return None
    after = _at(tokens, at + count)
    before = tokens[at - 2 : at]
    is_key = after is not None and after.type == "COLON"
    is_setting = (after is None or after.type in _LINE_ENDS) and _sets_time(before)
    if not (is_key or is_setting or count == 5):
        return None
    span = tokens[at].span.to(tokens[at + count - 1].span)
    text = _clock(fields)
    findings.error(
        "E1016",
        span,
        "a time is written with its units",
        hint=f"write `{text}`",
        edit=Edit(span, text),
    )
    return Token("QUANTITY", text, span.start, span.end), count


def _size(tokens: list[Token], at: int, in_brackets: bool, findings: Findings) -> Mended | None:
    """`768 x 512`, `1920×1080`."""
    if at + 2 >= len(tokens) or tokens[at + 2].type != "NUMBER":
        return None
    sign, height = tokens[at + 1], tokens[at + 2]
    if sign.text not in ("x", "X", "×") or not (tokens[at].text.isdigit() and height.text.isdigit()):
        return None
    span = tokens[at].span.to(height.span)
    text = f"{tokens[at].text}x{height.text}"
    findings.error(
        "E1011", span, "a size is written without spaces", hint=f"write `{text}`", edit=Edit(span, text)
    )
    return Token("SIZE", text, span.start, span.end), 3


def _degree_sign(tokens: list[Token], at: int, in_brackets: bool, findings: Findings) -> Mended | None:
    """`45°`."""
    after = _at(tokens, at + 1)
    if after is None or after.text not in ("°", "º"):
        return None
    span = tokens[at].span.to(after.span)
    text = f"{tokens[at].text}deg"
    findings.error(
        "E1012", after.span, "the unit of angles is `deg`", hint=f"write `{text}`", edit=Edit(span, text)
    )
    return Token("QUANTITY", text, span.start, span.end), 2


READERS: dict[str, tuple[Reader, ...]] = {
    "NAME": (_spaced_unit, _size),
    "COMMA": (_decimal_comma,),
    "COLON": (_timecode,),
    "BAD_CHAR": (_size, _degree_sign),
    "BAD_NAME": (_degree_sign,),
}
"""By the kind of the token after a number: what is tried; a flag says whether it stands in `( )` or `[ ]`."""


def _at(tokens: list[Token], at: int) -> Token | None:
    return tokens[at] if at < len(tokens) else None


def _begins_key(tokens: list[Token], at: int) -> bool:
    """Whether nothing of a key stands before: a line, a block or a comma begins it."""
    return at == 0 or tokens[at - 1].type in {*_LINE_ENDS, "COMMA"}


def _glued(tokens: list[Token], at: int, kinds: tuple[str, ...]) -> bool:
    """Whether tokens of these kinds stand here without space between."""
    found = tokens[at : at + len(kinds)]
    if [token.type for token in found] != [*kinds]:
        return False
    return all(left.end == right.start for left, right in pairwise(found))


def _sets_time(before: list[Token]) -> bool:
    return len(before) == 2 and before[0].text in _TIME_NAMES and before[1].type in ("EQUAL", "COLON")


def _clock(fields: list[str]) -> str:
    """`1`, `30` is `1m30s`; `1`, `02`, `03` is `62m3s`."""
    numbers = [int(field) for field in fields]
    minutes, seconds = numbers[-2] + (60 * numbers[0] if len(numbers) == 3 else 0), numbers[-1]
    if not minutes:
        return f"{seconds}s"
    return f"{minutes}m{seconds}s" if seconds else f"{minutes}m"
