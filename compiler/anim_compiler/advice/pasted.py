"""Whether a film was pasted from Deforum: names that nobody writes who does not come from there."""

from __future__ import annotations

import re

from anim_compiler.film import Film

_NAMES = re.compile(
    r"^[^#\n]*\b(?:(?:strength|noise|cfg_scale|steps|seed|fov|sampler|amount|contrast|clipskip|checkpoint)_schedule"
    r"|max_frames|diffusion_cadence|color_coherence|perspective_flip_\w+|transform_center_[xy])\s*=",
    re.MULTILINE,
)
_PER_FRAME = re.compile(r"^[^#\n]*\bmotion\s*=\s*\"?per_frame", re.MULTILINE)


def is_pasted(film: Film) -> bool:
    """Whether one of Deforum's own names for settings stands in the film."""
    return _NAMES.search(film.source.text) is not None


def moves_as_deforum(film: Film) -> bool:
    """Whether a camera of the film counts per frame."""
    text = film.source.text
    # most films do not hold the word, which is found sooner than a line with it
    return "per_frame" in text and _PER_FRAME.search(text) is not None
