"""Files of every training program, against diffusers' own readers or the model's layers themselves."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.runtime.diffusion.adapters import lora_models as tiny
from tests.runtime.diffusion.adapters.test_weights import near

from anim_compiler.plan import NamedRef

Thin = dict[str, tuple[torch.Tensor, torch.Tensor]]


def weighed(family: str, ref: NamedRef, weight: float = 0.8) -> torch.Tensor:
    """What a tiny denoiser predicts under a LoRA."""
    made, loras = tiny.ours(family, [ref])
    call = tiny.inputs(family, rows=2)
    loras.weigh([(weight,)], 2)
    merged_in = call(made["denoiser"])
    loras.weigh([(weight,), (weight,)])
    assert near(call(made["denoiser"]), merged_in)
    return merged_in


def plainly(family: str, thin: Thin, path: Path, scale: float = 1.0, weight: float = 0.8) -> torch.Tensor:
    """The same under thin matrices spelled as peft spells them; `test_weights` holds that to diffusers."""
    scaled = {name: (down * scale, up) for name, (down, up) in thin.items()}
    return weighed(family, tiny.write(tiny.peft_spelled(scaled, tiny.called(family)), path), weight)


def sgm(name: str) -> str:
    """SDXL's layers (two levels of one resnet) as Stability's code and kohya's files call them."""
    down = {
        "0.resnets.0": "1_0",
        "0.downsamplers.0.conv": "2_0_op",
        "1.resnets.0": "3_0",
        "1.attentions.0": "3_1",
    }
    up = {"0.resnets.0": "0_0", "0.attentions.0": "0_1", "0.resnets.1": "1_0", "0.attentions.1": "1_1",
          "0.upsamplers.0.conv": "1_2_conv", "1.resnets.0": "2_0", "1.resnets.1": "3_0"}  # fmt: skip
    middle = {"resnets.0": "0", "attentions.0": "1", "resnets.1": "2"}
    ends = {"conv1": "in_layers_2", "conv2": "out_layers_3", "time_emb_proj": "emb_layers_1",
            "conv_shortcut": "skip_connection"}  # fmt: skip
    for side, spelled, table in (
        ("down_blocks.", "input_blocks_", down),
        ("up_blocks.", "output_blocks_", up),
        ("mid_block.", "middle_block_", middle),
    ):
        for ours, theirs in table.items():
            if name.startswith(side + ours):
                rest = name.removeprefix(side + ours).removeprefix(".")
                rest = ends.get(rest, rest).replace(".", "_")
                return f"{spelled}{theirs}_{rest}".removesuffix("_")
    return name.replace(".", "_")


def kohya_unet(name: str) -> str:
    return name.replace(".", "_")


@pytest.mark.parametrize(("family", "rename"), [("sd1", kohya_unet), ("sd2", kohya_unet), ("sdxl", sgm)])
def test_kohyas_files_for_unets(family: str, rename: Callable[[str], str], tmp_path: Path) -> None:
    denoiser = tiny.models(family)["denoiser"]
    names = [n for n in tiny.layers(denoiser) if "blocks" in n or "mid_block" in n]
    thin = tiny.matrices(denoiser, names, rank=4)
    ref = tiny.write(tiny.kohya_spelled(thin, "lora_unet", 2.0, rename), tmp_path / "kohya.safetensors")
    assert near(weighed(family, ref), plainly(family, thin, tmp_path / "peft.safetensors", 2.0 / 4.0))


@pytest.mark.parametrize(("family", "rename"), [("sd1", kohya_unet), ("sdxl", sgm)])
def test_kohyas_files_are_read_as_diffusers_reads_them(
    family: str, rename: Callable[[str], str], tmp_path: Path
) -> None:
    from diffusers import StableDiffusionXLPipeline

    denoiser = tiny.models(family)["denoiser"]
    # what its reader knows of: its rules for the layers of resnets change the names of attention's too
    names = tiny.layers(denoiser, "to_q", "to_k", "to_v", "to_out.0", "ff.net.2", "proj_in", "proj_out")
    tensors = tiny.kohya_spelled(tiny.matrices(denoiser, names, rank=4), "lora_unet", 2.0, rename)
    ref = tiny.write(tensors, tmp_path / "kohya.safetensors")
    converted, alphas = StableDiffusionXLPipeline.lora_state_dict(dict(tensors), unet_config=denoiser.config)
    theirs = tiny.theirs(family, [(converted, alphas)], [0.8])
    assert near(weighed(family, ref), tiny.inputs(family, rows=2)(theirs))


