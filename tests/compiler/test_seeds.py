"""Seeds of frames by mode."""

from __future__ import annotations

import numpy as np
import pytest

from anim_compiler.seeds import diffused_before, drawn, seed_column


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        ("fixed", [100] * 7),
        ("iter", [100, 101, 102, 103, 104, 105, 106]),
        ("ladder", [100, 102, 101, 103, 102, 104, 103]),
        ("alternate", [100, 101, 100, 101, 100, 101, 100]),
    ],
)
def test_modes_are_deforums(mode: str, wanted: list[int]) -> None:
    assert seed_column(np.full(7, 100.0), mode, np.arange(7), "film", False).tolist() == wanted


def test_iter_counts_diffused_frames_only() -> None:
    seeds = seed_column(np.zeros(7), "iter", diffused_before(7, (0, 3, 6)), "film", False)
    assert seeds[[0, 3, 6]].tolist() == [0, 1, 2]


def test_minus_one_is_drawn_once_and_again_the_same() -> None:
    seeds = seed_column(np.full(3, -1.0), "fixed", np.arange(3), "film", False)
    assert seeds.tolist() == [drawn("film")] * 3
    assert drawn("film") == drawn("film")
    assert drawn("film") != drawn("other")


def test_a_scheduled_minus_one_is_another_each_frame() -> None:
    seeds = seed_column(np.full(3, -1.0), "fixed", np.arange(3), "film", True)
    assert len(set(seeds.tolist())) == 3


def test_random_depends_on_the_seed() -> None:
    a = seed_column(np.full(5, 1.0), "random", np.arange(5), "film", False)
    b = seed_column(np.full(5, 2.0), "random", np.arange(5), "film", False)
    assert len({*a.tolist(), *b.tolist()}) == 10
