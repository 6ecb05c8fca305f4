# ruff: noqa: E501 - a terminal of a grammar stands on one line
"""Plain Lark over the same `anim.lark`: terminals, line ends and blocks added, everything else as it is."""

from __future__ import annotations

import re
from typing import Any

from lark import Lark, Tree
from lark import Token as LarkToken

from anim_dsl import syntax
from anim_dsl.findings import Findings
from anim_dsl.source import Source, Span
from anim_dsl.texts import read_text
from anim_dsl.tokens import RESERVED, TEXTS, Token
from anim_dsl.tree import BUILDERS
from anim_dsl.values import ValueParser
from anim_grammar.files import read

_TERMINALS = r"""
film: _SEPARATOR? (statement _SEPARATOR)*
block: LBRACE _SEPARATOR? (statement (_SEPARATOR statement)* _SEPARATOR?)? RBRACE

_SEPARATOR: /(?:[ \t]*(?:\#[^\n]*)?\r?\n|[ \t]*;)+[ \t]*/
SPACE: /[ \t]+/
%ignore SPACE
NAME: /[A-Za-z_][A-Za-z0-9_]*/
QUANTITY.3: /(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ms|s|fps|f|m|beats?|bars?|bpm|b|deg|rad|khz|hz|db|px))+(?![A-Za-z0-9_.])/
PERCENT.2: /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)%(?![A-Za-z0-9_(.])/
SIZE.2: /[0-9]+x[0-9]+(?![A-Za-z0-9_.])/
DIM.2: /[23]d(?![A-Za-z0-9_.])/
NUMBER: /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![A-Za-z0-9_.])/
STRING: /"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"/
LONG_STRING.2: /\"""[^"\\]*(?:(?:\\[\s\S]|"(?!""))[^"\\]*)*\"""/
TIME: /\x00/
AUGMENT: /\+=|\*=/
COMPARE: /<=|>=|==|!=|<|>/
POW: "**"
EQUAL: "="
COLON: ":"
COMMA: ","
DOT: "."
PLUS: "+"
MINUS: "-"
STAR: "*"
SLASH: "/"
MOD: "%"
LPAR: "("
RPAR: ")"
LSQB: "["
RSQB: "]"
LBRACE: "{"
RBRACE: "}"
"""


def make() -> Lark:
    """The parser: LALR, contextual lexer, positions propagated."""
    rules = "\n".join(line for line in read("anim.lark").splitlines() if not line.startswith("%declare"))
    words = "\n".join(f'{word.upper()}: "{word}"' for word in sorted(RESERVED))
    return Lark(
        re.sub(r"\bBLOCK\b", "block", rules) + _TERMINALS + words,
        parser="lalr",
        lexer="contextual",
        start="film",
        propagate_positions=True,
        maybe_placeholders=True,
    )


def nodes(tree: Tree[Any], source: Source) -> tuple[syntax.Statement, ...]:
    """Lark's tree as nodes of `anim_dsl.syntax`. Raises AssertionError where a position differs."""
    made: dict[int, Any] = {}
    reader = ValueParser(Findings(source))
    for branch in tree.iter_subtrees():
        children = [made[id(c)] if isinstance(c, Tree) else _token(c, reader) for c in branch.children]
        meta = branch.meta
        if branch.data in ("film", "block"):
            inner = tuple(c for c in children if c is not None and not isinstance(c, Token))
            node: Any = inner
            if branch.data == "block":
                span = Span(meta.start_pos, meta.end_pos)
                node = Token("BLOCK", "{ }", span.start, span.end, syntax.Block(inner, span))
        else:
            node = BUILDERS[str(branch.data)](*children)
        if hasattr(node, "span"):
            assert node.span == Span(meta.start_pos, meta.end_pos), (node, meta.start_pos, meta.end_pos)
        made[id(branch)] = node
    found: tuple[syntax.Statement, ...] = made[id(tree)]
    return found


def _token(token: LarkToken | None, reader: ValueParser) -> Token | None:
    if token is None or token.start_pos is None or token.end_pos is None:
        return None
    ours = Token(token.type, str(token), token.start_pos, token.end_pos)
    if token.type in TEXTS:
        return ours._replace(value=read_text(ours, reader.findings, reader.range))
    return ours