def fused(thin: Thin, joined: dict[str, tuple[str, ...]]) -> Thin:
    """Layers that share one `down`, put together as the first code of a model has them."""
    return {
        name: (thin[parts[0]][0], torch.cat([thin[part][1] for part in parts]))
        for name, parts in joined.items()
    }


def shared(denoiser: Any, joined: dict[str, tuple[str, ...]]) -> Thin:
    """Random thin matrices for those layers, with one `down` for the parts of one."""
    thin: Thin = {}
    for seed, parts in enumerate(joined.values()):
        made = tiny.matrices(denoiser, parts, seed=seed)
        thin |= {part: (made[parts[0]][0], up) for part, (_, up) in made.items()}
    return thin


_FLUX = {
    "double_blocks_0_img_attn_qkv": tuple(f"transformer_blocks.0.attn.to_{x}" for x in "qkv"),
    "double_blocks_0_txt_attn_qkv": tuple(f"transformer_blocks.0.attn.add_{x}_proj" for x in "qkv"),
    "double_blocks_0_img_attn_proj": ("transformer_blocks.0.attn.to_out.0",),
    "double_blocks_0_txt_attn_proj": ("transformer_blocks.0.attn.to_add_out",),
    "double_blocks_0_img_mlp_0": ("transformer_blocks.0.ff.net.0.proj",),
    "double_blocks_0_txt_mlp_2": ("transformer_blocks.0.ff_context.net.2",),
    "double_blocks_0_img_mod_lin": ("transformer_blocks.0.norm1.linear",),
    "single_blocks_0_linear1": (
        *(f"single_transformer_blocks.0.attn.to_{x}" for x in "qkv"),
        "single_transformer_blocks.0.proj_mlp",
    ),
    "single_blocks_0_linear2": ("single_transformer_blocks.0.proj_out",),
    "single_blocks_0_modulation_lin": ("single_transformer_blocks.0.norm.linear",),
    "img_in": ("x_embedder",),
    "txt_in": ("context_embedder",),
    "final_layer_linear": ("proj_out",),
}
_SD3 = {
    "joint_blocks_0_x_block_attn_qkv": tuple(f"transformer_blocks.0.attn.to_{x}" for x in "qkv"),
    "joint_blocks_1_context_block_attn_qkv": tuple(f"transformer_blocks.1.attn.add_{x}_proj" for x in "qkv"),
    "joint_blocks_0_x_block_mlp_fc1": ("transformer_blocks.0.ff.net.0.proj",),
    "joint_blocks_0_context_block_mlp_fc2": ("transformer_blocks.0.ff_context.net.2",),
    "joint_blocks_0_context_block_attn_proj": ("transformer_blocks.0.attn.to_add_out",),
    "joint_blocks_0_context_block_adaLN_modulation_1": ("transformer_blocks.0.norm1_context.linear",),
    "x_embedder_proj": ("pos_embed.proj",),
}
_Z = {
    "layers_0_attention_qkv": tuple(f"layers.0.attention.to_{x}" for x in "qkv"),
    "layers_1_attention_out": ("layers.1.attention.to_out.0",),
    "noise_refiner_0_feed_forward_w1": ("noise_refiner.0.feed_forward.w1",),
    "layers_0_adaLN_modulation_0": ("layers.0.adaLN_modulation.0",),
    "x_embedder": ("all_x_embedder.2-1",),
}
_QWEN = {
    "transformer_blocks_0_attn_to_q": ("transformer_blocks.0.attn.to_q",),
    "transformer_blocks_1_img_mlp_net_0_proj": ("transformer_blocks.1.img_mlp.net.0.proj",),
    "transformer_blocks_0_txt_mod_1": ("transformer_blocks.0.txt_mod.1",),
    "img_in": ("img_in",),
}


