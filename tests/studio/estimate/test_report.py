"""Small things that are told, and the weights that are counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from anim_studio.estimate.memory import weights_of
from anim_studio.estimate.report import duration


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.04, "0.0 s"),
        (9.94, "9.9 s"),
        (9.96, "10 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (110, "1 min 50 s"),
        (3599.7, "1 h 0 min"),
        (7500, "2 h 5 min"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_weights_are_those_that_are_read(tmp_path: Path) -> None:
    def put(path: str, size: int) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(bytes(size))

    put("unet/diffusion_pytorch_model.safetensors", 100)
    put("unet/diffusion_pytorch_model.fp16.safetensors", 50)
    put("unet/diffusion_pytorch_model.bin", 1000)
    put("unet/config.json", 7)
    put("vae/diffusion_pytorch_model.bin", 20)
    put("text_encoder/model-00001-of-00002.safetensors", 3)
    put("text_encoder/model-00002-of-00002.safetensors", 4)
    put("safety_checker/model.safetensors", 5000)
    assert weights_of(tmp_path) == 127
    assert weights_of(tmp_path / "vae" / "diffusion_pytorch_model.bin") == 20
    assert weights_of(None) == 0


def test_a_variant_counts_where_it_is_alone(tmp_path: Path) -> None:
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "model.fp16.safetensors").write_bytes(bytes(9))
    assert weights_of(tmp_path) == 9
