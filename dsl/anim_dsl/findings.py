"""Where a pass over a film's text collects its diagnostics."""

from __future__ import annotations

from anim_dsl.diagnostic import Diagnostic, Edit, Label, Severity
from anim_dsl.shorten import shorten
from anim_dsl.source import Source, Span

MOST = 20
"""So many errors of one file are kept, a last one says that there are more; and so many warnings."""


class Findings:
    """Diagnostics of one source in the order found, at most `MOST` of a severity, one per code and place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._kept: list[Diagnostic] = []
        self._seen: set[tuple[str, Span]] = set()

    @property
    def full(self) -> bool:
        """Whether further errors are dropped."""
        return self._count(Severity.ERROR) >= MOST

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        marker: str = "",
        hint: str = "",
        notes: tuple[str, ...] = (),
        labels: tuple[Label, ...] = (),
        edit: Edit | None = None,
    ) -> None:
        """Adds an error."""
        self._add(
            Diagnostic(code, Severity.ERROR, self.source, span, message, marker, notes, hint, labels, edit)
        )

    def warning(self, code: str, span: Span, message: str, *, marker: str = "", hint: str = "") -> None:
        """Adds a warning."""
        self._add(Diagnostic(code, Severity.WARNING, self.source, span, message, marker, (), hint))

    def retract(self, code: str, after: int) -> bool:
        """Takes back the first finding of a code behind an offset: what followed from a slip told better.

        Gives whether there was one.
        """
        behind = sorted(d.span for d in self._kept if d.code == code and d.span.start >= after)
        if behind:
            self._kept = [d for d in self._kept if (d.code, d.span) != (code, behind[0])]
            self._seen.discard((code, behind[0]))
        return bool(behind)

    def _add(self, found: Diagnostic) -> None:
        if self._count(found.severity) >= MOST or (found.code, found.span) in self._seen:
            return
        self._seen.add((found.code, found.span))
        self._kept.append(shorten(found))

    def _count(self, severity: Severity) -> int:
        return sum(each.severity is severity for each in self._kept)

    def all(self) -> tuple[Diagnostic, ...]:
        """Every finding, by place; when the limit was reached a last one says so."""
        ordered = tuple(sorted(self._kept, key=Diagnostic.sort_key))
        if not self.full:
            return ordered
        last = next(each for each in reversed(ordered) if each.severity is Severity.ERROR)
        more = Diagnostic(
            "E1006",
            Severity.ERROR,
            self.source,
            last.span,
            f"there are more than {MOST} syntax errors; the rest is not shown",
            hint="mend the first ones and check again",
        )
        return (*ordered, more)
