"""A film's text as statements, comments and blank lines, nothing dropped but what layout is free to choose.

Built from the tokens, not from the tree, so that comments have a place and spellings stay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from anim_dsl.findings import Findings
from anim_dsl.lexer import lex
from anim_dsl.lines import significant
from anim_dsl.source import Source
from anim_dsl.tokens import Token


@dataclass(frozen=True, slots=True)
class Piece:
    """A token or a comment, and how it was set off from the one before it."""

    token: Token
    on_new_line: bool
    after_blank: bool

    @property
    def is_comment(self) -> bool:
        """Whether it is a comment."""
        return self.token.type == "COMMENT"


@dataclass(slots=True)
class Remark:
    """A comment on a line of its own."""

    text: str
    after_blank: bool


@dataclass(slots=True)
class Block:
    """What stands between two braces; `remark` follows the `{` on its line."""

    items: list[Item] = field(default_factory=list)
    remark: str = ""
    on_one_line: bool = False


@dataclass(slots=True)
class Statement:
    """The pieces before the block, the block, and the comment that follows on the last line."""

    head: list[Piece]
    after_blank: bool
    block: Block | None = None
    remark: str = ""


Item: TypeAlias = Statement | Remark


def read(source: Source) -> list[Item]:
    """The items of a film that has no syntax errors."""
    return _Reader(source).run()


class _Reader:
    def __init__(self, source: Source) -> None:
        comments: list[Token] = []
        tokens = list(lex(source.text, comments=comments))
        self.tokens = sorted([*tokens, *comments], key=lambda token: token.start)
        self.kept = {token.start for token in significant(tokens, Findings(source))}
        self.root = Block()
        self.open: list[tuple[Statement, int]] = []
        self.head: list[Piece] = []
        self.line = 0
        self.last_line = 0  # of the last thing that was read
        self.last: Statement | Block | None = None  # what a comment on the same line belongs to

    def run(self) -> list[Item]:
        for token in self.tokens:
            kind = token.type
            if kind == "NEWLINE":
                if token.start in self.kept:
                    self._end()
                self.line += 1
                continue
            if kind == "COMMENT":
                self._comment(token)
            elif kind == "LBRACE":
                self._enter()
            elif kind == "RBRACE":
                self._leave()
            elif kind == "SEMICOLON":
                self._end()
            elif token.start in self.kept:
                self.head.append(self._piece(token))
            if kind == "LONG_STRING":
                self.line += token.text.count("\n")
            self.last_line = self.line
        self._end()
        return self.root.items

    def _items(self) -> list[Item]:
        block = self.open[-1][0].block if self.open else self.root
        return (block or self.root).items

    def _piece(self, token: Token) -> Piece:
        return Piece(token, self.line > self.last_line, self.line > self.last_line + 1)

    def _end(self) -> None:
        if not self.head:
            return
        loose: list[Piece] = []
        while self.head[-1].is_comment:
            loose.insert(0, self.head.pop())
        statement = Statement(self.head, self.head[0].after_blank)
        self._items().append(statement)
        self.head, self.last = [], statement
        for piece in loose:
            self._remark(piece)

    def _remark(self, piece: Piece) -> None:
        """A comment outside a statement: behind what stands on its line, or on a line of its own."""
        text = piece.token.text.rstrip()
        if not piece.on_new_line and self.last is not None and not self.last.remark:
            self.last.remark = text
        else:
            self._items().append(Remark(text, piece.after_blank))
        self.last = None

    def _comment(self, token: Token) -> None:
        piece = self._piece(token)
        if self.head:
            self.head.append(piece)
        else:
            self._remark(piece)

    def _enter(self) -> None:
        loose: list[Piece] = []
        while self.head and self.head[-1].is_comment:
            loose.insert(0, self.head.pop())
        statement = Statement(self.head, self.head[0].after_blank, Block())
        self._items().append(statement)
        self.open.append((statement, self.line))
        self.head, self.last = [], statement.block
        for at, piece in enumerate(loose):
            self._remark(Piece(piece.token, at > 0, False))
            self.last = statement.block if at == 0 else None

    def _leave(self) -> None:
        self._end()
        statement, line = self.open.pop()
        if statement.block is not None:
            statement.block.on_one_line = line == self.line
        self.last = statement
