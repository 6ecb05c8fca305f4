"""W6030: a prompt with more words than a text encoder reads at once, or at all."""

from __future__ import annotations

import re

from anim_compiler.film import Alternative, Film
from anim_compiler.findings import Findings
from anim_compiler.models.facts import KnownModels
from anim_compiler.models.families import FAMILIES, Family

#: what CLIP's encoders read at once, without the marks of beginning and end
READS = 75

_WEIGHT = re.compile(r":\s*[0-9.]+\s*(?=[)\]])")
_PIECES = re.compile(r"[^\W\d_]+|\d|[^\s\w()\[\]]+|_")


def long_prompt(film: Film, models: KnownModels, findings: Findings) -> None:
    """Counts what is certainly a token: a word, a digit, a run of signs."""
    cutting: Family | None = None
    for shot in film.shots:
        for key in (*shot.prompts.positive, *shot.prompts.negative):
            most = max((tokens(alternative) for alternative in key.value), default=0)
            if most <= READS or key.span.end == key.span.start:
                continue
            # facts are only asked for where there is something to say
            cutting = cutting or _cutting(film, models)
            if cutting is None:
                said = f"text encoders read {READS} at once"
                hint = f"it is read in {-(-most // READS)} parts; put what matters most first, or shorten it"
            elif most > (cutting.prompt_tokens or most):
                said = f"{cutting.title} reads {cutting.prompt_tokens}"
                hint = "what comes later changes nothing: put what matters most first, or shorten it"
            else:
                continue
            findings.warning(
                "W6030", key.span, f"this prompt has at least {most} tokens, and {said}", hint=hint
            )


def _cutting(film: Film, models: KnownModels) -> Family | None:
    """The family of the film's models that reads the least and nothing beyond; None if one reads in parts."""
    if film.model is None:
        return None
    # plans take longer to import than a film takes to be checked
    from anim_compiler.drawing.names import models_of

    told = [models(reference) for reference in models_of(film)]
    families = [None if facts is None else FAMILIES.get(facts.family) for facts in told]
    cut = [family for family in families if family is not None and family.prompt_tokens is not None]
    return min(cut, key=lambda family: family.prompt_tokens or 0) if len(cut) == len(families) else None


def tokens(text: Alternative) -> int:
    """How many tokens a text has at least; an insert counts as one."""
    count = 0
    for part in text.parts:
        if isinstance(part, str):
            count += len(_PIECES.findall(_WEIGHT.sub("", part)))
        else:
            count += 1
    return count
