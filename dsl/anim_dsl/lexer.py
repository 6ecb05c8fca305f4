"""Characters to tokens, in one compiled expression; comments are kept aside.

What is only nearly a token has a kind of its own: `5frames` is a `BAD_NUMBER`, a text without its closing
quote an `OPEN_STRING`. `anim_dsl.mend` reports these and puts in their place what was meant.
Every alternative is linear in the length of what it matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from anim_dsl.tokens import RESERVED, Token

_DECIMAL = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_UNIT = r"(?:ms|s|fps|f|m|beats?|bars?|bpm|b|deg|rad|khz|hz|db|px)"
_GLUED = r"(?![A-Za-z0-9_.])"

# In this order: the first that matches wins.
_KINDS = (
    ("SPACE", r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+|\A\ufeff"),
    ("NEWLINE", r"\r\n?|\n"),
    ("COMMENT", r"\#[^\r\n]*"),
    ("NAME", r"[A-Za-z_][A-Za-z0-9_]*(?!\w)"),
    ("LONG_STRING", r'"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*"""'),
    ("OPEN_LONG_STRING", r'"""[\s\S]*'),
    ("STRING", r'"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"'),
    ("QUANTITY", rf"(?i:(?:{_DECIMAL}{_EXPONENT}{_UNIT})+){_GLUED}"),
    ("PERCENT", rf"{_DECIMAL}%(?![A-Za-z0-9_(.])"),
    ("SIZE", rf"[0-9]+[xX][0-9]+{_GLUED}"),
    ("DIM", rf"[23][dD]{_GLUED}"),
    ("NUMBER", rf"{_DECIMAL}{_EXPONENT}{_GLUED}"),
    ("BAD_NUMBER", r"\.?[0-9][\w.]*"),
    ("BAD_NAME", r"[^\W0-9]\w*"),
    (
        "CURLY_STRING",
        r"[\u201c\u201d\u201e\u00ab\u00bb][^\u201c\u201d\u00ab\u00bb\"\r\n]*[\u201c\u201d\u00ab\u00bb\"]",
    ),
    ("SINGLE_STRING", r"['\u2018\u2019\u201a][^'\u2018\u2019\r\n]*['\u2018\u2019]"),
    ("OPEN_STRING", r"[\"'\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb][^\r\n]*"),
    ("AUGMENT", r"\+=|\*="),
    ("POW", r"\*\*"),
    ("COMPARE", r"<=|>=|==|!=|<|>"),
    ("FOREIGN", r"&&|\|\||//|[&|!^?~@$`\\]|[-/%]="),
    ("EQUAL", r"="),
    ("COLON", r":"),
    ("COMMA", r","),
    ("DOT", r"\."),
    ("SEMICOLON", r";"),
    ("PLUS", r"\+"),
    ("MINUS", r"-"),
    ("STAR", r"\*"),
    ("SLASH", r"/"),
    ("MOD", r"%"),
    ("LPAR", r"\("),
    ("RPAR", r"\)"),
    ("LSQB", r"\["),
    ("RSQB", r"\]"),
    ("LBRACE", r"\{"),
    ("RBRACE", r"\}"),
    ("BAD_CHAR", r"[\s\S]"),
)
_PATTERN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS))
_WORDS = {word: word.upper() for word in RESERVED}

QUANTITY_PART = re.compile(rf"({_DECIMAL}{_EXPONENT})({_UNIT})", re.IGNORECASE)


def lex(
    text: str, start: int = 0, end: int | None = None, comments: list[Token] | None = None
) -> Iterator[Token]:
    """The tokens of a range of a text, line ends among them; comments are added to `comments` if given."""
    for match in _PATTERN.finditer(text, start, len(text) if end is None else end):
        kind = match.lastgroup or "BAD_CHAR"
        if kind == "SPACE":
            continue
        characters = match.group()
        if kind == "NAME":
            kind = _WORDS.get(characters, "NAME")
        elif kind == "COMMENT":
            if comments is not None:
                comments.append(Token(kind, characters, match.start(), match.end()))
            continue
        yield Token(kind, characters, match.start(), match.end())
