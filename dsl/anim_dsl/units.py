"""Units: their spellings, what they measure and how they convert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi
from types import MappingProxyType
from typing import Literal, TypeAlias

Dimension: TypeAlias = Literal["time", "angle", "px", "ratio", "frequency", "level", "plain"]

BASE_UNITS: Mapping[Dimension, str] = MappingProxyType(
    {
        "time": "s",
        "angle": "deg",
        "px": "px",
        "ratio": "1",
        "frequency": "hz",
        "level": "db",
        "plain": "1",
    }
)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit in its canonical spelling.

    `factor` times a number in this unit is the number in the base unit of its dimension;
    None where the length depends on the film (`f`) or on its music (`beat`, `bar`).
    """

    name: str
    dimension: Dimension
    factor: float | None
    help: str


UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        unit.name: unit
        for unit in (
            Unit("s", "time", 1.0, "seconds"),
            Unit("ms", "time", 1e-3, "milliseconds"),
            Unit("m", "time", 60.0, "minutes"),
            Unit("f", "time", None, "frames"),
            Unit("beat", "time", None, "beats of the song"),
            Unit("bar", "time", None, "bars of the song"),
            Unit("deg", "angle", 1.0, "degrees"),
            Unit("rad", "angle", 180.0 / pi, "radians"),
            Unit("px", "px", 1.0, "pixels at the film's size"),
            Unit("fps", "frequency", 1.0, "frames per second"),
            Unit("bpm", "frequency", 1.0 / 60.0, "beats per minute"),
            Unit("hz", "frequency", 1.0, "hertz"),
            Unit("khz", "frequency", 1000.0, "kilohertz"),
            Unit("db", "level", 1.0, "decibels"),
        )
    }
)

# Spellings besides the canonical ones; every spelling is compared in lower case.
SPELLINGS: Mapping[str, str] = MappingProxyType(
    {name: name for name in UNITS} | {"b": "beat", "beats": "beat", "bars": "bar"}
)

# What people write for a unit elsewhere; not accepted, but the correction is certain.
FOREIGN: Mapping[str, str] = MappingProxyType(
    {
        "sec": "s",
        "secs": "s",
        "second": "s",
        "seconds": "s",
        "msec": "ms",
        "msecs": "ms",
        "milli": "ms",
        "millis": "ms",
        "millisecond": "ms",
        "milliseconds": "ms",
        "min": "m",
        "mins": "m",
        "minute": "m",
        "minutes": "m",
        "fr": "f",
        "frame": "f",
        "frames": "f",
        "degree": "deg",
        "degrees": "deg",
        "radian": "rad",
        "radians": "rad",
        "rads": "rad",
        "pixel": "px",
        "pixels": "px",
        "hertz": "hz",
        "kilohertz": "khz",
        "decibel": "db",
        "decibels": "db",
        "measure": "bars",
        "measures": "bars",
    }
)


def canonical(spelling: str) -> str | None:
    """The canonical name of a unit's spelling in any case, or None: `Beats` is `beat`, `KHZ` is `khz`."""
    return SPELLINGS.get(spelling.lower())


def unit(spelling: str) -> Unit | None:
    """The unit of a spelling in any case, or None."""
    name = canonical(spelling)
    return None if name is None else UNITS[name]


def dimension(spelling: str) -> Dimension | None:
    """What a unit measures, or None for an unknown spelling."""
    found = unit(spelling)
    return None if found is None else found.dimension


def factor(spelling: str) -> float | None:
    """The factor to the base unit (s, deg, px, hz, db); None for `f`, `beat`, `bar` and unknown spellings."""
    found = unit(spelling)
    return None if found is None else found.factor
