"""The table of every setting: its type, unit, range, default and one line of help.

The checker, hints, the language server and the manual read nothing else about settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf
from types import MappingProxyType
from typing import Any, Literal, TypeAlias, get_args

from anim_grammar.files import read_toml

SettingType: TypeAlias = Literal[
    "number",  # a float; `minimum` and `maximum` bound it
    "int",  # rounded to whole numbers where it is used
    "size",  # `768x512`
    "time",  # a moment or a duration, in seconds; a bare number is frames
    "angle",  # degrees
    "px",  # pixels at the film's size
    "ratio",  # 0.5 or 50%
    "frequency",  # hertz; `fps` and `bpm` are units of it
    "text",  # any text
    "prompt",  # a text that is encoded; may be blended and weighted
    "path",  # a text that names a file
    "choice",  # one of `choices`, bare or quoted
    "bool",  # on or off
    "image",  # the name of an image, a video or a mask; `init` takes a path as well
    "list",  # `[…]`
]

DeforumRule: TypeAlias = Literal["", "same", "one_minus", "increment"]


@dataclass(frozen=True, slots=True)
class SettingSpec:
    """One setting.

    `default` is written as in a film (`"24"`, `"10s"`, `"lab"`); an empty one means that there is none.
    `minimum` and `maximum` are in base units (s, deg, px, hz) and inclusive; None is unbounded.
    `constant` settings take no curve. `aliases` map other names, Deforum's among them, to how their value
    reads here: `same`, `one_minus` (Deforum's strength keeps what ours changes) or `increment`
    (a value per frame where ours is a pose). `example` is one statement as it stands in its block;
    `choices_help` says in a few words what each of the `choices` means. A percentage of a `px` is a share of
    the picture's `width` or `height` if `share` names it, else a mistake.
    """

    block: str
    name: str
    type: SettingType
    help: str
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    default: str = ""
    choices: tuple[str, ...] = ()
    constant: bool = False
    aliases: tuple[Alias, ...] = ()
    example: str = ""
    choices_help: tuple[tuple[str, str], ...] = ()
    share: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a setting, and what its value means there."""

    name: str
    rule: DeforumRule


def setting(block: str, name: str) -> SettingSpec | None:
    """The setting of a name or of an alias in a block, or None."""
    return SETTINGS.get((block, name)) or ALIASES.get((block, name), (None, ""))[0]


def names(block: str) -> tuple[str, ...]:
    """The names of a block's settings in the table's order, without aliases."""
    return tuple(name for owner, name in SETTINGS if owner == block)


def default_size() -> str:
    """The picture size of a film that says nothing."""
    return SETTINGS["film", "size"].default


def _load() -> dict[tuple[str, str], SettingSpec]:
    table: dict[tuple[str, str], SettingSpec] = {}
    for block, entries in read_toml("settings").items():
        for name, entry in entries.items():
            table[block, name] = _spec(block, name, dict(entry))
    return table


def _spec(block: str, name: str, entry: dict[str, Any]) -> SettingSpec:
    """One entry of the file. Raises ValueError on a type that is not known, which is our own mistake."""
    if entry.get("type") not in get_args(SettingType):
        raise ValueError(f"{block}.{name}: unknown type {entry.get('type')!r}")
    minimum, maximum = entry.pop("range", (None, None))
    aliases = tuple(Alias(alias, "same") for alias in entry.pop("aliases", ()))
    deforum = tuple(Alias(alias, rule) for alias, rule in entry.pop("deforum", {}).items())
    return SettingSpec(
        block,
        name,
        minimum=_bound(minimum),
        maximum=_bound(maximum),
        choices=tuple(entry.pop("choices", ())),
        choices_help=tuple(entry.pop("choices_help", {}).items()),
        aliases=aliases + deforum,
        **entry,
    )


def _bound(value: float | None) -> float | None:
    return None if value is None or isinf(value) else float(value)


SETTINGS: Mapping[tuple[str, str], SettingSpec] = MappingProxyType(_load())
"""Every setting by block and name; `film` is the block of what stands outside blocks."""

ALIASES: Mapping[tuple[str, str], tuple[SettingSpec, DeforumRule]] = MappingProxyType(
    {(spec.block, alias.name): (spec, alias.rule) for spec in SETTINGS.values() for alias in spec.aliases}
)
"""Other names of settings by block and name, each with how its value reads."""
