"""What is looked at before a text is read at all: its size, its characters, and whether it is a film."""

from __future__ import annotations

import re

from anim_dsl.findings import Findings
from anim_dsl.lexer import token_beyond
from anim_dsl.source import Source, Span

MOST_BYTES = 1024 * 1024
"""A film's text may be so long; a longer one is not read."""

MOST_TOKENS = 400_000
"""A film may have so many words, signs, numbers and texts; the densest that people write have half of it."""

MOST_STATEMENTS = 20_000
"""A film may have so many statements, those in blocks counted."""

MOST_ELEMENTS = 10_000
"""One statement may have so many keys, elements and arguments, one block so many keys, and a film so many
inserts in its texts."""

LIMIT_CODES = frozenset(
    {"E1002", "E1004", "E1070", "E1071", "E1072", "E1073", "E2017", "E2030", "E2032", "E2044", "E4032"}
)
"""Diagnostics of an input beyond a limit; programs end with exit code 3 on these."""

UNREAD_CODES = frozenset({"E1001", "E1002", "E1003", "E1004", "E1006", "E1070", "E1071", "E1072", "E1073"})
"""Diagnostics of a text that was not read, or not to its end: what is missing in its tree may well stand in
the text, so nothing more can be said about it.
"""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BIDI = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_FOREIGN = (
    (re.compile(r"\s*%YAML\b.*?(?:tag:unity3d|AnimationClip)", re.DOTALL), "a Unity animation clip"),
    (re.compile(r"\s*%YAML\b"), "a YAML file, as Unity writes"),
    (re.compile(r"\s*animVersion\b"), "a Maya animation"),
    (re.compile(r"\s*\[gd_(?:resource|scene)\b"), "a Godot resource"),
    (re.compile(r"\s*\{\s*\"[^\"]*\"\s*:"), "a JSON file"),
)
_HEAD = 2000


def admits(findings: Findings) -> bool:
    """Whether the text can be read as a film; what cannot is reported."""
    text = findings.source.text
    size = _bytes(text)
    if size > MOST_BYTES:
        findings.error(
            "E1002",
            Span(0, 0),
            f"the file has {size / MOST_BYTES:.1f} MiB; a film may have at most 1 MiB",
            hint="split it: `import` brings in lets and templates of other files",
        )
        return False
    for pattern, what in _FOREIGN:
        if pattern.match(text[:_HEAD]):
            _report_foreign(findings, what)
            return False
    return _characters(text, findings) and _admits_tokens(text, findings)


def _admits_tokens(text: str, findings: Findings) -> bool:
    beyond = token_beyond(text, MOST_TOKENS)
    if beyond is None:
        return True
    findings.error(
        "E1071",
        Span(beyond, beyond + 1),
        f"the film has more than {MOST_TOKENS:,} words and signs",
        marker="this is the first too many",
        hint="split it: `import` brings in lets and templates of other files",
    )
    return False


def admits_edit(source: Source, changed: range) -> bool:
    """Whether a text is admitted without a finding, if it was before these characters were put into it."""
    text = source.text
    if _bytes(text) > MOST_BYTES or any(pattern.match(text[:_HEAD]) for pattern, _ in _FOREIGN):
        return False
    pieces = (pattern.search(text, changed.start, changed.stop) for pattern in (_CONTROL, _BIDI))
    return not any(pieces)


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def _report_foreign(findings: Findings, what: str) -> None:
    text = findings.source.text
    start = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    end = text.find("\n", start)
    findings.error(
        "E1001",
        Span(start, len(text) if end < 0 else end),
        f"this is {what}, not a film",
        hint="other programs use the ending `.anim` too; a film begins like `size = 512x512`",
    )


def _characters(text: str, findings: Findings) -> bool:
    control = _CONTROL.search(text)
    if control is not None:
        findings.error(
            "E1003",
            Span(control.start(), control.end()),
            f"the text holds the control character U+{ord(control.group()):04X}",
            hint="save the file as plain UTF-8 text",
        )
        return False
    bidi = _BIDI.search(text)
    if bidi is not None:
        findings.error(
            "E1005",
            Span(bidi.start(), bidi.end()),
            f"the text holds the character U+{ord(bidi.group()):04X}, which makes text look other than it is",
            hint="remove it; in a prompt write it as `\\u{…}` if it is meant",
        )
    return True
