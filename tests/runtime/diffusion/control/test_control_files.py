"""ControlNets from folders and single files, and those that do not suit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import diffusers
import pytest
import torch
from safetensors.torch import save_file
from tests.runtime.diffusion.control import tiny_nets as tiny
from tests.runtime.diffusion.families import parts

from anim_compiler.plan import NamedRef
from anim_runtime.diffusion.codec import VaeCodec
from anim_runtime.diffusion.control.loading import load_controls
from anim_runtime.diffusion.control.nets import ControlNets
from anim_runtime.models.library import Places
from anim_runtime.problems import RenderProblem

CPU = torch.device("cpu")


def _loaded(path: Path, unet: Any, vae: Any) -> ControlNets:
    controls = (NamedRef(name="edges", kind="canny", reference=str(path), sha256=""),)
    made = load_controls(controls, Places().find, tiny.denoiser_of(unet), VaeCodec(vae), CPU)
    assert made is not None
    return made


def _weights(nets: ControlNets) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = nets._nets["edges"]._model.state_dict()  # type: ignore[attr-defined]
    return {name.replace("embedding.module.", "embedding."): value for name, value in state.items()}


@pytest.mark.parametrize("family", ["sd1", "sdxl"])
@pytest.mark.parametrize("how", ["folder", "file"])
def test_loads_what_diffusers_saved(how: str, family: str, tmp_path: Path) -> None:
    unet, vae = tiny.sd1() if family == "sd1" else tiny.sdxl()
    net = tiny.unet_net(unet)
    path = tmp_path / "net"
    net.save_pretrained(path)
    if how == "file":
        path = path / "diffusion_pytorch_model.safetensors"
    found = _weights(_loaded(path, unet, vae))
    assert found.keys() == net.state_dict().keys()
    assert all(torch.equal(found[name], value) for name, value in net.state_dict().items())


#: what the training program calls the parts of a residual block
_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "time_emb_proj": "emb_layers.1",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "conv_shortcut": "skip_connection",
}


def _original(name: str) -> str:
    """The name of a tensor of a network of four levels and two layers, in ControlNet's own `cldm.py`."""
    first, *rest = name.split(".")
    match first, rest:
        case "conv_in", [end]:
            return f"input_blocks.0.0.{end}"
        case "time_embedding", [layer, end]:
            return f"time_embed.{(int(layer[-1]) - 1) * 2}.{end}"
        case "controlnet_cond_embedding", ["conv_in", end]:
            return f"input_hint_block.0.{end}"
        case "controlnet_cond_embedding", ["conv_out", end]:
            return f"input_hint_block.14.{end}"
        case "controlnet_cond_embedding", ["blocks", number, end]:
            return f"input_hint_block.{2 + 2 * int(number)}.{end}"
        case "controlnet_down_blocks", [number, end]:
            return f"zero_convs.{number}.0.{end}"
        case "controlnet_mid_block", [end]:
            return f"middle_block_out.0.{end}"
        case "down_blocks", [level, "resnets", layer, part, end]:
            return f"input_blocks.{1 + 3 * int(level) + int(layer)}.0.{_RESNET[part]}.{end}"
        case "down_blocks", [level, "attentions", layer, *inner]:
            return f"input_blocks.{1 + 3 * int(level) + int(layer)}.1.{'.'.join(inner)}"
        case "down_blocks", [level, "downsamplers", "0", "conv", end]:
            return f"input_blocks.{3 * (int(level) + 1)}.0.op.{end}"
        case "mid_block", ["resnets", number, part, end]:
            return f"middle_block.{2 * int(number)}.{_RESNET[part]}.{end}"
        case _, ["attentions", "0", *inner]:
            return f"middle_block.1.{'.'.join(inner)}"
    raise AssertionError(name)


@pytest.mark.parametrize("prefix", ["", "control_model."])
def test_loads_the_names_of_the_training_program(prefix: str, tmp_path: Path) -> None:
    """Files as `control_v11p_sd15_canny.safetensors` are, with and without the prefix."""
    unet = parts.unet(
        16,
        layers_per_block=2,
        block_out_channels=(8, 8, 16, 16),
        down_block_types=("CrossAttnDownBlock2D",) * 3 + ("DownBlock2D",),
        up_block_types=("UpBlock2D",) + ("CrossAttnUpBlock2D",) * 3,
    )
    known: Any = diffusers.ControlNetModel
    net = tiny.loud(known.from_unet(unet), 5)
    path = tmp_path / "edges.safetensors"
    save_file({prefix + _original(name): value for name, value in net.state_dict().items()}, path)
    found = _weights(_loaded(path, unet, parts.vae()))
    assert all(torch.equal(found[name], value) for name, value in net.state_dict().items())


