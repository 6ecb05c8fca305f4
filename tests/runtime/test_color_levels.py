"""Colours held to a reference: the map of levels, and what a loop of many rounds makes of it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops import color as colors
from anim_runtime.ops import color_levels as levels_of
from anim_runtime.ops.color_levels import class_counts, eased_tables, level_counts, tables, through
from anim_runtime.ops.color_space import GENERAL, SPACES

torch.set_num_threads(1)

CONTEXT = FrameContext(frame=0, width=64, height=64, device=torch.device("cpu"))
CLASSES = 4081


def eight_bit(seed: int, power: float) -> NDArray[np.uint8]:
    values = np.random.default_rng(seed).random((3, 64, 64)) ** power
    return (values * 230).astype(np.uint8)


def of_skimage(source: NDArray[np.uint8], template: NDArray[np.uint8]) -> NDArray[np.float64]:
    """`skimage.exposure.match_histograms` 0.26 of one channel of 8 bits, line by line."""
    src_counts = np.bincount(source.reshape(-1))
    tmpl_counts = np.bincount(template.reshape(-1))
    tmpl_values = np.nonzero(tmpl_counts)[0]
    src_quantiles = np.cumsum(src_counts) / source.size
    tmpl_quantiles = np.cumsum(tmpl_counts[tmpl_values]) / template.size
    mapped: NDArray[np.float64] = np.interp(src_quantiles, tmpl_quantiles, tmpl_values)
    return mapped[source.reshape(-1)].reshape(source.shape)


def counted(planes: NDArray[np.uint8]) -> Tensor:
    return level_counts(class_counts(torch.from_numpy(planes.reshape(3, -1)).float(), CLASSES))


@pytest.mark.parametrize(("one", "other"), [(1.0, 2.0), (0.3, 1.0), (3.0, 0.5)])
def test_on_8_bits_the_map_is_that_of_skimage_to_the_bit(one: float, other: float) -> None:
    source, template = eight_bit(1, one), eight_bit(2, other)
    table = tables(counted(source), counted(template)).numpy()
    for channel in range(3):
        found = table[channel][source[channel]]
        assert np.array_equal(found, of_skimage(source[channel], template[channel]))


def test_a_picture_of_8_bits_is_matched_as_skimage_does() -> None:
    source, template = eight_bit(3, 1.0), eight_bit(4, 2.0)
    image, reference = (torch.from_numpy(p).float().div(255).unsqueeze(0) for p in (source, template))
    found = KERNELS["match_color"]([image, reference], {"space": "rgb", "method": "histogram"}, CONTEXT)
    for channel in range(3):
        wanted = of_skimage(source[channel], template[channel])
        assert np.abs(found[0, channel].numpy() * 255 - wanted).max() < 1e-3


def test_between_two_levels_the_map_goes_on_smoothly() -> None:
    """Skies of more than 8 bits do not band."""
    source, template = eight_bit(1, 1.0), eight_bit(2, 2.0)
    table = tables(counted(source), counted(template))
    ramp = torch.linspace(10.0, 200.0, 4001).expand(3, -1).contiguous()
    steps = through(ramp, table).diff(dim=1)
    assert (steps > 0).float().mean() > 0.9


def test_channels_without_values_do_not_move() -> None:
    nothing = torch.zeros((1, 256), dtype=torch.int64)
    wanted = counted(eight_bit(1, 1.0))[:1]
    for made in (tables, eased_tables):
        assert torch.equal(made(nothing, wanted)[0], torch.arange(256, dtype=torch.float64))
        assert torch.isfinite(made(wanted, nothing)).all()


def test_an_even_picture_goes_to_the_middle_of_the_reference() -> None:
    even = torch.full((1, 3, 16, 16), 0.1)
    like = torch.linspace(0.2, 0.8, 1024).reshape(1, 1, 32, 32).expand(1, 3, -1, -1)
    found = KERNELS["match_color"]([even, like], {"space": "rgb", "method": "smooth"}, CONTEXT)
    assert (found - 0.5).abs().max() < 5e-3


def chart(side: int) -> Tensor:
    """The colours of a ColorChecker (McCamy et al. 1976), four rows of six, `[1,3,side,side]`."""
    text = (
        "735244 c29682 627a9d 576c43 8580b1 67bdaa d67e2c 505ba6 c15a63 5e3c6c 9dbc40 e0a32e "
        "383d96 469449 af363c e7c71f bb5695 0885a1 f3f3f2 c8c8c8 a0a0a0 7a7a79 555555 343434"
    )
    rows = [[int(part[i : i + 2], 16) / 255 for i in (0, 2, 4)] for part in text.split()]
    patches = torch.tensor(rows).t().reshape(1, 3, 4, 6)
    return torch.nn.functional.interpolate(patches, size=(side, side), mode="nearest")


def away(found: Tensor, wanted: Tensor) -> float:
    """The mean CIE76 difference of the patches, each by the mean of its middle."""
    means = [
        image.reshape(3, 4, 36, 6, 24)[:, :, 9:-9, :, 6:-6].mean(dim=(2, 4))
        for image in (found[0], wanted[0])
    ]
    one, other = (SPACES["lab"].from_rgb(mean) for mean in means)
    return float((one - other).pow(2).sum(dim=0).sqrt().mean())


@pytest.mark.parametrize("space", ["lab", "hsv", "rgb"])
@pytest.mark.parametrize("method", ["smooth", "moments"])
def test_a_chart_keeps_its_colours_through_500_tiny_warps(space: str, method: str) -> None:
    first = image = chart(144)
    args = {"space": space, "method": method}
    stats = KERNELS["color_stats"]([first], args, CONTEXT)
    for frame in range(500):
        shift = (0.02 if frame % 2 else -0.02) * 2 / 144
        move = np.array([1, 0, shift, 0, 1, -shift, 0, 0, 1.0])
        image = KERNELS["warp2d"]([image], {"move": move, "border": "reflect"}, CONTEXT)
        image = KERNELS["match_stats"]([image, stats], args, CONTEXT)
        image = (image * 65535).round() / 65535
    assert away(image, first) < 1.0


@pytest.mark.parametrize("method", ["histogram", "smooth", "moments"])
def test_a_drift_is_taken_back(method: str) -> None:
    """A picture that gets a little darker and duller in every round stays as it was."""
    rng = torch.Generator().manual_seed(7)
    coarse = torch.rand(1, 3, 6, 6, generator=rng)
    first = torch.nn.functional.interpolate(coarse, size=(64, 64), mode="bicubic").clamp(0.05, 0.95)
    image, args = first, {"space": "lab", "method": method}
    stats = KERNELS["color_stats"]([first], args, CONTEXT)
    drifted = first
    for _ in range(60):
        drifted = drifted * 0.99 + 0.002
        image = KERNELS["match_stats"]([image * 0.99 + 0.002, stats], args, CONTEXT)
    assert (drifted - first).abs().mean() > 0.1
    assert (image - first).abs().mean() < 0.02


@pytest.mark.parametrize("method", ["histogram", "smooth", "moments"])
def test_compiled_loops_and_tensors_agree(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    image = torch.rand(1, 3, 40, 56, generator=torch.Generator().manual_seed(1))
    reference = torch.rand(1, 3, 40, 56, generator=torch.Generator().manual_seed(2)) ** 2
    args = {"space": "lab", "method": method}
    fast = KERNELS["match_color"]([image, reference], args, CONTEXT)
    for module in (colors, levels_of):
        monkeypatch.setattr(module, "is_native", lambda *tensors: False)
    slow = KERNELS["match_color"]([image, reference], args, CONTEXT)
    assert (fast - slow).abs().max() < 3e-3
    assert (fast - slow).abs().mean() < 1e-4


def test_counting_by_sorting_is_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """What accelerators do, on the CPU: no bincount, which waits for the host."""
    values = torch.rand(2, 500, generator=torch.Generator().manual_seed(3)) * 255
    weights = torch.randint(0, 256, (2, 500), generator=torch.Generator().manual_seed(4))
    wanted = [class_counts(values, CLASSES), class_counts(values, CLASSES, weights)]
    found = levels_of.sorted_counts(levels_of.places(values, CLASSES), CLASSES, None)
    assert torch.equal(found, wanted[0])
    assert torch.equal(
        levels_of.sorted_counts(levels_of.places(values, CLASSES), CLASSES, weights), wanted[1]
    )


def test_reds_on_both_sides_of_the_circles_end_stay_red() -> None:
    """In hue 359 and 1 degrees are neighbours: a little turn must not tear them apart."""
    hues = torch.tensor([355.0, 358.0, 2.0, 5.0, 120.0, 125.0]).repeat_interleave(100).reshape(1, 20, 30)
    hsv = torch.cat((hues, torch.full_like(hues, 0.8), torch.full_like(hues, 0.7)))
    first = SPACES["hsv"].to_rgb(hsv).unsqueeze(0)
    turned = hsv.clone()
    turned[0] = (turned[0] + 4.0) % 360.0
    for method in ("histogram", "smooth", "moments"):
        image = SPACES["hsv"].to_rgb(turned).unsqueeze(0)
        found = KERNELS["match_color"]([image, first], {"space": "hsv", "method": method}, CONTEXT)
        assert (found - first).abs().max() < 0.05, method


def test_greys_have_no_hue_that_counts() -> None:
    grey = torch.rand(1, 1, 16, 16, generator=torch.Generator().manual_seed(5)).expand(1, 3, -1, -1)
    coloured = torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(6))
    for method in ("histogram", "smooth", "moments"):
        found = KERNELS["match_color"]([grey, coloured], {"space": "hsv", "method": method}, CONTEXT)
        assert torch.isfinite(found).all()


def test_what_is_no_number_does_no_harm() -> None:
    image = torch.rand(1, 3, 16, 16)
    image[0, 0, 0, 0] = float("nan")
    for space in ("lab", "rgb", "hsv"):
        for method in ("histogram", "smooth", "moments"):
            args = {"space": space, "method": method}
            found = KERNELS["match_color"]([image, torch.rand(1, 3, 16, 16)], args, CONTEXT)
            assert torch.isfinite(found[0, :, 1:]).all()


def test_the_general_formulas_are_those_of_the_compiled_loops() -> None:
    from anim_runtime.ops import color_native

    rgb = torch.rand(3, 500, generator=torch.Generator().manual_seed(8))
    levels, counts = torch.empty_like(rgb), torch.zeros((3, CLASSES), dtype=torch.int64)
    color_native.to_lab(rgb.numpy(), levels.numpy(), counts.numpy())
    to_lab, _ = GENERAL["lab"]
    wanted = to_lab(rgb.unsqueeze(1))[:, 0]
    scale, shift = torch.tensor([[2.55], [1.0], [1.0]]), torch.tensor([[0.0], [128.0], [128.0]])
    assert (levels - (wanted * scale + shift)).abs().max() < 2e-3
    assert counts.sum(dim=1).tolist() == [500, 500, 500]
