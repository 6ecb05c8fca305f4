"""Slips in texts: quotes of other kinds, quotes that are missing, quotes inside an insert."""

from __future__ import annotations

import re

from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.source import Span
from anim_dsl.syntax import Text
from anim_dsl.tokens import Token

NEARLY = frozenset({"CURLY_STRING", "SINGLE_STRING", "OPEN_STRING", "OPEN_LONG_STRING"})

_LONGEST_LINE = 400
_MARKS = re.compile(r"\\.|[{}\"]")
_LINE_END = re.compile(r"[\r\n]")
_TEXT_ENDS = re.compile(r"[\s,;}\])]*\Z")
_TAIL = {",": "COMMA", ";": "SEMICOLON", "}": "RBRACE", ")": "RPAR", "]": "RSQB"}


def nearly_text(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> int:
    """Appends the text that was meant, and gives how many tokens that took."""
    token = tokens[at]
    if token.type in ("CURLY_STRING", "SINGLE_STRING"):
        if token.type == "SINGLE_STRING" and _is_apostrophe(out, token):
            return _unquoted_line(tokens, at, out, findings)
        out.append(_other_quotes(token, findings))
    elif token.type == "OPEN_LONG_STRING":
        _report_open(token, '"""', findings)
        out.append(_made_text(token.start, token.end, token.text[3:]))
    elif _is_apostrophe(out, token):
        return _unquoted_line(tokens, at, out, findings)
    else:
        _open_text(token, out, findings)
    return 1


def _other_quotes(token: Token, findings: Findings) -> Token:
    inner = token.text[1:-1]
    text = _quoted(inner)
    kind = "typographic" if token.type == "CURLY_STRING" or token.text[0] != "'" else "single"
    findings.error(
        "E1017",
        token.span,
        f"these are {kind} quotes",
        marker='texts stand in `"`',
        hint=f"write `{text}`" if len(text) < 60 else 'write `"` at both ends',
        edit=Edit(token.span, text),
    )
    return _made_text(token.start, token.end, inner)


def _open_text(token: Token, out: list[Token], findings: Findings) -> None:
    """A quote without its fellow on the line: the text ends before what closes the line's blocks."""
    ends = _TEXT_ENDS.search(token.text)
    body = token.text[: ends.start()] if ends and ends.start() > 1 else token.text
    _report_open(token._replace(text=body, end=token.start + len(body)), '"', findings)
    out.append(_made_text(token.start, token.start + len(body), body[1:]))
    for offset, char in enumerate(token.text[len(body) :], token.start + len(body)):
        if char in _TAIL:
            out.append(Token(_TAIL[char], char, offset, offset + 1))


def _report_open(token: Token, quotes: str, findings: Findings) -> None:
    line_end = token.text.find("\n")
    end = token.end if line_end < 0 else token.start + line_end
    findings.error(
        "E1019",
        Span(token.start, end),
        "this text has no closing quote",
        hint=f"write `{quotes}` where it ends",
    )


def text_with_quotes_inside(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> int:
    """`"a {"red" if x else "blue"} cat"`: one text was meant, and the quotes in its insert end it."""
    token = tokens[at]
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    whole = None
    if after is not None and after.start == token.end and _leaves_insert_open(token.text):
        end = _end_of_line(findings.source.text, token.start)
        whole = _text_with_inserts(findings.source.text[token.start : end])
    if whole is None:
        out.append(token)
        return 1
    span = Span(token.start, token.start + whole)
    findings.error(
        "E1024",
        span,
        "a quote inside `{ }` ends the text",
        marker="one text, or three?",
        hint='name the inner text (`let hue = "red" if bass > 0.5 else "blue"`) and insert `{hue}`',
    )
    out.append(_made_text(span.start, span.end, ""))
    taken = 1
    while at + taken < len(tokens) and tokens[at + taken].start < span.end:
        taken += 1
    return taken


def _leaves_insert_open(text: str) -> bool:
    bare = re.sub(r"\\.", "", text)
    return bare.rfind("{") > bare.rfind("}")


def _text_with_inserts(line: str) -> int | None:
    """How long a text is that begins a line, if quotes inside braces do not end it."""
    depth = 0
    for mark in _MARKS.finditer(line, 1):
        depth += {"{": 1, "}": -1}.get(mark.group(), 0)
        if mark.group() == '"' and depth == 0:
            return mark.end()
    return None


def _is_apostrophe(out: list[Token], token: Token) -> bool:
    return token.text[0] in "'\u2019" and bool(out) and out[-1].type == "NAME" and out[-1].end == token.start


def _unquoted_line(tokens: list[Token], at: int, out: list[Token], findings: Findings) -> int:
    """`0s: it's raining`: words without quotes, told by the apostrophe in a word."""
    last = len(out)
    while last and out[last - 1].type == "NAME":
        last -= 1
    start = out[last].start
    del out[last:]
    line_end = _end_of_line(findings.source.text, start)
    body = findings.source.text[start:line_end].rstrip(" \t\r")
    body = body[:-1].rstrip() if body.endswith("}") else body
    span = Span(start, start + len(body))
    findings.error(
        "E1049",
        span,
        "a text stands in double quotes",
        hint=f"write `{_quoted(body)}`" if len(body) < 60 else 'write `"` at both ends',
        edit=Edit(span, _quoted(body)),
    )
    out.append(_made_text(span.start, span.end, body))
    text = findings.source.text
    closing = (offset for offset in range(span.end, line_end) if text[offset] == "}")
    out.extend(Token("RBRACE", "}", offset, offset + 1) for offset in closing)
    taken = 1
    while at + taken < len(tokens) and tokens[at + taken].start < line_end:
        taken += 1
    return taken


def _end_of_line(text: str, start: int) -> int:
    longest = min(len(text), start + _LONGEST_LINE)
    end = _LINE_END.search(text, start, longest)
    return end.start() if end else longest


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(?<!\\)"', r"\"", text) + '"'


def _made_text(start: int, end: int, text: str) -> Token:
    """A text that is built here; its parts are plain."""
    return Token("STRING", text, start, end, Text((text,) if text else (), Span(start, end)))
