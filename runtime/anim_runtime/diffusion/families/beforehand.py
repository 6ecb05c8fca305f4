"""Whether a film's VAE suits its model, by headers and JSON, before a number of either is read."""

from __future__ import annotations

from pathlib import Path

from anim_runtime.diffusion.families.blueprint import UnknownModel, blueprint_of
from anim_runtime.diffusion.families.file_kind import file_kind, whole_header
from anim_runtime.diffusion.families.vaes import CLASSES, DECODERS, TINY_DECODER, same_channels, vae_folder
from anim_runtime.diffusion.families.weights import json_of, variant
from anim_runtime.models.library import Located


def vae_suits(vae: Located, model: Located) -> None:
    """UnknownModel if there is no VAE, or one whose latents are not those that the model draws."""
    if model.kind == "postcard" or vae.path is None or model.path is None:
        raise UnknownModel("the built-in model has an autoencoder of its own kind", "leave out `vae`")
    channels = _channels(vae.path)
    try:
        folder = model.path if model.path.is_dir() else file_kind(model.path).config
        blueprint = blueprint_of(json_of(folder / "model_index.json"))
        config = json_of(folder / blueprint.denoiser / "config.json")
    except UnknownModel:
        # loading the model says so, and of the model
        return
    same_channels(channels, int(config.get("in_channels", channels)), blueprint.family)


def _channels(path: Path) -> int:
    """The channels of the latents of the VAE at a path."""
    if path.is_dir():
        folder = vae_folder(path)
        config = json_of(folder / "config.json")
        if config.get("_class_name") not in CLASSES:
            raise UnknownModel(f"`{folder.name}` is no VAE", "a VAE's `config.json` names `AutoencoderKL`")
        variant(folder)
        return int(config.get("z_dim", config.get("latent_channels", 4)))
    tensors = whole_header(path).tensors
    for name, tensor in tensors.items():
        if name.endswith((*DECODERS, TINY_DECODER)) and len(tensor.shape) > 1:
            return tensor.shape[1]
    if all(name.partition(".")[0].isdigit() for name in tensors):
        raise UnknownModel("it is half of a tiny VAE", 'name all of it: `vae = "hf:madebyollin/taesd"`')
    raise UnknownModel("it holds no VAE", "name a file of a VAE, or a folder of diffusers")
