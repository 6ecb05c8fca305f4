"""The blocks and brackets that are open at a place of a text, by its tokens alone.

Nothing here asks whether a text is right: while somebody types, most of the time it is not. What the parser
would refuse as a whole still says where one stands in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal, TypeAlias

from anim_dsl.cut import context_of
from anim_dsl.lexer import lex
from anim_dsl.lines import starts_statement
from anim_dsl.tokens import BINARY_OPERATORS, CLOSERS, JOINING_WORDS, OPENERS, Token
from anim_dsl.words import WORDS

_JOINS = BINARY_OPERATORS | JOINING_WORDS
_BEFORE_BREAK = _JOINS | {"COMMA", "COLON", "EQUAL", "AUGMENT", "NOT"}
_AFTER_BREAK = _JOINS | {"LBRACE"}
_ASSIGNS = frozenset({"EQUAL", "AUGMENT"})
_DEEPEST = 200


_Kind: TypeAlias = Literal["film", "block", "call", "group", "list"]


@dataclass(frozen=True, slots=True)
class Level:
    """The text's own statements, a block, or what stands in brackets; `tokens` are those of the statement, or
    of the brackets, up to the place, with what is closed again as one token. `head` is what stands before the
    `{`, or the function before the `(`.
    """

    kind: _Kind
    start: int
    head: tuple[Token, ...]
    tokens: tuple[Token, ...]

    @property
    def context(self) -> str:
        """What a block belongs to: `film`, `camera 3d`, `prompt`, a setting's name."""
        return _context(self)

    @property
    def function(self) -> str:
        """The name before the `(` with its dots; empty where there is none."""
        return "".join(token.text for token in self.head) if self.kind == "call" else ""

    @property
    def is_block(self) -> bool:
        """Whether statements stand in it."""
        return self.kind in ("film", "block")


@dataclass(slots=True)
class _Open:
    """A level that is being filled."""

    kind: _Kind
    start: int
    head: tuple[Token, ...] = ()
    tokens: list[Token] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        return self.kind in ("film", "block")


@lru_cache(maxsize=8)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a text, comments among them, in order."""
    comments: list[Token] = []
    found = lex(text, comments=comments)
    return tuple(sorted([*found, *comments], key=lambda token: token.start))


def levels(tokens: tuple[Token, ...], until: int) -> tuple[Level, ...]:
    """What is open behind the tokens that end at `until` or before it, from the outside in."""
    walk = _Walk([token for token in tokens if token.type != "COMMENT"])
    return tuple(Level(o.kind, o.start, o.head, tuple(o.tokens)) for o in walk.run(until))


class _Walk:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.matched = _matched(tokens)
        self.open = [_Open("film", 0)]

    def run(self, until: int) -> list[_Open]:
        for at, token in enumerate(self.tokens):
            if token.end > until:
                break
            kind = token.type
            if kind in OPENERS:
                self._bracket(token)
            elif kind in CLOSERS:
                self._close(token)
            elif kind == "LBRACE":
                self._enter(token)
            elif kind == "RBRACE":
                self._leave(token)
            elif kind == "SEMICOLON":
                self._end()
            elif kind == "NEWLINE":
                self._line(at)
            else:
                self.open[-1].tokens.append(token)
        return self.open

    def _bracket(self, token: Token) -> None:
        if len(self.open) > _DEEPEST:
            return
        before = self.open[-1].tokens
        head = _name_before(before) if token.type == "LPAR" else ()
        kind: _Kind = "list" if token.type == "LSQB" else "call" if head else "group"
        self.open.append(_Open(kind, token.start, head))

    def _close(self, token: Token) -> None:
        if not self.open[-1].is_block:
            self.open.pop()
            self.open[-1].tokens.append(token)

    def _close_brackets(self) -> None:
        while not self.open[-1].is_block:
            closed = self.open.pop()
            self.open[-1].tokens.append(Token("RPAR", ")", closed.start, closed.start))

    def _enter(self, token: Token) -> None:
        self._close_brackets()
        head = tuple(self.open[-1].tokens)
        while len(self.open) > 1 and _is_astray(head, _context(self.open[-1])):
            self.open.pop()
        if len(self.open) <= _DEEPEST:
            self.open.append(_Open("block", token.start, head))

    def _leave(self, token: Token) -> None:
        self._close_brackets()
        if len(self.open) > 1:
            self.open.pop()
        self.open[-1].tokens.append(Token("BLOCK", "}", token.start, token.end))

    def _end(self) -> None:
        self._close_brackets()
        self.open[-1].tokens.clear()

    def _line(self, at: int) -> None:
        after = self._following(at)
        begins = after < len(self.tokens) and starts_statement(self.tokens, after)
        if not self.open[-1].is_block:
            outer = next(level for level in self.open if not level.is_block)
            if begins and outer.start not in self.matched:
                self._end()
            return
        last = self.open[-1].tokens[-1] if self.open[-1].tokens else None
        if last is None:
            return
        if last.type in _BEFORE_BREAK and not (begins and self._assigns(after)):
            return
        is_block = last.type == "BLOCK"
        if not is_block and after < len(self.tokens) and self.tokens[after].type in _AFTER_BREAK:
            return
        self._end()

    def _following(self, at: int) -> int:
        at += 1
        while at < len(self.tokens) and self.tokens[at].type == "NEWLINE":
            at += 1
        return at

    def _assigns(self, at: int) -> bool:
        """Whether a setting, a `let` or a word begins here, so that the line before lacks its value."""
        tokens = self.tokens
        while at + 2 < len(tokens) and tokens[at + 1].type == "DOT":
            at += 2
        if tokens[at].type in ("LET", "DEF") or tokens[at].text in WORDS:
            return True
        return at + 1 < len(tokens) and tokens[at + 1].type in _ASSIGNS


def _context(level: Level | _Open) -> str:
    return "film" if level.kind == "film" else context_of(list(level.head))


def _name_before(tokens: list[Token]) -> tuple[Token, ...]:
    """The name, with its dots, that a list of tokens ends with."""
    if not tokens or tokens[-1].type != "NAME":
        return ()
    start = len(tokens) - 1
    while start >= 2 and tokens[start - 1].type == "DOT" and tokens[start - 2].type == "NAME":
        start -= 2
    return tuple(tokens[start:])


def _is_astray(head: tuple[Token, ...], context: str) -> bool:
    """Whether a block opens here that may not stand in that one, which therefore lacks its `}`."""
    word = WORDS.get(head[0].text) if head and head[0].type == "NAME" else None
    if word is None or any(token.type in _ASSIGNS for token in head):
        return False
    return context.split(" ")[0] not in word.blocks


def _matched(tokens: list[Token]) -> frozenset[int]:
    """Where the brackets begin that are closed before their block or statement surely ends."""
    waiting: list[Token] = []
    found: set[int] = set()
    for token in tokens:
        if token.type in OPENERS:
            waiting.append(token)
        elif token.type in CLOSERS and waiting:
            found.add(waiting.pop().start)
        elif token.type in ("LBRACE", "RBRACE", "SEMICOLON"):
            waiting.clear()
    return frozenset(found)
