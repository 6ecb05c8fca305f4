"""Which line ends count, and brackets that do not match.

A line end counts unless it stands inside `( )` or `[ ]`; or the line before ends in `,` `=` `:` or an
operator; or the next line begins with an operator or `{`. A comma at the end of a line is dropped unless an
element follows. What closes nothing is dropped, what is not closed gets its closing bracket, each with a
diagnostic, so that one slip costs one message.
"""

from __future__ import annotations

from anim_dsl.diagnostic import Label
from anim_dsl.findings import Findings
from anim_dsl.source import Span
from anim_dsl.tokens import (
    BINARY_OPERATORS,
    CLOSERS,
    JOINING_WORDS,
    OPENERS,
    SIGNS,
    TEXTS,
    Token,
    ends_operand,
)
from anim_dsl.words import WORDS

DEEPEST = 100
"""Brackets and blocks may stand so many levels deep in each other."""

_JOINS = BINARY_OPERATORS | JOINING_WORDS
_BEFORE_BREAK = _JOINS | {"COMMA", "COLON", "EQUAL", "AUGMENT", "NOT"}
_AFTER_BREAK = _JOINS | {"LBRACE"}
# What follows the name that a statement begins with, and never the name that an element begins with.
_AFTER_FIRST_NAME = TEXTS | {"NAME", "LBRACE", "EQUAL", "AUGMENT", "DIM", "QUANTITY"}
_ELEMENT_STARTS = TEXTS | {"NAME", "NUMBER", "QUANTITY", "PERCENT", "SIZE", "LET", "DEF", "NOT"}


class TooDeepError(Exception):
    """Brackets or blocks stand too deep in each other; `token` is the first that does."""

    def __init__(self, token: Token) -> None:
        super().__init__(token.start)
        self.token = token


def significant(tokens: list[Token], findings: Findings) -> list[Token]:
    """The tokens with only the line ends that count (`NEWLINE`) and with brackets that match.

    Raises TooDeepError.
    """
    return _Lines(tokens, findings).run()


def starts_statement(tokens: list[Token], at: int) -> bool:
    """Whether a statement that is no key begins at this token."""
    kind = tokens[at].type
    if kind in ("LET", "DEF"):
        return True
    if kind != "NAME":
        return False
    at += 1
    while at + 1 < len(tokens) and tokens[at].type == "DOT" and tokens[at + 1].type == "NAME":
        at += 2
    return at < len(tokens) and tokens[at].type in _AFTER_FIRST_NAME


