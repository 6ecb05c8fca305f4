"""The sites' words for kinds and base models, and ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from anim_compiler.models.facts import ModelKind

CIVITAI_TYPES: Final[Mapping[str, ModelKind]] = MappingProxyType(
    {
        "Checkpoint": "checkpoint",
        "LORA": "lora",
        "LoCon": "lora",
        "DoRA": "lora",
        "TextualInversion": "embedding",
        "Controlnet": "controlnet",
        "VAE": "vae",
        "Upscaler": "upscaler",
        "UNet": "unet",
        "TextEncoder": "text encoder",
    }
)
"""Kinds by their names on Civitai."""

HUB_FILTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "checkpoint": "text-to-image",
        "lora": "lora",
        "controlnet": "controlnet",
        "embedding": "textual_inversion",
    }
)
"""Tags of the Hugging Face hub by our kinds; the others have none."""

HUB_BASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "sd1": "stable-diffusion-v1-5/stable-diffusion-v1-5",
        "sd2": "stabilityai/stable-diffusion-2-1",
        "sdxl": "stabilityai/stable-diffusion-xl-base-1.0",
        "sd3": "stabilityai/stable-diffusion-3-medium",
        "flux": "black-forest-labs/FLUX.1-dev",
        "qwen-image": "Qwen/Qwen-Image",
        "z-image": "Tongyi-MAI/Z-Image-Turbo",
    }
)
"""The repository that models of a family are mostly made from."""

#: the first that fits counts; `Pony` and its like are SDXL, trained further
_FAMILIES: Final = tuple(
    (re.compile(pattern, re.IGNORECASE), family)
    for pattern, family in (
        (r"pony\s*v7|auraflow|kwai|kolors|hunyuan|wan|ltx|chroma|flux\.?2|kontext", ""),
        (r"sdxl|stable[- ]diffusion[- ]xl|\bxl\b|pony|illustrious|noobai", "sdxl"),
        (r"\bsd[ -]?3|stable[- ]diffusion[- ]3", "sd3"),
        (r"\bsd[ -]?2|stable[- ]diffusion[- ]v?2|sd-turbo", "sd2"),
        (r"\bsd[ -]?1|stable[- ]diffusion[- ]v?1", "sd1"),
        (r"flux", "flux"),
        (r"qwen", "qwen-image"),
        (r"z[- ]?image", "z-image"),
    )
)


def family_of(base: str) -> str:
    """The family of `FAMILIES` that a site's word for a base model means; empty if none does."""
    return next((family for pattern, family in _FAMILIES if pattern.search(base)), "")


def civitai_types(kind: str) -> tuple[str, ...]:
    """What Civitai calls a kind of ours; one of its own words stays."""
    return tuple(name for name, own in CIVITAI_TYPES.items() if own == kind) or (kind,)


def bases_of(family: str, known: Iterable[str]) -> tuple[str, ...]:
    """Those of a site's base models that are of a family; one of its own words stays."""
    return tuple(base for base in known if family_of(base) == family) or (family,)
