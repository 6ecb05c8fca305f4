"""What LoRAs do to text encoders."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.adapters import lora_models as tiny
from tests.runtime.diffusion.adapters.test_formats import Thin
from tests.runtime.diffusion.adapters.test_weights import near


@pytest.mark.parametrize(("family", "component", "prefix"), [
    ("sd1", "text_encoder", "lora_te"),
    ("sdxl", "text_encoder", "lora_te1"),
    ("sdxl", "text_encoder_2", "lora_te2"),
    ("sd3", "text_encoder_2", "lora_te2"),
    ("flux", "text_encoder", "lora_te1"),
])  # fmt: skip
def test_the_text_encoders_part(family: str, component: str, prefix: str, tmp_path: Path) -> None:
    encoder = tiny.models(family)[component]
    names = tiny.layers(encoder, "q_proj", "k_proj", "v_proj", "out_proj", "fc1", "fc2")
    thin = tiny.matrices(encoder, names, rank=4)
    rename: Callable[[str], str] = lambda n: "text_model_" + n.removeprefix("text_model.").replace(".", "_")  # noqa: E731
    tensors = tiny.kohya_spelled(thin, prefix, 2.0, rename)
    tensors |= tiny.kohya_spelled(tiny.matrices(tiny.models(family)["denoiser"], []), "lora_unet")
    made, loras = tiny.ours(family, [tiny.write(tensors, tmp_path / "te.safetensors")])
    tokens = torch.tensor([[1, 3, 4, 2]])
    with torch.inference_mode():
        plain = encoder(tokens).last_hidden_state
        loras.weigh_text((0.8,))
        changed = made[component](tokens).last_hidden_state
        assert not near(changed, plain)
        assert near(changed, merged(encoder, thin, 0.8 * 2.0 / 4.0)(tokens).last_hidden_state)
        loras.weigh_text(())
        assert torch.equal(made[component](tokens).last_hidden_state, plain)
    assert loras.heard((0.8,)) == (0.8,)
    assert loras.heard((0.8,), component) == (0.8,)
    assert loras.heard((0.0,)) == loras.heard((0.8,), "text_encoder_9") == ()


def merged(encoder: Any, thin: Thin, scale: float) -> Any:
    """The encoder with that much of the LoRA in its own weights."""
    copied = copy.deepcopy(encoder)
    for name, (down, up) in thin.items():
        copied.get_submodule(name).weight.data += scale * up @ down
    return copied


def test_t5_of_flux_is_its_second_encoder_and_the_third_in_files(tmp_path: Path) -> None:
    encoder = tiny.models("flux")["text_encoder_2"]
    thin = tiny.matrices(encoder, tiny.layers(encoder, "SelfAttention.q"))
    tensors = tiny.kohya_spelled(thin, "lora_te3", 3.0)
    made, loras = tiny.ours("flux", [tiny.write(tensors, tmp_path / "t5.safetensors")])
    loras.weigh_text((1.0,))
    tokens = torch.tensor([[5, 3, 4, 1]])
    with torch.inference_mode():
        changed = made["text_encoder_2"](tokens).last_hidden_state
        assert near(changed, merged(encoder, thin, 1.0)(tokens).last_hidden_state)
        assert not near(changed, encoder(tokens).last_hidden_state)
