"""Sine and cosine by our own arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from anim_compiler.functions.circular import _BLOCK, _LEAST, cosine, sine
from anim_compiler.functions.registry import Array

mpmath = pytest.importorskip("mpmath")
_SOURCE = np.random.default_rng(4)
_COUNT = 2 * _LEAST


def _angles() -> dict[str, Array]:
    whole = np.arange(_COUNT, dtype=np.float64)
    return {
        "near 0": _SOURCE.uniform(-4, 4, _COUNT),
        "some turns": _SOURCE.uniform(-1e3, 1e3, _COUNT),
        "many turns": _SOURCE.uniform(-1.6e6, 1.6e6, _COUNT),
        "at zeros of the sine": whole * np.pi,
        "at zeros of the cosine": (whole + 0.5) * np.pi,
        "tiny": 10 ** _SOURCE.uniform(-300, -1, _COUNT),
    }


@pytest.mark.parametrize("kind", _angles())
@pytest.mark.parametrize("name", ["sin", "cos"])
def test_values_are_within_two_units_in_the_last_place(kind: str, name: str) -> None:
    angles = _angles()[kind]
    found = {"sin": sine, "cos": cosine}[name](angles)
    exact = getattr(mpmath, name)
    with mpmath.workdps(40):
        for angle, value in list(zip(angles.tolist(), found.tolist(), strict=True))[::23]:
            true = exact(mpmath.mpf(angle))
            assert abs(mpmath.mpf(value) - true) <= 2 * mpmath.mpf(float(np.spacing(abs(float(true))))), angle


def test_exact_values_are_exact() -> None:
    angles = np.zeros(_COUNT)
    assert (sine(angles) == 0).all()
    assert (cosine(angles) == 1).all()
    assert (sine(np.full(_COUNT, np.pi / 2)) == 1).all()
    assert np.signbit(sine(np.full(_COUNT, -0.5))).all()


def test_a_value_depends_on_its_angle_alone() -> None:
    angles = _SOURCE.uniform(-500, 500, 3 * _BLOCK + 17)
    for function in (sine, cosine):
        whole = function(angles)
        assert np.array_equal(function(angles[5_000 : 5_000 + _LEAST]), whole[5_000 : 5_000 + _LEAST])
        assert np.array_equal(function(angles[::-1]), whole[::-1])


def test_the_result_may_take_the_place_of_the_angles() -> None:
    angles = _SOURCE.uniform(-500, 500, 2 * _BLOCK + 5)
    wanted = sine(angles)
    assert sine(angles, out=angles) is angles
    assert np.array_equal(angles, wanted)


@pytest.mark.parametrize("odd", [np.nan, np.inf, 1e300, -1e9])
def test_what_is_out_of_reach_is_numpys(odd: float) -> None:
    angles = np.full(_COUNT, 0.5)
    angles[7] = odd
    with np.errstate(invalid="ignore"):
        assert np.array_equal(sine(angles), np.sin(angles), equal_nan=True)
        assert np.array_equal(cosine(angles), np.cos(angles), equal_nan=True)
