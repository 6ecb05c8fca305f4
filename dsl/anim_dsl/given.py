"""Values that a command line gives to a film's `let`s: `-D speed=3deg`, `-D rain.density="heavy"`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.findings import Findings
from anim_dsl.gate import admits
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Document, Given, GivenValue
from anim_dsl.values import ValueParser

GIVEN = "-D"
"""What messages call the text that was given beside the film."""

_HEAD = re.compile(r"\s*([^\W\d]\w*(?:\.[^\W\d]\w*)*)\s*=(?!=)")
_WORDS = re.compile(r"[^\W\d]\w*")


def given_name(option: str) -> str | None:
    """The name that an option gives a value to; None if it is not of the form `name=value`."""
    head = _HEAD.match(option)
    return None if head is None or not option[head.end() :].strip() else head[1]


def with_given(document: Document, options: Sequence[str]) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document with values in place of those that its `let`s have, and what is wrong with their text.

    Each option is `name=value`, the value an expression or a block of keys; the last of one name counts.
    All stand in one source called `-D`, a line each. ValueError for an option without a name or a value.
    """
    if not options:
        return document, ()
    source = Source(GIVEN, "\n".join(options))
    findings = Findings(source)
    if not admits(findings):
        return document, findings.all()
    found: dict[tuple[str, ...], GivenValue] = {}
    start = 0
    for option in options:
        made = _read(option, start, findings)
        if made is not None:
            found[made.path] = made
        start += len(option) + 1
    return replace(document, given=Given(source, tuple(found.values()))), findings.all()


def noted(found: Iterable[Diagnostic], options: Sequence[str]) -> tuple[Diagnostic, ...]:
    """The errors of a film that stand where a given value is read, each with a note that says so."""
    names = {option: (given_name(option) or "").rpartition(".")[2] for option in options}
    return tuple(_with_note(one, names) if one.severity is Severity.ERROR else one for one in found)


def _with_note(found: Diagnostic, names: Mapping[str, str]) -> Diagnostic:
    if found.source.name == GIVEN:
        return found
    read = set(_WORDS.findall(found.source.slice(found.span)))
    notes = tuple(f"`{name}` is what `-D {option}` says" for option, name in names.items() if name in read)
    return replace(found, notes=(*found.notes, *notes))


def _read(option: str, start: int, findings: Findings) -> GivenValue | None:
    head = _HEAD.match(option)
    if head is None:
        raise ValueError(option)
    value = ValueParser(findings).range(Span(start + head.end(), start + len(option)), findings)
    at = Span(start + head.start(1), start + head.end(1))
    return None if value is None else GivenValue(tuple(head[1].split(".")), value, at)
