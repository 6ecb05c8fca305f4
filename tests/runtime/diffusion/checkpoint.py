"""A diffusers Stable Diffusion 1.x folder as one checkpoint file, in the names of the original code.

The inverse of what diffusers reads, after its script `convert_diffusers_to_original_stable_diffusion`.
"""

from __future__ import annotations

import re
from pathlib import Path

import torch

_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}
_ENDS = {
    "time_embedding.linear_1": "time_embed.0",
    "time_embedding.linear_2": "time_embed.2",
    "conv_in": "input_blocks.0.0",
    "conv_norm_out": "out.0",
    "conv_out": "out.2",
}
_ATTENTION = {"group_norm": "norm", "to_q": "q", "to_k": "k", "to_v": "v", "to_out.0": "proj_out"}


def write_checkpoint(folder: Path, path: Path) -> None:
    """Write the folder's weights (two U-Net blocks, one layer each) as one `.safetensors` file."""
    from safetensors.torch import load_file, save_file

    weights: dict[str, torch.Tensor] = {}
    for name, tensor in load_file(folder / "unet" / "diffusion_pytorch_model.safetensors").items():
        weights["model.diffusion_model." + unet_name(name)] = tensor
    for name, tensor in load_file(folder / "vae" / "diffusion_pytorch_model.safetensors").items():
        new = vae_name(name)
        square = ".attn_1." in new and tensor.dim() == 2
        weights["first_stage_model." + new] = tensor[:, :, None, None].contiguous() if square else tensor
    for name, tensor in load_file(folder / "text_encoder" / "model.safetensors").items():
        # checkpoints have the names of the time when transformers kept the model one level deeper
        weights["cond_stage_model.transformer.text_model." + name.removeprefix("text_model.")] = tensor
    save_file(weights, path)


def unet_name(name: str) -> str:
    """The original name of a weight of the U-Net."""
    for ours, theirs in _ENDS.items():
        if name.startswith(ours + "."):
            return theirs + name[len(ours) :]
    name = re.sub(
        r"down_blocks\.(\d)\.downsamplers\.0\.conv", lambda m: f"input_blocks.{2 * int(m[1]) + 2}.0.op", name
    )
    name = re.sub(r"up_blocks\.0\.upsamplers\.0\.", "output_blocks.1.1.", name)
    kinds = {"resnets": 0, "attentions": 1}
    name = re.sub(
        r"down_blocks\.(\d)\.(resnets|attentions)\.0\.",
        lambda m: f"input_blocks.{2 * int(m[1]) + 1}.{kinds[m[2]]}.",
        name,
    )
    name = re.sub(
        r"up_blocks\.(\d)\.(resnets|attentions)\.(\d)\.",
        lambda m: f"output_blocks.{2 * int(m[1]) + int(m[3])}.{kinds[m[2]]}.",
        name,
    )
    name = name.replace("mid_block.attentions.0.", "middle_block.1.")
    name = re.sub(r"mid_block\.resnets\.(\d)\.", lambda m: f"middle_block.{2 * int(m[1])}.", name)
    return _renamed(name, _RESNET) if "transformer_blocks" not in name else name


def vae_name(name: str) -> str:
    """The original name of a weight of the VAE."""
    name = re.sub(r"encoder\.down_blocks\.(\d)\.resnets\.", r"encoder.down.\1.block.", name)
    name = re.sub(r"encoder\.down_blocks\.(\d)\.downsamplers\.0\.", r"encoder.down.\1.downsample.", name)
    name = re.sub(
        r"decoder\.up_blocks\.(\d)\.resnets\.", lambda m: f"decoder.up.{3 - int(m[1])}.block.", name
    )
    name = re.sub(
        r"decoder\.up_blocks\.(\d)\.upsamplers\.0\.", lambda m: f"decoder.up.{3 - int(m[1])}.upsample.", name
    )
    name = re.sub(r"mid_block\.resnets\.(\d)\.", lambda m: f"mid.block_{int(m[1]) + 1}.", name)
    if "mid_block.attentions.0." in name:
        return _renamed(name.replace("mid_block.attentions.0.", "mid.attn_1."), _ATTENTION)
    return name.replace("conv_shortcut", "nin_shortcut").replace("conv_norm_out", "norm_out")


def _renamed(name: str, table: dict[str, str]) -> str:
    for ours, theirs in table.items():
        name = name.replace(f".{ours}.", f".{theirs}.")
    return name
