"""W6043: prompts of Deforum, which change at their key there and morph here."""

from __future__ import annotations

import re
from itertools import pairwise

from anim_compiler.advice.pasted import is_pasted, moves_as_deforum
from anim_compiler.film import Film
from anim_compiler.findings import Findings

_FRAME = re.compile(r"""["']?[0-9]+["']?\s*:""")
_MORPH = re.compile(r"^[^#\n]*\bmorph\s*=", re.MULTILINE)


def deforum_prompts(film: Film, findings: Findings) -> None:
    """`prompt { 0: "a", 30: "b" }` beside `strength_schedule`; who says `morph` knows that there are two."""
    text = film.source.text
    if not (is_pasted(film) or moves_as_deforum(film)) or _MORPH.search(text):
        return
    for shot in film.shots:
        keys = shot.prompts.positive
        written = [findings.text(key.span, 10**6) for key in keys if key.span.end > key.span.start]
        if len(written) < 2 or not all(_FRAME.match(words) for words in written):
            continue
        if all(first.value == second.value for first, second in pairwise(keys)):
            continue
        findings.warning(
            "W6043",
            keys[1].span,
            "each prompt melts into the next one here; in Deforum it changes at its key",
            hint="write `morph = cut` in `prompt { }` for Deforum's way, or `morph = linear` for this one",
        )
        return
