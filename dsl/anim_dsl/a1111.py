"""Marks in prompts that other programs read and that mean nothing here."""

from __future__ import annotations

import re

from anim_dsl.diagnostic import Edit
from anim_dsl.findings import Findings
from anim_dsl.source import Span
from anim_dsl.tokens import Token

_MARKS = re.compile(
    r"<(lora|lyco|hypernet):([^:<>\"\n]*)(?::([^<>\"\n]*))?>|--neg\b|`([^`\"\n]*)`|`"
    r"|(\$)\{|\[([^\[\]:\"\n]*):([^\[\]:\"\n]*):([0-9.]+)\]|__([\w/-]+)__|\s(AND)\s"
)


_MOST_SHOWN = 60
_KEYED_NEGATIVE = re.compile(r"""["']?([0-9.]+\w*)["']?\s*:\s*"[^"\n]*--neg\b\s*([^"\n]*)\"""")


def report_habits(token: Token, findings: Findings) -> None:
    """Reports what A1111, Deforum and Parseq read in a text and films do not, each with what to write."""
    for mark in _MARKS.finditer(token.text):
        span = Span(token.start + mark.start(), token.start + mark.end())
        if mark.group(1):
            _report_lora(mark, span, findings)
        elif mark.group().startswith("--neg"):
            rest = " ".join(token.text[mark.end() :].strip(' "').split())
            findings.error(
                "E1026",
                span,
                "`--neg` in a prompt is Deforum's",
                hint=_negative(rest, findings.source.text),
            )
        elif not mark.group().startswith("`"):
            _report_other(mark, span, findings)
        else:
            inner = mark.group(4)
            findings.error(
                "E1027",
                span,
                "back-ticks in a prompt are Deforum's",
                hint=f"write `{{{inner}}}`: braces insert an expression"
                if inner
                else "braces insert an expression",
            )


def _negative(rest: str, film: str) -> str:
    """What to write for `--neg`: of several prompts that have one, all in one list of keys."""
    keyed = _KEYED_NEGATIVE.findall(film)
    if len(keyed) > 1:
        keys = ", ".join(f'{time}: "{" ".join(text.split())}"' for time, text in keyed)
        if len(keys) <= 2 * _MOST_SHOWN:
            return f"write `negative = {keys}` in `prompt {{ }}`"
        return f'write `negative = {keyed[0][0]}: "…", {keyed[1][0]}: "…"` in `prompt {{ }}`, a key for each'
    if 0 < len(rest) <= _MOST_SHOWN:
        return f'write `negative = "{rest}"` in `prompt {{ }}`'
    return 'write what follows it as `negative = "…"` in `prompt { }`'


def _report_lora(mark: re.Match[str], span: Span, findings: Findings) -> None:
    name = re.sub(r"\W", "_", mark.group(2)) or "name"
    weight = f" {{ weight = {mark.group(3)} }}" if mark.group(3) else ""
    findings.error(
        "E1025",
        span,
        f"`<{mark.group(1)}:…>` in a prompt loads nothing",
        hint=f'write `lora {name} = "{mark.group(2)}.safetensors"{weight}` in the film',
    )


def _report_other(mark: re.Match[str], span: Span, findings: Findings) -> None:
    """`${x}`, `[cat:dog:0.5]`, `__colour__`, `a AND b`."""
    edit = None
    if mark.group(5):
        span = Span(span.start, span.start + 1)
        message, hint = "`${…}` is Parseq's", "write `{…}`: braces insert an expression"
        edit = Edit(span, "")
    elif mark.group(8):
        message = "`[a:b:0.5]` changes the prompt within one picture, which A1111 does and films do not"
        first = mark.group(6).strip() or "…"
        hint = (
            f'write a key for each text, `0s: "{first}"` and `2s: "{mark.group(7).strip()}"`, or blend them'
        )
    elif mark.group(9):
        message = f"`__{mark.group(9)}__` is a wildcard of another program"
        hint = f'write `let {re.sub(r"[^0-9A-Za-z]", "_", mark.group(9))} = cycle(["…", "…"], every(1s))`'
        hint += " and insert it in braces"
    else:
        span = Span(mark.start(10) + span.start - mark.start(), mark.end(10) + span.start - mark.start())
        message = "`AND` between texts is A1111's"
        hint = 'write a weighted sum: `"forest" * 0.5 + "fire" * 0.5`'
    findings.error("E1028", span, message, hint=hint, edit=edit)
