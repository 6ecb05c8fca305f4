"""A random model of every family in the layout of diffusers, a few thousand weights each.

`write_family(name, folder)` writes the same weights every time. The widths are not those of the real ones,
so what a header is known by does not hold for them; the classes and the order of their parts do.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.runtime.diffusion.families import parts
from tests.runtime.diffusion.families.tokens import chat_tokenizer, clip_tokenizer, t5_tokenizer

Part = tuple[str, Any]


def write_family(name: str, folder: Path) -> Path:
    """Write a model of `FAMILY_MODELS`, or `lcm`, into the folder."""
    import torch

    torch.manual_seed(sum(map(ord, name)))
    pipeline, made = _LCM if name == "lcm" else FAMILY_MODELS[name]
    index: dict[str, Any] = {"_class_name": pipeline, "_diffusers_version": "0.42.1"}
    for part, object_ in made().items():
        if part == "index":
            index |= object_
            continue
        object_.save_pretrained(folder / part)
        index[part] = [_library(object_), type(object_).__name__]
    (folder / "model_index.json").write_text(json.dumps(index, indent=2))
    return folder


def _library(object_: Any) -> str:
    return str(type(object_).__module__.split(".")[0])


def sd1() -> dict[str, Any]:
    """Noise prediction, one CLIP."""
    return {
        "unet": parts.unet(16),
        "vae": parts.vae(),
        "text_encoder": parts.clip(16),
        "tokenizer": clip_tokenizer(),
        "scheduler": parts.ddim(),
    }


def lcm() -> dict[str, Any]:
    """Stable Diffusion 1 made into a consistency model: the scale of guidance is an embedding."""
    return sd1() | {"unet": parts.unet(16, time_cond_proj_dim=32)}


def sd2() -> dict[str, Any]:
    """Velocity prediction, linear projections, OpenCLIP with a filler of its own."""
    return {
        "unet": parts.unet(24, use_linear_projection=True, attention_head_dim=(2, 4)),
        "vae": parts.vae(),
        "text_encoder": parts.clip(24, hidden_act="gelu", layers=3),
        "tokenizer": clip_tokenizer("!"),
        "scheduler": parts.ddim(prediction_type="v_prediction"),
    }


def sdxl() -> dict[str, Any]:
    """Two CLIPs side by side, sizes and a pooled vector as an extra embedding."""
    return {
        "unet": parts.xl_unet(16 + 24, 24),
        "vae": parts.vae(scaling_factor=0.13025, force_upcast=True),
        "text_encoder": parts.clip(16),
        "text_encoder_2": parts.clip(24, projection=24, hidden_act="gelu", layers=3),
        "tokenizer": clip_tokenizer(),
        "tokenizer_2": clip_tokenizer("!"),
        "scheduler": parts.ddim(timestep_spacing="leading"),
        "index": {"force_zeros_for_empty_prompt": True},
    }


def sd3() -> dict[str, Any]:
    """Two CLIPs and T5, a transformer over all of them."""
    return {
        "transformer": parts.sd3_transformer(),
        "vae": parts.vae(16, scaling_factor=1.5305, shift_factor=0.0609, quants=False),
        "text_encoder": parts.clip(12, projection=12),
        "text_encoder_2": parts.clip(20, projection=20, hidden_act="gelu", layers=3),
        "text_encoder_3": parts.t5(48),
        "tokenizer": clip_tokenizer(),
        "tokenizer_2": clip_tokenizer("!"),
        "tokenizer_3": t5_tokenizer(),
        "scheduler": parts.flow(shift=3.0),
    }


def flux_dev() -> dict[str, Any]:
    """CLIP's pooled vector and T5; the scale of guidance is an embedding."""
    return _flux(guidance_embeds=True, shift=3.0, use_dynamic_shifting=True)


def flux_schnell() -> dict[str, Any]:
    """The same without an input for guidance, in few steps."""
    return _flux(guidance_embeds=False, shift=1.0, use_dynamic_shifting=False)


def _flux(guidance_embeds: bool, **schedule: Any) -> dict[str, Any]:
    return {
        "transformer": parts.flux_transformer(guidance_embeds),
        "vae": parts.vae(4, scaling_factor=0.3611, shift_factor=0.1159, quants=False),
        "text_encoder": parts.clip(16),
        "text_encoder_2": parts.t5(32),
        "tokenizer": clip_tokenizer(),
        "tokenizer_2": t5_tokenizer(),
        "scheduler": parts.flow(**schedule),
    }


def qwen_image() -> dict[str, Any]:
    """A language model that reads pictures too, a VAE of films."""
    return {
        "transformer": parts.qwen_transformer(),
        "vae": parts.qwen_vae(),
        "text_encoder": parts.qwen_vl(),
        "tokenizer": chat_tokenizer(),
        "scheduler": parts.flow(shift=1.0, use_dynamic_shifting=True, max_shift=0.9, shift_terminal=0.02),
    }


def z_image() -> dict[str, Any]:
    """A language model, one stream of words and picture."""
    return {
        "transformer": parts.z_transformer(),
        "vae": parts.vae(16, scaling_factor=0.3611, shift_factor=0.1159, quants=False),
        "text_encoder": parts.qwen3(),
        "tokenizer": chat_tokenizer("left"),
        "scheduler": parts.flow(shift=3.0),
    }


FAMILY_MODELS: Mapping[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "sd1": ("StableDiffusionPipeline", sd1),
    "sd2": ("StableDiffusionPipeline", sd2),
    "sdxl": ("StableDiffusionXLPipeline", sdxl),
    "sd3": ("StableDiffusion3Pipeline", sd3),
    "flux": ("FluxPipeline", flux_dev),
    "flux-schnell": ("FluxPipeline", flux_schnell),
    "qwen-image": ("QwenImagePipeline", qwen_image),
    "z-image": ("ZImagePipeline", z_image),
}

_LCM = ("LatentConsistencyModelPipeline", lcm)
