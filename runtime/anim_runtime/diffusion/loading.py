"""Loads models from disk, never from the network, into the one engine that draws with all of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from anim_compiler.plan import ModelRef
from anim_runtime.diffusion.codec import Codec, VaeCodec
from anim_runtime.diffusion.engine import dtype_on
from anim_runtime.diffusion.latent import DiffusionEngine
from anim_runtime.diffusion.prompts import PromptEncoder
from anim_runtime.models.library import Located
from anim_runtime.problems import RenderProblem
from anim_runtime.spent import Spent

#: two libraries that make their attributes when they are asked for: hence Any
_diffusers: Any = diffusers
_transformers: Any = transformers

#: pipelines whose parts this engine knows: one CLIP text encoder, a U-Net, a VAE
PIPELINES = ("StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "LatentConsistencyModelPipeline")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a model is made of; diffusers' and transformers' objects are untyped, hence Any."""

    tokenizer: Any
    text_encoder: Any
    denoiser: Any
    scheduler_config: Mapping[str, Any]
    codec: Codec


def load_model(
    found: Located, path: Path, fingerprint: str, device: torch.device, spent: Spent
) -> DiffusionEngine:
    """The engine of a model that is here; RenderProblem (exit code 7) if its files cannot be used."""
    dtype = dtype_on(ModelRef(reference=found.reference, sha256=""), device)
    load = {"postcard": _postcard, "folder": _folder, "file": _file}[found.kind]
    try:
        with _quiet():
            parts = load(path, device, dtype)
    except Exception as error:
        # foreign files through foreign loaders: each raises types of its own, and all mean the same here
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        hint = "the files may be damaged or for another kind of model"
        raise RenderProblem(f"the model `{found.reference}` cannot be loaded: {reason}", hint, 7) from error
    return DiffusionEngine(
        name=found.reference,
        fingerprint=fingerprint,
        device=device,
        prompts=PromptEncoder(parts.tokenizer, parts.text_encoder),
        denoiser=parts.denoiser,
        codec=parts.codec,
        scheduler_config=parts.scheduler_config,
        spent=spent,
    )


def _postcard(path: Path, device: torch.device, dtype: torch.dtype) -> Parts:
    from anim_runtime.builtin.codec import PostcardCodec

    codec = PostcardCodec.load(path / "codec", dtype).to(device)
    return Parts(
        tokenizer=_transformers.PreTrainedTokenizerFast.from_pretrained(str(path / "tokenizer")),
        text_encoder=_text_encoder(path / "text_encoder", device, dtype),
        denoiser=_denoiser(path / "unet", device, dtype),
        scheduler_config=_json(path / "scheduler" / "scheduler_config.json"),
        codec=codec,
    )


def _folder(path: Path, device: torch.device, dtype: torch.dtype) -> Parts:
    kind = _json(path / "model_index.json").get("_class_name")
    if kind not in PIPELINES:
        raise ValueError(f"it is a `{kind}`, and only Stable Diffusion 1.x and 2.x are known so far")
    vae = _diffusers.AutoencoderKL.from_pretrained(
        str(path / "vae"), local_files_only=True, torch_dtype=dtype
    )
    return Parts(
        tokenizer=_transformers.AutoTokenizer.from_pretrained(str(path / "tokenizer"), local_files_only=True),
        text_encoder=_text_encoder(path / "text_encoder", device, dtype),
        denoiser=_denoiser(path / "unet", device, dtype),
        scheduler_config=_json(path / "scheduler" / "scheduler_config.json"),
        codec=VaeCodec(vae.to(device).eval()),
    )


def _file(path: Path, device: torch.device, dtype: torch.dtype) -> Parts:
    config = path.with_suffix("")
    where: dict[str, Any] = {"config": str(config)} if (config / "model_index.json").is_file() else {}
    pipeline = _diffusers.StableDiffusionPipeline.from_single_file(
        str(path),
        torch_dtype=dtype,
        local_files_only=True,
        safety_checker=None,
        requires_safety_checker=False,
        **where,
    )
    return Parts(
        tokenizer=pipeline.tokenizer,
        text_encoder=pipeline.text_encoder.to(device).eval(),
        denoiser=pipeline.unet.to(device).eval(),
        scheduler_config=dict(pipeline.scheduler.config),
        codec=VaeCodec(pipeline.vae.to(device).eval()),
    )


def _text_encoder(path: Path, device: torch.device, dtype: torch.dtype) -> Any:
    encoder = _transformers.CLIPTextModel.from_pretrained(str(path), local_files_only=True, dtype=dtype)
    return encoder.to(device).eval()


def _denoiser(path: Path, device: torch.device, dtype: torch.dtype) -> Any:
    unet = _diffusers.UNet2DConditionModel.from_pretrained(
        str(path), local_files_only=True, torch_dtype=dtype
    )
    return unet.to(device).eval()


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the progress bars and notes of the two libraries off the user's terminal while loading."""
    theirs, ours = _transformers.utils.logging, _diffusers.utils.logging
    levels = theirs.get_verbosity(), ours.get_verbosity()
    bars = theirs.is_progress_bar_enabled(), ours.is_progress_bar_enabled()
    theirs.set_verbosity_error()
    ours.set_verbosity_error()
    theirs.disable_progress_bar()
    ours.disable_progress_bar()
    try:
        yield
    finally:
        theirs.set_verbosity(levels[0])
        ours.set_verbosity(levels[1])
        if bars[0]:
            theirs.enable_progress_bar()
        if bars[1]:
            ours.enable_progress_bar()
