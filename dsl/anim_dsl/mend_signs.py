"""Slips in signs and words of other languages: `-- a comment`, `0s -> 1`, `ease-in-out`, `camera3d`.

Each looks at the tokens from one place on, reports, and gives what was meant with how many tokens that takes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from anim_dsl.diagnostic import Edit
from anim_dsl.easings import EASINGS
from anim_dsl.findings import Findings
from anim_dsl.source import Span
from anim_dsl.tokens import TEXTS, Token, ends_operand
from anim_dsl.unbraced import BRACED

Mended: TypeAlias = tuple[list[Token], int]
"""The tokens that were meant, and how many tokens they take the place of."""

Reader: TypeAlias = Callable[[list[Token], int, list[Token], Findings], Mended | None]

_CAMERA = re.compile(r"(camera)_?([23][dD])\Z")
_BEGINNINGS = frozenset({"NEWLINE", "SEMICOLON", "LBRACE", "RBRACE"})
_TIMES = TEXTS | {"QUANTITY", "NUMBER", "PERCENT"}
_FOREIGN_EASINGS = {"cubic_bezier": "bezier"}


def comment_of_dashes(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> Mended | None:
    """`-- a comment` on a line of its own."""
    word = tokens[at + 2] if at + 2 < len(tokens) else None
    code = next((token for token in reversed(out) if token.type != "NEWLINE"), None)
    if code is not None and not ends_operand(code) and code.type not in _BEGINNINGS:
        return None  # a value goes on here
    if not _glued(tokens, at, "MINUS", "MINUS") or (out and out[-1].type not in _BEGINNINGS):
        return None
    if word is None or word.type != "NAME" or word.start == tokens[at + 1].end:
        return None
    span = tokens[at].span.to(tokens[at + 1].span)
    findings.error(
        "E1015",
        span,
        "a comment begins with `#`",
        hint="write `#` instead of `--`",
        edit=Edit(span, "#"),
    )
    taken = 2
    while at + taken < len(tokens) and tokens[at + taken].type != "NEWLINE":
        taken += 1
    return [], taken


def arrow(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> Mended | None:
    """`0s -> 1`, `0s => 1`."""
    if not (_glued(tokens, at, "MINUS", "COMPARE") or _glued(tokens, at, "EQUAL", "COMPARE")):
        return None
    if tokens[at + 1].text != ">" or not out or out[-1].type not in _TIMES:
        return None
    span = tokens[at].span.to(tokens[at + 1].span)
    edit = Edit(Span(out[-1].end, span.end), ":")
    findings.error("E1043", span, "a key is written with `:`", marker="write `:`", edit=edit)
    return [Token("COLON", ":", span.start, span.end)], 2


def easing_with_dashes(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> Mended | None:
    """`ease-in-out`, `cubic-bezier(…)`, as in style sheets."""
    if not out or not (out[-1].type == "WITH" or ends_operand(out[-1])):
        return None
    last = at
    while _glued(tokens, last, "NAME", "MINUS") and _glued(tokens, last + 1, "MINUS", "NAME"):
        last += 2
    if last == at:
        return None
    span = tokens[at].span.to(tokens[last].span)
    joined = "_".join(token.text for token in tokens[at : last + 1 : 2])
    meant = _FOREIGN_EASINGS.get(joined, joined)
    if meant not in EASINGS:
        return None
    shown = findings.source.slice(span)
    findings.error(
        "E2018",
        span,
        f"there is no easing called `{shown}`",
        hint=f"write `{meant}`",
        edit=Edit(span, meant),
    )
    return [Token("NAME", meant, span.start, span.end)], last - at + 1


def camera_with_its_kind(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> Mended | None:
    """`camera3d { … }`."""
    token = tokens[at]
    found = _CAMERA.match(token.text) if token.type == "NAME" and token.text[:6] == "camera" else None
    follows = tokens[at + 1].type if at + 1 < len(tokens) else "NEWLINE"
    if found is None or follows not in ("LBRACE", "NEWLINE") or (out and out[-1].type not in _BEGINNINGS):
        return None
    axes = found[2].lower()
    findings.error(
        "E1011",
        token.span,
        "a camera and its kind are two words",
        hint=f"write `camera {axes} {{ … }}`",
        edit=Edit(token.span, f"camera {axes}"),
    )
    middle = token.start + len("camera")
    return [
        Token("NAME", "camera", token.start, middle),
        Token("DIM", axes, middle, token.end),
    ], 1


def colon_of_a_block(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> Mended | None:
    """`prompt:` and its keys below: the colon is passed over, and the missing `{` is told."""
    follows = tokens[at + 1].type if at + 1 < len(tokens) else ""
    if tokens[at].type != "COLON" or follows != "NEWLINE" or not out or out[-1].text not in BRACED:
        return None
    return ([], 1) if len(out) == 1 or out[-2].type in _BEGINNINGS else None


READERS: dict[str, tuple[Reader, ...]] = {
    "MINUS": (comment_of_dashes, arrow),
    "EQUAL": (arrow,),
    "NAME": (camera_with_its_kind, easing_with_dashes),
    "COLON": (colon_of_a_block,),
}
"""By the kind of the first token: what is tried there."""


def _glued(tokens: list[Token], at: int, left: str, right: str) -> bool:
    """Whether tokens of these two kinds stand here without space between."""
    if at + 1 >= len(tokens) or tokens[at].type != left or tokens[at + 1].type != right:
        return False
    return tokens[at].end == tokens[at + 1].start
