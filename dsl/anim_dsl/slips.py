"""Slips that the grammar stops at, each with a sentence of its own and with the statement that was meant.

A slip looks at the tokens and at where the grammar stopped. It reports, and gives the statements that
stand in place of the one, which are parsed next; None means that it is another slip's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from anim_dsl import slip_expect, slip_keys, slip_statements, slip_words
from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.machine import Refused
from anim_dsl.slip_foreign import PROMPTS
from anim_dsl.syntax import Block, KeyLine
from anim_dsl.tokens import END, TEXTS, Token

Statements: TypeAlias = list[list[Token]]
Slip: TypeAlias = Callable[[list[Token], Refused, Findings], Statements | None]


def mend_slip(tokens: list[Token], refused: Refused, context: str, findings: Findings) -> Statements | None:
    """What was meant, by the first slip that explains where the grammar stopped."""
    if _is_made_text(tokens, findings):
        return []
    if context == "prompt":
        timed = slip_keys.text_without_time(tokens, refused, findings)
        if timed is not None:
            return timed
    for slip in SLIPS:
        mended = slip(tokens, refused, findings)
        if mended is not None:
            return mended
    return None


def _is_made_text(tokens: list[Token], findings: Findings) -> bool:
    """Whether the statement is one text without its quotes, which was reported already."""
    return len(tokens) == 1 and tokens[0].type in TEXTS and findings.source.text[tokens[0].start] != '"'


def _equal_for_colon(tokens: list[Token], refused: Refused, findings: Findings) -> Statements | None:
    """`0s = "x"` in a key list."""
    at = refused.at
    if not 0 < at < len(tokens) or tokens[at].type != "EQUAL":
        return None
    if tokens[at - 1].type not in {"QUANTITY", "PERCENT", "NUMBER", "TIME", *TEXTS}:
        return None
    findings.error(
        "E1043",
        tokens[at].span,
        "a key is written with `:`",
        marker="write `:`",
        hint=f"write `{tokens[at - 1].text}: …`",
        edit=Edit(tokens[at].span, ":"),
    )
    return [[*tokens[:at], tokens[at]._replace(type="COLON", text=":"), *tokens[at + 1 :]]]


def _colon_for_equal(tokens: list[Token], refused: Refused, findings: Findings) -> Statements | None:
    """`let x: 3`, `audio song: "x.mp3"`."""
    at = refused.at
    if at >= len(tokens) or tokens[at].type != "COLON" or "EQUAL" not in refused.expected:
        return None
    findings.error(
        "E1042",
        tokens[at].span,
        "a value is given with `=`",
        marker="write `=`",
        edit=Edit(tokens[at].span, " ="),
    )
    return [[*tokens[:at], tokens[at]._replace(type="EQUAL", text="="), *tokens[at + 1 :]]]


def _double_equal(tokens: list[Token], refused: Refused, findings: Findings) -> Statements | None:
    """`zoom == 1` as a setting."""
    first = next((at for at, token in enumerate(tokens) if token.type not in ("NAME", "DOT", "LET")), 0)
    if not first or tokens[first].text != "==" or refused.at < len(tokens) - 1:
        return None
    findings.error(
        "E1042",
        tokens[first].span,
        "`==` compares; a value is given with `=`",
        hint="write `=`",
        edit=Edit(tokens[first].span, "="),
    )
    return [[*tokens[:first], tokens[first]._replace(type="EQUAL", text="="), *tokens[first + 1 :]]]


def _comma_between_settings(tokens: list[Token], refused: Refused, findings: Findings) -> Statements | None:
    """`{ weight = 1, start = 0% }`, `{ 0s: "a", negative = "b", 4s: "c" }`."""
    comma = _separating_comma(tokens, refused)
    if comma is None:
        return None
    findings.error(
        "E1045",
        tokens[comma].span,
        "commas separate keys, arguments and list elements, never settings",
        marker="write `;` or begin a new line",
        edit=Edit(tokens[comma].span, ";"),
    )
    return [tokens[:comma], tokens[comma + 1 :]]


def _separating_comma(tokens: list[Token], refused: Refused) -> int | None:
    at = refused.at
    if at >= len(tokens):
        return None
    if tokens[at].type in ("EQUAL", "AUGMENT"):
        before = at - 1
        while before >= 2 and tokens[before].type == "NAME" and tokens[before - 1].type == "DOT":
            before -= 2
        is_name = before > 1 and tokens[before].type == "NAME"
        return (
            before - 1
            if is_name and tokens[before - 1].type == "COMMA" and not depth_at(tokens, before)
            else None
        )
    if tokens[at].type != "COMMA" or END not in refused.expected or depth_at(tokens, at):
        return None
    follower = tokens[at + 1 : at + 3]
    return at if len(follower) == 2 and follower[1].type in ("EQUAL", "COLON", "AUGMENT") else None


def _values_without_list(tokens: list[Token], refused: Refused, findings: Findings) -> Statements | None:
    """`size = 768, 512`, `target = 0, 0, 2`."""
    at = refused.at
    if at >= len(tokens) or tokens[at].type != "COMMA" or END not in refused.expected or depth_at(tokens, at):
        return None
    equal = next((i for i, token in enumerate(tokens) if token.type == "EQUAL"), None)
    if equal is None or equal + 1 >= len(tokens):
        return None
    if any(token.type in ("COLON", "EQUAL", "BLOCK") for token in tokens[equal + 1 :]):
        return None
    span = tokens[equal + 1].span.to(tokens[-1].span)
    values = [token.text for token in tokens[equal + 1 :] if token.type != "COMMA"]
    if tokens[0].text == "size" and len(values) == 2 and all(value.isdigit() for value in values):
        text = "x".join(values)
        findings.error("E1045", span, "a size is one value", hint=f"write `{text}`", edit=Edit(span, text))
        return [[*tokens[: equal + 1], Token("SIZE", text, span.start, span.end)]]
    if _is_varied(findings.source.text, span.start):
        text = f"[{findings.source.slice(span)}]"
        findings.error(
            "E1045", span, "several values stand in `[ ]`", hint=f"write `{text}`", edit=Edit(span, text)
        )
    else:
        hint = "write `[…]` around them, or give each a time"
        findings.error("E1045", span, "several values stand in `[ ]`", hint=hint)
    left, right = Token("LSQB", "[", span.start, span.start), Token("RSQB", "]", span.end, span.end)
    return [[*tokens[: equal + 1], left, *tokens[equal + 1 :], right]]


def _is_varied(text: str, start: int) -> bool:
    """Whether a place stands in a `variant` block, where every value is a list."""
    opens = text.rfind("{", 0, start)
    inside = opens >= 0 and text.find("}", opens, start) < 0
    return inside and text[max(0, opens - 40) : opens].rstrip().endswith("variant")


def _if_without_else(tokens: list[Token], refused: Refused, findings: Findings) -> Statements | None:
    """`zoom = 1.2 if bass > 0.5`."""
    if "ELSE" not in refused.expected:
        return None
    last = next((token for token in reversed(tokens[: refused.at]) if token.type == "IF"), None)
    if last is None or refused.at == 0 or tokens[refused.at - 1] is last:
        return None
    findings.error(
        "E1051",
        last.span,
        "this `if` has no `else`: a curve has a value at every frame",
        hint="write `a if condition else b`",
    )
    end = tokens[refused.at - 1].end
    made = [Token("ELSE", "else", end, end), Token("NUMBER", "0", end, end)]
    return [[*tokens[: refused.at], *made, *tokens[refused.at :]]]


def _block_for_value(tokens: list[Token], refused: Refused, findings: Findings) -> Statements | None:
    """`prompts = { "0": "a", "30": "b" }`, as Deforum's files have it."""
    at = refused.at
    if not 0 < at < len(tokens) or tokens[at].type != "BLOCK" or tokens[at - 1].type != "EQUAL":
        return None
    block = tokens[at].value
    lines = block.statements if isinstance(block, Block) else ()
    if at != 2 or not lines or not all(isinstance(line, KeyLine) for line in lines):
        return None
    name = tokens[0]
    meant = "prompt" if name.text in {*PROMPTS, "prompt"} else name.text
    span = name.span.to(tokens[at - 1].span)
    findings.error(
        "E1054",
        span,
        "a block of keys stands without `=`" if meant == name.text else f"`{name.text}` is `prompt` here",
        hint=f"write `{meant} {{ … }}`",
        edit=Edit(span, meant),
    )
    return [[name._replace(text=meant), *tokens[at:]]]


def depth_at(tokens: list[Token], at: int) -> int:
    """How many brackets are open before a token."""
    depth = 0
    for token in tokens[:at]:
        depth += (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB"))
    return depth


SLIPS: tuple[Slip, ...] = (
    slip_expect.expectation,
    _equal_for_colon,
    slip_statements.colon_in_a_scene,
    slip_statements.computed_length,
    slip_statements.path_without_quotes,
    _colon_for_equal,
    _double_equal,
    _comma_between_settings,
    slip_keys.easing_before_value,
    slip_keys.easing_before_keys,
    slip_statements.two_settings,
    slip_statements.transition_without_call,
    slip_statements.variant_without_block,
    slip_statements.color_of_numbers,
    slip_statements.call_alone,
    slip_words.unquoted_text,
    slip_keys.comma_in_parentheses,
    slip_keys.open_before_key,
    slip_keys.missing_comma,
    slip_keys.keys_in_a_call,
    slip_keys.second_colon,
    _if_without_else,
    slip_words.reserved_name,
    _values_without_list,
    _block_for_value,
)
"""In this order: the first that gives statements wins."""
