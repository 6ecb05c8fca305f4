"""Texts: escapes, `{expr}` inserts and the indent of `\"\"\"` texts.

`\\" \\\\ \\n \\t \\u{…}` are characters, `\\( \\) \\[ \\]` stay as written (they escape prompt weights),
`\\{ \\}` are braces; any other escape is an error. `{frame:05}` is `format(frame, "05")`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.source import Span
from anim_dsl.syntax import Argument, Call, Expr, Name, Text
from anim_dsl.tokens import Token

ParseRange = Callable[[Span, Findings], Expr | None]
"""Parses the expression that stands in a range of the source; the findings say what is wrong with it."""

_MARKS = re.compile(r"\\(?:u\{[^}\s\"]{0,12}\}|[\s\S])|[{}]")
_INSERT_END = re.compile(r"\"[^\"\n]*\"|[{}]")
_ESCAPE = re.compile(r"\\(u\{[^}\s\"]{0,12}\}|[\s\S])")
_PAD = re.compile(r":\s*(0[1-9][0-9]?)\s*\Z")
_SIMPLE = {'"': '"', "\\": "\\", "n": "\n", "t": "\t", "{": "{", "}": "}"}
_KEPT = "()[]"
_DRIVE = re.compile(r"[A-Za-z]:")
_IN_NO_PATH = re.compile(r"[:*?\"<>|\n{}]")
_SHOWN = 60
_EXTENSION = re.compile(r"\.\w{2,11}\Z")


def read_text(token: Token, findings: Findings, parse: ParseRange) -> Text:
    """The text of a `STRING` or `LONG_STRING` token."""
    quotes = 3 if token.type == "LONG_STRING" else 1
    inside = Span(token.start + quotes, token.end - quotes)
    indent = 0
    if quotes == 3:
        inside, indent = trimmed(findings.source.text, inside)
    return Text(_Reader(findings, parse, inside, indent).parts(), token.span)


def windows_path(token: Token, findings: Findings, *, is_path: bool) -> Text | None:
    """The text with `/` for every `\\`, if it is a path that was copied from Windows, which is reported."""
    inside = findings.source.slice(Span(token.start + 1, token.end - 1))
    is_local = _DRIVE.match(inside) is not None and inside[2:3] == "\\" and "{" not in inside
    if token.type != "STRING" or "\\" not in inside.replace("\\\\", "") or '"' in inside:
        return None
    if not (is_local or (is_path and _is_windows_path(inside))):
        return None
    path = re.sub(r"\\+", "/", inside)
    span = Span(token.start + 1, token.end - 1)
    findings.error(
        "E1018",
        token.span,
        "a path is written with `/`, on Windows too",
        hint=f'write `"{path}"`' if len(path) < _SHOWN else "write `/` for every back-slash",
        edit=Edit(span, path),
    )
    return Text((path,), token.span)


def trimmed(text: str, inside: Span) -> tuple[Span, int]:
    """A long text without its empty first and last line, and the indent that its lines share."""
    content = text[inside.start : inside.end]
    lead = re.match(r"[ \t]*\r?\n", content)
    tail = re.search(r"\r?\n[ \t]*\Z", content)
    start = inside.start + (lead.end() if lead else 0)
    end = max(start, inside.start + tail.start() if tail else inside.end)
    lines = text[start:end].split("\n")
    counted = [line for line in (lines if lead else lines[1:]) if line.strip()]
    indent = min((len(line) - len(line.lstrip(" \t")) for line in counted), default=0)
    if lead:
        start = min(end, start + indent)
    return Span(start, end), indent


def _is_windows_path(text: str) -> bool:
    """Whether a text that holds a back-slash is a file's name: `C:\\films\\rain`, `media\\song.mp3`."""
    drive = _DRIVE.match(text)
    if drive is not None and text[2:3] == "\\":
        return "\n" not in text
    rest = text[drive.end() :] if drive else text
    return not _IN_NO_PATH.search(rest) and _EXTENSION.search(rest) is not None


