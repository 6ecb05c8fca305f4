"""The benchmark of graphics cards runs as a whole where there is none, with tiny models."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from bench.gpu import Bench, verdict
from bench.gpu_models import flops_of, write_model, write_taesd
from bench.plain_loop import Case

SIZE = 64


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    (folder / "anim.toml").write_text("")
    write_model("turbo", folder / "turbo", tiny=True, dtype=torch.float32)
    return write_taesd(folder / "taesd", tiny=True, dtype=torch.float32).parent


@pytest.fixture(scope="module")
def bench(home: Path) -> Bench:
    return Bench(home, "cpu", SIZE, 1, torch.float32)


def case(frames: int, batch: int = 1, strength: float = 0.5) -> Case:
    return Case(SIZE, SIZE, frames, 2, strength, 1.0, "Euler", batch, "./turbo", "./taesd")


def test_both_ways_draw_with_the_same_files(bench: Bench) -> None:
    from PIL import Image

    made = bench._ours(case(4), 2)
    assert made.steady < made.seconds
    assert made.spent["diffuse"] > 0.0
    asked = case(1)
    drawn = bench._pipeline(asked)(
        prompt="a lake",
        image=Image.fromarray(asked.first),
        strength=asked.strength,
        num_inference_steps=asked.steps,
        guidance_scale=asked.cfg,
    )
    assert drawn.images[0].size == (SIZE, SIZE)


def test_operations_are_counted_without_a_device(home: Path) -> None:
    one, four = (flops_of(home / "turbo", home / "taesd", SIZE, 1, steps) for steps in (1, 4))
    assert 0 < one < four < 4 * one
    assert flops_of(home / "turbo", home / "taesd", 2 * SIZE, 1, 1) > 3.9 * one


def test_a_verdict_is_one_line() -> None:
    assert verdict("2.00 times as fast", True, "1.8") == "  2.00 times as fast (wanted 1.8): kept"
