"""Models in one `.safetensors` file, as their training programs and A1111 keep them, without the network."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeAlias

import diffusers
import torch
import transformers

from anim_compiler.models.tensors import PREFIX
from anim_compiler.plan import Precision
from anim_runtime.diffusion.encoders import TextPart
from anim_runtime.diffusion.encoding.shelf import weights_identity
from anim_runtime.diffusion.families.blueprint import (
    BY_FAMILY,
    Blueprint,
    TextBlueprint,
    UnknownModel,
    blueprint_of,
)
from anim_runtime.diffusion.families.clip_words import CONFIGS, clip_tokenizer
from anim_runtime.diffusion.families.companions import Companions
from anim_runtime.diffusion.families.file_kind import FileKind, file_kind, whole_header
from anim_runtime.diffusion.families.folder import family_in, text_in, text_width, tokenizer_in
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.families.precision import Formats, formats
from anim_runtime.diffusion.families.vaes import TINY_DECODER, codec_of, fitting, tiny_vae, vae_in
from anim_runtime.diffusion.families.weights import json_of, numbers, width_of
from anim_runtime.diffusion.families.wrapping import wrapped
from anim_runtime.models.library import Places

#: two libraries that make their attributes when they are asked for: hence Any
_diffusers: Any = diffusers
_transformers: Any = transformers

Weights: TypeAlias = Mapping[str, torch.Tensor]

#: the autoencoders that diffusers reads out of single files
_IN_FILES: Final = ("AutoencoderKL",)
#: one architecture of each family: their autoencoders are alike
_ONE_OF: Final = {family: family for family in BY_FAMILY} | {"flux": "flux-dev"}

_VAE: Final = ("first_stage_model.", "vae.")
#: how the text encoders begin in the files of each family
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "sd1": ("cond_stage_model.",),
    "sdxl": ("conditioner.embedders.0.", "conditioner.embedders.1."),
    "sd3": ("text_encoders.clip_l.", "text_encoders.clip_g.", "text_encoders.t5xxl."),
    "flux": ("text_encoders.clip_l.", "text_encoders.t5xxl."),
}


def single_model(path: Path, device: torch.device, precision: Precision, places: Places) -> Loaded:
    """The model of a file; UnknownModel if it is none that can be drawn with."""
    kind = file_kind(path)
    blueprint = blueprint_of(json_of(kind.config / "model_index.json"))
    family = kind.facts.family or family_in(kind.config, blueprint)
    wanted, others = formats(family, precision, device), Companions(path, blueprint, places)
    weights = _read(path)
    # the largest part comes last: what is missing is told before it is read
    codec = codec_of(_vae(weights, kind, blueprint, wanted, others, device), blueprint)
    texts = tuple(
        _text(path, weights, kind.config, blueprint, place, wanted, others, device)
        for place in range(len(blueprint.texts))
    )
    denoiser = _denoiser(weights, kind, blueprint, wanted).to(device).eval()
    return Loaded(
        family=family,
        denoiser=wrapped(family, denoiser),
        codec=fitting(codec, denoiser, family),
        texts=texts,
        scheduler_config=schedule_of(kind),
        text_width=text_width(denoiser),
    )


def vae_of_file(path: Path, loaded: Loaded, device: torch.device, wanted: Formats) -> Any:
    """The autoencoder of a file for a model that is loaded, untyped as diffusers is, hence Any. What latents
    are scaled by is not in such files: it is the family's, unless a folder beside the file of the same name
    has a `config.json`.
    """
    names = whole_header(path).tensors
    beside, blueprint = path.with_suffix(""), BY_FAMILY[loaded.family]
    folder = beside if (beside / "config.json").is_file() else CONFIGS / _ONE_OF[loaded.family] / "vae"
    if TINY_DECODER in names:
        return tiny_vae(_read(path), device, wanted)
    if blueprint.vae_class not in _IN_FILES:
        raise UnknownModel("VAEs of this family are read from folders of diffusers", "name such a folder")
    config = json_of(folder / "config.json")
    made = getattr(_diffusers, blueprint.vae_class).from_single_file(
        {name: tensor for name, tensor in _read(path).items() if not name.startswith(PREFIX)},
        config=str(folder),
        local_files_only=True,
        torch_dtype=wanted.vae(bool(config.get("force_upcast", False))),
    )
    _complete("vae", made)
    return made.to(device).eval()


def _read(path: Path) -> Weights:
    """The tensors of a file, which stay on the disk until they are used."""
    from safetensors.torch import load_file

    found: Weights = load_file(path)
    return found


def _denoiser(weights: Weights, kind: FileKind, blueprint: Blueprint, wanted: Formats) -> Any:
    own = {name: tensor for name, tensor in weights.items() if name.startswith(PREFIX)}
    if not own:
        own = {PREFIX + name: tensor for name, tensor in weights.items()}
    if blueprint.denoiser_class != "UNet2DConditionModel" or kind.facts.layout == "diffusers":
        own = {name.removeprefix(PREFIX): tensor for name, tensor in own.items()}
    made = getattr(_diffusers, blueprint.denoiser_class).from_single_file(
        own,
        config=str(kind.config),
        subfolder=blueprint.denoiser,
        local_files_only=True,
        torch_dtype=wanted.denoiser,
    )
    _complete(blueprint.denoiser, made)
    return made


def _vae(
    weights: Weights,
    kind: FileKind,
    blueprint: Blueprint,
    wanted: Formats,
    others: Companions,
    device: torch.device,
) -> Any:
    own = {name: tensor for name, tensor in weights.items() if name.startswith(_VAE)}
    if not own or blueprint.vae_class not in _IN_FILES:
        return vae_in(others.having("vae", "VAE") / "vae", device, wanted)
    config = json_of(kind.config / "vae" / "config.json")
    made = getattr(_diffusers, blueprint.vae_class).from_single_file(
        own,
        config=str(kind.config),
        subfolder="vae",
        local_files_only=True,
        torch_dtype=wanted.vae(bool(config.get("force_upcast", False))),
    )
    _complete("vae", made)
    return made.to(device).eval()


def _text(
    path: Path,
    weights: Weights,
    config: Path,
    blueprint: Blueprint,
    place: int,
    wanted: Formats,
    others: Companions,
    device: torch.device,
) -> TextPart | None:
    """One text encoder: out of the file, or of a folder that has it; None if it can be left out."""
    text = blueprint.texts[place]
    prefixes = _TEXTS.get(blueprint.family, ())
    prefix = prefixes[place] if place < len(prefixes) else ""
    if not prefix or not any(name.startswith(prefix) for name in weights):
        try:
            folder = others.having(text.folder, "text encoder")
        except UnknownModel:
            if text.may_lack:
                return None
            raise
        return text_in(folder, text, device, wanted)
    told = json_of(config / text.folder / "config.json")
    load = partial(_encoder, path, prefix, config, text, wanted, device)
    tokenizer = _tokenizer(config, text, told, others)
    identity = weights_identity([path], prefix, str(wanted.text(text.classes[0])))
    return TextPart(tokenizer, load, int(told.get("max_position_embeddings", 77)), width_of(told), identity)


def _encoder(
    path: Path, prefix: str, config: Path, text: TextBlueprint, wanted: Formats, device: torch.device
) -> Any:
    """A text encoder out of the file, read when the first text comes."""
    from diffusers.loaders import single_file_utils

    utils: Any = single_file_utils
    name = text.classes[0]
    is_t5 = name == "T5EncoderModel"
    make = (
        utils.create_diffusers_t5_model_from_checkpoint
        if is_t5
        else utils.create_diffusers_clip_model_from_ldm
    )
    made = make(
        getattr(_transformers, name),
        {key: tensor for key, tensor in _read(path).items() if key.startswith(prefix)},
        subfolder=text.folder,
        config=str(config),
        torch_dtype=wanted.text(name),
        local_files_only=True,
    )
    if is_t5:
        # its words stand in the file once and are used in two places
        made.tie_weights()
    _complete(text.folder, made)
    return made.to(device).eval()


def _tokenizer(config: Path, text: TextBlueprint, told: Mapping[str, Any], others: Companions) -> Any:
    if (config / text.tokenizer).is_dir():
        return tokenizer_in(config / text.tokenizer)
    if text.classes[0].startswith("CLIP"):
        return clip_tokenizer("!") if told.get("hidden_act") == "gelu" else clip_tokenizer()
    return tokenizer_in(others.having(text.tokenizer, "tokenizer") / text.tokenizer)


def _complete(part: str, module: Any) -> None:
    """UnknownModel if the file had no number for a weight, or one that is none."""
    empty = [name for name, tensor in module.named_parameters() if tensor.is_meta]
    if empty:
        hint = "the file is damaged, or of a model that is built otherwise"
        raise UnknownModel(f"its `{part}` has no `{empty[0]}`", hint)
    numbers(part, module)


def schedule_of(kind: FileKind) -> dict[str, Any]:
    """The schedule of the architecture, with what the file says of itself."""
    config = json_of(kind.config / "scheduler" / "scheduler_config.json")
    if kind.config.parent != CONFIGS:
        return config
    facts, names = kind.facts, kind.header.tensors
    if facts.family == "sd2" and (facts.steps is not None or _is_base(facts.title, facts.resolution_px)):
        config["prediction_type"] = "epsilon"
    if facts.prediction in ("v", "epsilon"):
        config["prediction_type"] = "v_prediction" if facts.prediction == "v" else "epsilon"
    if "ztsnr" in names:
        config |= {"rescale_betas_zero_snr": True, "timestep_spacing": "trailing"}
    if facts.steps is not None:
        # distilled models were taught the last timesteps first
        config["timestep_spacing"] = "trailing"
    return config


def _is_base(title: str, resolution_px: int | None) -> bool:
    """Stable Diffusion 2 for 512 px predicts noise, the one for 768 px velocity; the tensors are alike."""
    return resolution_px == 512 or any(word in title.lower() for word in ("base", "512"))
