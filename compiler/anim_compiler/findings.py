"""Where the checker collects what is wrong with a film."""

from __future__ import annotations

from typing import TypedDict, Unpack

from anim_dsl.diagnostic import Diagnostic, Edit, Label, Severity
from anim_dsl.source import Source, Span


class Extras(TypedDict, total=False):
    """The parts of a diagnostic that not every one has."""

    marker: str
    notes: tuple[str, ...]
    hint: str
    labels: tuple[Label, ...]
    edit: Edit | None


class Findings:
    """Diagnostics of one source, one per code and place."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._kept: dict[tuple[str, Span], Diagnostic] = {}

    def error(self, code: str, span: Span, message: str, **extras: Unpack[Extras]) -> None:
        """Adds an error, unless this code was already given for this place."""
        found = Diagnostic(code, Severity.ERROR, self.source, span, message, **extras)
        self._kept.setdefault((code, span), found)

    def warning(self, code: str, span: Span, message: str, **extras: Unpack[Extras]) -> None:
        """Adds a warning, unless this code was already given for this place."""
        found = Diagnostic(code, Severity.WARNING, self.source, span, message, **extras)
        self._kept.setdefault((code, span), found)

    def text(self, span: Span, most: int = 60) -> str:
        """What is written there, on one line, cut to `most` characters."""
        words = " ".join(self.source.slice(span).split())
        return words if len(words) <= most else words[: most - 1] + "…"

    def all(self) -> tuple[Diagnostic, ...]:
        """Every finding, by place."""
        return tuple(sorted(self._kept.values(), key=Diagnostic.sort_key))
