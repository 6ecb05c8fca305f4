"""The number formats that a family's parts compute in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch

from anim_compiler.models.families import FAMILIES
from anim_compiler.plan import Precision

_FORMATS: Final = {"float16": torch.float16, "bfloat16": torch.bfloat16, "float32": torch.float32}

#: text encoders that stay within the range of float16; T5 and language models do not
_SMALL: Final = ("CLIPTextModel", "CLIPTextModelWithProjection")

#: transformers that still draw in float16 where there is no bfloat16
_HOLDS: Final = ("sd3", "flux")


@dataclass(frozen=True, slots=True)
class Formats:
    """What the denoiser computes in; the other parts follow it as far as they hold."""

    denoiser: torch.dtype

    def text(self, class_name: str) -> torch.dtype:
        """What a text encoder of that class computes in."""
        if self.denoiser == torch.float16 and class_name not in _SMALL:
            return torch.bfloat16
        return self.denoiser

    def vae(self, force_upcast: bool) -> torch.dtype:
        """What an autoencoder computes in; `force_upcast` is what its config says. That of SDXL overflows
        float16, which its repaired kin says of itself it does not.
        """
        return torch.float32 if force_upcast and self.denoiser == torch.float16 else self.denoiser


def formats(family: str, precision: Precision, device: torch.device) -> Formats:
    """Float32 on a CPU, where it is fastest; elsewhere half precision: float16 for the families that were
    trained in it, bfloat16 for the transformers, whose numbers leave the range of float16.
    """
    if precision != "auto":
        return Formats(_FORMATS[precision])
    if device.type == "cpu" or family == "postcard":
        return Formats(torch.float32)
    row = FAMILIES.get(family)
    if row is None or not row.is_flow:
        return Formats(torch.float16)
    if _has_bfloat16(device):
        return Formats(torch.bfloat16)
    return Formats(torch.float16 if family in _HOLDS else torch.float32)


def _has_bfloat16(device: torch.device) -> bool:
    """Whether the device computes in bfloat16 by itself: NVIDIA's do since 2020."""
    if device.type != "cuda" or not torch.cuda.is_available():
        return True
    return bool(torch.cuda.is_bf16_supported(including_emulation=False))
