"""E3050: texts whose weights leave nothing."""

from __future__ import annotations

from anim_compiler.advice.looking import steady
from anim_compiler.film import Film, PromptKey
from anim_compiler.findings import Findings


def weights(film: Film, findings: Findings) -> None:
    """`"a" * 0 + "b" * 0`: weights are divided by their sum, and that is 0."""
    for shot in film.shots:
        for key in (*shot.prompts.positive, *shot.prompts.negative):
            _key(key, findings)


def _key(key: PromptKey, findings: Findings) -> None:
    values = [1.0 if text.weight is None else steady(text.weight) for text in key.value]
    known = [value for value in values if value is not None]
    if len(known) != len(values) or abs(sum(known)) > 1e-12:
        return
    findings.error(
        "E3050",
        key.span,
        "the weights of these texts add up to 0, so nothing is asked for",
        hint='give one a weight above 0: `"forest" * 0.7 + "fire" * 0.3`',
    )
