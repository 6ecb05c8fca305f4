"""What each pipeline of diffusers is made of: the only classes that a model may name.

No class is ever looked up by a name that a repository gives: what is not in this table is not loaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final


class UnknownModel(Exception):
    """A model that cannot be drawn with, in words: what it is and what to do instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class TextBlueprint:
    """A text encoder: the folders of it and of its tokenizer, and the classes of transformers that it may be,
    the first one being the usual. What `may_lack` can be left out.
    """

    folder: str
    tokenizer: str
    classes: tuple[str, ...]
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Blueprint:
    """A family's parts: classes of diffusers for denoiser and VAE, and its text encoders in order."""

    family: str
    pipeline: str
    denoiser: str
    denoiser_class: str
    vae_class: str
    texts: tuple[TextBlueprint, ...]
    #: latents that width and height come in multiples of
    align: int = 1


_CLIP: Final = ("CLIPTextModel",)
_PROJECTED: Final = ("CLIPTextModelWithProjection",)
_T5: Final = ("T5EncoderModel",)
_FIRST: Final = TextBlueprint("text_encoder", "tokenizer", _CLIP)
_XL: Final = (_FIRST, TextBlueprint("text_encoder_2", "tokenizer_2", _PROJECTED))
_SD3: Final = (
    TextBlueprint("text_encoder", "tokenizer", _PROJECTED),
    TextBlueprint("text_encoder_2", "tokenizer_2", _PROJECTED),
    TextBlueprint("text_encoder_3", "tokenizer_3", _T5, may_lack=True),
)
_FLUX: Final = (_FIRST, TextBlueprint("text_encoder_2", "tokenizer_2", _T5))
_QWEN: Final = (TextBlueprint("text_encoder", "tokenizer", ("Qwen2_5_VLForConditionalGeneration",)),)
_Z: Final = (TextBlueprint("text_encoder", "tokenizer", ("Qwen3Model", "Qwen3ForCausalLM")),)

_UNET, _KL = "UNet2DConditionModel", "AutoencoderKL"
SD: Final = Blueprint("sd1", "StableDiffusionPipeline", "unet", _UNET, _KL, (_FIRST,))
_ROWS: Final = (
    SD,
    Blueprint("sdxl", "StableDiffusionXLPipeline", "unet", _UNET, _KL, _XL),
    Blueprint("sd3", "StableDiffusion3Pipeline", "transformer", "SD3Transformer2DModel", _KL, _SD3, 2),
    Blueprint("flux", "FluxPipeline", "transformer", "FluxTransformer2DModel", _KL, _FLUX, 2),
    Blueprint(
        "qwen-image", "QwenImagePipeline", "transformer", "QwenImageTransformer2DModel",
        "AutoencoderKLQwenImage", _QWEN, 2,
    ),
    Blueprint("z-image", "ZImagePipeline", "transformer", "ZImageTransformer2DModel", _KL, _Z, 2),
)  # fmt: skip

#: other names that the same parts are saved under
_SIBLINGS: Final = {
    "StableDiffusionPipeline": ("StableDiffusionImg2ImgPipeline", "LatentConsistencyModelPipeline",
                                "LatentConsistencyModelImg2ImgPipeline"),
    "StableDiffusionXLPipeline": ("StableDiffusionXLImg2ImgPipeline",),
    "StableDiffusion3Pipeline": ("StableDiffusion3Img2ImgPipeline",),
    "FluxPipeline": ("FluxImg2ImgPipeline",),
    "QwenImagePipeline": ("QwenImageImg2ImgPipeline",),
    "ZImagePipeline": ("ZImageImg2ImgPipeline",),
}  # fmt: skip

BLUEPRINTS: Final[Mapping[str, Blueprint]] = MappingProxyType(
    {name: row for row in _ROWS for name in (row.pipeline, *_SIBLINGS[row.pipeline])}
)
"""By the names of pipelines in `model_index.json`."""

BY_FAMILY: Final[Mapping[str, Blueprint]] = MappingProxyType({row.family: row for row in _ROWS} | {"sd2": SD})
"""By the name of the family; both first ones are built alike."""

_TITLES: Final = "Stable Diffusion 1, 2 and 3, Stable Diffusion XL, Flux.1, Qwen-Image and Z-Image"
_OTHERS: Final = (
    ("Inpaint", "it draws into holes only", "use the model that it was made from"),
    ("Upscale", "it only enlarges pictures", "use it outside of films"),
    ("InstructPix2Pix", "it edits pictures by orders", "use the model that it was made from"),
    ("Kontext", "it edits pictures by orders", "use Flux.1 dev"),
    ("Edit", "it edits pictures by orders", "use the model that it was made from"),
    ("Flux2", "it is a Flux.2", "use a Flux.1"),
)


def blueprint_of(index: Mapping[str, Any]) -> Blueprint:
    """The blueprint that a `model_index.json` names; UnknownModel if it names another, or other classes."""
    name = _word(index.get("_class_name"))
    found = BLUEPRINTS.get(name)
    if found is None:
        why, hint = next(
            ((why, hint) for part, why, hint in _OTHERS if part in name),
            (f"its pipeline is `{name}`", f"anim draws with {_TITLES}"),
        )
        raise UnknownModel(why, hint)
    wanted = {found.denoiser: (found.denoiser_class,), "vae": (found.vae_class, "AutoencoderTiny")}
    wanted |= {text.folder: text.classes for text in found.texts}
    for part, classes in wanted.items():
        _checked(part, index.get(part), classes)
    return found


def is_absent(index: Mapping[str, Any], part: str) -> bool:
    """Whether an index says that the model has no such part."""
    told = index.get(part)
    return told is None or (isinstance(told, list) and len(told) == 2 and told[1] is None)


def _checked(part: str, told: object, classes: tuple[str, ...]) -> None:
    if told is None or not isinstance(told, list) or len(told) != 2 or told[1] is None:
        return
    library, name = _word(told[0]), _word(told[1])
    if library not in ("diffusers", "transformers") or name not in classes:
        hint = "a model must not bring code of its own; use one that diffusers can load by itself"
        raise UnknownModel(f"its `{part}` is a `{library}.{name}` and not a `{classes[0]}`", hint)


def _word(told: object) -> str:
    """A name out of foreign JSON, short and without what a terminal would obey."""
    from anim_dsl.visible import escaped

    return escaped(str(told)[:60])
