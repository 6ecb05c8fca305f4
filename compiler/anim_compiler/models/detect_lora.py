"""LoRAs and their kin: whose training program wrote them, and on which family they stand."""

from __future__ import annotations

import re
from typing import Final

from anim_compiler.models.facts import ModelFacts
from anim_compiler.models.tensors import Tensors

#: what the same programs make besides LoRAs, by the ends of its tensors' names
_OTHERS: Final = (
    ("LoHa", re.compile(r"\.hada_\w+$")),
    ("LoKr", re.compile(r"\.lokr_\w+$")),
    ("OFT", re.compile(r"\.(oft_\w+|oft_R(\.\w+)*\.weight)$")),
    ("GLoRA", re.compile(r"\.[ab][12]\.weight$")),
    ("IA3", re.compile(r"(\.on_input|\.ia3_l(\.\w+)?)$")),
    ("LoRA with whole layers", re.compile(r"\.(diff|diff_b|set_weight)$")),
    ("LoRA with biases", re.compile(r"\.lora_[AB](\.\w+)?\.bias$")),
)
OTHER_ADAPTERS: Final = frozenset(kind for kind, _ in _OTHERS)
"""Adapters that are no LoRA that can be weighed; the `layout` of their facts."""

#: those of them that are told without a pair of thin matrices beside them
_ALONE: Final = frozenset({"LoHa", "LoKr", "OFT"})
_DORA: Final = (".dora_scale", ".lora_magnitude_vector", ".lora_magnitude_vector.weight")
_DOWN: Final = (
    ".lora_down.weight", ".lora_A.weight", ".lora.down.weight", "_lora.down.weight", ".lora_A.default.weight",
    ".hada_w1_b", ".hada_w2_b", ".lokr_w2_b", ".lora_linear_layer.down.weight", "_lora1.down.weight",
    "_lora2.down.weight",
)  # fmt: skip

#: how wide the states of a text are that a U-Net attends to
CONTEXT: Final = {768: "sd1", 1024: "sd2", 2048: "sdxl", 128: "postcard"}

_BLOCK = re.compile(r"transformer_blocks[._](\d+)[._]")
_CONVOLUTION = re.compile(r"(conv\d?|conv_shortcut|_op|downsamplers_\d_conv|in_layers|out_layers)\.lora_down")


def lora(tensors: Tensors) -> ModelFacts | None:
    """A LoRA by its pairs of thin matrices, or what the same programs make in their place."""
    downs = {name: shape for name, shape in tensors.shapes.items() if name.endswith(_DOWN)}
    kin = next((kind for name in tensors.shapes if (kind := other_adapter(name))), "")
    if not downs and kin not in _ALONE and not tensors.any_ends(*_DORA):
        return None
    kohya = tensors.any_begins("lora_unet_", "lora_te", "lora_transformer_")
    layout = "kohya" if kohya else "original" if tensors.any_begins("diffusion_model.") else "diffusers"
    told = f"{kin}: another kind of adapter than a plain LoRA" if kin else ""
    return ModelFacts("", "lora", _family(tensors, downs), layout=kin or layout, description=told)


def other_adapter(tensor: str) -> str:
    """The kind of `OTHER_ADAPTERS` that a tensor's name is the mark of; "" if it is of none."""
    return next((kind for kind, ends in _OTHERS if ends.search(tensor)), "")


def with_article(kind: str) -> str:
    """`a LoHa`, `an OFT`."""
    return f"an {kind}" if kind[0] in "IO" else f"a {kind}"


def _family(tensors: Tensors, downs: dict[str, tuple[int, ...]]) -> str:
    joined = tensors.any_holds
    if joined("lora_te2_", "text_encoder_2."):
        # Flux and SD3 have two encoders as well, and name their blocks otherwise
        return _transformer(tensors, downs) or "sdxl"
    width = _context(downs)
    if width:
        return CONTEXT.get(width, "")
    found = _transformer(tensors, downs)
    if found:
        return found
    depth = _depth(tensors)
    if depth >= 4:
        return "sdxl"
    if joined("lora_te1_"):
        return ""  # the first of two encoders: of SDXL, SD3 or Flux
    text = {
        shape[1]
        for name, shape in downs.items()
        if len(shape) > 1 and ("lora_te_" in name or "text_model" in name) and "fc2" not in name
    }
    return next((family for width, family in ((768, "sd1"), (1024, "sd2")) if width in text), "")


def _context(downs: dict[str, tuple[int, ...]]) -> int:
    """The width of the text's states, by the layers that read them; 0 if no such layer is there."""
    for name, shape in downs.items():
        if len(shape) > 1 and re.search(r"attn2[._](?:processor\.)?to_[kv]", name):
            return shape[1]
    return 0


def _depth(tensors: Tensors) -> int:
    """The number of transformer blocks in one place of a U-Net: SDXL has up to ten, the others one."""
    inner = re.compile(r"attentions[._]\d+[._]transformer_blocks[._](\d+)[._]")
    blocks = re.compile(r"(?:input|output|middle)_blocks?_\d+_(?:\d+_)?transformer_blocks_(\d+)_")
    found = [int(m[1]) for name in tensors.shapes if (m := inner.search(name) or blocks.search(name))]
    return max(found, default=0) + 1 if found else 0


def _transformer(tensors: Tensors, downs: dict[str, tuple[int, ...]]) -> str:
    """The family of a LoRA for a model without a U-Net."""
    holds = tensors.any_holds
    if holds("double_blocks", "single_blocks", "single_transformer_blocks"):
        # Hunyuan's video models share the names of the blocks, not those of their layers
        return "" if holds("img_attn_qkv", "_img_attn_q_") and holds("txt_in_individual") else "flux"
    if holds("joint_blocks"):
        return "sd3"
    widths = {shape[1] for shape in downs.values() if len(shape) > 1}
    if holds("layers_0_attention", "layers.0.attention", "layers_0_feed_forward", "layers.0.feed_forward"):
        return "z-image" if 3840 in widths else ""
    if not _is_flat(tensors):
        return ""
    if holds("img_mlp", "txt_mlp", "img_mod", "txt_mod"):
        return "qwen-image"
    if widths & {1536, 2432}:
        return "sd3"
    numbers = [int(found[1]) for name in tensors.shapes if (found := _BLOCK.search(name))]
    if 3072 in widths:
        # Flux has 19 such blocks, Qwen-Image 60
        return "qwen-image" if max(numbers, default=0) >= 19 else "flux"
    return ""


def _is_flat(tensors: Tensors) -> bool:
    """Whether blocks stand side by side, as in a transformer, and not in the levels of a U-Net."""
    return tensors.any_holds("transformer_blocks") and not tensors.any_holds(
        "attentions", "input_blocks", "output_blocks", "middle_block", "down_blocks", "up_blocks", "mid_block"
    )
