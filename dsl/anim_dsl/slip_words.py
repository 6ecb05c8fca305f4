"""Slips with words: texts without quotes, reserved words as names."""

from __future__ import annotations

from anim_dsl.cut import Cut
from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.machine import Refused
from anim_dsl.source import Span
from anim_dsl.syntax import Text
from anim_dsl.tokens import RESERVED, Token

_MOST_SHOWN = 60


def unquoted_text(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`0s: a cat in the rain`: three words or more where a value stands."""
    first = min(refused.at, len(tokens) - 1)
    while first > 0 and (_is_word(tokens[first - 1]) or _is_comma_of_text(tokens, first - 1)):
        first -= 1
    if first == 0 or tokens[first - 1].type not in ("COLON", "EQUAL") or tokens[first].type != "NAME":
        return None
    after = first
    while after < len(tokens) and (_is_word(tokens[after]) or _is_comma_of_text(tokens, after)):
        after += 1
    words = sum(_is_word(token) for token in tokens[first:after])
    dashed = [token.type for token in tokens[after : after + 2]] == ["MINUS", "MINUS"]
    if words < (1 if dashed else 3) or refused.at > after + dashed:
        return None
    last = _end_of_text(tokens, after)
    span = tokens[first].span.to(tokens[last - 1].span)
    text = findings.source.slice(span)
    report_unquoted(span, text, findings)
    made = Token("STRING", text, span.start, span.end, Text((text,), span))
    return [[*tokens[:first], made, *tokens[last:]]]


def report_unquoted(span: Span, text: str, findings: Findings) -> None:
    """The message for a text that stands without quotes."""
    wanted, dashes, unwanted = text.partition("--neg")
    if dashes:
        negative = unwanted.strip().replace('"', "'")
        findings.error(
            "E1049",
            span,
            "a text stands in double quotes, and `--neg` is Deforum's",
            hint=f'write `"{wanted.strip()}"`, and `negative = "{negative}"` on a line of its own',
        )
        return
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    findings.error(
        "E1049",
        span,
        "a text stands in double quotes",
        hint=f"write `{quoted}`"
        if len(quoted) < _MOST_SHOWN and "\n" not in quoted
        else 'write `"` at both ends',
        edit=Edit(span, quoted),
    )


def reserved_name(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`let if = 3`, `with = 2`."""
    at = refused.at
    if at >= len(tokens) or tokens[at].text not in RESERVED or "NAME" not in refused.expected:
        return None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if (
        after is None
        or after.type not in ("EQUAL", "LPAR", "AUGMENT")
        or (tokens[at].text in ("not", "let", "def") and at)
    ):
        return None
    findings.error(
        "E1052",
        tokens[at].span,
        f"`{tokens[at].text}` is a reserved word and cannot be a name",
        hint=f"call it `{tokens[at].text}_`, say",
    )
    return [[*tokens[:at], tokens[at]._replace(type="NAME"), *tokens[at + 1 :]]]


def function_of_block(piece: Cut, findings: Findings) -> list[Token]:
    """`def f(x) { return x * 2 }` as `def f(x) = x * 2`, which is reported."""
    block = piece.block
    assert block is not None
    body = block.statements[0].head if len(block.statements) == 1 else []
    if body and body[0].text == "return":
        body = body[1:]
    is_value = bool(body) and block.statements[0].block is None and body[0].type not in ("LET", "DEF")
    is_value = is_value and not any(token.type == "EQUAL" for token in body[1:2])
    end = piece.head[-1].end
    value = findings.source.slice(Span(body[0].start, body[-1].end)) if is_value else "…"
    written = f"{findings.source.slice(Span(piece.head[0].start, end))} = {value}"
    findings.error(
        "E1042",
        Span(block.start, block.start + 1),
        "a function is one value after `=`",
        hint=f"write `{written}`" if len(written) < _MOST_SHOWN else "write `def name(x) = value`",
        edit=Edit(Span(end, block.end), f" = {value}") if is_value else None,
    )
    made = body if is_value else [Token("NUMBER", "0", end, end)]
    return [*piece.head, Token("EQUAL", "=", end, end), *made]


def _is_word(token: Token) -> bool:
    return token.type == "NAME" or token.text in RESERVED


def _is_comma_of_text(tokens: list[Token], at: int) -> bool:
    """Whether a comma stands between words, and not before a key or a setting."""
    if tokens[at].type != "COMMA" or at + 1 >= len(tokens) or not _is_word(tokens[at + 1]):
        return False
    return at + 2 >= len(tokens) or tokens[at + 2].type not in ("COLON", "EQUAL", "AUGMENT", "DOT", "LPAR")


def _end_of_text(tokens: list[Token], at: int) -> int:
    """Where an unquoted text ends: before the comma of a next key, before a block, or with the statement."""
    while at < len(tokens) and tokens[at].type != "BLOCK":
        if tokens[at].type == "COMMA" and any(token.type == "COLON" for token in tokens[at + 1 : at + 4]):
            break
        at += 1
    return at
