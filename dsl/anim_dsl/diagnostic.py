"""What is wrong with a film, as a value: one code, one place, one sentence, one thing to write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from anim_dsl.source import Source, Span


class Severity(StrEnum):
    """How much a diagnostic matters: errors stop a render, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the first ("first defined here"); `source` is its text where that is
    another than the diagnostic's.
    """

    span: Span
    text: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A replacement of one span's characters; applying it mends what the diagnostic reports."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `message` is a lower-case sentence without a full stop, names in back-ticks.

    `marker` is the short text under the caret, `hint` says what to write instead,
    `edit` is given only where the mending is certain.
    """

    code: str
    severity: Severity
    source: Source
    span: Span
    message: str
    marker: str = ""
    notes: tuple[str, ...] = ()
    hint: str = ""
    labels: tuple[Label, ...] = ()
    edit: Edit | None = None

    def sort_key(self) -> tuple[str, Span, str]:
        """By file, place and code."""
        return (self.source.name, self.span, self.code)


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them stops a render."""
    return any(d.severity is Severity.ERROR for d in diagnostics)
