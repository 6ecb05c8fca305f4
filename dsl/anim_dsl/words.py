"""The table of statement words: where each may stand and what follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from anim_grammar.files import read_toml


@dataclass(frozen=True, slots=True)
class WordSpec:
    """One statement word.

    `blocks` are the places it may stand in (`film` is outside blocks); `keys` says whether its block holds
    keys; `head` shows what follows the word; `path` says whether its texts are paths; `example` is a whole
    statement.
    """

    name: str
    head: str
    help: str
    blocks: tuple[str, ...]
    keys: bool = False
    path: bool = False
    example: str = ""


def _load() -> dict[str, WordSpec]:
    return {
        name: WordSpec(
            name, blocks=tuple(entry["in"]), **{key: value for key, value in entry.items() if key != "in"}
        )
        for name, entry in read_toml("words").items()
    }


WORDS: Mapping[str, WordSpec] = MappingProxyType(_load())
"""Every statement word by name."""
