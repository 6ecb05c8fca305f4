"""Folders of diffusers as single files, in the names of the original programs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tests.runtime.diffusion import checkpoint

_OPEN_CLIP = {
    "embeddings.position_embedding.weight": "positional_embedding",
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "final_layer_norm.": "ln_final.",
    "encoder.layers.": "transformer.resblocks.",
    ".layer_norm1.": ".ln_1.",
    ".layer_norm2.": ".ln_2.",
    ".mlp.fc1.": ".mlp.c_fc.",
    ".mlp.fc2.": ".mlp.c_proj.",
    ".self_attn.out_proj.": ".attn.out_proj.",
}


def write_xl_file(folder: Path, path: Path) -> Path:
    """Stable Diffusion XL as one checkpoint."""
    weights: dict[str, torch.Tensor] = {}
    for name, tensor in part(folder, "unet").items():
        weights["model.diffusion_model." + _xl_unet(name)] = tensor
    weights |= original_vae(folder)
    first = "conditioner.embedders.0.transformer.text_model."
    weights |= {
        first + name.removeprefix("text_model."): t for name, t in part(folder, "text_encoder").items()
    }
    weights |= _open_clip(part(folder, "text_encoder_2"), "conditioner.embedders.1.model.")
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, path)
    return path


def write_comfy_file(folder: Path, path: Path) -> Path:
    """Flux.1 with all of its parts in one file."""
    weights = {
        f"model.diffusion_model.{name}": tensor for name, tensor in part(folder, "transformer").items()
    }
    weights |= {
        "vae." + name.removeprefix("first_stage_model."): t for name, t in original_vae(folder).items()
    }
    first = "text_encoders.clip_l.transformer.text_model."
    weights |= {
        first + name.removeprefix("text_model."): t for name, t in part(folder, "text_encoder").items()
    }
    weights |= {f"text_encoders.t5xxl.transformer.{n}": t for n, t in part(folder, "text_encoder_2").items()}
    save_file({name: tensor.contiguous() for name, tensor in weights.items()}, path)
    return path


def copy_json(folder: Path, target: Path) -> Path:
    """The JSON of a folder alone: what a model is built like."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*.safetensors"))
    return target


def part(folder: Path, name: str) -> Mapping[str, torch.Tensor]:
    """The weights of a part."""
    (file,) = (folder / name).glob("*.safetensors")
    found: Mapping[str, torch.Tensor] = load_file(file)
    return found


def change(folder: Path, name: str, weights: Mapping[str, torch.Tensor]) -> None:
    """Write other weights for a part."""
    (file,) = (folder / name).glob("*.safetensors")
    save_file(dict(weights), file, metadata={"format": "pt"})


def change_json(path: Path, **values: object) -> None:
    """Put other values into a JSON file."""
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def original_vae(folder: Path) -> dict[str, torch.Tensor]:
    """A VAE in the names of the original code, with the prefix that checkpoints have."""
    made: dict[str, torch.Tensor] = {}
    for name, tensor in part(folder, "vae").items():
        new = checkpoint.vae_name(name)
        is_square = ".attn_1." in new and tensor.dim() == 2
        made["first_stage_model." + new] = tensor[:, :, None, None] if is_square else tensor
    return made


def _xl_unet(name: str) -> str:
    for ours, theirs in (
        ("add_embedding.linear_1", "label_emb.0.0"),
        ("add_embedding.linear_2", "label_emb.0.2"),
    ):
        if name.startswith(ours):
            return theirs + name[len(ours) :]
    # behind its attention, where Stable Diffusion 1 has none
    name = re.sub(r"^up_blocks\.0\.upsamplers\.0\.", "output_blocks.1.2.", name)
    return checkpoint.unet_name(name)


def _open_clip(weights: Mapping[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    made: dict[str, torch.Tensor] = {}
    for name, tensor in weights.items():
        plain = name.removeprefix("text_model.")
        if ".self_attn." in plain and "_proj." in plain and "out_proj" not in plain:
            continue
        if plain == "text_projection.weight":
            made[f"{prefix}text_projection"] = tensor.T
            continue
        for ours, theirs in _OPEN_CLIP.items():
            plain = plain.replace(ours, theirs)
        made[prefix + plain] = tensor
    layers = {found[1] for name in weights if (found := re.search(r"layers\.(\d+)\.", name))}
    for layer in layers:
        for kind in ("weight", "bias"):
            three = [weights[f"text_model.encoder.layers.{layer}.self_attn.{p}_proj.{kind}"] for p in "qkv"]
            made[f"{prefix}transformer.resblocks.{layer}.attn.in_proj_{kind}"] = torch.cat(three)
    return made
