"""What is looked at before a text is read at all: its size, its characters, and whether it is a film."""

from __future__ import annotations

import re

from anim_dsl.findings import Findings
from anim_dsl.source import Span

MOST_BYTES = 1024 * 1024
"""A film's text may be so long; a longer one is not read."""

LIMIT_CODES = frozenset({"E1002", "E1004"})
"""Diagnostics of an input beyond a limit; programs end with exit code 3 on these."""

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
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
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
    return _characters(text, findings)


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
