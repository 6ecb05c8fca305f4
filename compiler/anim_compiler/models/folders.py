"""What a folder of a model is, by the JSON that diffusers and transformers write beside the weights."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from anim_compiler.models.detect_lora import CONTEXT
from anim_compiler.models.detect_words import control_of_words, family_of_words, plain, steps
from anim_compiler.models.facts import ModelFacts, ModelKind

INDEX: Final = "model_index.json"
_MOST_BYTES: Final = 1 << 20

#: how a class of diffusers begins that is of one family alone
_CLASSES: Final = (
    ("StableDiffusionXL", "sdxl"), ("StableDiffusion3", "sd3"), ("SD3", "sd3"), ("Flux2", ""),
    ("Flux", "flux"), ("QwenImage", "qwen-image"), ("ZImage", "z-image"),
    ("AutoencoderKLQwenImage", "qwen-image"),
)  # fmt: skip
_PARTS: Final[tuple[tuple[str, ModelKind], ...]] = (
    ("ControlNet", "controlnet"),
    ("Autoencoder", "vae"),
    ("Transformer2DModel", "unet"),
    ("UNet2DConditionModel", "unet"),
    ("DepthEstimation", "depth"),
    ("CLIPTextModel", "text encoder"),
    ("T5EncoderModel", "text encoder"),
)


def folder_facts(folder: Path) -> ModelFacts | None:
    """The facts of a diffusers model, or of one part of such; None if the folder is neither."""
    index = read_json(folder / INDEX)
    name = plain(folder.name)
    if index is not None:
        kind: ModelKind = "checkpoint"
        called = str(index.get("_class_name", ""))
        family = _family_of_class(called) or _by_denoiser(folder, called)
        title = plain(str(index.get("_name_or_path") or folder.name))
        return ModelFacts(
            "", kind, family, title=title, steps=steps(f"{title} {name}", kind, family), layout="diffusers",
            prediction=_prediction(folder), guidance=_guidance(folder), told_by="header",
        )  # fmt: skip
    config = read_json(folder / "config.json")
    return None if config is None else _part(config, name)


def _part(config: dict[str, Any], name: str) -> ModelFacts | None:
    classes = config.get("architectures")
    called = str(config.get("_class_name") or (classes[0] if isinstance(classes, list) and classes else ""))
    kind: ModelKind | None = next((kind for word, kind in _PARTS if word in called), None)
    if kind is None:
        return None
    family = _family_of_class(called)
    if not family and kind in ("unet", "controlnet"):
        family = CONTEXT.get(_whole(config.get("cross_attention_dim")), "")
    if not family and kind == "vae":
        family = family_of_words(name)
    control = control_of_words(name) if kind == "controlnet" else ""
    return ModelFacts("", kind, family, title=name, control=control, layout="diffusers", told_by="header")


def _by_denoiser(folder: Path, called: str) -> str:
    """The family of a Stable Diffusion 1 or 2, whose classes are called alike."""
    config = read_json(folder / "unet" / "config.json") or {}
    told = CONTEXT.get(_whole(config.get("cross_attention_dim")), "")
    plain_classes = ("StableDiffusionPipeline", "StableDiffusionImg2ImgPipeline", "LatentConsistencyModel")
    return told or ("sd1" if called.startswith(plain_classes) else "")


def _prediction(folder: Path) -> str:
    told = (read_json(folder / "scheduler" / "scheduler_config.json") or {}).get("prediction_type")
    return {"v_prediction": "v", "epsilon": "epsilon"}.get(str(told), "")


def _guidance(folder: Path) -> str:
    """`embedded` if the denoiser is told the scale of guidance as a number."""
    unet, transformer = (read_json(folder / part / "config.json") or {} for part in ("unet", "transformer"))
    told = unet.get("time_cond_proj_dim") is not None or transformer.get("guidance_embeds") is True
    return "embedded" if told else ""


def _family_of_class(name: str) -> str:
    return next((family for start, family in _CLASSES if name.startswith(start)), "")


def _whole(value: object) -> int:
    return value if type(value) is int else 0


def read_json(path: Path) -> dict[str, Any] | None:  # Any: it is JSON
    """A JSON object of at most 1 MiB; None if there is none."""
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
