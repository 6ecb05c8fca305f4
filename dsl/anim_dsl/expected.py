"""What a statement could have gone on with, in words."""

from __future__ import annotations

from anim_dsl.diagnostic import Label
from anim_dsl.findings import Findings
from anim_dsl.machine import Refused, Start
from anim_dsl.source import Span
from anim_dsl.tokens import BINARY_OPERATORS, END, RESERVED, SIGNS, TEXTS, Token
from anim_dsl.words import WORDS

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
        known = tokens[0].text if len(tokens) == 1 and tokens[0].text in WORDS else ""
        what = "statement" if start == "statement" else "value"
        if start == "statement" and is_call(tokens):
            span = tokens[0].span.to(tokens[-1].span)
            written = findings.source.slice(span)
            findings.error(
                "E1041",
                span,
                "this call sets nothing",
                hint=f"write `use {written}` for a template, or `name = {written}`",
            )
            return
        findings.error(
            "E1041",
            Span(tokens[-1].start, end) if tokens else Span(end, end),
            f"the {what} ends too early: expected {words}" if not known else f"`{known}` alone says nothing",
            marker=f"expected {words} after this" if not known else "",
            hint=_finished(tokens),
        )
        return
    found = tokens[refused.at]
    labels = (Label(opened.span, f"in this `{opened.text}`"),) if opened is not None else ()
    findings.error("E1040", found.span, f"expected {words}, found {_found(found)}", labels=labels)


def is_call(tokens: list[Token]) -> bool:
    """Whether a statement is one call and nothing else, `handheld(0.5deg)`."""
    opens = next((at for at, token in enumerate(tokens) if token.type == "LPAR"), 0)
    is_name = opens > 0 and all(token.type in ("NAME", "DOT") for token in tokens[:opens])
    if not is_name or tokens[-1].type != "RPAR":
        return False
    depth = 0
    for token in tokens[opens:-1]:
        depth += {"LPAR": 1, "RPAR": -1}.get(token.type, 0)
        if depth == 0:
            return False
    return depth == 1


def _finished(tokens: list[Token]) -> str:
    """How a statement that is one word goes on."""
    if len(tokens) != 1 or tokens[0].type != "NAME":
        return ""
    word = WORDS.get(tokens[0].text)
    if word is None:
        return f"write `{tokens[0].text} = …`"
    example = " ".join(word.example.split())
    return f"write `{example}`" if example else f"write `{word.name} {word.head}`"


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