@pytest.mark.parametrize(
    ("family", "joined"), [("flux", _FLUX), ("sd3", _SD3), ("z-image", _Z), ("qwen-image", _QWEN)]
)
def test_layers_that_the_first_code_has_as_one(
    family: str, joined: dict[str, tuple[str, ...]], tmp_path: Path
) -> None:
    thin = shared(tiny.models(family)["denoiser"], joined)
    tensors = tiny.kohya_spelled(fused(thin, joined), "lora_unet", 1.5, str)
    ref = tiny.write(tensors, tmp_path / "kohya.safetensors")
    assert near(weighed(family, ref), plainly(family, thin, tmp_path / "peft.safetensors", 1.5 / 3.0))


@pytest.mark.parametrize(("family", "end", "place"), [
    ("flux", "final_layer_adaLN_modulation_1", "norm_out.linear"),
    ("sd3", "final_layer_adaLN_modulation_1", "norm_out.linear"),
    ("sd3", "joint_blocks_1_context_block_adaLN_modulation_1", "transformer_blocks.1.norm1_context.linear"),
])  # fmt: skip
def test_last_norms_have_scale_and_shift_the_other_way_round(
    family: str, end: str, place: str, tmp_path: Path
) -> None:
    thin = tiny.matrices(tiny.models(family)["denoiser"], [place])
    down, up = thin[place]
    shift, scale = up.chunk(2)
    file = {end: (down, torch.cat([scale, shift]))}
    ref = tiny.write(tiny.kohya_spelled(file, "lora_unet", 3.0, str), tmp_path / "kohya.safetensors")
    assert near(weighed(family, ref), plainly(family, thin, tmp_path / "peft.safetensors"))


def test_fluxs_files_are_read_as_diffusers_reads_them(tmp_path: Path) -> None:
    from diffusers import FluxPipeline

    # its reader knows the width of the real model by heart where layers are joined in single blocks
    known = {
        name: parts for name, parts in _FLUX.items() if name != "single_blocks_0_linear1" and "blocks" in name
    }
    thin = shared(tiny.models("flux")["denoiser"], known)
    tensors = tiny.kohya_spelled(fused(thin, known), "lora_unet", 1.5, str)
    ref = tiny.write(tensors, tmp_path / "kohya.safetensors")
    converted = FluxPipeline.lora_state_dict(dict(tensors))
    theirs = tiny.theirs("flux", [(converted, None)], [0.8])
    assert near(weighed("flux", ref), tiny.inputs("flux", rows=2)(theirs))


@pytest.mark.parametrize("spelled", [
    "base_model.model.{dots}.lora_A.weight",
    "{dots}.lora_A.weight",
    "unet.{dots}.lora_A.default.weight",
    "unet.{dots}.lora.down.weight",
    "unet.{processor}_lora.down.weight",
    "diffusion_model.{sgm}.lora_down.weight",
])  # fmt: skip
def test_other_spellings_of_the_same(spelled: str, tmp_path: Path) -> None:
    denoiser = tiny.models("sdxl")["denoiser"]
    thin = tiny.matrices(denoiser, tiny.layers(denoiser, "to_q", "to_v", "to_out.0"))
    tensors: dict[str, torch.Tensor] = {}
    for name, (down, up) in thin.items():
        old = re.sub(r"(attn\d)\.(to_\w+)(\.0)?$", r"\1.processor.\2", name)
        key = spelled.format(dots=name, processor=old, sgm=sgm(name).replace("_", "."))
        other = key.replace("lora_A", "lora_B").replace("down.weight", "up.weight")
        tensors |= {key: down, other: up}
    ref = tiny.write(tensors, tmp_path / "spelled.safetensors")
    assert near(weighed("sdxl", ref), plainly("sdxl", thin, tmp_path / "peft.safetensors"))


