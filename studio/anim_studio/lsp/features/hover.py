"""Hover: what stands at the cursor, explained, with its numbers as the film has them."""

from __future__ import annotations

import re

from lsprotocol.types import Hover, HoverParams, MarkupContent, MarkupKind

from anim_dsl.codes import page
from anim_dsl.source import Span
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.at import At, at
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.features import hover_name, hover_text, hover_value
from anim_studio.lsp.telling.language import of_page
from anim_studio.lsp.telling.layout import ruled, without_marks

_CODE = re.compile(r"[EWN][0-9]{4}")


def hover(analysed: Analysed, params: HoverParams) -> Hover | None:
    """The answer to `textDocument/hover`."""
    offset = analysed.positions.offset(params.position)
    told, span = hover_at(analysed, offset)
    if not told:
        return None
    range_ = None if span is None else analysed.positions.range(span)
    if _reads_markdown(analysed.desk):
        return Hover(MarkupContent(MarkupKind.Markdown, told), range_)
    return Hover(MarkupContent(MarkupKind.PlainText, without_marks(told)), range_)


def _reads_markdown(desk: Desk) -> bool:
    """Whether the client shows Markdown; one that does not say is believed to."""
    client = desk.client.text_document
    formats = client.hover.content_format if client is not None and client.hover is not None else None
    return not formats or MarkupKind.Markdown in formats


def hover_at(analysed: Analysed, offset: int) -> tuple[str, Span | None]:
    """What is told at an offset, as Markdown, and which characters it is about; empty where there is nothing
    to tell.
    """
    found = at(analysed.text, offset)
    told, span = _told(analysed, found)
    return ruled(told, *_diagnosed(analysed, offset)), span


def _told(analysed: Analysed, found: At) -> tuple[str, Span | None]:
    if found.place == "comment":
        return _code_in(found)
    if found.place == "text":
        span = None if found.text is None else found.text.span
        return hover_text.of_text(analysed, found), span
    if found.word is None:
        return "", None
    if found.is_number:
        return hover_value.of_number(analysed, found), found.word.span
    return hover_name.of_name(analysed, found), found.word.span


def _code_in(found: At) -> tuple[str, Span | None]:
    """The page of a code that a comment names under the cursor."""
    comment = found.word
    for match in _CODE.finditer(comment.text if comment is not None else ""):
        start = (comment.start if comment is not None else 0) + match.start()
        known = page(match[0])
        if known is not None and start <= found.offset <= start + 5:
            return of_page(known, examples=True), Span(start, start + 5)
    return "", None


def _diagnosed(analysed: Analysed, offset: int) -> list[str]:
    """The pages of the diagnostics at an offset: the editor shows what they say, not what they mean."""
    codes = [
        diagnostic.code
        for diagnostic in analysed.diagnostics
        if diagnostic.source == analysed.source and diagnostic.span.start <= offset <= diagnostic.span.end
    ]
    pages = (page(code) for code in dict.fromkeys(codes))
    return [of_page(known) for known in pages if known is not None]
