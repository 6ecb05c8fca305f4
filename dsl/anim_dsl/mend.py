"""What is only nearly a token, reported by name and replaced by what was meant.

`10 s`, `0,5`, `1:30`, `5frames`, `“typographic quotes”`, `&&`: each costs one message, and the statement
around it is parsed as if it had been written well.
"""

from __future__ import annotations

import re

from anim_dsl import mend_texts, mend_values
from anim_dsl.findings import Findings
from anim_dsl.tokens import CLOSERS, OPENERS, Token

_LONGEST_NUMBER = 300


def mend(tokens: list[Token], findings: Findings) -> list[Token]:
    """The tokens with every slip of spelling mended; nothing else changes."""
    return _Mender(tokens, findings).run()


class _Mender:
    def __init__(self, tokens: list[Token], findings: Findings) -> None:
        self.tokens = tokens
        self.findings = findings
        self.out: list[Token] = []
        self.depth = 0  # of brackets

    def run(self) -> list[Token]:
        at = 0
        while at < len(self.tokens):
            at += self._one(at, self.tokens[at])
        return self.out

    def _one(self, at: int, token: Token) -> int:
        """Appends what stands for the token, and gives how many tokens that took."""
        kind = token.type
        self._count_bracket(kind)
        if kind == "NUMBER":
            return self._number(at, token)
        if kind == "BAD_NUMBER":
            self.out.append(mend_values.bad_number(token, self.findings))
        elif kind in mend_texts.NEARLY:
            return mend_texts.nearly_text(self.tokens, at, self.out, self.findings)
        elif kind == "STRING":
            return mend_texts.text_with_quotes_inside(self.tokens, at, self.out, self.findings)
        elif kind == "FOREIGN":
            return self._foreign(at, token)
        elif kind == "BAD_NAME":
            self._bad_name(token)
        elif kind == "BAD_CHAR":
            self._bad_character(at, token)
        elif kind == "NAME" and self.out and self.out[-1].type == "PER":
            self.out.append(mend_values.rate_unit(token, self.findings))
        elif kind in ("QUANTITY", "SIZE", "PERCENT") and len(token.text) > _LONGEST_NUMBER:
            self.out.append(mend_values.too_long(token, self.findings))
        else:
            self.out.append(token)
        return 1

    def _count_bracket(self, kind: str) -> None:
        if kind in OPENERS:
            self.depth += 1
        elif kind in CLOSERS:
            self.depth = max(0, self.depth - 1)
        elif kind in ("LBRACE", "RBRACE", "SEMICOLON"):
            self.depth = 0

    def _number(self, at: int, token: Token) -> int:
        for reader in mend_values.READERS:
            found = reader(self.tokens, at, self.depth > 0, self.findings)
            if found is not None:
                mended, taken = found
                self.out.append(mended)
                return taken
        self.out.append(mend_values.number(token, self.findings))
        return 1

    def _foreign(self, at: int, token: Token) -> int:
        if token.text == "//":
            return self._foreign_comment(at, token)
        if token.text == "?":
            self.findings.error("E1015", token.span, "`?` means nothing here", hint=_HINTS["?"])
            return self._rest(at, ("NEWLINE", "SEMICOLON", "RBRACE"))
        kind, ours = _OURS.get(token.text, ("", ""))
        hint = _HINTS.get(token.text) or (f"write `{ours}`" if ours else "remove it")
        self.findings.error("E1015", token.span, f"`{_shown(token.text)}` means nothing here", hint=hint)
        if kind:
            self.out.append(token._replace(type=kind, text=ours))
        return 1

    def _foreign_comment(self, at: int, token: Token) -> int:
        self.findings.error(
            "E1015", token.span, "a comment begins with `#`", hint="write `#` instead of `//`"
        )
        return self._rest(at, ("NEWLINE",))

    def _rest(self, at: int, ends: tuple[str, ...]) -> int:
        """How many tokens there are up to one of these kinds."""
        taken = 1
        while at + taken < len(self.tokens) and self.tokens[at + taken].type not in ends:
            taken += 1
        return taken

    def _bad_name(self, token: Token) -> None:
        strange = next(char for char in token.text if not re.match(r"[A-Za-z0-9_]", char))
        self.findings.error(
            "E1010",
            token.span,
            f"names are of letters a to z, digits and `_`; this one has `{strange}` (U+{ord(strange):04X})",
            hint="texts stand in quotes, names have no accents and no letters of other alphabets",
        )
        self.out.append(token._replace(type="NAME"))

    def _bad_character(self, at: int, token: Token) -> None:
        if any(
            before.end == token.start and before.type == "BAD_CHAR" for before in self.tokens[at - 1 : at]
        ):
            return
        name = f"U+{ord(token.text):04X}"
        shown = f"`{token.text}` ({name})" if token.text.isprintable() else name
        self.findings.error(
            "E1010", token.span, f"the character {shown} means nothing here", hint="remove it"
        )


_OURS = {
    "&&": ("AND", "and"),
    "||": ("OR", "or"),
    "&": ("AND", "and"),
    "|": ("OR", "or"),
    "!": ("NOT", "not"),
    "^": ("POW", "**"),
    "-=": ("AUGMENT", "+="),
    "/=": ("AUGMENT", "*="),
    "%=": ("AUGMENT", "*="),
}
_HINTS = {
    "?": "write `a if condition else b`",
    "-=": "write `+= -(…)`",
    "/=": "write `*= 1 / (…)`",
    "%=": "write the whole value with `=`",
    "\\": "a line goes on after a comma, an operator or inside parentheses; remove the `\\`",
    "`": "texts stand in double quotes, and `{expr}` in a text inserts a value",
    "$": "remove it: names have no sign before them",
}


def _shown(text: str) -> str:
    return "back-tick" if text == "`" else text
