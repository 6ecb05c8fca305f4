"""What each name of a film is, by its place and by the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pygments.token import Keyword, Name, _TokenType

from anim_dsl.tokens import CLOSERS, OPENERS, Token, ends_operand
from anim_dsl.vocabulary import LISTS, STATEMENTS

_STATEMENTS = frozenset(STATEMENTS)
_GIVING = frozenset({"EQUAL", "AUGMENT"})
_CALLED = {
    **dict.fromkeys(LISTS["easings"], Keyword.Pseudo),
    **dict.fromkeys(LISTS["features"], Name.Builtin),
    **dict.fromkeys(LISTS["functions"], Name.Builtin),
}
_BARE: dict[str, _TokenType] = {
    **dict.fromkeys(LISTS["features"], Name.Builtin.Pseudo),
    **dict.fromkeys(LISTS["clocks"], Name.Variable.Magic),
    **dict.fromkeys(LISTS["constants"], Name.Constant),
    **dict.fromkeys((*LISTS["switches"], "none"), Keyword.Constant),
}
_EASINGS = frozenset(LISTS["easings"])
_CHOICES = frozenset(LISTS["choices"])
_BOUNDS = frozenset({"", "NEWLINE", "SEMICOLON", "LBRACE", "RBRACE"})
_MOST_DOTS = 4
_NOTHING = Token("", "", 0, 0)


class Names:
    """The tokens of a text, in one pass, each name with what it is."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._depth = 0
        self._word = ""  # the statement word that the statement begins with

    def merged(self, comments: Iterable[Token]) -> Iterator[tuple[Token, _TokenType | None]]:
        """Tokens and comments by place; the role is None for what is no name."""
        aside = iter(comments)
        comment = next(aside, None)
        before = _NOTHING
        for at, token in enumerate(self._tokens):
            while comment is not None and comment.start < token.start:
                yield comment, None
                comment = next(aside, None)
            yield token, self._role(before, token, at) if token.type == "NAME" else None
            self._depth = max(0, self._depth + (token.type in OPENERS) - (token.type in CLOSERS))
            before = token
        while comment is not None:
            yield comment, None
            comment = next(aside, None)

    def _role(self, before: Token, name: Token, at: int) -> _TokenType:
        after = self._tokens[at + 1] if at + 1 < len(self._tokens) else _NOTHING
        if self._depth == 0 and before.type in _BOUNDS:
            begun = self._first(name, after, at)
            if begun is not None:
                return begun
        if before.type == "PER":
            return Keyword.Type
        if self._word == "expect" and name.text == "between":
            return Keyword
        declared = self._declared(before, after)
        if declared is not None:
            return declared
        if after.type == "LPAR":
            return _CALLED.get(name.text, Name.Function)
        if self._depth and after.type == "EQUAL":
            return Name.Attribute
        if before.type == "DOT" and self._gives(at):
            return Name.Attribute
        return _value(before, name)

    def _first(self, name: Token, after: Token, at: int) -> _TokenType | None:
        """The role of a name that begins a statement; None where it is the time of a key."""
        self._word = ""
        if self._gives(at):
            return Name.Attribute
        if name.text in _STATEMENTS and (after.type in _BOUNDS or _is_head(after)):
            self._word = name.text
            return Keyword.Declaration
        return Name.Attribute if after.type == "LBRACE" else None

    def _gives(self, at: int) -> bool:
        """Whether the name, with what follows after dots, is given a value."""
        tokens = self._tokens
        for _ in range(_MOST_DOTS):
            if at + 2 < len(tokens) and tokens[at + 1].type == "DOT" and tokens[at + 2].type == "NAME":
                at += 2
        return self._depth == 0 and at + 1 < len(tokens) and tokens[at + 1].type in _GIVING

    def _declared(self, before: Token, after: Token) -> _TokenType | None:
        """The role of a name that its statement declares, or None."""
        if before.type == "LET":
            return Name.Variable
        if before.type == "DEF":
            return Name.Function
        if before.type == "AS":
            return Name.Namespace
        if before.type != "NAME" or before.text != self._word or self._word == "expect" or self._depth:
            return None
        return Name.Function if after.type == "LPAR" else Name.Variable


def _is_head(token: Token) -> bool:
    return token.type in {"NAME", "STRING", "LONG_STRING", "DIM", "NUMBER", "QUANTITY", "COMMENT"}


def _value(before: Token, name: Token) -> _TokenType:
    """The role of a name in an expression."""
    if name.text in _EASINGS and (before.type == "WITH" or ends_operand(before)):
        return Keyword.Pseudo
    if name.text in _CHOICES and before.type in {"EQUAL", "COLON"}:
        return Name.Constant
    return _BARE.get(name.text, Name)