class _Reader:
    def __init__(self, findings: Findings, parse: ParseRange, inside: Span, indent: int) -> None:
        self.findings = findings
        self.parse = parse
        self.text = findings.source.text
        self.inside = inside
        self.margin = re.compile(rf"\r?\n[ \t]{{0,{indent}}}") if indent else re.compile(r"\r?\n")
        self.pieces: list[str | Expr] = []
        self.is_path: bool | None = None

    def parts(self) -> tuple[str | Expr, ...]:
        """Plain text and inserts in turn."""
        at = done = self.inside.start
        while mark := _MARKS.search(self.text, at, self.inside.end):
            at = mark.end()
            if mark.group() == "}":
                self._lone_brace(mark.start(), "}", "closes no `{`")
            elif mark.group() == "{":
                self._plain(done, mark.start())
                at = done = self._insert(mark.start())
        self._plain(done, self.inside.end)
        return tuple(self.pieces)

    def _plain(self, start: int, end: int) -> None:
        if start >= end:
            return
        raw = self.margin.sub("\n", self.text[start:end])
        if "\\" in raw:
            for match in _ESCAPE.finditer(self.text, start, end):
                self._check_escape(match)
            raw = _ESCAPE.sub(_escaped, raw)
        if self.pieces and isinstance(self.pieces[-1], str):
            raw = self.pieces.pop() + raw  # type: ignore[operator]  # the last piece was just seen to be a str
        self.pieces.append(raw)

    def _check_escape(self, match: re.Match[str]) -> None:
        what = match.group(1)
        if what in _SIMPLE or what in _KEPT:
            return
        span = Span(match.start(), match.end())
        if what.startswith("u{"):
            if _character(what) is None:
                self.findings.error(
                    "E1018",
                    span,
                    f"`{match.group()}` is no Unicode character",
                    hint="write its hexadecimal number",
                )
            return
        if self.is_path is None:  # asked once: a text may hold thousands of back-slashes
            self.is_path = _is_windows_path(self.text[self.inside.start : self.inside.end])
        if self.is_path:
            hint, edit = "write paths with `/`, on Windows too", Edit(Span(span.start, span.start + 1), "/")
            self.findings.error("E1018", span, f"`{match.group()}` is no escape", hint=hint, edit=edit)
            return
        hint = "write `\\\\` for a backslash"
        self.findings.error("E1018", span, f"`{match.group()}` is no escape", hint=hint)

    def _insert(self, start: int) -> int:
        """Reads the insert that begins at a brace and gives the offset after it."""
        end = self._insert_end(start)
        if end is None:
            self._lone_brace(start, "{", "is not closed")
            return self._skip(start + 1)
        span = Span(start + 1, end - 1)
        expr = self._expression(span)
        if expr is not None:
            self.pieces.append(expr)
        return end

    def _insert_end(self, start: int) -> int | None:
        depth = 0
        for mark in _INSERT_END.finditer(self.text, start, self.inside.end):
            depth += {"{": 1, "}": -1}.get(mark.group(), 0)
            if depth == 0:
                return mark.end()
        return None

    def _skip(self, start: int) -> int:
        """After a brace that is not closed the rest is plain."""
        self._plain(start, self.inside.end)
        return self.inside.end

    def _expression(self, span: Span) -> Expr | None:
        inner = self.text[span.start : span.end]
        around = Span(span.start - 1, span.end + 1)
        if not inner.strip():
            self.findings.error(
                "E1021",
                around,
                "there is nothing to insert between these braces",
                hint="write an expression between them, or `\\{\\}` for braces",
            )
            return None
        if "|" in inner:
            self._report_choice(around, inner)
            return None
        pad = _PAD.search(inner)
        if pad is None:
            return self.parse(span, self.findings)
        value = self.parse(Span(span.start, span.start + pad.start()), self.findings)
        digits = Span(span.start + pad.start(1), span.start + pad.end(1))
        if value is None:
            return None
        arguments = (Argument(None, value, value.span), Argument(None, Text((pad.group(1),), digits), digits))
        return Call(Name(("format",), digits), arguments, span)

    def _report_choice(self, span: Span, inner: str) -> None:
        words = ", ".join(f'"{word.strip()}"' for word in inner.split("|"))
        self.findings.error(
            "E1022",
            span,
            "`{a|b}` is no choice here",
            marker="braces insert an expression",
            hint=f"write `let word = cycle([{words}], every(1s))` and insert `{{word}}`",
        )

    def _lone_brace(self, at: int, brace: str, what: str) -> None:
        self.findings.error(
            "E1020",
            Span(at, at + 1),
            f"this `{brace}` {what}",
            hint=f"braces insert an expression; write `\\{brace}` for the sign itself",
            edit=Edit(Span(at, at), "\\"),
        )


def _escaped(match: re.Match[str]) -> str:
    what = match.group(1)
    if what.startswith("u{"):
        return _character(what) or ""
    return _SIMPLE.get(what, match.group())


def _character(escape: str) -> str | None:
    """The character of `u{1f98a}`, or None if there is none."""
    digits = escape[2:-1]
    if not re.fullmatch(r"[0-9a-fA-F]{1,8}", digits):
        return None
    number = int(digits, 16)
    if number > 0x10FFFF or 0xD800 <= number < 0xE000 or number == 0:
        return None
    return chr(number)
