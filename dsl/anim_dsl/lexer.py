"""Characters to tokens; comments are kept aside.

One expression cuts the text, in C; what a piece is follows from its characters alone, so that each spelling
is looked at once.

What is only nearly a token has a kind of its own: `5frames` is a `BAD_NUMBER`, a text without its closing
quote an `OPEN_STRING`. `anim_dsl.mend` reports these and puts in their place what was meant.
Every alternative is linear in the length of what it matches.
"""

from __future__ import annotations

import re
from itertools import islice

from anim_dsl.tokens import RESERVED, Token

_DECIMAL = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_EXPONENT = r"(?:[eE][+-]?[0-9]+)?"
_UNIT = r"(?:ms|s|fps|f|m|beats?|bars?|bpm|b|deg|rad|khz|hz|db|px)"
_GLUED = r"(?![A-Za-z0-9_.])"

_SPACE = r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"
_MARK = "\ufeff"  # the byte order mark, which is space where a text begins

# In this order: the first that matches wins. What is frequent stands first.
_KINDS = (
    ("NAME", r"[A-Za-z_][A-Za-z0-9_]*(?!\w)"),
    ("SIGN", r"[:,;()\[\]{}]"),
    ("NEWLINE", r"\r\n?|\n"),
    ("COMMENT", r"\#[^\r\n]*"),
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
    ("SIGN", r"\+=|\*=|\*\*|<=|>=|==|!=|[<>]"),
    ("FOREIGN", r"&&|\|\||//|[&|!^?~@$`\\]|[-/%]="),
    ("SIGN", r"[=.+\-*/%]"),
    ("BAD_CHAR", r"[\s\S]"),
)
_SCAN = re.compile(rf"({_SPACE}*+)(" + "|".join(pattern for _, pattern in _KINDS) + r"|\Z)")
_READ = tuple((kind, re.compile(pattern)) for kind, pattern in _KINDS if kind != "SIGN")
_KNOWN = {
    **{word: word.upper() for word in RESERVED},
    **dict.fromkeys(("<", ">", "<=", ">=", "==", "!="), "COMPARE"),
    "=": "EQUAL",
    ":": "COLON",
    ",": "COMMA",
    ".": "DOT",
    ";": "SEMICOLON",
    "+=": "AUGMENT",
    "*=": "AUGMENT",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
    "%": "MOD",
    "**": "POW",
    "(": "LPAR",
    ")": "RPAR",
    "[": "LSQB",
    "]": "RSQB",
    "{": "LBRACE",
    "}": "RBRACE",
    "": "",  # the end of the text
}

QUANTITY_PART = re.compile(rf"({_DECIMAL}{_EXPONENT})({_UNIT})", re.IGNORECASE)


def lex(
    text: str, start: int = 0, end: int | None = None, comments: list[Token] | None = None
) -> list[Token]:
    """The tokens of a range of a text, line ends among them; comments are added to `comments` if given."""
    out: list[Token] = []
    kinds = _KNOWN.copy()
    make, token = tuple.__new__, Token  # twice as fast as calling the class
    for space, characters in _SCAN.findall(text, start, len(text) if end is None else end):
        start += len(space)
        stop = start + len(characters)
        kind = kinds.get(characters)
        if kind is None:
            kind = kinds[characters] = _kind(characters)
        if kind:
            out.append(make(token, (kind, characters, start, stop, None)))
        elif characters == _MARK and start:
            out.append(Token("BAD_CHAR", characters, start, stop))
        elif comments is not None and characters[:1] == "#":
            comments.append(Token("COMMENT", characters, start, stop))
        start = stop
    return out


def token_beyond(text: str, most: int) -> int | None:
    """Where the first token stands that is one too many, or None; makes no tokens, so takes no memory."""
    if len(text) <= most:
        return None
    beyond = next(islice(_SCAN.finditer(text), most, None), None)
    return beyond.start(2) if beyond is not None and beyond[2] else None


def _kind(characters: str) -> str:
    """The kind of a piece of the text, empty for what is set aside."""
    if characters[0] == "#" or characters == _MARK:
        return ""
    return next(kind for kind, pattern in _READ if pattern.fullmatch(characters))
