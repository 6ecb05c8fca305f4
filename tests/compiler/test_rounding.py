"""Rounding to 12 digits, against Python's decimal printing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anim_compiler import rounding
from anim_compiler.functions.registry import Array
from anim_compiler.rounding import rounded

_SOURCE = np.random.default_rng(20)
_COUNT = 200_000


def decimally(values: Array) -> Array:
    return np.array([float(f"{value:.12g}") + 0.0 for value in values.ravel().tolist()])


def _boundaries() -> Array:
    steps = range(-6, 7)
    return np.array([10.0**k * (1 + j * 2.0**-52) for k in range(-14, 36) for j in steps])


def _ties(scale: NDArray[np.floating[Any]]) -> Array:
    digits = _SOURCE.integers(10**11, 10**12, _COUNT)
    return np.concatenate([(digits + 0.5) / scale, (digits * 10 + 5) * scale])


VALUES: dict[str, Array] = {
    "any bits": _SOURCE.integers(0, 2**64, _COUNT, dtype=np.uint64).view(np.float64),
    "all sizes": 10 ** _SOURCE.uniform(-13, 35, _COUNT) * _SOURCE.choice([-1.0, 1.0], _COUNT),
    "around 1": _SOURCE.standard_normal(_COUNT),
    "settled": np.round(_SOURCE.uniform(0, 1000, _COUNT), 9),
    "powers of ten": _boundaries(),
    "half-way": _ties(10.0 ** _SOURCE.integers(0, 12, _COUNT)),
    "odd ones": np.array([0.0, -0.0, np.nan, np.inf, -np.inf, 5e-324, 1.7976931348623157e308, 1e22, 1e23]),
}


@pytest.mark.parametrize("kind", VALUES)
def test_rounding_is_the_decimal_one_to_the_bit(kind: str) -> None:
    for values in (VALUES[kind], -VALUES[kind]):
        found, wanted = rounded(values), decimally(values)
        assert np.array_equal(found, wanted, equal_nan=True)
        numbers = ~np.isnan(wanted)
        assert np.array_equal(np.signbit(found[numbers]), np.signbit(wanted[numbers]))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=30))
def test_rounding_twice_is_rounding_once(numbers: list[float]) -> None:
    once = rounded(np.array(numbers))
    assert np.array_equal(rounded(once), once)
    assert np.array_equal(once, decimally(np.array(numbers)))


def _noted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The values that are rounded by printing them."""
    asked: list[float] = []
    plain = rounding._decimally

    def noted(value: float) -> float:
        asked.append(value)
        return plain(value)

    monkeypatch.setattr(rounding, "_decimally", noted)
    return asked


def test_what_never_changes_is_rounded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _noted(monkeypatch)
    assert rounded(np.full(10_000, 0.1 + 0.2)).tolist() == [0.3] * 10_000
    assert len(asked) == 1


def test_only_tiny_and_huge_values_go_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _noted(monkeypatch)
    rounded(np.concatenate([np.linspace(-5, 5, 9_999), [1e-15, 1e-15, 1e40]]))
    assert sorted(asked) == [1e-15, 1e40]


def test_shapes_are_kept_and_nothing_is_nothing() -> None:
    assert rounded(np.ones((4, 3)) / 3).shape == (4, 3)
    assert rounded(np.arange(12.0).reshape(4, 3) / 7)[1, 2] == float(f"{5 / 7:.12g}")
    assert rounded(np.empty(0)).shape == (0,)
