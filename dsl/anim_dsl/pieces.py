"""Where a text may be cut so that each piece is read as if it stood alone."""

from __future__ import annotations

from anim_dsl.lines import starts_statement
from anim_dsl.tokens import CLOSERS, OPENERS, Token, ends_operand
from anim_dsl.unbraced import is_bare_head

_FIRST = frozenset({"NAME", "LET", "DEF"})
_LONGEST_HEAD = 4  # tokens, one more than a head without a block may have


def closed_starts(tokens: list[Token], *, is_first: bool, is_last: bool) -> list[int] | None:
    """The offsets where pieces may begin, or None if the tokens do not stand for themselves.

    That is so if braces do not match; if, unless they are the file's first, they do not begin a statement;
    or if, unless they are its last, a bracket or value is left open at their end.
    """
    scan = _Scan()
    starts = scan.run(tokens)
    first = next((token for token in tokens if token[0] != "NEWLINE"), None)
    if starts is None or first is None:
        return starts
    if not is_first and (not starts or starts[0] != first.start):
        return None
    return starts if is_last or (scan.is_closed() and not is_bare_head(scan.line)) else None


class _Scan:
    def __init__(self) -> None:
        self.blocks = 0
        self.brackets = 0
        self.before: Token | None = None
        self.line: list[Token] = []  # how the last statement begins

    def run(self, tokens: list[Token]) -> list[int] | None:
        starts = []
        on_new_line = True
        for at, token in enumerate(tokens):
            kind = token[0]
            if kind == "NEWLINE":
                on_new_line = True
                continue
            if kind in CLOSERS and not self.brackets:
                on_new_line = False
                continue  # closes nothing and is dropped, so no value ends with it
            if on_new_line and self.is_closed():
                if kind in _FIRST and not is_bare_head(self.line) and starts_statement(tokens, at):
                    starts.append(token.start)
                self.line = []
            if len(self.line) < _LONGEST_HEAD:
                self.line.append(token)
            on_new_line = False
            self._count(kind)
            if self.blocks < 0:
                return None
            self.before = token
        return None if self.blocks else starts

    def _count(self, kind: str) -> None:
        if kind in OPENERS:
            self.brackets += 1
        elif kind in CLOSERS:
            self.brackets = max(0, self.brackets - 1)
        elif kind in ("LBRACE", "RBRACE", "SEMICOLON"):
            self.brackets = 0
            self.blocks += (kind == "LBRACE") - (kind == "RBRACE")

    def is_closed(self) -> bool:
        """Whether a line end here ends a statement outside blocks, whatever follows."""
        if self.blocks or self.brackets:
            return False
        return self.before is None or self.before.type == "RBRACE" or ends_operand(self.before)
