"""Embeddings in prompts: which of their names a text says."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache


def said_in(text: str, names: Collection[str]) -> tuple[str, ...]:
    """The names that stand in a text as words of their own, in their own order."""
    return tuple(name for name in names if name in text and _word(name).search(text))


def marked(text: str, words: Mapping[str, str]) -> str:
    """A text with the digests of the embeddings that it says; the text itself if there are none."""
    said = said_in(text, words)
    return text if not said else "\0".join((text, *(part for name in said for part in (name, words[name]))))


@lru_cache(maxsize=256)
def _word(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
