"""Blocks whose `{` was forgotten: a head alone on its line, and its settings on the lines below."""

from __future__ import annotations

from collections.abc import Sequence

from anim_dsl.cut import FILM, Cut, CutBlock, context_of
from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.settings import setting
from anim_dsl.source import Source, Span
from anim_dsl.tokens import TEXTS, Token

BRACED = frozenset({"camera", "diffuse", "coherence", "grade", "prompt"})
"""Words that say nothing without a block."""

_TIMES = TEXTS | {"QUANTITY", "NUMBER", "PERCENT"}


def is_bare_head(head: Sequence[Token]) -> bool:
    """Whether these tokens are the head of a block that says nothing without one: `camera 2d`, `diffuse`."""
    if not head or head[0].type != "NAME" or head[0].text not in BRACED:
        return False
    return len(head) == 1 or (head[0].text == "camera" and head[-1].type == "DIM" and len(head) <= 3)


def with_braces(cuts: list[Cut], findings: Findings) -> list[Cut]:
    """The statements with those that follow a bare head moved into its block, which is reported."""
    if not any(piece.block is None and is_bare_head(piece.head) for piece in cuts):
        return cuts
    mended: list[Cut] = []
    at = 0
    while at < len(cuts):
        piece, at = cuts[at], at + 1
        inside: list[Cut] = []
        if piece.block is None and is_bare_head(piece.head):
            inside = _following(piece.head, cuts[at:], findings.source)
        if inside:
            _report(piece.head, inside, findings)
            piece = Cut(piece.head, CutBlock(piece.head[-1].end, _end(inside[-1]), inside))
            at += len(inside)
        mended.append(piece)
    return mended


def _following(head: list[Token], cuts: list[Cut], source: Source) -> list[Cut]:
    context = context_of(head)
    found: list[Cut] = []
    for piece in cuts:
        if not _belongs(
            piece.head, context, is_deeper=_column(source, piece) > source.place(head[0].start).column
        ):
            break
        found.append(piece)
    return found


def _belongs(head: list[Token], context: str, *, is_deeper: bool) -> bool:
    if len(head) < 2:
        return False
    if context == "prompt" and head[0].type in _TIMES:
        return any(token.type == "COLON" for token in head)
    signs = ("EQUAL", "AUGMENT", "COLON") if is_deeper else ("EQUAL", "AUGMENT")
    if head[0].type != "NAME" or head[1].type not in signs:
        return False
    name = head[0].text
    return is_deeper or (setting(context, name) is not None and setting(FILM, name) is None)


def _column(source: Source, piece: Cut) -> int:
    return source.place(piece.head[0].start).column if piece.head else 0


def _end(piece: Cut) -> int:
    return piece.block.end if piece.block is not None else piece.head[-1].end


def _report(head: list[Token], inside: list[Cut], findings: Findings) -> None:
    source = findings.source
    span = head[0].span.to(head[-1].span)
    written = source.slice(span)
    rest = Span(span.end, _end(inside[-1]))
    closed = findings.retract("E1031", rest.end)
    indent = " " * (source.place(span.start).column - 1)
    newline = "\r\n" if "\r\n" in source.text else "\n"
    whole: Edit | None = Edit(rest, f" {{{source.slice(rest).removeprefix(':')}{newline}{indent}}}")
    if any(piece.head[1].type == "COLON" and piece.head[0].type == "NAME" for piece in inside):
        whole = None  # its settings are mended too, and edits must not cover each other
    findings.error(
        "E1036",
        span,
        f"the block of `{written}` has no `{{`",
        marker="write `{` after this",
        hint=f"write `{written} {{`" + ("" if closed else ", and `}` after its last line"),
        edit=Edit(Span(span.end, span.end), " {") if closed else whole,
    )
