"""Whether a ControlNet is for the model that draws."""

from __future__ import annotations

from typing import Any

from anim_compiler.models.families import FAMILIES
from anim_compiler.plan import NamedRef
from anim_runtime.diffusion.denoiser import Denoiser
from anim_runtime.problems import RenderProblem

#: the family that a U-Net is of, by the width of its words
_WORDS = {128: "postcard", 768: "sd1", 1024: "sd2", 2048: "sdxl"}
#: the denoiser that each kind of network adds to
_DENOISERS = {
    "ControlNetModel": "UNet2DConditionModel",
    "ControlNetUnionModel": "UNet2DConditionModel",
    "FluxControlNetModel": "FluxTransformer2DModel",
    "SD3ControlNetModel": "SD3Transformer2DModel",
    "QwenImageControlNetModel": "QwenImageTransformer2DModel",
}
_TITLES = {
    "FluxTransformer2DModel": "Flux.1",
    "SD3Transformer2DModel": "Stable Diffusion 3",
    "QwenImageTransformer2DModel": "Qwen-Image",
    "ZImageTransformer2DModel": "Z-Image",
}


def refused(control: NamedRef, net: Any, denoiser: Denoiser) -> RenderProblem | None:
    """Why a diffusers ControlNet, untyped, cannot guide a denoiser; None if it can."""
    model = denoiser.model
    wanted = _DENOISERS[type(net).__name__]
    if type(model).__name__ == wanted and _widths(net) == _widths(model):
        return None
    made = _unet(net.config.cross_attention_dim) if wanted == "UNet2DConditionModel" else _TITLES[wanted]
    return _other(control, made, model)


def unlike_words(control: NamedRef, width: int | None, model: Any) -> RenderProblem | None:
    """The same of a file whose words are so wide, before it is loaded."""
    if type(model).__name__ == "UNet2DConditionModel" and width in (None, model.config.cross_attention_dim):
        return None
    return _other(control, _unet(width), model)


def _other(control: NamedRef, made: str, model: Any) -> RenderProblem:
    drawn = _TITLES.get(type(model).__name__) or _unet(model.config.cross_attention_dim)
    message = (
        f"the ControlNet `{control.reference}` of `control {control.name}` is for {made}, and the model is "
        f"{drawn}"
    )
    return RenderProblem(message, "give the control a `model` of the same family as the film's", 7)


def _widths(module: Any) -> tuple[Any, ...]:
    """What has to be alike so that what one makes can be added in the other."""
    config = module.config
    names = ("cross_attention_dim", "block_out_channels", "num_attention_heads", "attention_head_dim")
    if type(module).__name__ not in ("UNet2DConditionModel", "ControlNetModel", "ControlNetUnionModel"):
        return tuple(getattr(config, name, None) for name in names[2:])
    return (
        config.cross_attention_dim,
        tuple(config.block_out_channels),
        config.layers_per_block,
        config.addition_embed_type,
    )


def _unet(words: int | tuple[int, ...] | None) -> str:
    """What a U-Net with words of that width is called."""
    width = words if isinstance(words, int) else words[0] if words else 0
    family = _WORDS.get(width)
    return FAMILIES[family].title if family else f"a U-Net with words {width} wide"
