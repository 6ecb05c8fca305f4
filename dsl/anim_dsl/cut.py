"""Statements and blocks cut out of the tokens before any of them is parsed.

Needs only line ends, `;` and braces. A `}` that is missing is reported at the block that is not closed, told
by a statement that may not stand in it, or by one that is indented no further than the block itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from anim_dsl.diagnostic import Edit, Label
from anim_dsl.findings import Findings
from anim_dsl.source import Source, Span
from anim_dsl.tokens import Token
from anim_dsl.words import WORDS

CLOSING_QUOTES = "\"'\u2018\u2019\u201c\u201d\u00ab\u00bb"
"""What a text may end with, those of other kinds among them."""

_SPACE = re.compile(r"[^\S\r\n]*")

FILM = "film"
"""The context of a statement that stands in no block."""


@dataclass(slots=True)
class Cut:
    """One statement's tokens without its block, and its block."""

    head: list[Token]
    block: CutBlock | None = None


@dataclass(slots=True)
class CutBlock:
    """The statements between two braces, and the span with the braces."""

    start: int
    end: int
    statements: list[Cut] = field(default_factory=list)


@dataclass(slots=True)
class _Open:
    statement: Cut
    block: CutBlock
    context: str
    indent: int
    line: int
    inner_indent: int | None = None


def cut(tokens: list[Token], findings: Findings) -> list[Cut]:
    """The statements of a file, blocks inside them; reports braces that do not match."""
    return _Cutter(tokens, findings).run()


def context_of(head: list[Token]) -> str:
    """What the block after these tokens belongs to: `camera 3d`, `prompt`, a setting's name, or nothing."""
    if not head or head[0].type != "NAME":
        return ""
    word = head[0].text
    if word == "camera":
        axes = [token.text[0] for token in head[1:] if token.type == "DIM"]
        return f"camera {axes[0]}d" if axes else "camera"
    return word


class _Cutter:
    def __init__(self, tokens: list[Token], findings: Findings) -> None:
        self.tokens = tokens
        self.findings = findings
        self.source = findings.source
        self.missing = _missing(tokens)
        self.root: list[Cut] = []
        self.open: list[_Open] = []
        self.head: list[Token] = []
        self.just_closed: Token | None = None

    def run(self) -> list[Cut]:
        for at, token in enumerate(self.tokens):
            if token.type in ("NEWLINE", "SEMICOLON"):
                self._end()
                self.just_closed = None
            elif token.type == "LBRACE":
                self._enter(token)
            elif token.type == "RBRACE":
                self._leave(token)
            else:
                if not self.head:
                    self._begin(at, token)
                self.head.append(token)
        self._end()
        while self.open:
            if self._is_swallowed():
                self.open.pop().block.end = len(self.source.text)
            else:
                self._report_unclosed(None)
        return self.root

    def _is_swallowed(self) -> bool:
        """Whether a text without its closing quotes, reported already, has taken the rest of the file."""
        last = self.tokens[-1]
        text = self.source.text
        is_made = last.type == "STRING" and last.value is not None
        return is_made and text[last.end - 1] not in CLOSING_QUOTES and not text[last.end :].strip()

    def _statements(self) -> list[Cut]:
        return self.open[-1].block.statements if self.open else self.root

    def _end(self) -> None:
        if self.head:
            self._statements().append(Cut(self.head))
            self.head = []

    def _enter(self, brace: Token) -> None:
        head, self.head = self.head, []
        self.just_closed = None
        first = head[0] if head else brace
        block = CutBlock(brace.start, brace.end)
        statement = Cut(head, block)
        self._statements().append(statement)
        place = self.source.place(first.start)
        indent = _indent(self.source, place.line)
        self.open.append(_Open(statement, block, context_of(head), indent, place.line))

    def _leave(self, brace: Token) -> None:
        self._end()
        self.just_closed = brace
        if not self.open:
            self.findings.error(
                "E1031", brace.span, "this `}` closes no block", hint="remove it, or open the block with `{`"
            )
            return
        self.open.pop().block.end = brace.end

    def _begin(self, at: int, token: Token) -> None:
        """Looks whether a statement may begin here."""
        while self.missing and self.open and self._shows_missing_brace(at, token):
            self._report_unclosed(token)
        if self.open and self.open[-1].inner_indent is None:
            line = self.source.place(token.start).line
            if line != self.open[-1].line:
                self.open[-1].inner_indent = _indent(self.source, line)
        if self.just_closed is not None and token.type not in ("ELSE", "COMMA"):
            here = Span(self.just_closed.end, self.just_closed.end)
            self.findings.error(
                "E1034",
                token.span,
                "a statement begins on a new line or after `;`",
                hint="put `;` after the `}`",
                edit=Edit(here, ";"),
            )
        self.just_closed = None

    def _shows_missing_brace(self, at: int, token: Token) -> bool:
        block = self.open[-1]
        if _is_misplaced_word(self.tokens, at, block.context):
            return True
        place = self.source.place(token.start)
        indent = _indent(self.source, place.line)
        if place.line == block.line or block.inner_indent is None or place.column != indent + 1:
            return False
        return indent <= block.indent < block.inner_indent

    def _report_unclosed(self, before: Token | None) -> None:
        block = self.open.pop()
        self.missing = max(0, self.missing - 1)
        end = before.start if before else len(self.source.text)
        block.block.end = end
        head = block.statement.head
        first = head[0].start if head else block.block.start
        line = self.source.place(end).line
        name = block.context or "block"
        self.findings.error(
            "E1030",
            Span(first, block.block.start + 1),
            f"the block of `{name}` is not closed" if block.context else "this block is not closed",
            marker="no `}` for this `{`",
            hint=f"write `}}` before line {line}" if before else "write `}` at its end",
            labels=(Label(before.span, "this cannot stand inside it"),) if before else (),
        )


def _missing(tokens: list[Token]) -> int:
    """How many `{` find no `}`."""
    depth = 0
    for token in tokens:
        if token.type == "LBRACE":
            depth += 1
        elif token.type == "RBRACE" and depth:
            depth -= 1
    return depth


def _is_misplaced_word(tokens: list[Token], at: int, context: str) -> bool:
    """Whether a statement word begins a statement here that may not stand in this block."""
    word = WORDS.get(tokens[at].text) if tokens[at].type == "NAME" else None
    if word is None or at + 1 >= len(tokens):
        return False
    if tokens[at + 1].type in ("EQUAL", "AUGMENT", "COLON", "DOT"):
        return False
    return context.split(" ")[0] not in word.blocks


def _indent(source: Source, line: int) -> int:
    start = source.line_starts[line - 1]
    indent = _SPACE.match(source.text, start)
    return indent.end() - start if indent else 0
