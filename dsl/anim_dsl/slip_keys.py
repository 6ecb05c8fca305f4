"""Slips in key lists and calls."""

from __future__ import annotations

from anim_dsl.diagnostic import Edit
from anim_dsl.easings import EASINGS
from anim_dsl.findings import Findings
from anim_dsl.machine import Refused
from anim_dsl.source import Span
from anim_dsl.tokens import TEXTS, Token, ends_operand

_VALUE_STARTS = frozenset({"QUANTITY", "NUMBER", "PERCENT", "NAME", "TIME", "SIZE", *TEXTS})


def easing_before_value(
    tokens: list[Token], refused: Refused, findings: Findings
) -> list[list[Token]] | None:
    """`0s: ease_in 0deg`."""
    at = refused.at
    if not 1 < at < len(tokens) or tokens[at - 1].text not in EASINGS or tokens[at - 2].type != "COLON":
        return None
    if tokens[at].type not in _VALUE_STARTS:
        return None
    easing, value = tokens[at - 1], tokens[at]
    span = easing.span.to(value.span)
    text = f"{findings.source.slice(value.span)} {easing.text}"
    findings.error(
        "E1047",
        easing.span,
        "an easing stands after the value of its key",
        hint=f"write `{text}`" if len(text) < 60 else "write the value first",
        edit=Edit(span, text),
    )
    return [[*tokens[: at - 1], value, easing, *tokens[at + 1 :]]]


