from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tests.runtime.hand_films import film

from anim_runtime.outputs import frame_numbers, to_8_bit


@pytest.mark.parametrize(
    ("fps", "numbers"),
    [
        (Fraction(12), [0, 1, 2, 3, 4]),
        (Fraction(24), [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]),
        (Fraction(6), [0, 2, 4]),
        (Fraction(8), [0, 1, 3, 4]),
    ],
)
def test_other_rates_show_the_frame_that_stands_there(fps: Fraction, numbers: list[int]) -> None:
    assert list(frame_numbers(film(frames=5)[0], fps)) == numbers


def test_levels_are_rounded_to_the_nearest() -> None:
    levels = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1)
    assert np.array_equal(to_8_bit(levels), np.round(levels / 257.0).astype(np.uint8))
