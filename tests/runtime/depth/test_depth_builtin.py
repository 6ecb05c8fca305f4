"""The estimator that ships: its card, its size, what it says of pictures of any shape."""

from __future__ import annotations

import hashlib

import pytest
import torch
from tests.runtime.depth.drawings import hills

from anim_runtime.depth.builtin import FOLDER, LONG, SHORT, built_in, card, working_size
from anim_runtime.depth.net import STRIDE

torch.set_num_threads(1)

CPU = torch.device("cpu")
LIMIT_BYTES = 4_000_000


def test_the_card_is_of_these_weights() -> None:
    weights = (FOLDER / "depth.safetensors").read_bytes()
    assert card()["sha256"] == hashlib.sha256(weights).hexdigest()
    assert len(weights) < LIMIT_BYTES


def test_it_is_clearly_better_than_what_was_there_before_and_than_nothing() -> None:
    found = card()["evaluation"]
    for kind in ("postcard", "plain"):
        ours = found["net"][kind]
        for other in ("heuristic", "flat"):
            theirs = found[other][kind]
            assert ours["scale_invariant"] < 0.65 * theirs["scale_invariant"], (kind, other)
            assert ours["within"] > 1.25 * theirs["within"], (kind, other)


def test_the_sky_is_far_the_hill_nearer_and_the_ground_nearest() -> None:
    values = built_in(CPU)(hills(128, 160))[0, 0]
    height = values.shape[0]
    sky, ground = values[: height // 5].mean(), values[-height // 8 :].mean()
    hill = values[height // 2 : height * 6 // 10, : values.shape[1] // 3].mean()
    assert sky > hill + 0.1 > ground + 0.2


@pytest.mark.parametrize("size", [(64, 64), (7, 300), (1080, 608), (1, 1), (96, 128)])
def test_pictures_of_any_shape_are_looked_at_in_a_size_that_fits(size: tuple[int, int]) -> None:
    rows, columns = working_size(*size)
    assert rows % STRIDE == columns % STRIDE == 0
    assert max(rows, columns) <= LONG
    assert min(rows, columns) <= SHORT
    values = built_in(CPU)(torch.rand(1, 3, *size))
    assert values.shape == (1, 1, rows, columns)
    assert torch.isfinite(values).all()


def test_the_same_picture_gives_the_same_bits() -> None:
    image = hills(80, 120)
    assert torch.equal(built_in(CPU)(image), built_in(CPU)(image.clone()))


def test_a_picture_of_another_size_means_the_same() -> None:
    small, large = built_in(CPU)(hills(96, 144)), built_in(CPU)(hills(384, 576))
    assert small.shape == large.shape
    assert (small - large).abs().mean() < 0.03
