"""The denoiser of each family around its module of diffusers."""

from __future__ import annotations

from typing import Any

from anim_runtime.diffusion.denoiser import Denoiser, UNetDenoiser
from anim_runtime.diffusion.families.blueprint import UnknownModel


def wrapped(family: str, module: Any) -> Denoiser:
    """The family's denoiser; UnknownModel if the module is another than it looks. Untyped: hence Any."""
    if family in ("postcard", "sd1", "sd2"):
        _takes_latents(module, 4)
        return UNetDenoiser(module)
    if family == "sdxl":
        from anim_runtime.diffusion.families.xl import XLDenoiser

        _takes_latents(module, 4)
        _is_no_refiner(module)
        return XLDenoiser(module)
    if family == "sd3":
        from anim_runtime.diffusion.families.sd3 import SD3Denoiser

        return SD3Denoiser(module)
    if family == "flux":
        from anim_runtime.diffusion.families.flux import FluxDenoiser

        return FluxDenoiser(module)
    if family == "qwen-image":
        from anim_runtime.diffusion.families.qwen import QwenDenoiser

        return QwenDenoiser(module)
    from anim_runtime.diffusion.families.z_image import ZDenoiser

    return ZDenoiser(module)


def _takes_latents(module: Any, out: int) -> None:
    taken = int(module.config.in_channels)
    if taken == int(module.config.out_channels):
        return
    kinds = {9: "an inpainting model", 8: "a model that edits pictures by orders", 7: "an upscaler"}
    what = kinds.get(taken, f"one that takes {taken} channels")
    raise UnknownModel(f"its U-Net is that of {what}", "use the model that it was made from")


def _is_no_refiner(module: Any) -> None:
    """The refiner of SDXL is told a score of beauty besides, and has one text encoder only."""
    config = module.config
    sizes = int(config.addition_time_embed_dim or 0)
    pooled = int(config.projection_class_embeddings_input_dim or 0) - 6 * sizes
    is_refiner = int(config.cross_attention_dim) == 1280 and pooled == 1280 - sizes
    if config.addition_embed_type != "text_time" or is_refiner:
        raise UnknownModel("it is the refiner of SDXL, which only finishes pictures", "use the base model")
