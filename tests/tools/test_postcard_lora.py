"""The LoRA that comes with the examples, and the tool that trains it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from tools.postcard import lora
from tools.postcard.generate import Postcard, Settings

from anim_compiler.models.known import facts_at
from anim_compiler.plan import NamedRef
from anim_runtime.diffusion.adapters.lora_file import open_lora
from anim_runtime.diffusion.adapters.loras import Loras
from anim_runtime.models.library import Places

SHIPPED = Path(__file__).resolve().parents[2] / "examples" / "media" / "blueprint.safetensors"


def blueness(images: torch.Tensor) -> float:
    """How much more blue than red pictures `[B,3,H,W]` are."""
    return float((images[:, 2] - images[:, 0]).mean())


def test_a_blueprint_is_white_lines_on_blue() -> None:
    image, spec = lora.drawn(3)
    again, _ = lora.drawn(3)
    assert image.shape == (lora.SIDE, lora.SIDE, 3)
    assert np.array_equal(image, again)
    assert spec.style == "photo"
    assert 0.0 <= image.min() < 0.1 < 0.8 < image.max() <= 1.0
    assert np.median(image[..., 2]) > np.median(image[..., 0]) + 0.2


def test_the_shipped_one_is_small_known_by_its_header_and_seen() -> None:
    facts = facts_at(SHIPPED, "blueprint")
    assert facts is not None
    assert (facts.kind, facts.family, facts.title) == ("lora", "postcard", "Blueprint")
    assert SHIPPED.stat().st_size < lora.LIMIT_BYTES
    model = Postcard()
    file = open_lora(NamedRef(name="blueprint", reference=str(SHIPPED), sha256=""), Places())
    loras = Loras([file], model.unet, (), torch.device("cpu"), "postcard")
    seen = []
    for weight in (0.0, 0.5, 1.0):
        loras.weigh([(weight,)], 2)
        seen.append(blueness(model(["desert, photo"], Settings(steps=4, seed=5))))
    assert seen[0] < 0.1
    assert seen[0] + 0.15 < seen[1] < seen[2] + 0.05
    assert seen[2] > 0.2


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_short_run_writes_a_lora_that_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = lora.Options(tmp_path / "new.safetensors", minutes=0.001, pictures=4, batch=2, rank=2)
    lora.train(Postcard(), options)
    assert "4 pictures" in capsys.readouterr().out
    file = open_lora(NamedRef(name="new", reference=str(options.out), sha256=""), Places())
    plain = Postcard()
    Loras([file], plain.unet, (), torch.device("cpu"), "postcard").weigh([(1.0,)])
    assert file.family == "postcard"
