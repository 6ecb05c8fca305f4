"""What is only nearly a token, reported by name and replaced by what was meant.

`10 s`, `0,5`, `1:30`, `5frames`, `“typographic quotes”`, `&&`: each costs one message, and the statement
around it is parsed as if it had been written well.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from anim_dsl import mend_signs, mend_texts, mend_values
from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.source import Span
from anim_dsl.tokens import CLOSERS, OPENERS, RESERVED, Token

_LONGEST_NUMBER = 300

#: what is a token of the language wherever it stands, and no bracket
_COPIED = frozenset(
    {"NEWLINE", "COMMA", "DOT", "AUGMENT", "PLUS", "STAR", "MOD", "POW", "COMPARE", "DIM", "LONG_STRING"}
) | {word.upper() for word in RESERVED}


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
        at, tokens, out = 0, self.tokens, self.out
        while at < len(tokens):
            if tokens[at].type in _COPIED:
                out.append(tokens[at])
                at += 1
            else:
                at += self._one(at, tokens[at])
        return out

    def _one(self, at: int, token: Token) -> int:
        """Appends what stands for the token, and gives how many tokens that took."""
        kind = token.type
        self._count_bracket(kind)
        if kind == "NUMBER":
            return self._number(at, token)
        if kind in mend_signs.READERS and (taken := self._signs(at, kind)):
            return taken
        if kind == "BAD_NUMBER":
            self.out.append(self._bad_number(token))
        elif kind == "SLASH" and self._opens_comment(at):
            return self._block_comment(at, token)
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

    def _signs(self, at: int, kind: str) -> int:
        """How many tokens a slip in signs or words took; 0 if there is none."""
        for reader in mend_signs.READERS[kind]:
            found = reader(self.tokens, at, self.out, self.findings)
            if found is not None:
                self.out += found[0]
                return found[1]
        return 0

    def _number(self, at: int, token: Token) -> int:
        after = self.tokens[at + 1].type if at + 1 < len(self.tokens) else ""
        for reader in mend_values.READERS.get(after, ()):
            found = reader(self.tokens, at, self.depth > 0, self.findings)
            if found is not None:
                mended, taken = found
                self.out.append(mended)
                return taken
        self.out.append(mend_values.number(token, self.findings))
        return 1

    def _bad_number(self, token: Token) -> Token:
        """`5frames`; after `camera`, `4d`."""
        dimensions = re.fullmatch(r"([0-9]{1,3})[dD]", token.text)
        if dimensions is None or not self.out or self.out[-1].text != "camera":
            return mend_values.bad_number(token, self.findings)
        self.findings.error(
            "E1012",
            token.span,
            f"there is no `{token.text}` camera",
            marker="2d or 3d",
            hint="write `camera 2d { … }` for a flat picture, `camera 3d { … }` for one with depth",
        )
        return token._replace(type="DIM", text="2d" if int(dimensions.group(1)) < 3 else "3d")

    def _opens_comment(self, at: int) -> bool:
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return after is not None and after.type in ("STAR", "POW") and after.start == self.tokens[at].end

    def _block_comment(self, at: int, token: Token) -> int:
        """`/* … */`, up to its end or that of the line."""
        text = self.findings.source.text
        line_end = text.find("\n", token.start)
        line_end = len(text) if line_end < 0 else line_end
        end = text.find("*/", token.start + 2)
        end = line_end if end < 0 else end + 2
        span = Span(token.start, end)
        alone = end <= line_end and not text[end:line_end].strip()
        inner = text[token.start + 2 : end].removesuffix("*/").strip("* \t")
        self.findings.error(
            "E1015",
            span,
            "a comment begins with `#`",
            hint="write `#` at the beginning of each line, instead of `/* */`",
            edit=Edit(span, f"# {inner}") if alone else None,
        )
        taken = 1
        while at + taken < len(self.tokens) and self.tokens[at + taken].start < end:
            taken += 1
        return taken

    def _foreign(self, at: int, token: Token) -> int:
        if token.text == "//":
            return self._foreign_comment(at, token)
        if token.text == "?":
            self.findings.error("E1015", token.span, "`?` means nothing here", hint=_HINTS["?"])
            return self._rest(at, ("NEWLINE", "SEMICOLON", "RBRACE"))
        kind, ours = _OURS.get(token.text, ("", ""))
        hint = _HINTS.get(token.text) or (f"write `{ours}`" if ours else "remove it")
        edit = self._spaced(token, ours) if token.text in _CERTAIN else None
        message = f"`{_shown(token.text)}` means nothing here"
        self.findings.error("E1015", token.span, message, hint=hint, edit=edit)
        if kind:
            self.out.append(token._replace(type=kind, text=ours))
        return 1

    def _foreign_comment(self, at: int, token: Token) -> int:
        is_alone = not self.out or self.out[-1].type in ("NEWLINE", "SEMICOLON", "LBRACE", "RBRACE")
        self.findings.error(
            "E1015",
            token.span,
            "a comment begins with `#`",
            hint="write `#` instead of `//`",
            edit=Edit(token.span, "#") if is_alone else None,
        )
        return self._rest(at, ("NEWLINE",))

    def _spaced(self, token: Token, ours: str) -> Edit:
        """What is written instead of a sign, with spaces where a word would touch others."""
        text = self.findings.source.text
        before, after = text[: token.start][-1:], text[token.end : token.end + 1]
        if ours[-1].isalpha():
            ours = " " * (before.isalnum() or before == ")") + ours + " " * (not after.isspace())
        return Edit(token.span, ours)

    def _rest(self, at: int, ends: tuple[str, ...]) -> int:
        """How many tokens there are up to one of these kinds."""
        taken = 1
        while at + taken < len(self.tokens) and self.tokens[at + taken].type not in ends:
            taken += 1
        return taken

    def _bad_name(self, token: Token) -> None:
        strange = next(char for char in token.text if not re.match(r"[A-Za-z0-9_]", char))
        plain = normalize("NFKD", token.text).encode("ascii", "ignore").decode()
        meant = plain if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", plain) else ""
        self.findings.error(
            "E1010",
            token.span,
            f"names are of letters a to z, digits and `_`; this one has `{strange}` (U+{ord(strange):04X})",
            hint=f"write `{meant}`; texts may have any letters, and stand in quotes"
            if meant
            else "texts stand in quotes, names have no accents and no letters of other alphabets",
            edit=Edit(token.span, meant) if meant else None,
        )
        self.out.append(token._replace(type="NAME", text=meant or token.text))

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
_CERTAIN = frozenset({"&&", "||", "!", "^"})
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
