"""The layers of a model by every name that LoRA files give them.

diffusers' own names with underscores are always among them. The names of a model's first code are made from
diffusers' by the rules of its conversion scripts (`scripts/convert_*_to_diffusers.py`); where that code has
one layer for several of diffusers', a file's rows are shared out among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from anim_runtime.diffusion.adapters.keys import DENOISER, flat


@dataclass(frozen=True, slots=True)
class Place:
    """The layers that one name of a file stands for, in the order of its rows; `swapped` if the halves of
    those rows are the other way round there (scale and shift of a last norm).
    """

    layers: tuple[str, ...]
    swapped: bool = False


def places(model: Any, layers: Iterable[str], component: str = DENOISER) -> Mapping[str, Place]:
    """The places of a diffusers or transformers model (untyped, hence Any) by flat name; `layers` are the
    names of its linear and convolution layers.
    """
    known = list(layers)
    found = {flat(name, component): Place((name,)) for name in known}
    if component == DENOISER:
        # what the first versions of diffusers wrote
        for name in known:
            if name.endswith(".to_out.0"):
                found.setdefault(flat(name.removesuffix(".0")), Place((name,)))
        first = _FIRST.get(type(model).__name__)
        if first is not None:
            there = frozenset(known)
            for spelled, place in first(model, known):
                if there.issuperset(place.layers):
                    found.setdefault(spelled, place)
    return found


def _unet(model: Any, layers: Iterable[str]) -> Iterator[tuple[str, Place]]:
    """Stable Diffusion 1, 2 and XL as `ldm` and `sgm` call them: one row of numbered blocks."""
    each = model.config.layers_per_block
    count = (each if isinstance(each, int) else each[0]) + 1
    attended = {name.split(".")[1] for name in layers if re.match(r"up_blocks\.\d+\.attentions", name)}
    for name in layers:
        found = _BLOCK.match(name)
        if found is None:
            ours = next((ours for ours in _UNET_ENDS if name == ours), None)
            if ours is not None:
                yield _UNET_ENDS[ours], Place((name,))
            continue
        side, block, kind, number, rest = found.groups()
        rest = _RESNET.get(rest, rest)
        place = int(block or 0) * count + int(number)
        if side == "mid_block":
            yield f"middle_block_{int(number) * 2 if kind == 'resnets' else 1}_{flat(rest)}", Place((name,))
        elif kind == "downsamplers":
            yield f"input_blocks_{(int(block) + 1) * count}_0_op", Place((name,))
        elif kind == "upsamplers":
            sub = 2 if block in attended else 1
            yield f"output_blocks_{(int(block) + 1) * count - 1}_{sub}_conv", Place((name,))
        else:
            level = f"input_blocks_{1 + place}" if side == "down_blocks" else f"output_blocks_{place}"
            yield f"{level}_{0 if kind == 'resnets' else 1}_{flat(rest)}", Place((name,))


_BLOCK: Final = re.compile(
    r"(down_blocks|mid_block|up_blocks)\.(?:(\d+)\.)?(resnets|attentions|downsamplers|upsamplers)\.(\d+)\.(.+)"
)
_RESNET: Final = {
    "conv1": "in_layers_2",
    "conv2": "out_layers_3",
    "time_emb_proj": "emb_layers_1",
    "conv_shortcut": "skip_connection",
}
_UNET_ENDS: Final = {
    "conv_in": "input_blocks_0_0",
    "conv_out": "out_2",
    "time_embedding.linear_1": "time_embed_0",
    "time_embedding.linear_2": "time_embed_2",
    "add_embedding.linear_1": "label_emb_0_0",
    "add_embedding.linear_2": "label_emb_0_2",
}

_QKV: Final = ("attn.to_q", "attn.to_k", "attn.to_v")
_ADDED: Final = ("attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj")
#: layers of a block, by their names in the first code; `*` marks those whose halves are swapped
_FLUX_DOUBLE: Final[Mapping[str, tuple[str, ...]]] = {
    "img_attn_qkv": _QKV,
    "txt_attn_qkv": _ADDED,
    "img_attn_proj": ("attn.to_out.0",),
    "txt_attn_proj": ("attn.to_add_out",),
    "img_mlp_0": ("ff.net.0.proj",),
    "img_mlp_2": ("ff.net.2",),
    "txt_mlp_0": ("ff_context.net.0.proj",),
    "txt_mlp_2": ("ff_context.net.2",),
    "img_mod_lin": ("norm1.linear",),
    "txt_mod_lin": ("norm1_context.linear",),
    # as XLabs' trainer names them, without `processor`
    "qkv_lora1": _QKV,
    "qkv_lora2": _ADDED,
    "proj_lora1": ("attn.to_out.0",),
    "proj_lora2": ("attn.to_add_out",),
}
_FLUX_SINGLE: Final[Mapping[str, tuple[str, ...]]] = {
    "linear1": (*_QKV, "proj_mlp"),
    "linear2": ("proj_out",),
    "modulation_lin": ("norm.linear",),
    "qkv": _QKV,
    "proj": ("proj_out",),
}
_FLUX_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "img_in": ("x_embedder",),
    "txt_in": ("context_embedder",),
    "time_in_in_layer": ("time_text_embed.timestep_embedder.linear_1",),
    "time_in_out_layer": ("time_text_embed.timestep_embedder.linear_2",),
    "vector_in_in_layer": ("time_text_embed.text_embedder.linear_1",),
    "vector_in_out_layer": ("time_text_embed.text_embedder.linear_2",),
    "guidance_in_in_layer": ("time_text_embed.guidance_embedder.linear_1",),
    "guidance_in_out_layer": ("time_text_embed.guidance_embedder.linear_2",),
    "final_layer_linear": ("proj_out",),
    "final_layer_adaLN_modulation_1": ("norm_out.linear",),
}
_SD3_BLOCK: Final[Mapping[str, tuple[str, ...]]] = {
    "x_block_attn_qkv": _QKV,
    "x_block_attn_proj": ("attn.to_out.0",),
    "x_block_attn2_qkv": ("attn2.to_q", "attn2.to_k", "attn2.to_v"),
    "x_block_attn2_proj": ("attn2.to_out.0",),
    "x_block_mlp_fc1": ("ff.net.0.proj",),
    "x_block_mlp_fc2": ("ff.net.2",),
    "x_block_adaLN_modulation_1": ("norm1.linear",),
    "context_block_attn_qkv": _ADDED,
    "context_block_attn_proj": ("attn.to_add_out",),
    "context_block_mlp_fc1": ("ff_context.net.0.proj",),
    "context_block_mlp_fc2": ("ff_context.net.2",),
    "context_block_adaLN_modulation_1": ("norm1_context.linear",),
}
_SD3_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "x_embedder_proj": ("pos_embed.proj",),
    "t_embedder_mlp_0": ("time_text_embed.timestep_embedder.linear_1",),
    "t_embedder_mlp_2": ("time_text_embed.timestep_embedder.linear_2",),
    "y_embedder_mlp_0": ("time_text_embed.text_embedder.linear_1",),
    "y_embedder_mlp_2": ("time_text_embed.text_embedder.linear_2",),
    "final_layer_linear": ("proj_out",),
    "final_layer_adaLN_modulation_1": ("norm_out.linear",),
}
_Z_ATTENTION: Final[Mapping[str, tuple[str, ...]]] = {
    "attention_qkv": ("attention.to_q", "attention.to_k", "attention.to_v"),
    "attention_out": ("attention.to_out.0",),
}
_Z_ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "x_embedder": ("all_x_embedder.2-1",),
    "final_layer_linear": ("all_final_layer.2-1.linear",),
    "final_layer_adaLN_modulation_1": ("all_final_layer.2-1.adaLN_modulation.1",),
}


def _flux(model: Any, layers: Iterable[str]) -> Iterator[tuple[str, Place]]:
    """Flux.1 as Black Forest Labs' code calls it."""
    for block in _blocks(layers):
        name = block.replace("single_transformer_blocks.", "single_blocks_")
        name = name.replace("transformer_blocks.", "double_blocks_")
        yield from _block(name, block, _FLUX_SINGLE if name.startswith("single") else _FLUX_DOUBLE)
    yield from _ends(_FLUX_ENDS)


