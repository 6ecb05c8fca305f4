"""W6030: a prompt with more words than a text encoder reads at once."""

from __future__ import annotations

import re

from anim_compiler.film import Alternative, Film
from anim_compiler.findings import Findings

#: what CLIP's encoders read at once, without the marks of beginning and end
READS = 75

_WEIGHT = re.compile(r":\s*[0-9.]+\s*(?=[)\]])")
_PIECES = re.compile(r"[^\W\d_]+|\d|[^\s\w()\[\]]+|_")


def long_prompt(film: Film, findings: Findings) -> None:
    """Counts what is certainly a token: a word, a digit, a run of signs."""
    for shot in film.shots:
        for key in (*shot.prompts.positive, *shot.prompts.negative):
            most = max((tokens(alternative) for alternative in key.value), default=0)
            if most <= READS or key.span.end == key.span.start:
                continue
            findings.warning(
                "W6030",
                key.span,
                f"this prompt has at least {most} tokens, and text encoders read {READS} at once",
                hint=f"it is read in {-(-most // READS)} parts; put what matters most first, or shorten it",
            )


def tokens(text: Alternative) -> int:
    """How many tokens a text has at least; an insert counts as one."""
    count = 0
    for part in text.parts:
        if isinstance(part, str):
            count += len(_PIECES.findall(_WEIGHT.sub("", part)))
        else:
            count += 1
    return count
