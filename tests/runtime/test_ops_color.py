"""Colour spaces, and distributions made equal."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.color_space import SPACES

torch.set_num_threads(1)

CONTEXT = FrameContext(frame=0, width=48, height=32, device=torch.device("cpu"))


def picture(seed: int, power: float = 1.0) -> Tensor:
    return torch.rand(1, 3, 32, 48, generator=torch.Generator().manual_seed(seed)) ** power


def match(image: Tensor, reference: Tensor, space: str) -> Tensor:
    return KERNELS["match_color"]([image, reference], {"space": space}, CONTEXT)


def rank_bounds(
    source: NDArray[np.float64], like: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The reference's values five ranks (of 1,536) below and above each pixel's own rank."""
    ranks = np.empty(source.size, dtype=np.int64)
    ranks[np.argsort(source.ravel(), kind="stable")] = np.arange(source.size)
    ordered = np.sort(like.ravel())
    low, high = ordered[np.maximum(ranks - 5, 0)], ordered[np.minimum(ranks + 5, source.size - 1)]
    return low.reshape(source.shape), high.reshape(source.shape)


@pytest.mark.parametrize("space", ["lab", "hsv", "rgb"])
def test_a_picture_matched_to_itself_is_itself(space: str) -> None:
    image = picture(1)
    assert (match(image, image, space) - image).abs().max() < 5e-4


@pytest.mark.parametrize("power", [0.5, 2.0])
def test_each_channel_gets_the_ranks_of_the_reference(power: float) -> None:
    image, reference = picture(1), picture(2, power)
    found = match(image, reference, "rgb")[0].double().numpy()
    for channel in range(3):
        source, like = image[0, channel].double().numpy(), reference[0, channel].double().numpy()
        low, high = rank_bounds(source, like)
        assert (found[channel] > low - 1 / 255).all()
        assert (found[channel] < high + 1 / 255).all()
        assert np.abs(np.sort(found[channel], axis=None) - np.sort(like, axis=None)).mean() < 1 / 255


def test_channels_keep_their_order() -> None:
    """A red reference makes the picture red, not blue (Deforum hands BGR to RGB functions)."""
    image = picture(1) * 0.5 + 0.25
    red = picture(2) * torch.tensor([1.0, 0.2, 0.1]).reshape(1, 3, 1, 1)
    for space in ("rgb", "lab", "hsv"):
        means = match(image, red, space).mean(dim=(0, 2, 3))
        assert torch.allclose(means, red.mean(dim=(0, 2, 3)), atol=0.08), space
        assert means[0] > means[1] > means[2]


def test_lab_match_gives_the_references_lightness_and_chroma() -> None:
    image, reference = picture(1), picture(3, 2.0) * 0.6 + 0.2
    space = SPACES["lab"]
    found, wanted = space.from_rgb(match(image, reference, "lab")[0]), space.from_rgb(reference[0])
    light = found[0].flatten().sort().values - wanted[0].flatten().sort().values
    # colours that leave sRGB are clipped, so a and b and a little of L may differ
    assert light.abs().mean() < 1.5
    before = space.from_rgb(image[0])[0].flatten().sort().values - wanted[0].flatten().sort().values
    assert light.abs().mean() < before.abs().mean() / 4


def test_a_reference_of_one_colour_takes_everything() -> None:
    reference = torch.tensor([0.2, 0.4, 0.6]).reshape(1, 3, 1, 1).expand(1, 3, 32, 48)
    assert (match(picture(1), reference, "rgb") - reference).abs().max() < 1 / 255


def test_sizes_may_differ() -> None:
    reference = torch.rand(1, 3, 5, 9)
    assert match(picture(1), reference, "lab").shape == (1, 3, 32, 48)


