"""W6026: a first prompt after the beginning."""

from __future__ import annotations

from anim_compiler.advice.looking import called
from anim_compiler.film import Film
from anim_compiler.findings import Findings


def first_prompt(film: Film, findings: Findings) -> None:
    """`prompt { 2s: "fog" }`: what is shown before? In Deforum this crashes, or goes unnoticed."""
    for shot in film.shots:
        first = shot.prompts.positive[0]
        own_clock = first.at.start == shot.start
        if not own_clock or first.at.beats or first.at.seconds <= 0:
            continue
        findings.warning(
            "W6026",
            first.span,
            f"the first prompt stands at {float(first.at.seconds):g}s, and the {called(film)} begins at 0s",
            hint="it is shown from the first frame on; write `0s:`, or add a key for the beginning",
        )
