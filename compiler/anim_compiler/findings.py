"""Where the checker collects what is wrong with a film."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import replace
from typing import TypedDict, Unpack

from anim_dsl.diagnostic import Diagnostic, Edit, Label, Severity, has_errors
from anim_dsl.gate import LIMIT_CODES
from anim_dsl.secrets import masked
from anim_dsl.shorten import shorten
from anim_dsl.source import Span
from anim_dsl.sources import Sources

MOST = 500
"""So many errors of a film are kept, and so many warnings; nobody reads on, and a flood costs time."""

FLOOD = 100
"""From so many errors on, nothing is looked for that was perhaps meant."""

STANDARD = "std:"
"""What the names of the standard library's texts begin with."""

_HINTS = {
    "E2021": "use it in a camera of the other kind, or use another template",
}
"""What to do about a template of the library, where its own settings are not the place to mend it."""

_NAMES = re.compile(r"[^\W\d]\w*")
_QUOTED = re.compile(r"`([^`]+)`")


class Extras(TypedDict, total=False):
    """The parts of a diagnostic that not every one has."""

    marker: str
    notes: tuple[str, ...]
    hint: str
    labels: tuple[Label, ...]
    edit: Edit | None


class Findings:
    """Diagnostics of a film and of what it imports, one per code and place, at most `MOST` a severity.

    Spans are given in the numbering of `sources`; a diagnostic's own are those of its text.
    """

    def __init__(self, sources: Sources, uses: Iterable[tuple[Span, Span]] = ()) -> None:
        self.sources = sources
        #: blocks of templates, each with the `use` in the film that it comes from first
        self.uses = list(uses)
        #: the `use` of the template whose statement is read just now
        self.used_at: Span | None = None
        self._used: dict[tuple[str, Span], Span] = {}
        self._kept: dict[tuple[str, Span], tuple[Severity, str, Extras]] = {}
        self._others: list[Diagnostic] = []
        self._counts = dict.fromkeys(Severity, 0)
        self._mentioned: set[str] = set()
        self._wrong: list[int] = []

    @property
    def any(self) -> bool:
        """Whether anything was found yet."""
        return bool(self._kept or self._others)

    @property
    def flooded(self) -> bool:
        """Whether so many errors were found that looking for what was meant is not worth its time."""
        return self._counts[Severity.ERROR] >= FLOOD

    @property
    def has_errors(self) -> bool:
        """Whether anything was found that stops a render."""
        return bool(self._counts[Severity.ERROR]) or has_errors(self._others)

    def wrong_within(self, span: Span) -> bool:
        """Whether an error was found inside a place."""
        place = bisect_left(self._wrong, span.start)
        return place < len(self._wrong) and self._wrong[place] <= span.end

    def mentions(self, name: str) -> bool:
        """Whether an error speaks of a name, which may then be meant where it stands wrong."""
        return name in self._mentioned

    def mention(self, span: Span) -> None:
        """Takes the names that stand in a place that is not read as spoken of: they are not unused."""
        self._mentioned.update(_NAMES.findall(self.sources.slice(span)))

    def error(self, code: str, span: Span, message: str, **extras: Unpack[Extras]) -> None:
        """Adds an error, unless this code was already given for this place."""
        if not self._add(code, span, Severity.ERROR, message, extras):
            return
        insort(self._wrong, span.start)
        self._mentioned.update(_QUOTED.findall(message), _QUOTED.findall(extras.get("hint", "")))

    def warning(self, code: str, span: Span, message: str, **extras: Unpack[Extras]) -> None:
        """Adds a warning, unless this code was already given for this place."""
        self._add(code, span, Severity.WARNING, message, extras)

    def note(self, code: str, span: Span, message: str, **extras: Unpack[Extras]) -> None:
        """Adds a note, unless this code was already given for this place."""
        self._add(code, span, Severity.NOTE, message, extras)

    def _add(self, code: str, span: Span, severity: Severity, message: str, extras: Extras) -> bool:
        """Whether it is kept: new at its place, and not one too many, unless a limit was reached."""
        if (code, span) in self._kept or (self._counts[severity] >= MOST and code not in LIMIT_CODES):
            return False
        if "hint" in extras:
            extras["hint"] = masked(extras["hint"])
        self._kept[code, span] = (severity, masked(message), extras)
        if self.used_at is not None:
            self._used[code, span] = self.used_at
        self._counts[severity] += 1
        return True

    def take(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Adds what another pass found, as it is."""
        self._others.extend(diagnostics)

    def text(self, span: Span, most: int = 60) -> str:
        """What is written there, on one line, cut to `most` characters."""
        words = " ".join(self.sources.slice(span).split())
        return words if len(words) <= most else words[: most - 1] + "…"

    def all(self) -> tuple[Diagnostic, ...]:
        """Every finding, by file and place."""
        rows: dict[tuple[str, Span], tuple[Severity, str, Extras]] = {}
        for (code, span), row in self._kept.items():
            at, shown = self._seen(code, span, row)
            rows.setdefault((code, at), shown)
        own = [self._located(code, span, *row) for (code, span), row in rows.items()]
        return tuple(sorted([*own, *self._others], key=Diagnostic.sort_key))

    def _seen(
        self, code: str, span: Span, row: tuple[Severity, str, Extras]
    ) -> tuple[Span, tuple[Severity, str, Extras]]:
        """A finding in a template, with the `use` that it comes from; at that `use` if the template is one
        of the standard library, which no film can change.
        """
        body = next((row for row in self.uses if row[0].start <= span.start and span.end <= row[0].end), None)
        if body is None:
            return span, row
        used_at = self._used.get((code, span), body[1])
        severity, message, extras = row
        if not self.sources.locate(span)[0].name.startswith(STANDARD):
            labels = (*extras.get("labels", ()), Label(used_at, "used here"))
            return span, (severity, message, {**extras, "labels": labels})
        kept: Extras = {**extras, "labels": (), "edit": None}
        name = self.sources.slice(used_at).partition("(")[0]
        if code in _HINTS:
            kept["hint"] = _HINTS[code]
        return used_at, (severity, f"in `{name}`: {message}", kept)

    def _located(self, code: str, span: Span, severity: Severity, message: str, extras: Extras) -> Diagnostic:
        source, local = self.sources.locate(span)
        made = shorten(Diagnostic(code, severity, source, local, message, **extras))
        if not made.labels and made.edit is None:
            return made
        edit = made.edit
        if edit is not None:
            home, place = self.sources.locate(edit.span)
            edit = Edit(place, edit.text) if home is source else None
        return replace(
            made, labels=tuple(map(self._label, made.labels, [span] * len(made.labels))), edit=edit
        )

    def _label(self, label: Label, span: Span) -> Label:
        """The label in its own text; one in another text than the diagnostic says so."""
        source, local = self.sources.locate(label.span)
        return Label(local, label.text, None if self.sources.same(label.span, span) else source)
