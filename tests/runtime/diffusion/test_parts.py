"""Pictures of which some parts are drawn further than others."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.null import NullEngine
from anim_runtime.diffusion.parts import _in_latents
from anim_runtime.diffusion.request import Request, Sampling, part_steps, steps_at
from anim_runtime.diffusion.samplers import SAMPLERS
from anim_runtime.spent import Spent

HOW = Sampling(steps=6, cfg_scale=3.0, sampler="Euler a", seed=5)


def picture(size: int = 64) -> torch.Tensor:
    axis = torch.linspace(0.0, 3.0, size)
    wave = 0.5 + 0.3 * torch.sin(2 * axis)[None, :] * torch.cos(axis)[:, None]
    return wave.expand(1, 3, size, size).contiguous()


def halves(left: float, right: float, size: int = 64) -> torch.Tensor:
    """Strengths of a picture's two halves."""
    map = torch.full((1, 1, size, size), left)
    map[..., size // 2 :] = right
    return map


def request(engine: Engine, strengths: torch.Tensor | None, most: float, how: Sampling = HOW) -> Request:
    texts = engine.encode("a photo of the mountain"), engine.encode("blue")
    least = 0.0 if strengths is None else float(strengths.min())
    return Request(*texts, how, 64, 64, picture(), most, strengths, least)


def test_what_has_no_strength_stays_bit_for_bit(engine: Engine) -> None:
    (drawn,) = engine.draw([request(engine, halves(0.0, 1.0), 1.0)])
    assert torch.equal(drawn[..., :32], picture()[..., :32])
    assert float((drawn - picture())[..., 40:].abs().mean()) > 0.02


def test_one_strength_everywhere_is_that_strength(engine: Engine) -> None:
    (drawn,) = engine.draw([request(engine, halves(0.5, 0.5), 0.5)])
    (alike,) = engine.draw([request(engine, None, 0.5)])
    assert torch.equal(drawn, alike)


def test_a_hole_is_drawn_further_than_what_is_around_it(postcard: Engine) -> None:
    how = replace(HOW, steps=10)
    (drawn,) = postcard.draw([request(postcard, halves(0.2, 0.9), 0.9, how)])
    (calm,) = postcard.draw([request(postcard, None, 0.2, how)])
    (wild,) = postcard.draw([request(postcard, None, 0.9, how)])
    # away from the border each half is about what it would be by itself
    assert float((drawn - calm)[..., :20].abs().mean()) < 0.25 * float((wild - calm)[..., :20].abs().mean())
    far = float((drawn - picture())[..., 44:].abs().mean())
    assert far > 2.0 * float((calm - picture())[..., 44:].abs().mean())


@pytest.mark.parametrize("name", ["DPM++ 2M", "DPM++ 2M Karras", "UniPC", "DEIS", "Euler a", "Heun", "DDIM"])
def test_what_is_around_a_hole_is_drawn_as_without(postcard: Engine, name: str) -> None:
    """A sampler's memory of the steps that only the hole took is none of the rest's."""
    how = replace(HOW, steps=10, sampler=name)
    strengths = torch.full((1, 1, 64, 64), 0.3)
    strengths[..., 56:] = 0.9
    (drawn,) = postcard.draw([request(postcard, strengths, 0.9, how)])
    (plain,) = postcard.draw([request(postcard, None, 0.3, how)])
    changed = float((plain - picture())[..., :32].abs().mean())
    assert float((drawn - plain)[..., :32].abs().mean()) < 0.25 * changed


def test_two_pictures_with_their_own_holes_are_drawn_together(engine: Engine) -> None:
    both = [request(engine, halves(0.3, 0.8), 0.8), request(engine, halves(0.8, 0.3), 0.8)]
    together = engine.draw(both)
    for asked, drawn in zip(both, together, strict=True):
        assert torch.allclose(engine.draw([asked])[0], drawn, atol=1e-4)
    assert both[0].signature == both[1].signature
    assert both[0].signature != request(engine, None, 0.8).signature
    with pytest.raises(ValueError, match="one signature"):
        engine.draw([both[0], request(engine, None, 0.8)])


@pytest.mark.parametrize("name", SAMPLERS)
def test_every_sampler_keeps_and_fills(tiny: Engine, name: str) -> None:
    how = replace(HOW, sampler=name)
    (drawn,) = tiny.draw([request(tiny, halves(0.0, 0.9), 0.9, how)])
    assert torch.equal(drawn[..., :32], picture()[..., :32])
    assert bool(torch.isfinite(drawn).all())
    assert not torch.equal(drawn[..., 32:], picture()[..., 32:])


def test_a_latent_of_which_half_is_a_hole_is_one() -> None:
    """72 px in 9 latents of 8, and 65 of which the last is all edge."""
    for size in (72, 65):
        map = torch.full((1, 1, size, 16), 0.2)
        map[0, 0, 64:, 4:8] = 0.8
        map[0, 0, 0, :8] = 0.8
        found = _in_latents(map, 9, 2)
        assert found.shape == (1, 1, 9, 2)
        assert float(found[0, 0, 8, 0]) == pytest.approx(0.8, abs=1e-5)
        # a line of pixels is a little of one
        assert float(found[0, 0, 0, 0]) == pytest.approx(0.2 + 2 * 0.6 / 8, abs=1e-5)
        assert float(found[0, 0, 1:8].max()) == pytest.approx(0.2, abs=1e-5)
        assert float(found[..., 1].max()) == pytest.approx(0.2, abs=1e-5)


@pytest.mark.parametrize("size", [(60, 64), (65, 71), (32, 48)])
def test_holes_at_any_size(tiny: Engine, size: tuple[int, int]) -> None:
    image = torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(2))
    map = torch.zeros(1, 1, *size)
    map[..., size[0] // 2 :, :] = 0.8
    texts = tiny.encode("a photo"), tiny.encode("blue")
    (drawn,) = tiny.draw([Request(*texts, HOW, *size, image, 0.8, map)])
    assert drawn.shape == image.shape
    assert torch.equal(drawn[..., : size[0] // 2, :], image[..., : size[0] // 2, :])


def test_the_null_engine_goes_as_far_as_each_part_says() -> None:
    engine = NullEngine(torch.device("cpu"), Spent())
    (drawn,) = engine.draw([request(engine, halves(0.0, 0.5), 0.5)])
    (alike,) = engine.draw([request(engine, None, 0.5)])
    assert torch.equal(drawn[..., :32], picture()[..., :32])
    assert torch.equal(drawn[..., 32:], alike[..., 32:])


def test_parts_count_steps_as_whole_pictures_do() -> None:
    for steps in (1, 3, 7, 20, 30, 100):
        strengths = torch.arange(0, 101, dtype=torch.float32) / 100
        found = part_steps(steps, strengths).int().tolist()
        assert found == [steps_at(steps, hundredth / 100) for hundredth in range(101)]
