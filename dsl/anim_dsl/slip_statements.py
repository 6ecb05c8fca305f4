"""Slips in whole statements: two on one line, heads that want a sign less, words without their block."""

from __future__ import annotations

from anim_dsl.diagnostic import Edit
from anim_dsl.expected import is_call
from anim_dsl.findings import Findings
from anim_dsl.functions import FUNCTIONS
from anim_dsl.machine import Refused
from anim_dsl.source import Span
from anim_dsl.syntax import Text
from anim_dsl.tokens import BINARY_OPERATORS, TEXTS, Token, ends_operand

_SHOWN = 60


def two_settings(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`zoom = 1 angle = 3deg`: the second was taken for an easing, or for nothing."""
    at = refused.at
    if at < len(tokens) and tokens[at].type in ("EQUAL", "AUGMENT"):
        at -= 1
    if not 2 < at < len(tokens) - 1 or tokens[at].type != "NAME" or not ends_operand(tokens[at - 1]):
        return None
    if tokens[at + 1].type not in ("EQUAL", "AUGMENT") or not _assigns(tokens[:at]):
        return None
    here = tokens[at - 1].end
    findings.error(
        "E1034",
        tokens[at].span,
        "a statement begins on a new line or after `;`",
        hint=f"put `;` before `{tokens[at].text}`",
        edit=Edit(Span(here, here), ";"),
    )
    return [tokens[:at], tokens[at:]]


def colon_in_a_scene(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`scene intro: 4s { … }`."""
    at = refused.at
    if at != 2 or len(tokens) < 4 or tokens[0].text != "scene" or tokens[2].type != "COLON":
        return None
    name, length = tokens[1].text, findings.source.slice(tokens[3].span)
    findings.error(
        "E1040",
        tokens[2].span,
        "nothing stands between a scene's name and its length",
        hint=f"write `scene {name} {length} {{ … }}`",
        edit=Edit(Span(tokens[2].start, tokens[3].start), " "),
    )
    return [[*tokens[:2], *tokens[3:]]]


def computed_length(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`scene verse 4bars + 2beats { … }`."""
    at = refused.at
    if not 2 < at < len(tokens) or tokens[0].text != "scene" or tokens[at].type not in BINARY_OPERATORS:
        return None
    end = next((i for i in range(at, len(tokens)) if tokens[i].type == "BLOCK"), len(tokens))
    span, name = tokens[2].span.to(tokens[end - 1].span), tokens[1].text
    written = findings.source.slice(span)
    findings.error(
        "E1040",
        span,
        "a scene's length is one value",
        hint=f"write `let {name}_long = {written}`, then `scene {name} {name}_long {{ … }}`",
    )
    return [[*tokens[:at], *tokens[end:]]]


def path_without_quotes(
    tokens: list[Token], refused: Refused, findings: Findings
) -> list[list[Token]] | None:
    """`import std:shake`, `use std:orbit.around()`."""
    if tokens[0].text not in ("import", "use") or len(tokens) < 4 or tokens[2].type != "COLON":
        return None
    if tokens[1].text != "std" or tokens[3].type != "NAME" or refused.at != 2:
        return None
    path = f'"std:{tokens[3].text}"'
    span = tokens[1].span.to(tokens[3].span)
    if tokens[0].text == "use":
        called = "".join(token.text for token in tokens[4:6]).lstrip(".") or "NAME"
        hint = f"write `import {path}` at the top, and here `use {called.rstrip('(')}(…)`"
        findings.error("E1049", span, "a template is used by its name", hint=hint)
        return []
    findings.error(
        "E1049",
        span,
        "a path stands in double quotes",
        hint=f"write `import {path}`",
        edit=Edit(span, path),
    )
    return [[tokens[0], Token("STRING", path, span.start, span.end, _text(path, span)), *tokens[4:]]]


def transition_without_call(
    tokens: list[Token], refused: Refused, findings: Findings
) -> list[list[Token]] | None:
    """`transition = crossfade 1s`."""
    at = refused.at
    if at != 3 or at >= len(tokens) or tokens[0].text != "transition" or tokens[2].type != "NAME":
        return None
    if tokens[at].type not in ("QUANTITY", "NUMBER"):
        return None
    span = tokens[2].span.to(tokens[at].span)
    text = f"{tokens[2].text}({tokens[at].text})"
    findings.error(
        "E1040",
        tokens[at].span,
        "a transition's length stands in parentheses",
        hint=f"write `{text}`",
        edit=Edit(span, text),
    )
    opens = Token("LPAR", "(", tokens[2].end, tokens[2].end)
    closes = Token("RPAR", ")", tokens[at].end, tokens[at].end)
    return [[*tokens[:3], opens, tokens[at], closes, *tokens[at + 1 :]]]


def variant_without_block(
    tokens: list[Token], refused: Refused, findings: Findings
) -> list[list[Token]] | None:
    """`variant seed [1, 2]`."""
    if tokens[0].text != "variant" or refused.at != 2 or len(tokens) < 3 or tokens[2].type != "LSQB":
        return None
    rest = tokens[1].span.to(tokens[-1].span)
    values = findings.source.slice(Span(tokens[2].start, rest.end))
    text = f"{{ {tokens[1].text} = {values} }}"
    findings.error(
        "E1036",
        rest,
        "the block of `variant` has no `{`",
        hint=f"write `variant {text}`" if len(text) < 60 else "write `variant { seed = [1, 2] }`",
        edit=Edit(rest, text),
    )
    return []


def color_of_numbers(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`color = (255, 0, 0)`."""
    at = refused.at
    if not 2 < at < len(tokens) or tokens[at].type != "COMMA":
        return None
    kinds = [token.type for token in tokens[at - 2 : at + 5]]
    if kinds[:6] != ["LPAR", "NUMBER", "COMMA", "NUMBER", "COMMA", "NUMBER"] or kinds[6:] != ["RPAR"]:
        return None
    numbers = [tokens[place].text for place in (at - 1, at + 1, at + 3)]
    span = tokens[at - 2].span.to(tokens[at + 4].span)
    whole = all(number.isdigit() and int(number) < 256 for number in numbers if len(number) < 4)
    if tokens[0].text not in ("color", "background", "tint") or not whole or max(map(len, numbers)) > 3:
        return None
    text = '"#' + "".join(f"{int(number):02x}" for number in numbers) + '"'
    findings.error("E1040", span, "a color is a text", hint=f"write `{text}`", edit=Edit(span, text))
    return [
        [*tokens[: at - 2], Token("STRING", text, span.start, span.end, _text(text, span)), *tokens[at + 5 :]]
    ]


def call_alone(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`handheld(0.5deg)`, a template without `use`."""
    if refused.at < len(tokens) or not is_call(tokens) or tokens[0].text in FUNCTIONS:
        return None
    first = tokens[0]
    span = first.span.to(tokens[-1].span)
    written = f"use {findings.source.slice(span)}"
    hint = f"write `{written}`" if len(written) < _SHOWN else "write `use` before it"
    findings.error("E1041", span, "this call sets nothing", hint=f"{hint} for a template")
    return [[Token("NAME", "use", first.start, first.start), *tokens]]


def _assigns(tokens: list[Token]) -> bool:
    return any(token.type in ("EQUAL", "AUGMENT") for token in tokens) and tokens[0].type not in TEXTS


def _text(quoted: str, span: Span) -> Text:
    return Text((quoted.strip('"'),), span)
