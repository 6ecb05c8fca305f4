"""The words of the language by what they are: what highlighting in every editor and terminal is made from.

All of them come from the tables; nothing is listed here that a table lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from anim_dsl import functions, units
from anim_dsl.functions import CLOCKS, CONSTANTS, FEATURES, FUNCTIONS, SWITCHES
from anim_dsl.settings import ALIASES, SETTINGS
from anim_dsl.words import WORDS

_BARE = re.compile(r"[a-z_][a-z0-9_]*\Z", re.IGNORECASE)


def _choices(*, bare: bool) -> tuple[str, ...]:
    found = {choice for spec in SETTINGS.values() if spec.name != "sampler" for choice in spec.choices}
    return tuple(sorted(choice for choice in found if (_BARE.match(choice) is not None) is bare))


JOINING = ("and", "or", "not", "if", "else", "per", "with", "as")
"""The reserved words that stand between values."""

DECLARING = ("let", "def")
"""The reserved words that begin a statement."""

STATEMENTS = tuple(WORDS)
"""The statement words."""

SETTING_NAMES = tuple(sorted({name for _, name in SETTINGS}))
"""The names of all settings, of whatever block."""

ALIAS_NAMES = tuple(sorted({name for _, name in ALIASES} - set(SETTING_NAMES)))
"""Other programs' names for settings."""

EASINGS = tuple(functions.EASINGS)
"""The easings."""

UNITS = tuple(sorted(units.SPELLINGS, key=lambda unit: (-len(unit), unit)))
"""Every spelling of a unit, the longest first."""

CHOICES = tuple(choice for choice in _choices(bare=True) if choice not in SWITCHES)
"""The words that settings choose from, as far as they are written without quotes; not samplers."""

SAMPLERS = SETTINGS["diffuse", "sampler"].choices
"""The samplers."""

BLOCKS = tuple(dict.fromkeys(block.split()[0] for block, _ in SETTINGS if block != "film"))
"""The statement words whose blocks hold settings."""

LISTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "joining": JOINING,
        "declaring": DECLARING,
        "statements": STATEMENTS,
        "blocks": BLOCKS,
        "settings": SETTING_NAMES,
        "aliases": ALIAS_NAMES,
        "functions": tuple(FUNCTIONS),
        "features": tuple(FEATURES),
        "easings": EASINGS,
        "clocks": tuple(CLOCKS),
        "constants": tuple(CONSTANTS),
        "switches": tuple(SWITCHES),
        "choices": CHOICES,
        "units": UNITS,
        "samplers": SAMPLERS,
    }
)
"""Every list by its name."""