def test_fed_back_colours_do_not_drift() -> None:
    """OpenCV's own sRGB curve would lose 0.0007 a round: 0.07 after a hundred."""
    image = first = picture(4) * 0.8 + 0.1
    for _ in range(100):
        image = match(image, first, "lab")
    assert float((image - first).mean().abs()) < 2e-4


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        # CIE Lab (D65) of the sRGB primaries: Lindbloom's calculator, to 2 digits
        ((1.0, 0.0, 0.0), (53.24, 80.09, 67.20)),
        ((0.0, 1.0, 0.0), (87.73, -86.18, 83.18)),
        ((0.0, 0.0, 1.0), (32.30, 79.19, -107.86)),
        ((1.0, 1.0, 1.0), (100.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
    ],
)
def test_lab_of_the_primaries(rgb: tuple[float, ...], lab: tuple[float, ...]) -> None:
    found = SPACES["lab"].from_rgb(torch.tensor(rgb).reshape(3, 1, 1)).flatten()
    assert found.tolist() == pytest.approx(lab, abs=0.1)


@pytest.mark.parametrize(
    ("rgb", "hsv"),
    [
        ((1.0, 0.0, 0.0), (0, 1, 1)),
        ((0.0, 0.5, 0.0), (120, 1, 0.5)),
        ((0.0, 0.5, 1.0), (210, 1, 1)),
        ((0.3, 0.3, 0.3), (0, 0, 0.3)),
    ],
)
def test_hsv_of_known_colours(rgb: tuple[float, ...], hsv: tuple[float, ...]) -> None:
    found = SPACES["hsv"].from_rgb(torch.tensor(rgb).reshape(3, 1, 1)).flatten()
    assert found.tolist() == pytest.approx(hsv, abs=1e-3)


@pytest.mark.parametrize("name", ["lab", "hsv"])
def test_other_devices_convert_as_the_cpu_does(name: str) -> None:
    """The general formulas, which accelerators run, against OpenCV's."""
    from anim_runtime.ops import color_space

    rgb = picture(5)[0]
    to, back = color_space.GENERAL[name]
    assert (to(rgb) - SPACES[name].from_rgb(rgb)).abs().max() < 0.05
    assert (back(to(rgb)) - rgb).abs().max() < 2e-5


def test_unknown_spaces_are_refused() -> None:
    with pytest.raises(ValueError, match="space"):
        match(picture(1), picture(2), "yuv")


@pytest.mark.parametrize("space", ["lab", "hsv", "rgb"])
@pytest.mark.parametrize("method", ["histogram", "moments"])
def test_kept_statistics_give_the_bits_of_the_reference(space: str, method: str) -> None:
    image, reference = picture(1), picture(2, 2.0)
    args = {"space": space, "method": method}
    stats = KERNELS["color_stats"]([reference], args, CONTEXT)
    found = KERNELS["match_stats"]([image, stats], args, CONTEXT)
    assert torch.equal(found, KERNELS["match_color"]([image, reference], args, CONTEXT))


def test_a_histogram_is_what_is_matched_if_nothing_is_said() -> None:
    image, reference = picture(1), picture(2, 2.0)
    said = KERNELS["match_color"]([image, reference], {"space": "lab", "method": "histogram"}, CONTEXT)
    assert torch.equal(match(image, reference, "lab"), said)


def test_moments_are_mean_and_spread() -> None:
    image, reference = picture(1) * 0.4 + 0.3, picture(2) * 0.2 + 0.4
    found = KERNELS["match_color"]([image, reference], {"space": "rgb", "method": "moments"}, CONTEXT)
    for channel in range(3):
        assert float(found[0, channel].mean()) == pytest.approx(float(reference[0, channel].mean()), abs=1e-5)
        assert float(found[0, channel].std()) == pytest.approx(float(reference[0, channel].std()), abs=1e-5)


def test_moments_of_a_plain_picture_only_shift_it() -> None:
    plain = torch.full((1, 3, 4, 4), 0.25)
    found = KERNELS["match_color"]([plain, picture(2)], {"space": "rgb", "method": "moments"}, CONTEXT)
    wanted = picture(2).mean(dim=(2, 3), keepdim=True).expand_as(plain)
    assert torch.allclose(found, wanted, atol=1e-5)
