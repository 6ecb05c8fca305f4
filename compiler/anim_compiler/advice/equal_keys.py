"""W6024: a list whose keys all hold the same."""

from __future__ import annotations

from anim_compiler.advice.looking import curves, key_curves, steady
from anim_compiler.film import Film, Prompting
from anim_compiler.findings import Findings
from anim_compiler.typed import KeyCurve
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span


def equal_keys(film: Film, findings: Findings) -> None:
    """`zoom = 0: (1), 30: (1)` never changes."""
    for _, _, curve in curves(film):
        for keys in key_curves(curve.expr):
            _list(keys, findings)
    for shot in film.shots:
        _prompts(shot.prompts, findings)


def _list(keys: KeyCurve, findings: Findings) -> None:
    value = steady(keys)
    if value is None or len(keys.keys) < 2:
        return
    text = findings.text(keys.keys[0].value.span)
    findings.warning(
        "W6024",
        keys.span,
        f"every key of this list is {value:g}, so it never changes",
        hint=f"write `{value:g}` alone, or give a key another value",
        edit=Edit(keys.span, text) if ":" not in text and "," not in text and not keys.smooth else None,
    )


def _prompts(prompts: Prompting, findings: Findings) -> None:
    texts = {
        "".join(part for part in alternative.parts if isinstance(part, str)).strip()
        for key in prompts.positive
        for alternative in key.value
    }
    plain = all(
        len(key.value) == 1 and all(isinstance(part, str) for part in key.value[0].parts)
        for key in prompts.positive
    )
    if len(prompts.positive) < 2 or len(texts) > 1 or not plain:
        return
    last = prompts.positive[-1].span
    if last == Span(0, 0):
        return
    findings.warning(
        "W6024",
        last,
        "every prompt of this list is the same, so the film never changes what it shows",
        hint="write one text, or another one here",
    )
