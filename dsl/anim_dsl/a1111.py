"""Marks in prompts that other programs read and that mean nothing here."""

from __future__ import annotations

import re

from anim_dsl.findings import Findings
from anim_dsl.source import Span
from anim_dsl.tokens import Token

_MARKS = re.compile(r"<(lora|lyco|hypernet):([^:<>\"\n]*)(?::([^<>\"\n]*))?>|--neg\b|`([^`\"\n]*)`|`")


def report_habits(token: Token, findings: Findings) -> None:
    """Reports `<lora:…>`, `--neg` and back-ticks in a text, each with what to write."""
    for mark in _MARKS.finditer(token.text):
        span = Span(token.start + mark.start(), token.start + mark.end())
        if mark.group(1):
            _report_lora(mark, span, findings)
        elif mark.group().startswith("--neg"):
            findings.error(
                "E1026",
                span,
                "`--neg` in a prompt is Deforum's",
                hint='write what follows it as `negative = "…"` in `prompt { }`',
            )
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


def _report_lora(mark: re.Match[str], span: Span, findings: Findings) -> None:
    name = re.sub(r"\W", "_", mark.group(2)) or "name"
    weight = f" {{ weight = {mark.group(3)} }}" if mark.group(3) else ""
    findings.error(
        "E1025",
        span,
        f"`<{mark.group(1)}:…>` in a prompt loads nothing",
        hint=f'write `lora {name} = "{mark.group(2)}.safetensors"{weight}` in the film',
    )
