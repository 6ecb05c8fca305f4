from __future__ import annotations

from typing import Literal

import pytest
import torch

from anim_runtime.diffusion.blend import aligned, blended, morph, morphed, slerp, weighted_sum
from anim_runtime.diffusion.told import Conditioning


def made(seed: int, tokens: int = 3) -> torch.Tensor:
    return torch.randn(1, tokens, 5, generator=torch.Generator().manual_seed(seed))


FILLER = made(9)


def test_slerp_keeps_the_length_that_a_straight_line_loses() -> None:
    a = torch.tensor([[[1.0, 0.0]]])
    b = torch.tensor([[[0.0, 1.0]]])
    half = slerp(a, b, 0.5)
    assert torch.allclose(half, torch.full((1, 1, 2), 0.5**0.5))
    assert float(torch.lerp(a, b, 0.5).norm()) < 0.8


@pytest.mark.parametrize("end", [made(1), -made(1), made(1) * 2, torch.zeros(1, 3, 5)])
def test_slerp_of_parallel_opposite_and_empty_tokens_is_finite(end: torch.Tensor) -> None:
    assert bool(torch.isfinite(slerp(made(1), end, 0.3)).all())


@pytest.mark.parametrize("how", ["slerp", "linear"])
def test_morphs_begin_and_end_exactly(how: str) -> None:
    a, b = made(1), made(2)
    assert morph(a, b, 0.0, how, FILLER) is a  # type: ignore[arg-type]
    assert morph(a, b, 1.0, how, FILLER) is b  # type: ignore[arg-type]
    near = morph(a, b, 1e-4, how, FILLER)  # type: ignore[arg-type]
    assert torch.allclose(near, a, atol=1e-2)


def test_cut_waits_for_its_key() -> None:
    a, b = made(1), made(2)
    assert morph(a, b, 0.99, "cut", FILLER) is a
    assert morph(a, b, 1.0, "cut", FILLER) is b


def test_sums_are_normalised_by_their_weights() -> None:
    a, b = made(1), made(2)
    assert torch.allclose(weighted_sum([(a, 2.0), (b, 2.0)], FILLER), (a + b) / 2)
    assert torch.allclose(weighted_sum([(a, 3.0), (b, 1.0)], FILLER), a * 0.75 + b * 0.25)
    assert weighted_sum([(a, 0.2)], FILLER) is a
    assert bool(torch.isfinite(weighted_sum([(a, 1.0), (b, -1.0)], FILLER)).all())


def test_shorter_conditionings_are_filled_with_the_empty_prompt() -> None:
    short, long = aligned([made(1, 3), made(2, 9)], FILLER)
    assert short.shape == long.shape
    assert torch.equal(short[:, 3:6], FILLER)


def test_a_filler_that_does_not_go_in_evenly_is_cut() -> None:
    short, long = aligned([made(1, 2), made(2, 7)], FILLER)
    assert short.shape == long.shape
    assert torch.equal(short[:, 2:5], FILLER)
    assert torch.equal(short[:, 5:], FILLER[:, :2])


def told(seed: int, first: int, second: int) -> Conditioning:
    """Two streams and a vector."""
    return Conditioning((made(seed, first), made(seed + 50, second)), made(seed + 70, 1)[:, 0])


EMPTY = told(9, 3, 2)


def test_sums_go_stream_by_stream_and_over_the_vectors() -> None:
    a, b = told(1, 3, 4), told(2, 6, 2)
    summed = blended([(a, 3.0), (b, 1.0)], EMPTY)
    assert summed.tokens == (6, 4)
    filled = torch.cat([a.streams[0], EMPTY.streams[0]], dim=1)
    assert torch.allclose(summed.streams[0], filled * 0.75 + b.streams[0] * 0.25)
    filled = torch.cat([b.streams[1], EMPTY.streams[1]], dim=1)
    assert torch.allclose(summed.streams[1], a.streams[1] * 0.75 + filled * 0.25)
    assert a.pooled is not None
    assert b.pooled is not None
    assert summed.pooled is not None
    assert torch.allclose(summed.pooled, a.pooled * 0.75 + b.pooled * 0.25)


@pytest.mark.parametrize("how", ["slerp", "linear"])
def test_morphs_go_stream_by_stream_and_over_the_vectors(how: Literal["slerp", "linear"]) -> None:
    a, b = told(1, 3, 4), told(2, 6, 2)
    half = morphed(a, b, 0.5, how, EMPTY)
    assert half.tokens == (6, 4)
    assert torch.equal(half.streams[0], morph(a.streams[0], b.streams[0], 0.5, how, EMPTY.streams[0]))
    assert a.pooled is not None
    assert b.pooled is not None
    assert half.pooled is not None
    assert half.pooled.shape == a.pooled.shape
    if how == "linear":
        assert torch.allclose(half.pooled, (a.pooled + b.pooled) / 2)
    assert morphed(a, b, 0.0, how, EMPTY) is a
    assert morphed(a, b, 1.0, how, EMPTY) is b
    assert morphed(a, b, 0.7, "cut", EMPTY).pooled is a.pooled


def test_negative_and_cancelling_weights_stay_numbers() -> None:
    a, b = told(1, 3, 4), told(2, 6, 2)
    for weights in ((1.0, -0.5), (1.0, -1.0), (0.0, 0.0)):
        found = blended([(a, weights[0]), (b, weights[1])], EMPTY)
        assert all(bool(torch.isfinite(stream).all()) for stream in found.streams)
