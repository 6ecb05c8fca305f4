"""What ControlNets are shown of a picture, against OpenCV and against what is known of simple scenes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from tools.postcard.scenes import picture as drawn_picture

from anim_runtime.ops import KERNELS, FrameContext
from anim_runtime.ops.hints.beside import field_of
from anim_runtime.ops.hints.canny import by_tensors
from anim_runtime.ops.hints.lines import middle_by_choice, middle_by_order

CPU = torch.device("cpu")


def _scene(seed: int = 5, height: int = 128, width: int = 160) -> torch.Tensor:
    rgb = drawn_picture(seed, height, width).rgb
    return torch.from_numpy(np.ascontiguousarray(rgb.transpose(2, 0, 1)))[None]


def _made(op: str, *inputs: torch.Tensor, **args: float | str) -> torch.Tensor:
    height, width = inputs[0].shape[2:]
    kernel = KERNELS[op]
    before = [one.clone() for one in inputs]
    made = kernel(list(inputs), args, FrameContext(0, width, height, CPU))
    assert all(torch.equal(a, b) for a, b in zip(before, inputs, strict=True)), "inputs stay as they are"
    return made


@pytest.mark.parametrize("limits", [(100.0, 200.0), (30.0, 80.0), (50.5, 300.0), (200.0, 100.0)])
@pytest.mark.parametrize("seed", [5, 77])
def test_canny_is_that_of_opencv_on_every_device(seed: int, limits: tuple[float, float]) -> None:
    """IoU 1: pixel for pixel, by the tensors that accelerators run as well."""
    scene, (low, high) = _scene(seed), sorted(limits)
    pixels = (scene[0] * 255).round().byte().permute(1, 2, 0).numpy()
    expected = torch.from_numpy(cv2.Canny(np.ascontiguousarray(pixels), low, high) > 0)
    kernel = _made("hint_canny", scene, low=limits[0], high=limits[1])
    assert torch.equal(kernel[0, 0] > 0, expected)
    assert torch.equal(by_tensors(scene, low, high)[0, 1] > 0, expected)
    assert set(kernel.flatten().tolist()) <= {0.0, 1.0}


def test_canny_follows_a_weak_edge_from_a_strong_one_round_a_long_way() -> None:
    """A spiral that only its inner end is strong in: more steps than are taken between two looks."""
    plate = np.full((96, 96), 100, dtype=np.uint8)
    turns = np.linspace(0, 6 * np.pi, 2000)
    for angle in turns:
        x, y = (48 + (4 + 2 * angle) * f(angle) for f in (np.cos, np.sin))
        cv2.circle(plate, (int(x), int(y)), 1, 130, -1)
    cv2.circle(plate, (52, 48), 2, 255, -1)
    picture = torch.from_numpy(np.stack([plate] * 3))[None].float() / 255
    expected = torch.from_numpy(cv2.Canny(np.stack([plate] * 3, 2), 40, 400) > 0)
    assert expected.sum() > 300
    assert torch.equal(by_tensors(picture, 40, 400)[0, 0] > 0, expected)


def test_scribbles_are_those_of_the_annotators() -> None:
    """`scribble_xdog` of ControlNet 1.1 at its size of 512 px, but for pixels at the very threshold."""
    scene = _scene(77, 512, 512)
    image = (scene[0] * 255).permute(1, 2, 0).numpy()
    fine, coarse = (cv2.GaussianBlur(image, (0, 0), deviation) for deviation in (0.5, 5.0))
    dog = (255 - np.min(coarse - fine, axis=2)).clip(0, 255).astype(np.uint8)
    expected = torch.from_numpy(2 * (255 - dog).astype(int) > 32)
    found = _made("hint_scribble", scene)[0, 0] > 0
    both, either = (found & expected).sum(), (found | expected).sum()
    assert float(both / either) > 0.95


def test_line_art_is_that_of_the_annotators() -> None:
    """`lineart_standard` of ControlNet 1.1."""
    scene = _scene(77, 512, 512)
    image = (scene[0] * 255).permute(1, 2, 0).numpy()
    ink = np.min(cv2.GaussianBlur(image, (0, 0), 6.0) - image, axis=2).clip(0, 255)
    expected = (ink / max(16, np.median(ink[ink > 8])) * 127).clip(0, 255)
    found = _made("hint_lineart", scene)[0, 0].numpy() * 255
    assert np.abs(found - expected).mean() < 1.0


def test_the_middle_of_the_ink_is_the_same_by_order_as_by_choice() -> None:
    """Accelerators put all values into order, so that nobody waits for how many there are."""
    ink = torch.rand(1, 33, 47, generator=torch.Generator().manual_seed(2)) * 0.1
    for shown in (ink, ink * 0.1, ink * 3.0):
        assert torch.equal(middle_by_choice(shown), middle_by_order(shown))


@pytest.mark.parametrize("op", ["hint_canny", "hint_scribble", "hint_lineart", "hint_softedge"])
def test_lines_are_white_on_black_and_nothing_has_none(op: str) -> None:
    args = {"low": 100.0, "high": 200.0} if op == "hint_canny" else {}
    even = torch.full((1, 3, 64, 64), 0.5)
    assert _made(op, even, **args).abs().max() == 0.0
    box = torch.ones(1, 3, 64, 64)
    box[..., 20:44, 20:44] = 0.0
    lines = _made(op, box, **args)
    assert lines.shape == box.shape
    assert lines[0, 0, 18:22, 30].max() > 0.4, "an edge is seen"
    assert lines[0, 0, :8, :8].max() < 0.05, "and nothing far from it"
    assert torch.equal(lines[:, 0], lines[:, 2])


def test_soft_edges_are_wider_than_hard_ones_and_never_burn_out() -> None:
    scene = _scene(5, 256, 256)
    soft, hard = _made("hint_softedge", scene), _made("hint_canny", scene, low=100.0, high=200.0)
    assert (soft > 0.2).float().mean() > (hard > 0).float().mean()
    assert soft.max() < 1.0
    on_edges = soft[hard > 0].mean()
    assert on_edges > 3 * soft.mean()


def test_a_tile_has_the_pictures_colours_and_none_of_its_detail() -> None:
    noise = torch.rand(1, 3, 256, 256, generator=torch.Generator().manual_seed(1))
    tile = _made("hint_tile", noise)
    assert abs(float(tile.mean() - noise.mean())) < 0.01
    assert tile.std() < 0.25 * noise.std()


def test_near_is_white_and_far_is_black() -> None:
    z = torch.linspace(1.0, 2.0, 64).view(1, 1, 1, 64).expand(1, 1, 32, 64)
    shown = _made("hint_depth", z)
    assert shown.shape == (1, 3, 32, 64)
    assert shown[0, 0, 0, 0] == 1.0
    assert shown[0, 0, 0, -1] == 0.0
    # a camera that puts its far end elsewhere is followed
    far = _made("hint_depth", z * 5.0)
    assert far[0, 0, 0, -1] == 0.0
    assert 0.5 < float(far[0, 0, 0, 0]) < 1.0


def test_normals_point_right_up_and_to_the_viewer() -> None:
    """A wall, a floor that comes nearer downwards, and a side that recedes to the right."""
    wall = torch.full((1, 1, 64, 64), 1.5)
    assert torch.allclose(_made("hint_normal", wall)[0, :, 32, 32], torch.tensor([0.5, 0.5, 1.0]), atol=1e-3)
    slope = torch.linspace(1.0, 2.0, 64)
    floor = _made("hint_normal", slope.flip(0).view(1, 1, 64, 1).expand(1, 1, 64, 64))[0, :, 32, 32]
    assert floor[1] > 0.6, "green: up"
    assert abs(float(floor[0]) - 0.5) < 1e-3
    side = _made("hint_normal", slope.view(1, 1, 1, 64).expand(1, 1, 64, 64))[0, :, 32, 32]
    assert side[0] > 0.6, "red: to the right, away from which it recedes"
    assert abs(float(side[1]) - 0.5) < 1e-3
    for found in (floor, side):
        assert abs(float((found * 2 - 1).norm()) - 1.0) < 1e-3


def test_one_hint_fills_the_picture_and_more_have_fields_of_their_own() -> None:
    below, white = torch.zeros(1, 3, 64, 96), torch.ones(1, 3, 64, 96)
    alone = _made("hint_beside", below, white, place=0, count=1, name="canny")
    assert torch.equal(alone, white)
    shown = below
    for place, name in enumerate(("canny", "depth", "pose", "picture")):
        shown = _made("hint_beside", shown, white * (place + 1) / 4, place=place, count=4, name=name)
    for place in range(4):
        field = field_of(place, 4, 64, 96)
        row, column = field.top + 2, field.left + field.width // 2
        assert abs(float(shown[0, 0, row, column]) - (place + 1) / 4) < 1e-5


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 9])
def test_fields_neither_overlap_nor_leave_the_picture(count: int) -> None:
    taken = torch.zeros(90, 160, dtype=torch.int)
    for place in range(count):
        field = field_of(place, count, 90, 160)
        taken[field.top : field.top + field.height, field.left : field.left + field.width] += 1
    assert taken.max() == 1
    assert (taken > 0).float().mean() > 0.6