def _sd3(model: Any, layers: Iterable[str]) -> Iterator[tuple[str, Place]]:
    """Stable Diffusion 3 as Stability's code calls it; the text's side of the last block only hands on."""
    blocks = _blocks(layers)
    for block in blocks:
        name = block.replace("transformer_blocks.", "joint_blocks_")
        for spelled, place in _block(name, block, _SD3_BLOCK):
            last = block == blocks[-1] and "context_block_adaLN" in spelled
            yield spelled, Place(place.layers, swapped=True) if last else place
    yield from _ends(_SD3_ENDS)


def _z_image(model: Any, layers: Iterable[str]) -> Iterator[tuple[str, Place]]:
    """Z-Image as its authors' code calls it: as diffusers does but for the attention."""
    for block in _blocks(layers):
        yield from _block(flat(block), block, _Z_ATTENTION)
    for spelled, place in _ends(_Z_ENDS):
        yield spelled, Place(place.layers)


def _blocks(layers: Iterable[str]) -> list[str]:
    """The names of a transformer's blocks, in their order: `transformer_blocks.0`."""
    return list(
        dict.fromkeys(found[0] for name in layers if (found := re.match(r"[a-z_]+\.\d+(?=\.)", name)))
    )


def _block(spelled: str, block: str, table: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Place]]:
    for name, layers in table.items():
        yield f"{spelled}_{name}", Place(tuple(f"{block}.{layer}" for layer in layers))


def _ends(table: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Place]]:
    for name, layers in table.items():
        yield name, Place(layers, swapped="adaLN" in name)


_FIRST: Final[Mapping[str, Callable[[Any, list[str]], Iterator[tuple[str, Place]]]]] = {
    "UNet2DConditionModel": _unet,
    "FluxTransformer2DModel": _flux,
    "SD3Transformer2DModel": _sd3,
    "ZImageTransformer2DModel": _z_image,
}
