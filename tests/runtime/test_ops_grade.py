"""Grading: every step by hand, and arguments far beyond what a film may say."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.grade import decoded, encoded

torch.set_num_threads(1)

CONTEXT = FrameContext(frame=0, width=6, height=4, device=torch.device("cpu"))
NEUTRAL = {
    "exposure": 0.0,
    "contrast": 1.0,
    "saturation": 1.0,
    "hue": 0.0,
    "temperature": 0.0,
    "tint": 0.0,
    "gamma": 1.0,
    "lift": 0.0,
    "gain": 1.0,
}


def plain(red: float, green: float, blue: float) -> Tensor:
    return torch.tensor((red, green, blue)).view(1, 3, 1, 1).repeat(1, 1, 4, 6)


def graded(image: Tensor, **changed: float) -> list[float]:
    """The colour that a plain image gets."""
    made = KERNELS["grade"]([image], {**NEUTRAL, **changed}, CONTEXT)
    assert torch.equal(made, made[:, :, :1, :1].expand_as(made))
    return [float(value) for value in made[0, :, 0, 0]]


def srgb(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def test_a_neutral_grade_is_the_same_picture() -> None:
    image = plain(0.2, 0.5, 0.9)
    assert KERNELS["grade"]([image], NEUTRAL, CONTEXT) is image
    assert KERNELS["grade"]([image], {**NEUTRAL, "hue": 720.0}, CONTEXT) is image


def test_a_stop_is_twice_the_light() -> None:
    # sRGB 0.5 is 0.21404 of white in linear light (IEC 61966-2-1)
    grey = plain(0.5, 0.5, 0.5)
    assert graded(grey, exposure=1.0) == pytest.approx([srgb(0.428082)] * 3, abs=1e-5)
    assert graded(grey, exposure=-1.0) == pytest.approx([srgb(0.107021)] * 3, abs=1e-5)
    assert graded(grey, exposure=4.0) == [1.0] * 3


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("lift", 0.2, [0.2 + 0.8 * 0.25, 0.6, 0.2 + 0.8 * 0.75]),
        ("lift", -0.2, [0.25 * 1.2 - 0.2, 0.4, 0.75 * 1.2 - 0.2]),
        ("gain", 0.5, [0.125, 0.25, 0.375]),
        ("gamma", 2.0, [0.5, math.sqrt(0.5), math.sqrt(0.75)]),
        ("contrast", 1.5, [0.125, 0.5, 0.875]),
        ("contrast", 0.0, [0.5, 0.5, 0.5]),
    ],
)
def test_tones(name: str, value: float, wanted: list[float]) -> None:
    assert graded(plain(0.25, 0.5, 0.75), **{name: value}) == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("name", ["lift", "gamma"])
def test_white_stays_white(name: str) -> None:
    assert graded(plain(1.0, 1.0, 1.0), **{name: 0.6}) == pytest.approx([1.0] * 3, abs=1e-6)


def test_lift_comes_before_gain_and_gain_before_gamma() -> None:
    found = graded(plain(0.4, 0.4, 0.4), lift=0.1, gain=0.5, gamma=2.0)
    assert found == pytest.approx([math.sqrt(0.5 * (0.4 + 0.1 * 0.6))] * 3, abs=1e-6)


def test_no_saturation_is_luma() -> None:
    light = 0.2126 * 0.9 + 0.7152 * 0.3 + 0.0722 * 0.1
    assert graded(plain(0.9, 0.3, 0.1), saturation=0.0) == pytest.approx([light] * 3, abs=1e-6)
    assert graded(plain(0.9, 0.3, 0.1), saturation=0.5)[0] == pytest.approx((light + 0.9) / 2, abs=1e-6)


def test_a_turn_of_hue_keeps_luma_and_half_a_turn_is_the_other_side() -> None:
    colour = (0.55, 0.5, 0.42)
    light = 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]
    assert graded(plain(*colour), hue=180.0) == pytest.approx([2 * light - c for c in colour], abs=1e-6)
    for degrees in (30.0, 90.0, -200.0):
        red, green, blue = graded(plain(*colour), hue=degrees)
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(light, abs=1e-6)


def test_hue_turns_red_to_green_to_blue() -> None:
    red, green, blue = graded(plain(0.7, 0.5, 0.5), hue=120.0)
    assert green > red
    assert green > blue
    red, green, blue = graded(plain(0.7, 0.5, 0.5), hue=240.0)
    assert blue > red
    assert blue > green


def test_warmer_is_more_red_and_less_blue_at_the_same_luminance() -> None:
    grey = 0.21404
    red, green, blue = (
        float(decoded(torch.tensor(v))) for v in graded(plain(0.5, 0.5, 0.5), temperature=1.0)
    )
    assert red / green == pytest.approx(2.0, rel=1e-4)
    assert green / blue == pytest.approx(2.0, rel=1e-4)
    assert 0.2126 * red + 0.7152 * green + 0.0722 * blue == pytest.approx(grey, abs=1e-4)
    red, green, blue = graded(plain(0.5, 0.5, 0.5), tint=0.5)
    assert red == pytest.approx(blue, abs=1e-6)
    assert green < red


def test_what_goes_above_white_can_come_back() -> None:
    bright = plain(0.8, 0.8, 0.8)
    linear = float(decoded(torch.tensor(0.8)))
    assert graded(bright, exposure=1.0, gain=0.5)[0] == pytest.approx(0.5 * srgb(2 * linear), abs=1e-5)


def test_the_curve_and_its_inverse() -> None:
    values = torch.linspace(0.0, 1.0, 1001)
    assert (encoded(decoded(values)) - values).abs().max() < 1e-6
    assert float(decoded(torch.tensor(0.5))) == pytest.approx(0.2140411, abs=1e-6)


@pytest.mark.parametrize(
    "changed",
    [
        {"gamma": 0.01},
        {"gamma": 0.0},
        {"gamma": 1e-9, "exposure": 10.0, "contrast": 0.0, "saturation": 0.0},
        {"exposure": 10.0, "gain": 4.0, "gamma": 0.1, "contrast": 4.0, "saturation": 4.0, "hue": 77.0},
        {"exposure": -10.0, "lift": -1.0, "gamma": 10.0},
        {"lift": 1.0, "gain": 0.0, "temperature": -1.0, "tint": 1.0},
    ],
)
def test_hostile_arguments_stay_within_0_and_1(changed: dict[str, float]) -> None:
    image = torch.rand(1, 3, 5, 7, generator=torch.Generator().manual_seed(1))
    image[0, :, 0, 0], image[0, :, 0, 1] = 0.0, 1.0
    made = KERNELS["grade"]([image], {**NEUTRAL, **changed}, CONTEXT)
    assert torch.isfinite(made).all()
    assert 0.0 <= float(made.min()) <= float(made.max()) <= 1.0


def test_contrast_is_about_middle_grey_and_never_wraps() -> None:
    image = torch.tensor((0.0, 0.5, 250 / 255)).view(1, 1, 1, 3).repeat(1, 3, 1, 1)
    made = KERNELS["contrast"]([image], {"amount": 1.1}, CONTEXT)[0, 0, 0]
    assert made.tolist() == pytest.approx([0.0, 0.5, 1.0], abs=1e-6)
    assert KERNELS["contrast"]([image], {"amount": 1.0}, CONTEXT) is image
