"""Files of weights for tests: headers with the names and shapes of real models, and no numbers to speak of.

A file's numbers are a hole in the disk: a checkpoint of gigabytes costs a test nothing but its header.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from anim_compiler.models.header import BITS, Header, Tensor

Shapes: TypeAlias = Mapping[str, tuple[int, ...]]


def header_of(shapes: Shapes, metadata: Mapping[str, str] | None = None, dtype: str = "F16") -> Header:
    """The header of a model of those tensors, as it would be read."""
    rows = _laid_out(shapes, dtype)
    tensors = {name: Tensor(dtype, shape, *place) for name, (shape, place) in rows.items()}
    return Header(tensors, dict(metadata or {}), 8)


def write_weights(
    path: Path, shapes: Shapes, metadata: Mapping[str, str] | None = None, dtype: str = "F16", seed: int = 0
) -> Path:
    """A safetensors file of those tensors. All its numbers are 0 but the first, which `seed` tells apart."""
    rows = _laid_out(shapes, dtype)
    told: dict[str, object] = {"__metadata__": dict(metadata)} if metadata else {}
    told |= {
        name: {"dtype": dtype, "shape": list(shape), "data_offsets": list(place)}
        for name, (shape, place) in rows.items()
    }
    size = max((end for _, (_, end) in rows.values()), default=0)
    text = json.dumps(told).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        file.write(seed.to_bytes(2, "little")[: min(size, 2)])
        file.truncate(8 + len(text) + size)
    return path


def _laid_out(shapes: Shapes, dtype: str) -> dict[str, tuple[tuple[int, ...], tuple[int, int]]]:
    rows, place = {}, 0
    for name, shape in shapes.items():
        length = BITS[dtype] // 8
        for edge in shape:
            length *= edge
        rows[name] = shape, (place, place + length)
        place += length
    return rows


def unet(
    width: int, *, inputs: int = 4, prefix: str = "model.diffusion_model."
) -> dict[str, tuple[int, ...]]:
    """The layers of a U-Net in the layout of its training program by which it is told, text `width` wide."""
    block = "input_blocks.4.1.transformer_blocks.0"
    names: dict[str, tuple[int, ...]] = {
        "input_blocks.0.0.weight": (320, inputs, 3, 3),
        "time_embed.0.weight": (1280, 320),
        f"{block}.attn2.to_k.weight": (640, width),
        f"{block}.attn2.to_v.weight": (640, width),
        "out.2.weight": (4, 320, 3, 3),
    }
    if width == 2048:
        names["label_emb.0.0.weight"] = (1280, 2816)
    return {f"{prefix}{name}": shape for name, shape in names.items()}


VAE: Shapes = {
    "first_stage_model.encoder.conv_in.weight": (128, 3, 3, 3),
    "first_stage_model.decoder.conv_in.weight": (512, 4, 3, 3),
    "first_stage_model.quant_conv.weight": (8, 8, 1, 1),
}

SD1: Shapes = {
    **unet(768),
    **VAE,
    "cond_stage_model.transformer.text_model.embeddings.position_embedding.weight": (77, 768),
}
SD2: Shapes = {**unet(1024), **VAE, "cond_stage_model.model.token_embedding.weight": (49408, 1024)}
SDXL: Shapes = {
    **unet(2048),
    **VAE,
    "conditioner.embedders.0.transformer.text_model.embeddings.position_embedding.weight": (77, 768),
    "conditioner.embedders.1.model.transformer.resblocks.9.mlp.c_proj.bias": (1280,),
}


def kohya(block: str, inputs: int, rank: int = 8) -> dict[str, tuple[int, ...]]:
    """The thin matrices of a LoRA for one layer, as the kohya scripts name them."""
    return {
        f"{block}.alpha": (),
        f"{block}.lora_down.weight": (rank, inputs),
        f"{block}.lora_up.weight": (320, rank),
    }


def peft(block: str, inputs: int, rank: int = 8) -> dict[str, tuple[int, ...]]:
    """The same as diffusers and PEFT name them."""
    return {f"{block}.lora_A.weight": (rank, inputs), f"{block}.lora_B.weight": (320, rank)}


def sdxl_lora(rank: int = 4) -> dict[str, tuple[int, ...]]:
    """A LoRA of SDXL in the layout of kohya."""
    return kohya("lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k", 2048, rank)


def sd1_lora(rank: int = 4) -> dict[str, tuple[int, ...]]:
    """A LoRA of SD 1.5 in the layout of kohya, with a part for the text encoder."""
    return {
        **kohya("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k", 768, rank),
        **kohya("lora_te_text_model_encoder_layers_0_self_attn_q_proj", 768, rank),
    }
