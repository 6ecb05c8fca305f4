"""What a diagnostic says, on one line and of a readable length, whatever it quotes of a film's text."""

from __future__ import annotations

import re
from dataclasses import replace

from anim_dsl.diagnostic import Diagnostic, Label

MOST_QUOTED = 60
"""So many characters of what stands in back-ticks are shown in a message."""

MOST_WRITTEN = 120
"""So many are shown in a hint or note, which may quote what is to be written."""

MOST_SAID = 300
"""A message, hint or note has at most so many characters."""

_BREAK = re.compile(r"\s*[\r\n]\s*")
_QUOTED = re.compile(r"`([^`]*)`")


def shorten(found: Diagnostic) -> Diagnostic:
    """The diagnostic with every sentence on one line, and with long quotations cut."""
    texts = (found.message, found.marker, found.hint, *found.notes, *(label.text for label in found.labels))
    if all(_is_short(text) for text in texts):
        return found
    return replace(
        found,
        message=sentence(found.message),
        marker=sentence(found.marker),
        hint=sentence(found.hint, MOST_WRITTEN),
        notes=tuple(sentence(note, MOST_WRITTEN) for note in found.notes),
        labels=tuple(Label(label.span, sentence(label.text), label.source) for label in found.labels),
    )


def sentence(text: str, most: int = MOST_QUOTED) -> str:
    """The text on one line; of what stands in back-ticks at most so many characters."""
    if _is_short(text):
        return text
    line = _QUOTED.sub(lambda match: f"`{cut_off(match[1], most)}`", _BREAK.sub(" ", text))
    return cut_off(line, MOST_SAID)


def cut_off(text: str, most: int) -> str:
    """The text, or its beginning with a `…` where it is longer than that."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _is_short(text: str) -> bool:
    return len(text) <= MOST_QUOTED and "\n" not in text and "\r" not in text
