"""The words that editors colour, in the lists that their files need."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from anim_compiler.image_ops import IMAGE_OPS
from anim_dsl.vocabulary import LISTS

BANNER = "Made by `python -m tools.editors` from the language's tables; edit those."
"""What stands at the top of every generated file."""


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of `anim_dsl.vocabulary`, and the operations of pipelines."""

    joining: tuple[str, ...]
    declaring: tuple[str, ...]
    statements: tuple[str, ...]
    blocks: tuple[str, ...]
    settings: tuple[str, ...]
    aliases: tuple[str, ...]
    functions: tuple[str, ...]
    features: tuple[str, ...]
    easings: tuple[str, ...]
    clocks: tuple[str, ...]
    constants: tuple[str, ...]
    switches: tuple[str, ...]
    choices: tuple[str, ...]
    units: tuple[str, ...]
    samplers: tuple[str, ...]
    operations: tuple[str, ...]


def words() -> Words:
    """The words of the language as it is now."""
    return Words(**LISTS, operations=tuple(sorted(IMAGE_OPS)))


def any_of(found: Iterable[str]) -> str:
    """A regular expression for one of some words, the longest first; without a group around it."""
    ordered = sorted(set(found), key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", " ").replace(r"\-", "-") for word in ordered)
