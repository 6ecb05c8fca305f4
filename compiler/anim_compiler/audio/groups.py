"""The groups of curves that a track's features are read from: who measures them, and in which version.

A group is measured or derived as a whole and kept by (content of the file, name, version). A film asks for
the groups that its features need and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from anim_compiler.audio.band import Band, band_edges, band_group
from anim_compiler.audio.block import FINE_EVERY, HOPS
from anim_compiler.audio.chroma import EVERY as EIGHTH
from anim_compiler.audio.measure import TRACK, Meter

if TYPE_CHECKING:
    from anim_compiler.audio.measure import Curves

_AUDIO: Final = "anim_compiler.audio"

EVIDENCE: Final = ("pulse", "chroma", "timbre")
"""The groups that tell where the bars of any beats begin."""

#: group → (version, module, its meter); raise the version with every change to what is heard
_METERS: Final[Mapping[str, tuple[int, str, str]]] = MappingProxyType(
    {
        "core": (5, "spectrum", "Core"),
        "pulse": (5, "pulses", "Pulses"),
        "timbre": (2, "timbre", "Timbre"),
        "drums": (5, "drums", "Drums"),
        "parts": (3, "parts", "Parts"),
        "chroma": (2, "chroma", "Chroma"),
        "outline": (2, "outline", "Outline"),
    }
)

_BAND_VERSION: Final = 3

#: group → (version, groups it is derived from, module, its function `(groups, seconds) -> Curves`)
_DERIVED: Final[Mapping[str, tuple[int, tuple[str, ...], str, str]]] = MappingProxyType(
    {
        "beats": (10, ("pulse",), "beats", "derived"),
        "bars": (7, ("beats", *EVIDENCE), "downbeats", "derived"),
        "sections": (7, ("beats", "bars", "chroma", "timbre"), "sections", "derived"),
    }
)

STANDARD: Final = frozenset({*_METERS, *_DERIVED} - {"outline"})
"""The groups of every feature that takes no arguments of its own, and of the notes."""

#: features that are computed from beats, and what they need
_BEATEN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "beat": ("beats",),
        "beat_phase": ("beats",),
        "tempo": ("beats",),
        "downbeat": ("beats", "bars"),
        "bar_phase": ("beats", "bars"),
        "section": ("sections",),
    }
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a feature's curve lies: its group and name there, `rate` values a second.

    One with a `scale` becomes 0..1 by those two values of its group; of these `is_level` ones can be read in
    decibels of full scale instead. `is_stepped` ones hold each value until the next.
    """

    group: str
    curve: str
    scale: str = ""
    is_level: bool = False
    rate: float = HOPS
    is_stepped: bool = False


def _levels(group: str, *names: str) -> dict[str, Place]:
    return {name: Place(group, name, f"{name}_scale", is_level=True) for name in names}


def _hits(group: str, *names: str) -> dict[str, Place]:
    return {name: Place(group, name, f"{name}_scale") for name in names}


_PLACES: Final[Mapping[str, Place]] = MappingProxyType(
    {
        **_levels("core", "bass", "mid", "treble", "energy"),
        **_hits("core", "onset"),
        "loudness": Place("core", "loudness"),
        "centroid": Place("core", "centroid"),
        "silence": Place("core", "silence", is_stepped=True),
        **_levels("parts", "percussive", "harmonic", "vocal_band"),
        **_hits("drums", "kick", "snare", "hat"),
    }
)


def place(feature: str, arguments: tuple[float, ...] = ()) -> Place:
    """Where a feature's curve lies; KeyError for one that has none of its own."""
    match feature, arguments:
        case "band", (low, high):
            return Place(band_group(low, high), "band", "band_scale", is_level=True, rate=HOPS / FINE_EVERY)
        case "chroma", (note,):
            return Place("chroma", f"note{int(note)}", "scale", is_level=True, rate=HOPS / EIGHTH)
        case _:
            return _PLACES[feature]


def groups_for(feature: str, arguments: tuple[float, ...] = ()) -> frozenset[str]:
    """The groups that a feature is read from, TRACK among them; KeyError for a feature that no track has."""
    needed = _BEATEN[feature] if feature in _BEATEN else (place(feature, arguments).group,)
    return frozenset({TRACK, *needed})


def version(group: str) -> int:
    """The version of a group's analysis: entries of another one are never read; KeyError for no group."""
    if group == TRACK:
        return 2
    if band_edges(group) is not None:
        return _BAND_VERSION
    return _DERIVED[group][0] if group in _DERIVED else _METERS[group][0]


def meter(group: str) -> Meter:
    """A new meter for a measured group; KeyError for another."""
    edges = band_edges(group)
    if edges is not None:
        return Band(*edges)
    _, module, name = _METERS[group]
    made: Meter = getattr(import_module(f"{_AUDIO}.{module}"), name)()
    return made


def sources(group: str) -> tuple[str, ...]:
    """The groups that a derived group is made from; none for a measured one."""
    return _DERIVED[group][1] if group in _DERIVED else ()


def derivation(group: str) -> Callable[[Mapping[str, Curves], float], Curves]:
    """The function that makes a derived group from others and the track's seconds; KeyError for another."""
    _, _, module, name = _DERIVED[group]
    made: Callable[[Mapping[str, Curves], float], Curves] = getattr(import_module(f"{_AUDIO}.{module}"), name)
    return made
