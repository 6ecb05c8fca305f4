"""What a statement could have gone on with, in words."""

from __future__ import annotations

from anim_dsl.diagnostic import Label
from anim_dsl.findings import Findings
from anim_dsl.machine import Refused, Start
from anim_dsl.source import Span
from anim_dsl.tokens import BINARY_OPERATORS, END, RESERVED, SIGNS, TEXTS, Token

_VALUE = frozenset({"NUMBER", "LPAR", "LSQB"})
_OPERATORS = BINARY_OPERATORS | {"AND", "OR"}
_SINGLE = (
    ("EQUAL", "`=`"),
    ("COLON", "`:`"),
    ("COMMA", "`,`"),
    ("RPAR", "`)`"),
    ("RSQB", "`]`"),
    ("ELSE", "`else`"),
)


def report_refused(tokens: list[Token], refused: Refused, start: Start, findings: Findings) -> None:
    """The message for what none of the known slips explains."""
    words = _words(refused.expected)
    opened = _last_open(tokens[: refused.at])
    if refused.at >= len(tokens):
        end = tokens[-1].end if tokens else 0
        what = "statement" if start == "statement" else "value"
        findings.error(
            "E1041",
            Span(tokens[-1].start, end) if tokens else Span(end, end),
            f"the {what} ends too early: expected {words}",
            marker=f"expected {words} after this",
        )
        return
    found = tokens[refused.at]
    labels = (Label(opened.span, f"in this `{opened.text}`"),) if opened is not None else ()
    findings.error("E1040", found.span, f"expected {words}, found {_found(found)}", labels=labels)


def _words(expected: frozenset[str]) -> str:
    parts: list[str] = []
    if expected >= _VALUE:
        parts.append("a value")
    elif "NAME" in expected and not expected & _OPERATORS:
        parts.append("a name")
    if expected & _OPERATORS and not expected >= _VALUE:
        parts.append("an operator")
    parts += [word for kind, word in _SINGLE if kind in expected]
    if "LPAR" in expected and not expected & _OPERATORS:
        parts.append("`(`")
    if "BLOCK" in expected and not expected & _OPERATORS:
        parts.append("`{`")
    if END in expected:
        parts.append("the end of the statement")
    if not parts:
        parts.append("something else")
    return " or ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _found(token: Token) -> str:
    if token.type in TEXTS:
        return "a text"
    if token.type == "BLOCK":
        return "a block"
    if token.text in RESERVED:
        return f"the reserved word `{token.text}`"
    shown = token.text if len(token.text) <= 24 else token.text[:24] + "…"
    return f"`{SIGNS.get(token.type, shown)}`"


def _last_open(tokens: list[Token]) -> Token | None:
    """The innermost bracket that is open after these tokens."""
    stack: list[Token] = []
    for token in tokens:
        if token.type in ("LPAR", "LSQB"):
            stack.append(token)
        elif token.type in ("RPAR", "RSQB") and stack:
            stack.pop()
    return stack[-1] if stack else None
