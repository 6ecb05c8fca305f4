"""Units and the nearest name."""

from __future__ import annotations

from math import isclose, pi

import pytest

from anim_dsl.nearest import nearest
from anim_dsl.units import BASE_UNITS, FOREIGN, SPELLINGS, UNITS, canonical, dimension, factor


@pytest.mark.parametrize(
    ("spelling", "name", "measures", "base"),
    [
        ("s", "s", "time", 1.0),
        ("MS", "ms", "time", 0.001),
        ("m", "m", "time", 60.0),
        ("F", "f", "time", None),
        ("Beats", "beat", "time", None),
        ("b", "beat", "time", None),
        ("bars", "bar", "time", None),
        ("deg", "deg", "angle", 1.0),
        ("px", "px", "px", 1.0),
        ("kHz", "khz", "frequency", 1000.0),
        ("dB", "db", "level", 1.0),
        ("parsec", None, None, None),
    ],
)
def test_units(spelling: str, name: str | None, measures: str | None, base: float | None) -> None:
    assert (canonical(spelling), dimension(spelling), factor(spelling)) == (name, measures, base)


def test_radians_and_tempo() -> None:
    assert isclose(factor("rad") or 0, 180 / pi)
    assert isclose(120 * (factor("bpm") or 0), 2.0)


def test_tables_agree() -> None:
    assert set(SPELLINGS.values()) == set(UNITS)
    assert all(canonical(meant) is not None for meant in FOREIGN.values())
    assert not set(FOREIGN) & set(SPELLINGS)
    assert all(unit.dimension in BASE_UNITS for unit in UNITS.values())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("zom", "zoom"),
        ("Zoom", "zoom"),
        ("rotation3dy", "rotation_3d_y"),
        ("strenght", "strength"),
        ("trans", "translation_x"),
        ("xyzzy", None),
        ("", None),
        ("z" * 1000, None),
    ],
)
def test_nearest(name: str, expected: str | None) -> None:
    known = ("zoom", "strength", "rotation_3d_y", "translation_x", "a", "b")
    assert nearest(name, known) == expected
