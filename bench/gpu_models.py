"""Models of random weights in the layout of diffusers: as large as the real ones, which take as long."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

#: the architectures by the name of the folder that they are written to, and the configs that they have
SIZES = {"sd15": "sd1", "turbo": "sd2"}
#: what the tiny ones have instead, so that all of it can be tried without a graphics card
TINY_UNET = {
    "block_out_channels": (16, 32),
    "layers_per_block": 1,
    "down_block_types": ("CrossAttnDownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "CrossAttnUpBlock2D"),
    "norm_num_groups": 4,
    "attention_head_dim": 4,
    "cross_attention_dim": 32,
    "use_linear_projection": False,
}
TINY_VAE = {"block_out_channels": (8, 8, 16, 16), "layers_per_block": 1, "norm_num_groups": 4}
TINY_TEXT = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
#: what SD-Turbo says of itself: noise is predicted, and its few steps are the ends of equal parts
TURBO = {"prediction_type": "epsilon", "timestep_spacing": "trailing"}


def write_model(name: str, folder: Path, *, tiny: bool, dtype: Any) -> Path:
    """Write a model of `SIZES` into the folder, in a dtype of torch, which is imported here: hence Any."""
    import diffusers
    import torch
    import transformers

    from anim_runtime.diffusion.families.clip_words import CONFIGS, clip_tokenizer

    torch.manual_seed(3)
    configs = CONFIGS / SIZES[name]

    def config(part: str, small: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = json.loads((configs / part / "config.json").read_text("utf-8"))
        return told | (small if tiny else {})

    library: Any = diffusers
    text = transformers.CLIPTextConfig(**config("text_encoder", TINY_TEXT))
    schedule = json.loads((configs / "scheduler" / "scheduler_config.json").read_text("utf-8"))
    is_turbo = name == "turbo"
    scheduler = library.EulerDiscreteScheduler if is_turbo else library.DDIMScheduler
    made = {
        "unet": library.UNet2DConditionModel.from_config(config("unet", TINY_UNET)).to(dtype),
        "vae": library.AutoencoderKL.from_config(config("vae", TINY_VAE)).to(dtype),
        "text_encoder": transformers.CLIPTextModel(text).to(dtype),
        "tokenizer": clip_tokenizer("!") if is_turbo else clip_tokenizer(),
        "scheduler": scheduler.from_config(schedule | (TURBO if is_turbo else {})),
    }
    index: dict[str, Any] = {"_class_name": "StableDiffusionPipeline", "_diffusers_version": "0.42.1"}
    for part, thing in made.items():
        thing.save_pretrained(folder / part)
        index[part] = [type(thing).__module__.partition(".")[0], type(thing).__name__]
    index |= {"safety_checker": [None, None], "feature_extractor": [None, None]}
    index["requires_safety_checker"] = False
    (folder / "model_index.json").write_text(json.dumps(index), encoding="utf-8")
    return folder


def write_taesd(folder: Path, *, tiny: bool, dtype: Any) -> Path:
    """Write a tiny autoencoder as TAESD is built, whose pictures are not black, as random ones mostly are."""
    import diffusers
    import torch

    torch.manual_seed(4)
    wide = {"encoder_block_out_channels": (8,) * 4, "decoder_block_out_channels": (8,) * 4} if tiny else {}
    vae: Any = diffusers.AutoencoderTiny(**wide)
    with torch.no_grad():
        vae.decoder.layers[-1].bias.fill_(0.5)
    vae.to(dtype).save_pretrained(folder)
    return folder


def flops_of(folder: Path, vae: Path, size: int, rows: int, steps: int) -> float:
    """Floating point operations of a frame: both ways through the autoencoder, and `steps` calls of the U-Net
    with so many rows; two a multiplication and addition.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    unet, codec = _bare(folder / "unet"), _bare(vae)
    edge = size // 2 ** (len(codec.config.block_out_channels) - 1)
    empty = torch.empty
    with torch.device("meta"), torch.inference_mode():
        with FlopCounterMode(display=False) as both:
            codec.encode(empty(1, 3, size, size))
            codec.decode(empty(1, 4, edge, edge))
        with FlopCounterMode(display=False) as one:
            unet(empty(1, 4, edge, edge), empty(1), empty(1, 77, unet.config.cross_attention_dim))
    return float(both.get_total_flops() + rows * steps * one.get_total_flops())


def _bare(folder: Path) -> Any:
    """A model of diffusers without numbers, by its config; untyped, hence Any."""
    import diffusers
    import torch

    library: Any = diffusers
    told = json.loads((folder / "config.json").read_text("utf-8"))
    with torch.device("meta"):
        return getattr(library, told["_class_name"]).from_config(told)