def test_another_width_of_words_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    unet, vae = tiny.sd1()
    key = "control_model.input_blocks.1.1.transformer_blocks.0.attn2.to_k.weight"
    save_file({key: torch.zeros(8, 768)}, tmp_path / "sd15.safetensors")
    with pytest.raises(RenderProblem, match=r"is for Stable Diffusion 1\.x, and the model is") as caught:
        _loaded(tmp_path / "sd15.safetensors", unet, vae)
    assert caught.value.exit_code == 7


def test_one_for_another_model_is_refused_by_name(tmp_path: Path) -> None:
    unet, _ = tiny.sd1()
    larger, vae = tiny.sdxl()
    tiny.unet_net(unet).save_pretrained(tmp_path / "net")
    with pytest.raises(RenderProblem, match=r"the ControlNet `.*` of `control edges` is for") as caught:
        _loaded(tmp_path / "net", larger, vae)
    assert "same family" in caught.value.hint


@pytest.mark.parametrize("kind", ["other class", "no config", "damaged", "lora"])
def test_what_is_no_control_net_is_said_so(kind: str, tmp_path: Path) -> None:
    unet, vae = tiny.sd1()
    path = tmp_path / "net"
    tiny.unet_net(unet).save_pretrained(path)
    if kind == "other class":
        (path / "config.json").write_text(json.dumps({"_class_name": "UNet2DConditionModel"}))
    elif kind == "no config":
        (path / "diffusion_pytorch_model.safetensors").unlink()
    else:
        path = path / "diffusion_pytorch_model.safetensors"
        if kind == "damaged":
            path.write_bytes(path.read_bytes()[:-100])
        else:
            save_file({"lora_unet.lora_down.weight": torch.zeros(4, 4)}, path)
    with pytest.raises(RenderProblem, match="cannot be loaded") as caught:
        _loaded(path, unet, vae)
    assert caught.value.exit_code == 7


def test_a_file_that_two_controls_name_is_loaded_once(tmp_path: Path) -> None:
    unet, vae = tiny.sd1()
    tiny.unet_net(unet).save_pretrained(tmp_path)
    controls = tuple(
        NamedRef(name=name, kind="canny", reference=str(tmp_path), sha256="") for name in ("near", "far")
    )
    made = load_controls(controls, Places().find, tiny.denoiser_of(unet), VaeCodec(vae), CPU)
    assert made is not None
    assert made.names == ("near", "far")
    first, second = (net._model for net in made._nets.values())  # type: ignore[attr-defined]
    assert first is second


@pytest.mark.parametrize("middle", ["UNetMidBlock2D", "UNetMidBlock2DCrossAttn"])
def test_one_without_attention_is_for_the_models_words(middle: str, tmp_path: Path) -> None:
    """As the small ones of Stable Diffusion XL are, and that of the built-in model: no tensor tells words."""
    unet, vae = tiny.sdxl()
    plain = {
        **{name: value for name, value in unet.config.items() if not name.startswith("_")},
        "conditioning_embedding_out_channels": tiny.CHANNELS,
        "down_block_types": ("DownBlock2D",) * len(unet.config.block_out_channels),
        "mid_block_type": middle,
    }
    known: Any = diffusers.ControlNetModel
    net = tiny.loud(known.from_config(plain), 6)
    path = tmp_path / "small.safetensors"
    save_file(net.state_dict(), path)
    found = _weights(_loaded(path, unet, vae))
    assert set(found) ^ set(net.state_dict()) == set()


@pytest.mark.parametrize("how", ["folder", "file"])
@pytest.mark.parametrize("kind", ["lacks", "nan", "wide"])
def test_what_is_not_whole_is_told_by_name(kind: str, how: str, tmp_path: Path) -> None:
    """diffusers makes up random weights for a tensor that a folder lacks, and says so to nobody here."""
    unet, vae = tiny.sd1()
    net = tiny.unet_net(unet)
    net.save_pretrained(tmp_path)
    path = tmp_path / "diffusion_pytorch_model.safetensors"
    tensors, name = net.state_dict(), "controlnet_mid_block.bias"
    if kind == "lacks":
        del tensors[name]
    else:
        tensors[name] = torch.full((64,) if kind == "wide" else tensors[name].shape, torch.nan)
    save_file(tensors, path)
    said = "hold no numbers" if kind == "nan" else name
    with pytest.raises(RenderProblem, match=f"`control edges` cannot be loaded: .*{said}"):
        _loaded(tmp_path if how == "folder" else path, unet, vae)


def test_a_folder_with_half_precision_alone_is_read(tmp_path: Path) -> None:
    unet, vae = tiny.sd1()
    tiny.unet_net(unet).save_pretrained(tmp_path, variant="fp16")
    assert _loaded(tmp_path, unet, vae).names == ("edges",)