class _Lines:
    def __init__(self, tokens: list[Token], findings: Findings) -> None:
        self.tokens = tokens
        self.findings = findings
        self.out: list[Token] = []
        self.brackets: list[Token] = []
        self.blocks = 0
        self.following = _following(tokens)

    def run(self) -> list[Token]:
        for at, token in enumerate(self.tokens):
            kind = token.type
            if kind == "NEWLINE":
                self._line_end(at, token)
            elif kind == "COMMA":
                if not self._drops_comma(at):
                    self.out.append(token)
            elif kind in OPENERS:
                self._open(token)
            elif kind in CLOSERS:
                self._close(token)
            elif kind in ("LBRACE", "RBRACE", "SEMICOLON"):
                self._close_all(token.start)
                self._count_block(token)
                self.out.append(token)
            else:
                self.out.append(token)
        self._close_all(len(self.findings.source.text))
        return self.out

    def _line_end(self, at: int, token: Token) -> None:
        after = self.following[at]
        last = self.out[-1] if self.out else None
        if self.brackets:
            if not self._is_cut_short(after):
                return
            self._close_all(token.start)
        if last is None:
            return
        if last.type in _BEFORE_BREAK and not self._assigns(after):
            return
        if (
            after < len(self.tokens)
            and self.tokens[after].type in _AFTER_BREAK
            and not self._is_if_block(after)
        ):
            return
        self.out.append(token)

    def _is_cut_short(self, after: int) -> bool:
        """Whether the line after shows that the open bracket was meant to end before it."""
        if not (self.out and after < len(self.tokens)):
            return False
        kind = self.tokens[after].type
        if kind in ("LET", "DEF"):
            return True
        return kind in _ELEMENT_STARTS and ends_operand(self.out[-1]) and starts_statement(self.tokens, after)

    def _assigns(self, at: int) -> bool:
        """Whether a setting, `let` or `def` begins here, so that the line before lacks its value."""
        if at >= len(self.tokens) or not starts_statement(self.tokens, at):
            return False
        while at + 2 < len(self.tokens) and self.tokens[at + 1].type == "DOT":
            at += 2
        if self.tokens[at].type in ("LET", "DEF"):
            return True
        if self.tokens[at].text in WORDS and self.out[-1].type in ("EQUAL", "AUGMENT"):
            return True
        return at + 1 < len(self.tokens) and self.tokens[at + 1].type in ("EQUAL", "AUGMENT")

    def _is_if_block(self, at: int) -> bool:
        """Whether an `if` at the start of a line opens a block, as in other languages."""
        if self.tokens[at].type != "IF":
            return False
        for following in range(at + 1, len(self.tokens)):
            kind = self.tokens[following].type
            if kind in ("NEWLINE", "ELSE", "SEMICOLON"):
                return False
            if kind == "LBRACE":
                return True
        return False

    def _drops_comma(self, at: int) -> bool:
        after = self.following[at]
        if not (self.out and ends_operand(self.out[-1])):
            return False
        if after >= len(self.tokens):
            return True
        kind = self.tokens[after].type
        if kind in CLOSERS or kind == "RBRACE":
            return True
        return (
            not self.brackets
            and self.tokens[at + 1].type == "NEWLINE"
            and starts_statement(self.tokens, after)
        )

    def _open(self, token: Token) -> None:
        self.brackets.append(token)
        if len(self.brackets) + self.blocks > DEEPEST:
            raise TooDeepError(token)
        self.out.append(token)

    def _close(self, token: Token) -> None:
        if not self.brackets:
            self.findings.error("E1033", token.span, f"this `{token.text}` closes nothing", hint="remove it")
            return
        opened = self.brackets.pop()
        if OPENERS[opened.type] != token.type:
            wanted = SIGNS[OPENERS[opened.type]]
            self.findings.error(
                "E1032",
                token.span,
                f"`{opened.text}` is closed by `{token.text}`",
                marker=f"expected `{wanted}`",
                labels=(Label(opened.span, "opened here"),),
            )
            token = token._replace(type=OPENERS[opened.type], text=wanted)
        self.out.append(token)

    def _close_all(self, end: int) -> None:
        """Ends the brackets that a statement leaves open, reporting the outermost."""
        if not self.brackets:
            return
        first = self.brackets[0]
        if self.out and self.out[-1].type in OPENERS:
            self.brackets.clear()  # being typed: that a value is missing is told at the statement's end
            return
        end = self.out[-1].end if self.out else end
        self.findings.error(
            "E1032",
            first.span,
            f"`{first.text}` is not closed",
            marker="opened here",
            hint=f"write `{SIGNS[OPENERS[first.type]]}` where the value ends",
            labels=(Label(Span(end, end), "the statement ends here"),),
        )
        while self.brackets:
            kind = OPENERS[self.brackets.pop().type]
            self.out.append(Token(kind, SIGNS[kind], end, end))

    def _count_block(self, token: Token) -> None:
        if token.type == "LBRACE":
            self.blocks += 1
            if self.blocks > DEEPEST:
                raise TooDeepError(token)
        elif token.type == "RBRACE":
            self.blocks = max(0, self.blocks - 1)


def _following(tokens: list[Token]) -> list[int]:
    """For each token the index of the next one that is no line end."""
    following = [len(tokens)] * len(tokens)
    after = len(tokens)
    for at in range(len(tokens) - 1, -1, -1):
        following[at] = after
        if tokens[at].type != "NEWLINE":
            after = at
    return following
