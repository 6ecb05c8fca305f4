from __future__ import annotations

import pytest
import torch

from anim_runtime.diffusion.blend import aligned, morph, slerp, weighted_sum


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
