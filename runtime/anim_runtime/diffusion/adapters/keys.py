"""The names of tensors in LoRA files: which part of which layer of which model each is.

Training programs spell a layer as diffusers does, with dots or with underscores, or as the model's first
code did. Here every spelling becomes one flat name, underscores only, under the model that it is in.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, TypeAlias

from anim_compiler.models.detect_lora import other_adapter

DENOISER: Final = "denoiser"
#: the text encoders as diffusers calls them
TEXTS: Final = ("text_encoder", "text_encoder_2", "text_encoder_3")

Part: TypeAlias = Literal["down", "up", "mid", "alpha", "magnitude"]
"""What a tensor is to its layer: the thin matrices, their scale, and the lengths of DoRA."""


class Key(NamedTuple):
    """A tensor's place: `component` (`denoiser` or one of `TEXTS`), the flat name of the layer, the part."""

    component: str
    layer: str
    part: Part


class OtherKind(NamedTuple):
    """A tensor of another way to change a model, by the name of that way."""

    kind: str


_PARTS: Final[tuple[tuple[Part, re.Pattern[str]], ...]] = (
    ("down", re.compile(r"(\.lora_down|\.lora_A(\.\w+)?|[._]lora\.down|\.lora_linear_layer\.down)\.weight$")),
    ("down", re.compile(r"(?<=_lora[12])\.down\.weight$")),
    ("up", re.compile(r"(\.lora_up|\.lora_B(\.\w+)?|[._]lora\.up|\.lora_linear_layer\.up)\.weight$")),
    ("up", re.compile(r"(?<=_lora[12])\.up\.weight$")),
    ("mid", re.compile(r"\.lora_mid\.weight$")),
    ("alpha", re.compile(r"((\.lora|_lora|\.lora_linear_layer)(\.down)?)?\.(network_)?alpha$")),
    (
        "magnitude",
        re.compile(r"(\.dora_scale|[._]lora_magnitude_vector(\.\w+)?|\.lora_linear_layer\.magnitude)$"),
    ),
)
#: longest first where one begins like another
_PREFIXES: Final = (
    ("base_model.model.", ""),
    ("lora_unet_", DENOISER),
    ("lora_transformer_", DENOISER),
    ("lora_te1_", TEXTS[0]),
    ("lora_te2_", TEXTS[1]),
    ("lora_te3_", TEXTS[2]),
    ("lora_te_", TEXTS[0]),
    ("text_encoders.clip_l.transformer.", TEXTS[0]),
    ("text_encoders.clip_g.transformer.", TEXTS[1]),
    ("text_encoders.t5xxl.transformer.", TEXTS[2]),
    ("text_encoder_2.", TEXTS[1]),
    ("text_encoder_3.", TEXTS[2]),
    ("text_encoder.", TEXTS[0]),
    ("model.diffusion_model.", DENOISER),
    ("diffusion_model.", DENOISER),
    ("transformer.", DENOISER),
    ("unet.", DENOISER),
)
#: attention layers of text encoders as diffusers called them at first
_OLD_TEXT: Final = {"_to_q": "_q_proj", "_to_k": "_k_proj", "_to_v": "_v_proj", "_to_out": "_out_proj"}


def read_key(name: str) -> Key | OtherKind | None:
    """The place of a tensor; None if its name is none that a LoRA has."""
    for part, ends in _PARTS:
        found = ends.search(name)
        if found is not None:
            component, layer = _component(name[: found.start()])
            return Key(component, flat(layer, component), part)
    kind = other_adapter(name)
    return OtherKind(kind) if kind else None


def flat(layer: str, component: str = DENOISER) -> str:
    """The one spelling of a layer: `attn1.processor.to_q` and `attn1_to_q` are both the latter."""
    joined = layer.replace(".", "_")
    if component == DENOISER:
        return joined.replace("_processor_", "_")
    joined = joined.removeprefix("text_model_")
    old = next((old for old in _OLD_TEXT if "self_attn" in joined and joined.endswith(old)), None)
    return joined if old is None else joined.removesuffix(old) + _OLD_TEXT[old]


def _component(base: str) -> tuple[str, str]:
    """The model that a layer is in, and the layer's name there; without any prefix it is the denoiser."""
    component = DENOISER
    for prefix, named in _PREFIXES:
        if base.startswith(prefix):
            base, component = base[len(prefix) :], named or component
            if named:
                break
    return component, base
