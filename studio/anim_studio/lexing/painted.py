"""Lines of films in the colours of a terminal."""

from __future__ import annotations

from itertools import groupby

from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

from anim_studio.lexing.lexer import pieces

_STYLES: dict[_TokenType, str] = {
    Comment: "2",
    Keyword: "35",
    Keyword.Declaration: "1;35",
    Keyword.Constant: "36",
    Keyword.Type: "36",
    Operator.Word: "35",
    Name.Attribute: "34",
    Name.Builtin: "33",
    Name.Constant: "36",
    Name.Function: "33",
    Name.Variable.Magic: "33",
    Number: "36",
    String: "32",
    String.Escape: "33",
    String.Interpol: "33",
}


def painted(text: str) -> str:
    """The text with colours; without them it is the text as it came, and no colour crosses a line end."""
    styled = ((_style(kind), characters) for _, kind, characters in pieces(text, 0, len(text)))
    groups = groupby(styled, key=lambda piece: piece[0])
    return "".join(_coloured(style, "".join(part for _, part in group)) for style, group in groups)


def _coloured(style: str, characters: str) -> str:
    if not style:
        return characters
    lines = characters.split("\n")
    return "\n".join(f"\x1b[{style}m{line}\x1b[0m" if line.strip() else line for line in lines)


def _style(kind: _TokenType | None) -> str:
    while kind is not None:
        if kind in _STYLES:
            return _STYLES[kind]
        kind = kind.parent
    return ""
