"""Tiny text encoders of every family, alone and in diffusers' own pipelines; both libraries are untyped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import torch
from tests.runtime.diffusion.families import parts
from tests.runtime.diffusion.families.tokens import chat_tokenizer, clip_tokenizer, t5_tokenizer

from anim_runtime.diffusion.encoders import TextPart, prompts_of
from anim_runtime.diffusion.encoding.kept import KeptPrompts

CPU = torch.device("cpu")
#: the states that Stable Diffusion 3's transformer takes
SD3_WIDTH = 48


@dataclass(frozen=True, slots=True)
class Texts:
    """The text encoders of a family, in order, and their tokenizers."""

    encoders: tuple[Any, ...]
    tokenizers: tuple[Any, ...]

    def components(self) -> Mapping[str, Any]:
        """As diffusers names them."""
        ends = ("", "_2", "_3")
        encoders = {f"text_encoder{end}": e for end, e in zip(ends, self.encoders, strict=False)}
        return encoders | {f"tokenizer{end}": t for end, t in zip(ends, self.tokenizers, strict=False)}


@cache
def texts(family: str) -> Texts:
    """The encoders of a family, the same ones every time."""
    torch.manual_seed(len(family))
    clip, t5, wide = clip_tokenizer(), t5_tokenizer(), clip_tokenizer("!")
    made: dict[str, Any] = {
        "sd1": lambda: Texts((parts.clip(16, layers=3),), (clip,)),
        "sd2": lambda: Texts((parts.clip(24, hidden_act="gelu", layers=3),), (wide,)),
        "sdxl": lambda: Texts(
            (parts.clip(16, layers=4), parts.clip(24, projection=20, hidden_act="gelu", layers=4)),
            (clip, wide),
        ),
        "sd3": lambda: Texts(
            (
                parts.clip(12, projection=12, layers=4),
                parts.clip(20, projection=20, hidden_act="gelu", layers=4),
                parts.t5(SD3_WIDTH),
            ),
            (clip, wide, t5),
        ),
        "flux": lambda: Texts((parts.clip(16), parts.t5(32)), (clip, t5)),
        "qwen-image": lambda: Texts((parts.qwen_vl(),), (chat_tokenizer(),)),
        "z-image": lambda: Texts((parts.qwen3(),), (chat_tokenizer("left"),)),
    }
    found: Texts = made[family]()
    for encoder in found.encoders:
        encoder.eval()
        for name, weight in encoder.named_parameters():
            # random encoders hardly tell one word from another
            if "embed" in name or "shared" in name:
                torch.nn.init.normal_(weight)
    return found


def prompts(family: str, without: int | None = None, **more: Any) -> KeptPrompts:
    """The encoder of a family's prompts; `without` leaves one of its text encoders out."""
    found = texts(family)
    given = [
        None if place == without else TextPart(tokenizer, partial(_same, encoder), 77, width(encoder), "tiny")
        for place, (encoder, tokenizer) in enumerate(zip(found.encoders, found.tokenizers, strict=True))
    ]
    return prompts_of(family, given, CPU, **more)


def _same(encoder: Any) -> Any:
    return encoder


def width(encoder: Any) -> int:
    """How many numbers stand for a token."""
    return int(encoder.get_input_embeddings().weight.shape[1])


@cache
def pipeline(family: str) -> Any:
    """The family's pipeline in diffusers with nothing but its text encoders."""
    import diffusers
    import transformers

    name = {
        "sd1": "StableDiffusionPipeline",
        "sd2": "StableDiffusionPipeline",
        "sdxl": "StableDiffusionXLPipeline",
        "sd3": "StableDiffusion3Pipeline",
        "flux": "FluxPipeline",
        "qwen-image": "QwenImagePipeline",
        "z-image": "ZImagePipeline",
    }[family]
    more: dict[str, Any] = {"vae": None, "scheduler": None}
    if name in ("StableDiffusionPipeline", "StableDiffusionXLPipeline"):
        more["unet"] = None
    else:
        more["transformer"] = None
    if name == "StableDiffusionPipeline":
        more |= {"safety_checker": None, "feature_extractor": None, "requires_safety_checker": False}
    transformers.utils.logging.set_verbosity_error()
    return getattr(diffusers, name)(**texts(family).components(), **more)
