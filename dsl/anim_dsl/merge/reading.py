"""Texts read as films: a merge asks for the same few many times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anim_dsl.diagnostic import has_errors
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.syntax import Document


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's tree, and whether it has syntax errors."""

    film: Document
    has_errors: bool


@lru_cache(maxsize=6)
def reading(text: str) -> Reading:
    """What a text is as a film."""
    film, wrong = parse(Source("film", text))
    return Reading(film, has_errors(wrong))
