"""What a lens and film do: aberration, bloom, vignette, grain."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.resample import resample, resample_axes

torch.set_num_threads(1)


def context(frame: int = 0, place: int | None = None) -> FrameContext:
    return FrameContext(frame=frame, width=64, height=48, device=torch.device("cpu"), place=place)


def grey(value: float, height: int = 48, width: int = 64) -> Tensor:
    return torch.full((1, 3, height, width), value)


def test_a_vignette_darkens_the_corners_and_nothing_else() -> None:
    made = KERNELS["vignette"]([grey(0.8)], {"amount": 0.5}, context())
    assert torch.equal(made[:, :, 20:28, 28:36], grey(0.8)[:, :, 20:28, 28:36])
    corners = made[0, 0, (0, 0, -1, -1), (0, -1, 0, -1)]
    # the corner pixels' middles are 0.986 of the way out: smoothstep gives 0.9984; half of the light of 0.8
    half = 1.055 * (0.5 * ((0.8 + 0.055) / 1.055) ** 2.4) ** (1 / 2.4) - 0.055
    assert corners.tolist() == pytest.approx([half] * 4, abs=0.002)
    assert torch.equal(made, made.flip(2))
    assert torch.equal(made, made.flip(3))


def test_a_whole_vignette_is_black_in_the_corners_and_nowhere_negative() -> None:
    made = KERNELS["vignette"]([grey(1.0)], {"amount": 1.0}, context())
    assert 0.0 <= float(made.min()) < 0.03


def noise_of(amount: float, level: float = 0.5, seed: float = 0, frame: FrameContext | None = None) -> Tensor:
    image = grey(level, 300, 400)
    return KERNELS["grain"]([image], {"amount": amount, "seed": seed}, frame or context()) - image


def test_grain_has_its_strength_and_no_colour() -> None:
    noise = noise_of(0.1)
    assert float(noise.std()) == pytest.approx(0.025, rel=0.02)
    assert abs(float(noise.mean())) < 2e-4
    assert torch.equal(noise[:, 0], noise[:, 1])
    assert torch.equal(noise[:, 0], noise[:, 2])


def test_grain_is_larger_than_a_pixel_and_weaker_at_the_ends() -> None:
    noise = noise_of(0.1)[0, 0].double().numpy()
    # weights (s, 1, s): neighbours have 2s/(1+2s²) in common
    wanted = 2 * 0.35 / (1 + 2 * 0.35**2)
    beside = float(np.corrcoef(noise[:, 1:].ravel(), noise[:, :-1].ravel())[0, 1])
    assert beside == pytest.approx(wanted, abs=0.02)
    assert float(noise_of(0.1, 0.9).std()) < 0.6 * float(noise.std())


def test_grain_is_of_the_frame_and_the_seed_alone() -> None:
    assert torch.equal(noise_of(0.1, frame=context(7, 2)), noise_of(0.1, frame=context(99, 2)))
    assert not torch.equal(noise_of(0.1, frame=context(2)), noise_of(0.1, frame=context(3)))
    assert not torch.equal(noise_of(0.1, seed=1), noise_of(0.1, seed=2))
    state = torch.random.get_rng_state()
    noise_of(0.1)
    assert torch.equal(state, torch.random.get_rng_state())


def test_bloom_shines_around_a_light() -> None:
    image = grey(0.1)
    image[..., 22:26, 30:34] = 1.0
    made = KERNELS["bloom"]([image], {"amount": 1.0}, context())
    near, far = made[0, 0, 24, 36], made[0, 0, 24, 60]
    assert float(near) > 0.14
    assert float(near) > float(far) >= 0.1
    assert float(made.min()) >= 0.1 - 1e-6


def test_bloom_leaves_what_is_not_bright_alone() -> None:
    image = grey(0.55)
    assert torch.equal(KERNELS["bloom"]([image], {"amount": 1.0}, context()), image)


def test_bloom_of_white_light_is_the_screen_of_it() -> None:
    """A plain picture is its own blur: 1 - (1-x)(1-a·g), g = 2·x·smoothstep(0.5), x the light of 0.8."""
    made = KERNELS["bloom"]([grey(0.8)], {"amount": 0.5}, context())
    light = ((0.8 + 0.055) / 1.055) ** 2.4
    shone = 1 - (1 - light) * (1 - 0.5 * light)
    assert float(made[0, 0, 20, 20]) == pytest.approx(1.055 * shone ** (1 / 2.4) - 0.055, abs=1e-5)


def test_aberration_moves_red_out_and_blue_in() -> None:
    image = grey(0.0, 480, 640)
    image[..., 590:600] = 1.0
    wide = FrameContext(0, 640, 480, torch.device("cpu"))
    made = KERNELS["aberration"]([image], {"amount": 1.0}, wide)
    places = torch.arange(640.0) + 0.5
    red, green, blue = (float((row * places).sum() / row.sum()) for row in made[0, :, 240])
    assert green == 595.0
    # 275 px from the middle, times 1 %
    assert red == pytest.approx(595.0 + 2.75, abs=0.1)
    assert blue == pytest.approx(595.0 - 275 * 0.01 / 1.01, abs=0.1)
    assert torch.equal(made[:, 1], image[:, 1])


@pytest.mark.parametrize("border", ["reflect", "wrap", "replicate", "black"])
def test_reading_along_axes_is_reading(border: str) -> None:
    image = torch.rand(1, 2, 9, 13, generator=torch.Generator().manual_seed(1))
    x, y = torch.linspace(-4.0, 17.0, 21), torch.linspace(-3.0, 12.0, 11)
    rows, columns = torch.meshgrid(y, x, indexing="ij")
    wanted = resample(image, columns, rows, border)
    assert (resample_axes(image, x, y, border) - wanted).abs().max() < 1e-6


@pytest.mark.parametrize("op", ["aberration", "bloom", "vignette", "grain"])
def test_nothing_of_it_is_the_same_picture(op: str) -> None:
    image = grey(0.5)
    assert KERNELS[op]([image], {"amount": 0.0, "seed": 0}, context()) is image
