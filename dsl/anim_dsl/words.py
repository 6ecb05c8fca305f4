"""The table of statement words: where each may stand and what follows it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class WordSpec:
    """One statement word.

    `blocks` are the places it may stand in (`film` is outside blocks); `keys` says whether its block holds
    keys; `head` shows what follows the word; `path` says whether its texts are paths.
    """

    name: str
    head: str
    help: str
    blocks: tuple[str, ...]
    keys: bool = False
    path: bool = False


def _load() -> dict[str, WordSpec]:
    text = resources.files("anim_grammar").joinpath("words.toml").read_text(encoding="utf-8")
    return {
        name: WordSpec(name, blocks=tuple(entry.pop("in")), **entry)
        for name, entry in tomllib.loads(text).items()
    }


WORDS: Mapping[str, WordSpec] = MappingProxyType(_load())
"""Every statement word by name."""
