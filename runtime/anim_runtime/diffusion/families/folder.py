"""Models in the layout of diffusers: a folder with a folder for each part."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from anim_compiler.plan import Precision
from anim_dsl.visible import escaped
from anim_runtime.diffusion.encoders import TextPart
from anim_runtime.diffusion.encoding.shelf import weights_identity
from anim_runtime.diffusion.families.blueprint import (
    Blueprint,
    TextBlueprint,
    UnknownModel,
    blueprint_of,
    is_absent,
)
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.families.precision import Formats, formats
from anim_runtime.diffusion.families.vaes import codec_of, fitting, vae_in
from anim_runtime.diffusion.families.weights import json_of, numbers, variant, width_of
from anim_runtime.diffusion.families.wrapping import wrapped

#: two libraries that make their attributes when they are asked for: hence Any
_diffusers: Any = diffusers
_transformers: Any = transformers


def folder_model(path: Path, device: torch.device, precision: Precision) -> Loaded:
    """The model of a folder with a `model_index.json`; UnknownModel if it is none that can be drawn with."""
    if not (path / "model_index.json").is_file() and (path / "config.json").is_file():
        part = json_of(path / "config.json").get("_class_name", "part of a model")
        hint = "name the folder of the whole model, which holds `model_index.json`"
        raise UnknownModel(f"it is a folder of one `{escaped(str(part)[:60])}` and no whole model", hint)
    index = json_of(path / "model_index.json")
    blueprint = blueprint_of(index)
    family = family_in(path, blueprint)
    wanted = formats(family, precision, device)
    schedule = json_of(path / "scheduler" / "scheduler_config.json")
    texts = texts_in(path, blueprint, index, device, wanted)
    # the largest part comes last: what is missing or damaged is told before it is read
    variant(path / blueprint.denoiser)
    codec = codec_of(vae_in(path / "vae", device, wanted), blueprint)
    denoiser = denoiser_in(path / blueprint.denoiser, blueprint, device, wanted)
    return Loaded(
        family=family,
        denoiser=wrapped(family, denoiser),
        codec=fitting(codec, denoiser, family),
        texts=texts,
        scheduler_config=schedule,
        text_width=text_width(denoiser),
    )


def family_in(path: Path, blueprint: Blueprint) -> str:
    """The family of a folder. Stable Diffusion 1 and 2 are built alike; their CLIPs differ in what they
    compute with between layers.
    """
    if blueprint.family != "sd1":
        return blueprint.family
    config = json_of(path / "text_encoder" / "config.json")
    return "sd2" if config.get("hidden_act") == "gelu" else "sd1"


def denoiser_in(folder: Path, blueprint: Blueprint, device: torch.device, wanted: Formats) -> Any:
    """The U-Net or transformer of a folder, untyped as diffusers is, hence Any."""
    made = getattr(_diffusers, blueprint.denoiser_class).from_pretrained(
        str(folder),
        local_files_only=True,
        use_safetensors=True,
        variant=variant(folder),
        torch_dtype=wanted.denoiser,
    )
    numbers(folder.name, made)
    return made.to(device).eval()


def texts_in(
    path: Path, blueprint: Blueprint, index: dict[str, Any], device: torch.device, wanted: Formats
) -> tuple[TextPart | None, ...]:
    """The text encoders of a folder, not loaded yet. Any: the index is JSON."""
    parts: list[TextPart | None] = []
    for text in blueprint.texts:
        if text.may_lack and is_absent(index, text.folder):
            parts.append(None)
        else:
            parts.append(text_in(path, text, device, wanted))
    return tuple(parts)


def text_in(path: Path, text: TextBlueprint, device: torch.device, wanted: Formats) -> TextPart:
    """One text encoder; its files are looked at now, and loaded when the first text comes."""
    folder = path / text.folder
    word, config = variant(folder), json_of(folder / "config.json")
    named = config.get("architectures")
    name = str(named[0]) if isinstance(named, list) and named else text.classes[0]
    if name not in text.classes:
        # the projection is not used where only the states are: the plain class reads such files too
        name = text.classes[0]

    def load() -> Any:
        encoder = getattr(_transformers, name).from_pretrained(
            str(folder), local_files_only=True, use_safetensors=True, variant=word, dtype=wanted.text(name)
        )
        encoder = _words_alone(encoder)
        numbers(text.folder, encoder)
        return encoder.to(device).eval()

    longest = config.get("max_position_embeddings", 77)
    identity = weights_identity(folder.iterdir(), str(word), name, str(wanted.text(name)))
    return TextPart(tokenizer_in(path / text.tokenizer), load, int(longest), width_of(config), identity)


def _words_alone(encoder: Any) -> Any:
    """A language model without what sees pictures and what says words: two gigabytes that nobody asks for."""
    for holder, name in ((encoder, "lm_head"), (getattr(encoder, "model", None), "visual")):
        if getattr(holder, name, None) is not None:
            setattr(holder, name, None)
    return encoder


def tokenizer_in(folder: Path) -> Any:
    """The tokenizer of a folder, untyped as transformers is; no code but its own reads the words."""
    if not folder.is_dir():
        raise UnknownModel(
            f"it has no folder `{folder.name}`", "the model is not here as a whole: fetch it again"
        )
    load = partial(
        _transformers.AutoTokenizer.from_pretrained, local_files_only=True, trust_remote_code=False
    )
    return load(str(folder))


def text_width(denoiser: Any) -> int:
    """How wide the states are that a denoiser reads; 0 if it does not say so."""
    names = ("joint_attention_dim", "cross_attention_dim", "cap_feat_dim")
    told = (getattr(denoiser.config, name, None) for name in names)
    return next((found for found in told if type(found) is int), 0)
