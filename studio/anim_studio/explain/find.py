"""From a name to everything that it means in the language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias

from anim_compiler.figures import FIGURES, Figure
from anim_compiler.names import nearest
from anim_dsl import functions
from anim_dsl.codes import CODES, Page
from anim_dsl.foreign import foreign
from anim_dsl.functions import EasingSpec, FeatureSpec, FunctionSpec, NameSpec, OperatorSpec
from anim_dsl.settings import SETTINGS, Alias, SettingSpec
from anim_dsl.units import SPELLINGS, UNITS, Unit
from anim_dsl.words import WORDS, WordSpec
from anim_studio.explain import library
from anim_studio.explain.library import Given, Member, Module
from anim_studio.explain.ops import Operation, operations

GROUPS = (
    "statements",
    "settings",
    "functions",
    "features",
    "easings",
    "names",
    "figures",
    "units",
    "models",
    "controls",
    "samplers",
    "std",
    "codes",
)
"""The lists that `anim explain` can print."""


@dataclass(frozen=True, slots=True)
class Named:
    """A setting, found by its name, by an alias, or by a `word` that it takes."""

    spec: SettingSpec
    alias: Alias | None = None
    word: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A statement word with the settings of its block; a camera has two blocks, some words have none."""

    word: WordSpec
    blocks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """A word for on or off."""

    name: str
    value: bool


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A name of another program, with what to write here instead."""

    name: str
    hint: str


@dataclass(frozen=True, slots=True)
class Group:
    """A list of names."""

    name: str


Meaning: TypeAlias = (
    Page
    | Named
    | Block
    | FunctionSpec
    | FeatureSpec
    | EasingSpec
    | NameSpec
    | OperatorSpec
    | Operation
    | Figure
    | Unit
    | Switch
    | Elsewhere
    | Module
    | Given
    | Member
    | Group
)


def meanings(name: str) -> tuple[Meaning, ...]:
    """Everything that a name means, settings first in the table's order; empty if it means nothing."""
    wanted = " ".join(name.split())
    found = tuple(_exact(wanted)) or tuple(_exact(wanted.lower()))
    return found or tuple(_elsewhere(wanted)) or tuple(_taking(wanted)) or tuple(_one_of(wanted.lower()))


def close(name: str) -> str | None:
    """The known name that was probably meant."""
    return nearest(name.rpartition(".")[2], known())


def known() -> tuple[str, ...]:
    """Every name that has a meaning."""
    settings = [name for _, name in SETTINGS] + [a.name for spec in SETTINGS.values() for a in spec.aliases]
    tables = (WORDS, functions.FUNCTIONS, functions.FEATURES, functions.EASINGS, functions.CONSTANTS)
    names = [name for table in tables for name in table]
    rest = [
        *operations(),
        *FIGURES,
        *functions.CLOCKS,
        *functions.SWITCHES,
        *SPELLINGS,
        *GROUPS,
        *CODES,
        "film",
    ]
    return tuple(dict.fromkeys([*settings, *names, *rest, *_library()]))


def settings_of(block: str) -> tuple[SettingSpec, ...]:
    """The settings of a block in the table's order."""
    return tuple(spec for (owner, _), spec in SETTINGS.items() if owner == block)


def blocks_of(word: str) -> tuple[str, ...]:
    """The blocks of settings that a statement word opens: `camera` opens two kinds."""
    owners = dict.fromkeys(owner for owner, _ in SETTINGS)
    return tuple(owner for owner in owners if owner == word or owner.startswith(f"{word} "))


def _exact(name: str) -> Iterator[Meaning]:
    code = CODES.get(name.upper())
    if code is not None:
        yield code
        return
    if name in GROUPS or name == "film":
        yield Group(name)
    yield from _settings(name)
    yield from _statements(name)
    for table in (functions.FUNCTIONS, functions.FEATURES, functions.EASINGS, functions.CLOCKS):
        if name in table:
            yield table[name]
    if name in functions.CONSTANTS:
        yield functions.CONSTANTS[name]
    if name in operations():
        yield operations()[name]
    if name in FIGURES:
        yield FIGURES[name]
    if name in functions.OPERATORS:
        yield functions.OPERATORS[name]
    if name in ("if", "else"):
        yield functions.OPERATORS["a if test else b"]
    yield from library.found(name)
    yield from _members(name)
    if name.lower() in SPELLINGS:
        yield UNITS[SPELLINGS[name.lower()]]
    if name in functions.SWITCHES:
        yield Switch(name, functions.SWITCHES[name])


def _settings(name: str) -> Iterator[Meaning]:
    owner, _, last = name.rpartition(".")
    for spec in SETTINGS.values():
        if owner and owner not in (spec.block, spec.block.split()[0]):
            continue
        if spec.name == last:
            yield Named(spec)
        yield from (Named(spec, alias) for alias in spec.aliases if alias.name == last)


def _statements(name: str) -> Iterator[Meaning]:
    word, _, kind = name.partition(" ")
    if word in WORDS and (not kind or name in blocks_of(word)):
        yield Block(WORDS[word], (name,) if kind else blocks_of(word))


def _library() -> tuple[str, ...]:
    files = (f"std:{name}" for name in library.modules())
    return (*files, *library.given(), *_SCENE)


_SCENE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "scene.start": ("when a scene of that name starts, a time of the film", "let there = street.start"),
        "scene.end": ("when a scene of that name ends, a time of the film", "let there = street.end - 1s"),
        "scene.length": (
            "how long a scene is stands behind its name and is no setting; to read it, `duration` is the "
            "length of the scene that asks, and `street.end - street.start` that of another",
            "scene street 4s { camera 2d { zoom = 0s: 1, duration: 1.2 } }",
        ),
    }
)


def _members(name: str) -> Iterator[Meaning]:
    owner, _, last = name.rpartition(".")
    if owner == "film" and last in functions.CLOCKS:
        clock = functions.CLOCKS[last]
        shown = f"zoom = 1 + 0.1 * film.{last} / 1s" if clock.unit == "seconds" else f"let now = film.{last}"
        text = f"`{last}` of the whole film; alone, `{last}` is of the scene that it stands in"
        yield Member(name, f"{text}. What it is: {clock.help}.", shown)
    elif name in _SCENE:
        text, shown = _SCENE[name]
        yield Member(
            name, f"{_capital(text)}. For a scene `street` write `street` in place of `scene`.", shown
        )
    elif owner and last in functions.FEATURES and owner not in {spec.block for spec in SETTINGS.values()}:
        yield functions.FEATURES[last]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _one_of(name: str) -> Iterator[Meaning]:
    """The list of which somebody writes the singular: `easing`."""
    if f"{name}s" in GROUPS:
        yield Group(f"{name}s")


def _elsewhere(name: str) -> Iterator[Meaning]:
    hint = foreign(name)
    if hint:
        yield Elsewhere(name, hint)


def _taking(word: str) -> Iterator[Meaning]:
    """The settings that take a word: `lab`, `Euler a`, `crossfade`."""
    for spec in SETTINGS.values():
        chosen = next((choice for choice in spec.choices if choice.lower() == word.lower()), "")
        if chosen or f"`{word}`" in spec.help or f"`{word}(" in spec.help:
            yield Named(spec, word=chosen or word)
