"""Compiled loops and tensors give the same pictures; borders, sizes and threads do not matter."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from anim_runtime.ops import KERNELS, FrameContext, resample, splat, warp, warp_backward
from anim_runtime.ops.kernel import Argument
from anim_runtime.ops.native import in_bands, is_native
from anim_runtime.ops.resample import BORDERS

torch.set_num_threads(1)

HEIGHT, WIDTH = 60, 82
FOCAL = 1 / math.tan(math.radians(35))
Matrix = NDArray[np.float64]
_MODULES = (warp, splat, resample, warp_backward)


def noise(*shape: int, seed: int = 1) -> Tensor:
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


IMAGE = noise(1, 3, HEIGHT, WIDTH)


def turned(axis: int, degrees: float) -> Matrix:
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b = ((1, 2), (2, 0), (0, 1))[axis]
    matrix = np.eye(3)
    matrix[a, a] = matrix[b, b] = c
    matrix[a, b], matrix[b, a] = s, -s
    return matrix


def move3d(rotation: Matrix, shift: tuple[float, float, float], zoom: float = 1.0) -> Matrix:
    return np.concatenate([rotation.ravel(), shift, [FOCAL, FOCAL * zoom]])


def step_in_depth() -> Tensor:
    depth = torch.full((1, 1, HEIGHT, WIDTH), 2.0)
    depth[..., 20:40, 25:50] = 1.0
    return depth


DEPTHS = {
    "flat": torch.full((1, 1, 1, 1), 1.5).expand(1, 1, HEIGHT, WIDTH),
    "slope": torch.linspace(1, 2, WIDTH).expand(1, 1, HEIGHT, WIDTH).contiguous(),
    "step": step_in_depth(),
    "wild": 1 + noise(1, 1, HEIGHT, WIDTH, seed=2),
}
MOVES = {
    "truck": move3d(np.eye(3), (-0.1, 0, 0)),
    "dolly": move3d(np.eye(3), (0, 0, -0.1)),
    "out": move3d(np.eye(3), (0.02, 0, 0.6)),
    "roll": move3d(turned(2, 10), (0.05, 0.02, 0)),
    "all": move3d(turned(1, 5) @ turned(0, -3), (0.1, 0, -0.1), 1.1),
    "wide": move3d(np.eye(3), (0.1, 0, 0), 0.3),
    "behind": move3d(turned(1, 100), (0, 0, 0)),
}


def run(op: str, inputs: list[Tensor], move: Matrix, border: str = "reflect", way: str = "splat") -> Tensor:
    args: dict[str, Argument] = {"move": move, "border": border, "way": way}
    frame = FrameContext(0, inputs[0].shape[3], inputs[0].shape[2], inputs[0].device)
    return KERNELS[op](inputs, args, frame)


@contextmanager
def as_tensors(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        for module in _MODULES:
            patch.setattr(module, "is_native", lambda *_: False)
        yield


def twice(monkeypatch: pytest.MonkeyPatch, make: Callable[[], Tensor]) -> tuple[Tensor, Tensor]:
    """What compiled loops make, and what tensors make."""
    natively = make()
    with as_tensors(monkeypatch):
        return natively, make()


def test_loops_are_used_where_they_can_be() -> None:
    assert is_native(IMAGE)
    assert not is_native(IMAGE.double())
    assert not is_native(IMAGE.to("meta"))


@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("scale", [1.05, 0.9, 0.6, 0.3, 0.05])
def test_a_plane_is_read_alike(monkeypatch: pytest.MonkeyPatch, scale: float, border: str) -> None:
    move = np.diag([scale, scale, 1.0]) @ turned(2, 7)
    move[0, 2], move[2, 0] = 0.02, 0.1
    one, two = twice(monkeypatch, lambda: run("warp2d", [IMAGE], move.ravel(), border))
    assert (one - two).abs().max() < 1e-5


@pytest.mark.parametrize("way", ["splat", "backward"])
@pytest.mark.parametrize("depth", list(DEPTHS))
@pytest.mark.parametrize("move", list(MOVES))
def test_depth_is_followed_alike(monkeypatch: pytest.MonkeyPatch, move: str, depth: str, way: str) -> None:
    inputs = [IMAGE, DEPTHS[depth]]
    one, two = twice(monkeypatch, lambda: run("warp3d", inputs, MOVES[move], way=way))
    assert (one - two).abs().max() < 1e-5
    one, two = twice(monkeypatch, lambda: run("uncovered3d", inputs, MOVES[move], way=way))
    assert (one - two).abs().max() < 1e-5


@pytest.mark.parametrize("border", BORDERS)
def test_any_place_is_read_alike_and_none_breaks(monkeypatch: pytest.MonkeyPatch, border: str) -> None:
    wild = [
        math.nan,
        math.inf,
        -math.inf,
        1e30,
        -1e30,
        1e6,
        -1e6,
        0.0,
        -0.5,
        WIDTH - 0.5,
        -3.25,
        WIDTH + 1.75,
    ]
    x = torch.tensor([wild + (noise(40, seed=3) * 600 - 250).tolist()])
    y = x.flip(1)
    one, two = twice(monkeypatch, lambda: resample.resample(IMAGE, x, y, border))
    assert torch.isfinite(one).all()
    assert (one - two).abs().max() < 1e-5
    assert torch.isfinite(two).all()


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_planes_are_read_one_by_one(channels: int) -> None:
    many = noise(1, channels, HEIGHT, WIDTH, seed=4)
    move = turned(2, 7).ravel()
    made = run("warp2d", [many], move)
    for channel in range(channels):
        alone = run("warp2d", [many[:, channel : channel + 1].expand(-1, 3, -1, -1)], move)
        assert (made[:, channel] - alone[:, 0]).abs().max() < 1e-6


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (9, 1), (2, 2), (3, 4)])
@pytest.mark.parametrize("way", ["splat", "backward"])
def test_the_smallest_pictures_are_read(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], way: str
) -> None:
    inputs = [noise(1, 3, *size), 1 + noise(1, 1, *size, seed=5)]
    one, two = twice(monkeypatch, lambda: run("warp3d", inputs, MOVES["all"], way=way))
    assert one.shape == (1, 3, *size)
    assert (one - two).abs().max() < 1e-5


def test_threads_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    from anim_runtime.ops import native

    inputs = [IMAGE, DEPTHS["step"]]
    alone = [run("warp3d", inputs, MOVES["all"]), run("warp2d", [IMAGE], turned(2, 7).ravel())]
    monkeypatch.setattr(native, "_WORTH_THREADS", 1)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)
    bands: list[tuple[int, int]] = []
    in_bands(lambda first, last: bands.append((first, last)), HEIGHT, WIDTH)
    assert sorted(bands) == [(0, 20), (20, 40), (40, 60)]
    together = [run("warp3d", inputs, MOVES["all"]), run("warp2d", [IMAGE], turned(2, 7).ravel())]
    assert all(torch.equal(one, two) for one, two in zip(alone, together, strict=True))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 0.0, -3.0, 1e-30, 1e30])
@pytest.mark.parametrize("way", ["splat", "backward"])
def test_no_depth_breaks_a_picture(value: float, way: str) -> None:
    depth = DEPTHS["step"].clone()
    depth[..., 10:50:3, 5:70:2] = value
    made = run("warp3d", [IMAGE, depth], MOVES["all"], way=way)
    assert torch.isfinite(made).all()
    assert 0 <= made.min() <= made.max() <= 1
    mask = run("uncovered3d", [IMAGE, depth], MOVES["all"], way=way)
    assert 0 <= mask.min() <= mask.max() <= 1


def test_a_squeezed_picture_gives_pixels() -> None:
    flat = np.array((1.0, 0, 0, 0, 0, 0, 0, 0, 1))
    assert torch.isfinite(run("warp2d", [IMAGE], flat)).all()


@pytest.mark.parametrize("phi", [90.0, 89.9])
def test_a_picture_seen_from_its_edge_is_a_line(phi: float) -> None:
    cosine, sine = round(np.cos(np.radians(phi)), 12), np.sin(np.radians(phi))
    turned = np.array((1.0, 0, 0, 0, cosine, 0, 0, -0.25 * sine, 1))
    made = run("warp2d", [IMAGE], turned, border="black")
    assert not made[:, :, :4].any()
    assert not made[:, :, -4:].any()
    assert run("uncovered2d", [IMAGE], turned)[:, :, :4].min() == 1.0
