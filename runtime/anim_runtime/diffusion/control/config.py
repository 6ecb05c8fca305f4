"""How a ControlNet in one file is built, by the names and shapes of its tensors: no config is beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: the names that only files of the training program have (lllyasviel/ControlNet, `cldm.py`)
ORIGINAL = ("control_model.", "input_hint_block.")

Shapes = Mapping[str, tuple[int, ...]]


def unet_config(shapes: Shapes, beside: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a `ControlNetModel` with tensors of these shapes, named as diffusers does.

    `beside` is the config of the U-Net that it is for: what no shape tells is taken from it. KeyError if
    something that every ControlNet has is missing.
    """
    first = shapes["conv_in.weight"]
    levels = _count(shapes, "down_blocks.{}.resnets.0.conv1.weight")
    widths = tuple(shapes[f"down_blocks.{i}.resnets.0.conv1.weight"][0] for i in range(levels))
    attends = tuple(f"down_blocks.{i}.attentions.0.proj_in.weight" in shapes for i in range(levels))
    # one without attention, as the small ones of Stable Diffusion XL, may say nothing of words
    words = words_wide(shapes) or beside["cross_attention_dim"]
    linear = any(n.endswith("attentions.0.proj_in.weight") and len(s) == 2 for n, s in shapes.items())
    middle = "mid_block.attentions.0.proj_in.weight" in shapes
    told: dict[str, Any] = {
        "in_channels": first[1],
        "block_out_channels": widths,
        "down_block_types": tuple("CrossAttnDownBlock2D" if has else "DownBlock2D" for has in attends),
        "mid_block_type": "UNetMidBlock2DCrossAttn" if middle else "UNetMidBlock2D",
        "layers_per_block": _count(shapes, "down_blocks.0.resnets.{}.conv1.weight"),
        "cross_attention_dim": words,
        "use_linear_projection": linear,
        # heads: eight of any width, or as many as are 64 wide
        "attention_head_dim": tuple(width // 64 for width in widths) if linear else 8,
        **(_alike(beside) if len(beside["block_out_channels"]) == levels else {}),
        "transformer_layers_per_block": tuple(_layers(shapes, i, levels) for i in range(levels)),
        "conditioning_embedding_out_channels": _hint_channels(shapes),
    }
    if "add_embedding.linear_1.weight" in shapes:
        told["addition_embed_type"] = "text_time"
        told["addition_time_embed_dim"] = beside["addition_time_embed_dim"] or 256
        told["projection_class_embeddings_input_dim"] = shapes["add_embedding.linear_1.weight"][1]
    return told


def union_config(shapes: Shapes, beside: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a `ControlNetUnionModel`."""
    kinds, width = shapes["task_embedding"]
    return {
        **unet_config(shapes, beside),
        "num_control_type": kinds,
        "num_trans_channel": width,
        "num_trans_layer": _count(shapes, "transformer_layes.{}.attn.in_proj_weight"),
    }


def words_wide(shapes: Shapes) -> int | None:
    """How wide the words are that a file of the training program attends to; None if it attends to none."""
    name = "transformer_blocks.0.attn2.to_k.weight"
    return next((shape[1] for key, shape in shapes.items() if key.endswith(name)), None)


def _alike(beside: Mapping[str, Any]) -> dict[str, Any]:
    return {name: beside[name] for name in ("attention_head_dim", "norm_num_groups", "norm_eps", "act_fn")}


def _layers(shapes: Shapes, level: int, levels: int) -> int:
    """How deep a level attends; the middle attends as the last level is said to."""
    begin = f"down_blocks.{level}"
    if level == levels - 1 and f"{begin}.attentions.0.proj_in.weight" not in shapes:
        begin = "mid_block"
    return max(1, _count(shapes, f"{begin}.attentions.0.transformer_blocks.{{}}.norm1.weight"))


def _hint_channels(shapes: Shapes) -> tuple[int, ...]:
    """The widths of the layers that the hint goes through: two a level, the second of them wider."""
    begin = "controlnet_cond_embedding."
    count = _count(shapes, begin + "blocks.{}.weight")
    wider = tuple(shapes[f"{begin}blocks.{i}.weight"][0] for i in range(1, count, 2))
    return (shapes[begin + "conv_in.weight"][0], *wider)


def _count(shapes: Shapes, name: str) -> int:
    """How many of the numbered names there are."""
    found = 0
    while name.format(found) in shapes:
        found += 1
    return found