def test_alphas_of_peft_stand_in_the_metadata(tmp_path: Path) -> None:
    denoiser = tiny.models("sd1")["denoiser"]
    thin = tiny.matrices(denoiser, tiny.layers(denoiser, "to_q", "conv1"), rank=4)
    tensors = tiny.peft_spelled(thin, "unet")

    def told(**settings: object) -> torch.Tensor:
        text = json.dumps({f"unet.{name}": value for name, value in settings.items()})
        path = tmp_path / "told.safetensors"
        return weighed("sd1", tiny.write(tensors, path, {"lora_adapter_metadata": text}))

    plain = tmp_path / "plain.safetensors"
    assert near(told(lora_alpha=8, r=4), plainly("sd1", thin, plain, 2.0))
    assert near(told(lora_alpha=8, r=4, use_rslora=True), plainly("sd1", thin, plain, 4.0))
    scaled = {name: (down * (3.0 if "conv1" in name else 2.0), up) for name, (down, up) in thin.items()}
    assert near(told(lora_alpha=8, alpha_pattern={"conv1": 12}), plainly("sd1", scaled, plain))
    assert near(told(lora_alpha="8"), plainly("sd1", thin, plain))


def test_a_kernel_between_the_thin_matrices(tmp_path: Path) -> None:
    denoiser = tiny.models("sd1")["denoiser"]
    name = "down_blocks.0.resnets.0.conv1"
    weight = denoiser.get_submodule(name).weight
    down, mid, up = torch.randn(2, 8, 1, 1), torch.randn(3, 2, 3, 3), torch.randn(len(weight), 3, 1, 1)
    base = "lora_unet_down_blocks_0_resnets_0_conv1"
    tensors = {f"{base}.lora_down.weight": down, f"{base}.lora_mid.weight": mid, f"{base}.lora_up.weight": up}
    tensors[f"{base}.alpha"] = torch.tensor(6.0)
    inner = torch.einsum("ajhw,ji->aihw", mid, down.flatten(1))
    thin = {name: (inner, up)}
    ref = tiny.write(tensors, tmp_path / "mid.safetensors")
    assert near(weighed("sd1", ref), plainly("sd1", thin, tmp_path / "peft.safetensors", 2.0))


def test_dora_is_pefts_at_1_and_nothing_at_0_and_straight_between(tmp_path: Path) -> None:
    denoiser, call = tiny.models("sd1")["denoiser"], tiny.inputs("sd1", rows=2)
    names = tiny.layers(denoiser, "to_q", "to_out.0", "conv1", "conv_shortcut")
    tensors = tiny.peft_spelled(tiny.matrices(denoiser, names), "unet")
    generator = torch.Generator().manual_seed(5)
    for name in names:
        weight = denoiser.get_submodule(name).weight
        lengths = weight.flatten(1).norm(dim=1) * (0.8 + 0.4 * torch.rand(len(weight), generator=generator))
        tensors[f"unet.{name}.lora_magnitude_vector"] = lengths.detach()
    made, loras = tiny.ours("sd1", [tiny.write(tensors, tmp_path / "dora.safetensors")])
    loras.weigh([(1.0,)])
    shaped = {
        key: value.view(1, -1, 1, 1) if "magnitude" in key and "conv" in key else value
        for key, value in tensors.items()
    }
    theirs = call(tiny.theirs("sd1", [(shaped, None)], [1.0]))
    assert near(call(made["denoiser"]), theirs)
    loras.weigh([(1.0,), (1.0,)])
    assert near(call(made["denoiser"]), theirs)
    layer, plain = (m["denoiser"] if isinstance(m, dict) else m for m in (made, denoiser))
    taken = torch.rand(2, 5, 8)
    place = "down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q"
    whole = layer.get_submodule(place)(taken)
    none = plain.get_submodule(place)(taken)
    for pictures in (1, 2):
        loras.weigh([(0.25,)] * pictures, 2 // pictures)
        assert near((layer.get_submodule(place)(taken) - none).detach(), (0.25 * (whole - none)).detach())
