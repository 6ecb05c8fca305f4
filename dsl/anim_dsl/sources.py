"""Several texts under one numbering: a span of any of them tells which text it is in.

The film's own text begins at 0, each imported one behind the text before it. An imported tree's spans are
moved there (`anim_dsl.shift`), so that everything behind the parser needs spans only.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from anim_dsl.source import Source, Span


@dataclass(frozen=True, slots=True)
class Sources:
    """Texts with the offset that each begins at; never empty, offsets rising from 0."""

    rows: tuple[tuple[int, Source], ...]

    @classmethod
    def of(cls, source: Source) -> Sources:
        """The one text of a film that imports nothing."""
        return cls(((0, source),))

    @property
    def next_base(self) -> int:
        """Where the next text would begin."""
        base, source = self.rows[-1]
        return base + len(source.text) + 1

    def with_source(self, source: Source) -> Sources:
        """These texts and one more behind them."""
        return Sources((*self.rows, (self.next_base, source)))

    def locate(self, span: Span) -> tuple[Source, Span]:
        """The text that a span stands in, and the span there."""
        base, source = self.rows[self._index(span)]
        return source, Span(span.start - base, span.end - base)

    def same(self, a: Span, b: Span) -> bool:
        """Whether two spans stand in one text."""
        return self._index(a) == self._index(b)

    def slice(self, span: Span) -> str:
        """The characters that a span covers."""
        source, local = self.locate(span)
        return source.slice(local)

    def _index(self, span: Span) -> int:
        return max(0, bisect_right(self.rows, span.start, key=lambda row: row[0]) - 1)
