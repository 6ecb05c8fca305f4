"""What is selected when a selection grows: a word, its value, its key, its statement, its block, the film."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from lsprotocol.types import SelectionRange, SelectionRangeParams

from anim_dsl.lexer import lex
from anim_dsl.source import Span
from anim_dsl.syntax import Block
from anim_studio.lsp.analysed import Analysed


def selection_ranges(made: Analysed, params: SelectionRangeParams) -> list[SelectionRange]:
    """For each position what is around it, from the inside out."""
    return [_chain(made, made.positions.offset(position)) for position in params.positions]


def _chain(made: Analysed, offset: int) -> SelectionRange:
    found: SelectionRange | None = None
    last: Span | None = None
    spans = {Span(0, len(made.text)), *_around(made, offset)}
    for span in sorted(spans, key=lambda each: (each.start - each.end, each.start)):
        # each within the one before it; of two that only overlap, the larger
        if last is None or (last.start <= span.start and span.end <= last.end and span != last):
            found = SelectionRange(made.positions.range(span), found)
            last = span
    assert found is not None
    return found


def _around(made: Analysed, offset: int) -> Iterator[Span]:
    line = made.positions.line_span(made.positions.position(offset).line)
    for token in lex(made.text, line.start, line.end):
        if token.start <= offset <= token.end and token.text.strip():
            yield token.span
    waiting: list[object] = [made.document.statements]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
            continue
        span = getattr(node, "span", None)
        if not is_dataclass(node) or not isinstance(span, Span) or not span.start <= offset <= span.end:
            continue
        yield span
        if isinstance(node, Block):
            yield from _inside(made.text, span, offset)
        waiting.extend(getattr(node, field.name) for field in fields(node))


def _inside(text: str, block: Span, offset: int) -> Iterator[Span]:
    """What stands between the braces of a block."""
    within = text[block.start + 1 : block.end - 1]
    start = block.start + 1 + len(within) - len(within.lstrip())
    end = block.start + 1 + len(within.rstrip())
    if start <= offset <= end:
        yield Span(start, end)
