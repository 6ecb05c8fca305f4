"""Autoencoders: a model's own, or another that a film puts in its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import diffusers
import torch

from anim_compiler.plan import Precision
from anim_runtime.diffusion.codec import FilmVaeCodec, VaeCodec
from anim_runtime.diffusion.families.blueprint import Blueprint, UnknownModel
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.families.precision import Formats, formats
from anim_runtime.diffusion.families.weights import json_of, numbers, variant

#: a library that makes its attributes when they are asked for: hence Any
_diffusers: Any = diffusers

CLASSES: Final = ("AutoencoderKL", "AutoencoderTiny", "AutoencoderKLQwenImage")
"""The autoencoders that there are codecs for."""

DECODERS: Final = ("decoder.conv_in.weight",)
"""Where a decoder begins, by the names of diffusers and of the original code."""

TINY_DECODER: Final = "decoder.layers.0.weight"
"""The same of a tiny autoencoder (TAESD)."""


def vae_in(folder: Path, device: torch.device, formats: Formats) -> Any:
    """The autoencoder of a folder with a `config.json`; UnknownModel if it is another one. Untyped as
    diffusers is, hence Any.
    """
    config = json_of(folder / "config.json")
    name = str(config.get("_class_name"))
    if name not in CLASSES:
        raise UnknownModel(f"`{folder.name}` is no VAE", "a VAE's `config.json` names `AutoencoderKL`")
    made = getattr(_diffusers, name).from_pretrained(
        str(folder),
        local_files_only=True,
        use_safetensors=True,
        variant=variant(folder),
        torch_dtype=formats.vae(bool(config.get("force_upcast", False))),
    )
    numbers("vae", made)
    return made.to(device).eval()


def codec_of(vae: Any, blueprint: Blueprint) -> VaeCodec:
    """The codec around an autoencoder for a model of that blueprint."""
    if type(vae).__name__ == "AutoencoderKLQwenImage":
        return FilmVaeCodec(vae, blueprint.align)
    return VaeCodec(vae, blueprint.align)


def fitting(codec: VaeCodec, denoiser: Any, family: str) -> VaeCodec:
    """The codec itself; UnknownModel if its latents are not those that the denoiser draws."""
    same_channels(codec.channels, int(denoiser.config.in_channels), family)
    return codec


def same_channels(channels: int, inputs: int, family: str) -> None:
    """UnknownModel if latents of so many channels are not those of a denoiser with so many inputs."""
    wanted = inputs // 4 if family in ("flux", "qwen-image") else inputs  # patches of two by two
    if channels != wanted:
        hint = "leave out `vae` to use the model's own"
        raise UnknownModel(f"its latents have {channels} channels, and the model draws {wanted}", hint)


def another_vae(path: Path, loaded: Loaded, device: torch.device, precision: Precision) -> Any:
    """An autoencoder for a model that is loaded already: a folder of it alone, a whole model's folder, or one
    file; UnknownModel if it is none. Untyped as diffusers is, hence Any.
    """
    wanted = formats(loaded.family, precision, device)
    if path.is_dir():
        return vae_in(vae_folder(path), device, wanted)
    from anim_runtime.diffusion.families.single import vae_of_file

    return vae_of_file(path, loaded, device, wanted)


def vae_folder(path: Path) -> Path:
    """The folder of the autoencoder: that one, or the one within a whole model's."""
    return path / "vae" if (path / "model_index.json").is_file() else path


def tiny_vae(weights: Mapping[str, torch.Tensor], device: torch.device, wanted: Formats) -> Any:
    """A tiny autoencoder out of the tensors of one file, which say what it is built like. Untyped as
    diffusers is, hence Any.
    """
    width, channels = weights["encoder.layers.0.weight"].shape[0], weights[TINY_DECODER].shape[1]
    made = _diffusers.AutoencoderTiny(
        encoder_block_out_channels=(width,) * 4,
        decoder_block_out_channels=(width,) * 4,
        latent_channels=channels,
    )
    made.load_state_dict(weights)
    numbers("vae", made)
    return made.to(device, wanted.vae(force_upcast=False)).eval()