def easing_before_keys(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`zoom = ease_in_out 0s: 1, 4s: 2`."""
    at = refused.at
    if not 1 < at < len(tokens) or tokens[at - 1].text not in EASINGS or tokens[at - 2].type != "EQUAL":
        return None
    keys = tokens[at:]
    if not any(token.type == "COLON" for token in keys) or any(t.type in ("WITH", "BLOCK") for t in keys):
        return None
    easing = tokens[at - 1]
    rest = Span(keys[0].start, keys[-1].end)
    findings.error(
        "E1047",
        easing.span,
        "an easing stands after the keys that it shapes",
        hint=f"write `with {easing.text}` at the end of the list",
        edit=Edit(Span(easing.start, rest.end), f"{findings.source.slice(rest)} with {easing.text}"),
    )
    end = rest.end
    made = [Token("WITH", "with", end, end), easing._replace(start=end, end=end)]
    return [[*tokens[: at - 1], *keys, *made]]


def text_without_time(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`prompt { "a forest" }`: the first of such texts holds from the start."""
    first = tokens[0]
    follows = tokens[1].type if len(tokens) > 1 else "COMMA"
    if first.type not in TEXTS or refused.at > 1 or follows not in ("COMMA", *TEXTS):
        return None
    written = findings.source.slice(first.span)
    opens = findings.source.text[: first.start].rstrip().endswith("{")
    time = "0s" if opens else "4s"
    findings.error(
        "E1041",
        first.span,
        "this text has no time: a key is a time, `:` and a value",
        marker="when?",
        hint=f"write `{time}: {written}`" if len(written) < 60 else f"write `{time}:` before it",
        edit=Edit(Span(first.start, first.start), f"{time}: ") if opens else None,
    )
    if not opens:
        return []
    start = first.start
    return [[Token("QUANTITY", "0s", start, start), Token("COLON", ":", start, start), first]]


def comma_in_parentheses(
    tokens: list[Token], refused: Refused, findings: Findings
) -> list[list[Token]] | None:
    """`0: (1,02)`: a decimal comma, where parentheses hold one value."""
    at = refused.at
    if not 1 < at < len(tokens) - 1 or tokens[at].type != "COMMA":
        return None
    whole, part = tokens[at - 1], tokens[at + 1]
    glued = whole.end == tokens[at].start and tokens[at].end == part.start
    if not glued or {whole.type, part.type} != {"NUMBER"} or not (whole.text + part.text).isdigit():
        return None
    span = whole.span.to(part.span)
    text = f"{whole.text}.{part.text}"
    findings.error(
        "E1014", span, "the decimal sign is a point", hint=f"write `{text}`", edit=Edit(span, text)
    )
    return [[*tokens[: at - 1], Token("NUMBER", text, span.start, span.end), *tokens[at + 2 :]]]


def open_before_key(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`0: ((1.02), 30: (1.04)`: the bracket that is open was reported; it closes before the next key."""
    at = refused.at
    if not 1 < at < len(tokens) - 2 or tokens[at].type != "COMMA" or tokens[at + 2].type != "COLON":
        return None
    last = len(tokens)
    while last and tokens[last - 1].type == "RPAR" and tokens[last - 1].start == tokens[last - 1].end:
        last -= 1
    added = tokens[last:]
    if not added or _open_bracket(tokens, at)[0] is None:
        return None
    return [[*tokens[:at], *added, *tokens[at:last]]]


def missing_comma(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`0s: 1 5s: 2`, `clamp(x 0, 1)`, `[1 2]`."""
    at = refused.at
    if at < len(tokens) and tokens[at].type == "COLON" and at > 1 and tokens[at - 1].type == "NAME":
        at -= 1  # a named time was taken for an easing
    if not 0 < at < len(tokens) or tokens[at].type not in _VALUE_STARTS or not ends_operand(tokens[at - 1]):
        return None
    opened, since = _open_bracket(tokens, at)
    is_key = at + 1 < len(tokens) and tokens[at + 1].type == "COLON"
    if opened is None and not (is_key and any(token.type == "COLON" for token in tokens[since:at])):
        return None
    if opened is not None and tokens[at].type == "NAME" and "COMMA" not in refused.expected and not is_key:
        return None
    end = tokens[at - 1].end
    findings.error(
        "E1044",
        tokens[at].span,
        "a comma is missing before this" + (" key" if is_key else ""),
        hint="write `,` between keys" if is_key else "write `,` between the two values, or an operator",
        edit=Edit(Span(end, end), ",") if is_key else None,
    )
    return [[*tokens[:at], Token("COMMA", ",", end, end), *tokens[at:]]]


def keys_in_a_call(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`loop(0s: 1, 2s: 2, 2s)`, and an easing that is called with keys."""
    at = refused.at
    if at >= len(tokens) or tokens[at].type != "COLON":
        return None
    opened, first = _open_bracket(tokens, at)
    if opened is None:
        return None
    is_call = opened.type == "LPAR" and first > 1 and tokens[first - 2].type == "NAME"
    if not is_call and opened.type == "LPAR":
        return None
    name = tokens[first - 2].text if is_call else ""
    hint = "write `((0s: 1, 2s: 2), …)`" if is_call else "write `[(0s: 1, 2s: 2)]`"
    argument = _after_comma(tokens, first, at)
    if tokens[argument - 1].type in ("COMMA", "EQUAL"):
        hint = "write `(0s: 1, 2s: 2)` there"
    if name in EASINGS:
        hint = f"write `0s: 1, 2s: 2 with {name}`"
    findings.error(
        "E1048", tokens[at].span, "a key list inside a call or `[ ]` stands in parentheses", hint=hint
    )
    if name in EASINGS:
        return [_without_call(tokens, first)]
    close = _closer(tokens, first)
    start, end = tokens[argument].start, tokens[close - 1].end
    inner = [Token("LPAR", "(", start, start), *tokens[argument:close], Token("RPAR", ")", end, end)]
    return [[*tokens[:argument], *inner, *tokens[close:]]]


def second_colon(tokens: list[Token], refused: Refused, findings: Findings) -> list[list[Token]] | None:
    """`0: 0: (expr)`, which Deforum reads as the constant 0."""
    at = refused.at
    if at >= len(tokens) or tokens[at].type != "COLON":
        return None
    _, since = _open_bracket(tokens, at)
    level = [token for token in tokens[since:at] if token.type in ("COLON", "COMMA")]
    if not level or level[-1].type != "COLON":
        return None
    last = _end_of_key(tokens, at)
    first = level[-1]
    value = " ".join(findings.source.text[first.end : tokens[at].start].split())
    findings.error(
        "E1046",
        tokens[at].span,
        "a key has one `:`, between its time and its value",
        notes=(f"Deforum ignores what stands after a second `:`, so there this is the constant {value}",),
        hint=f"remove `{value}:` if the formula is meant, or `: …` if {value} is",
    )
    return [[*tokens[:at], *tokens[last:]]]


def _open_bracket(tokens: list[Token], at: int) -> tuple[Token | None, int]:
    """The innermost bracket open before a token, and the index of what follows it or its last `=`."""
    depth = 0
    equal: int | None = None
    for before in range(at - 1, -1, -1):
        kind = tokens[before].type
        if kind in ("RPAR", "RSQB"):
            depth += 1
        elif kind in ("LPAR", "LSQB"):
            depth -= 1
            if depth < 0:
                return tokens[before], (before if equal is None else equal) + 1
        elif kind in ("EQUAL", "AUGMENT") and depth == 0 and equal is None:
            equal = before
    return None, 0 if equal is None else equal + 1


def _after_comma(tokens: list[Token], first: int, at: int) -> int:
    """Where the argument begins that a token stands in; the arguments begin at `first`."""
    depth = 0
    for before in range(at - 1, first - 1, -1):
        kind = tokens[before].type
        depth += (kind in ("RPAR", "RSQB")) - (kind in ("LPAR", "LSQB"))
        if kind == "COMMA" and depth == 0:
            return before + 1
    return first


def _closer(tokens: list[Token], first: int) -> int:
    """The index of the bracket that closes the one before `first`."""
    depth = 0
    for at in range(first, len(tokens)):
        kind = tokens[at].type
        if kind in ("LPAR", "LSQB"):
            depth += 1
        elif kind in ("RPAR", "RSQB"):
            depth -= 1
            if depth < 0:
                return at
    return len(tokens)


def _without_call(tokens: list[Token], first: int) -> list[Token]:
    """`ease_in(0s: 1, 2s: 2)` as `(0s: 1, 2s: 2 with ease_in)`."""
    close = _closer(tokens, first)
    name = tokens[first - 2]
    end = tokens[close - 1].end
    made = [Token("WITH", "with", end, end), name._replace(start=end, end=end)]
    return [*tokens[: first - 2], tokens[first - 1], *tokens[first:close], *made, *tokens[close:]]


def _end_of_key(tokens: list[Token], at: int) -> int:
    """The index after the key that a token stands in."""
    depth = 0
    for after in range(at, len(tokens)):
        kind = tokens[after].type
        if kind in ("LPAR", "LSQB"):
            depth += 1
        elif kind in ("RPAR", "RSQB"):
            depth -= 1
        if depth < 0 or (depth == 0 and kind in ("COMMA", "BLOCK")):
            return after
    return len(tokens)
