"""Enlarging by a model, tile by tile; with spandrel where it is installed."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.runtime.hand_films import film
from torch import Tensor
from torch.nn import functional

from anim_compiler.plan import OutputSpec
from anim_runtime.encode import EncodeError
from anim_runtime.encode.resize import resized
from anim_runtime.encode.upscale import TILE, enlarged, load_enlarger, tiled
from anim_runtime.finishing import Finish
from anim_runtime.job import Job

CPU = torch.device("cpu")


class Doubling:
    """Every pixel twice as wide and high, and smoothed: what a pixel becomes depends on its neighbours."""

    scale = 2
    largest = 0

    def __call__(self, image: Tensor) -> Tensor:
        self.largest = max(self.largest, *image.shape[2:])
        soft = functional.avg_pool2d(functional.pad(image, (2, 2, 2, 2), "replicate"), 5, 1)
        return functional.interpolate(soft, scale_factor=2.0, mode="nearest")


def noise(height: int, width: int) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("height", "width"), [(40, 60), (TILE, TILE), (TILE + 1, 40), (300, 600)])
def test_tiles_show_no_seams(height: int, width: int) -> None:
    model, image = Doubling(), noise(height, width)
    found = tiled(image, model, CPU)
    assert model.largest <= TILE
    off = (found - Doubling()(image)).abs().amax(dim=(0, 1))
    # the pixels at a tile's own edge are guessed, and count for nothing
    assert off.max() < 2e-4


def test_what_a_model_gives_is_scaled_to_the_wanted_size() -> None:
    picture = np.full((24, 32, 3), 30000, np.uint16)
    found = enlarged(picture, Doubling(), (48, 36), CPU)
    assert found.shape == (36, 48, 3)
    assert np.abs(found.astype(int) - 30000).max() <= 1


def test_lanczos_keeps_a_ramp_and_smooths_what_gets_smaller() -> None:
    ramp = np.repeat(np.linspace(5000, 60000, 64).round().astype(np.uint16)[None, :, None], 32, 0).repeat(
        3, 2
    )
    large = resized(ramp, 256, 128)
    meant = np.interp((np.arange(256) + 0.5) / 4 - 0.5, np.arange(64), ramp[0, :, 0].astype(float))
    assert np.abs(large[60, 16:-16, 0] - meant[16:-16]).max() < 20
    lines = np.zeros((64, 64, 3), np.uint16)
    lines[::2] = 65535
    small = resized(lines, 16, 16)
    assert np.abs(small[3:-3].astype(int) - 32768).max() < 700


def test_without_the_package_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "spandrel", None)
    with pytest.raises(EncodeError, match="package `spandrel`") as caught:
        load_enlarger(tmp_path / "model.safetensors", CPU)
    assert "pip install spandrel" in caught.value.hint


def test_an_esrgan_of_chance_weights_enlarges_four_times(tmp_path: Path) -> None:
    pytest.importorskip("spandrel", exc_type=ImportError)
    from safetensors.torch import save_file

    torch.manual_seed(3)
    architecture = import_module("spandrel.architectures.ESRGAN")
    weights = architecture.ESRGAN(num_filters=8, num_blocks=1, scale=4).state_dict()
    path = tmp_path / "tiny.safetensors"
    save_file({name: value.contiguous() * 0.1 for name, value in weights.items()}, path)
    model = load_enlarger(path, CPU)
    assert model.scale == 4
    picture = np.random.default_rng(1).integers(0, 65536, (20, 24, 3), dtype=np.uint16)
    assert enlarged(picture, model, (96, 80), CPU).shape == (80, 96, 3)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(path.read_bytes()[:500])
    with pytest.raises(EncodeError, match=r"broken\.safetensors"):
        load_enlarger(broken, CPU)
    with pytest.raises(EncodeError, match="there is no model"):
        load_enlarger(tmp_path / "gone.pth", CPU)


def test_pictures_beyond_all_bounds_are_refused_before_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("anim_runtime.encode.upscale.load_enlarger", lambda path, device: Doubling())
    plan, columns = film(frames=1, size=(8200, 16))
    job = Job(plan, columns, tmp_path, tmp_path, tmp_path, "cpu", lambda event: None, lambda: False)
    output = OutputSpec(path="a.png", upscale=1.5, upscale_model="model.safetensors")
    with pytest.raises(EncodeError, match="16400x32") as caught:
        Finish.of(job, output)
    assert caught.value.exit_code == 3
