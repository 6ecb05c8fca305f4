"""The model that comes with the program: a small Stable Diffusion with a codec of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from anim_runtime.diffusion.encoders import TextPart
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.families.weights import json_of, width_of
from anim_runtime.diffusion.families.wrapping import wrapped

#: two libraries that make their attributes when they are asked for: hence Any
_diffusers: Any = diffusers
_transformers: Any = transformers


def built_in_model(path: Path, device: torch.device) -> Loaded:
    """The built-in model, in full precision everywhere: it is tiny."""
    from anim_runtime.builtin.codec import PostcardCodec

    codec = PostcardCodec.load(path / "codec", torch.float32).to(device)
    unet = _diffusers.UNet2DConditionModel.from_pretrained(
        str(path / "unet"), local_files_only=True, torch_dtype=torch.float32
    )
    config = json_of(path / "text_encoder" / "config.json")

    def load() -> Any:
        encoder = _transformers.CLIPTextModel.from_pretrained(
            str(path / "text_encoder"), local_files_only=True, dtype=torch.float32
        )
        return encoder.to(device).eval()

    tokenizer = _transformers.PreTrainedTokenizerFast.from_pretrained(str(path / "tokenizer"))
    longest = min(int(config["max_position_embeddings"]), int(tokenizer.model_max_length))
    return Loaded(
        family="postcard",
        denoiser=wrapped("postcard", unet.to(device).eval()),
        codec=codec,
        texts=(TextPart(tokenizer, load, longest, width_of(config)),),
        scheduler_config=json_of(path / "scheduler" / "scheduler_config.json"),
        text_width=width_of(config),
    )
