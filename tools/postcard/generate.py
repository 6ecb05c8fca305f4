"""Generate with the exported model, as any diffusers program would.

`python -m tools.postcard.generate out.png "mountains, at night" "city, neon" --steps 16`
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from anim_runtime.builtin import POSTCARD
from anim_runtime.builtin.codec import PostcardCodec
from tools.postcard.noise import Array
from tools.postcard.sheet import save_png, sheet


@dataclass(frozen=True, slots=True)
class Settings:
    """How to sample."""

    height: int = 128
    width: int = 128
    steps: int = 16
    guidance: float = 3.0
    sampler: str = "EulerAncestralDiscreteScheduler"
    seed: int = 0
    strength: float = 1.0
    bfloat16: bool = False


class Postcard:
    """The exported networks, ready to sample."""

    def __init__(self, folder: Path = POSTCARD) -> None:
        import diffusers
        from diffusers.models.attention_processor import AttnProcessor
        from transformers import CLIPTextModel, PreTrainedTokenizerFast

        options: dict[str, Any] = {"local_files_only": True}  # Any: the libraries' keyword arguments
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.unet = diffusers.UNet2DConditionModel.from_pretrained(folder / "unet", **options).float().eval()
        self.text = CLIPTextModel.from_pretrained(folder / "text_encoder", **options).float().eval()
        self.tokenizer = PreTrainedTokenizerFast.from_pretrained(folder / "tokenizer", **options)
        self.codec = PostcardCodec.load(folder / "codec").to(self.device)
        self.base = diffusers.DDIMScheduler.from_pretrained(folder / "scheduler", **options)
        self.unet.to(self.device), self.text.to(self.device)
        if self.device.type == "cpu":
            self.unet.set_attn_processor(AttnProcessor())

    def words(self, prompts: Sequence[str]) -> Tensor:
        """Word states [B,32,128]."""
        ids = self.tokenizer(list(prompts), padding="max_length", truncation=True, return_tensors="pt")
        states: Tensor = self.text(ids["input_ids"].to(self.device)).last_hidden_state
        return states

    def sampler(self, settings: Settings) -> Any:  # Any: diffusers' schedulers share no type
        """A diffusers scheduler by its class name, with trailing steps."""
        import diffusers

        made = getattr(diffusers, settings.sampler).from_config(self.base.config, timestep_spacing="trailing")
        made.set_timesteps(settings.steps, device=self.device)
        return made

    @torch.no_grad()
    def __call__(self, prompts: Sequence[str], settings: Settings, start: Tensor | None = None) -> Tensor:
        """Pictures [B,3,H,W] of 0..1; from `start` [B,3,H,W] at `settings.strength` if there is one."""
        words = torch.cat([self.words([""] * len(prompts)), self.words(prompts)])
        made = self.sampler(settings)
        random = torch.Generator().manual_seed(settings.seed)
        rows, columns = self.codec.latent_size(settings.height, settings.width)
        noise = torch.randn(len(prompts), self.codec.channels, rows, columns, generator=random).to(
            self.device
        )
        skip = 0
        latents = noise * made.init_noise_sigma
        if start is not None:
            skip = min(len(made.timesteps) - 1, round(len(made.timesteps) * (1 - settings.strength)))
            if hasattr(made, "set_begin_index"):
                made.set_begin_index(skip)
            latents = made.add_noise(self.codec.encode(start), noise, made.timesteps[skip : skip + 1])
        for at in made.timesteps[skip:]:
            scaled = made.scale_model_input(latents, at)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=settings.bfloat16):
                both = self.unet(torch.cat([scaled, scaled]), at, words).sample.float()
            plain, told = both.chunk(2)
            latents = made.step(plain + settings.guidance * (told - plain), at, latents).prev_sample
        return self.codec.decode(latents, settings.height, settings.width)


def to_arrays(images: Tensor) -> list[Array]:
    """Pictures [B,3,H,W] as arrays [H,W,3]."""
    return [np.asarray(i, np.float32) for i in images.permute(0, 2, 3, 1).cpu().numpy()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Generate one picture for each prompt onto one sheet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("prompts", nargs="+")
    for name, default in (("height", 128), ("width", 128), ("steps", 16), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--sampler", default="EulerAncestralDiscreteScheduler")
    parser.add_argument("--columns", type=int, default=6)
    parser.add_argument("--folder", type=Path, default=POSTCARD)
    given = vars(parser.parse_args(arguments))
    out, prompts, columns, folder = (given.pop(k) for k in ("out", "prompts", "columns", "folder"))
    postcard = Postcard(folder)
    began = time.perf_counter()
    images = to_arrays(postcard(prompts, Settings(**given)))
    print(f"{(time.perf_counter() - began) / len(prompts):.3f} s a picture")
    save_png(out, sheet(images, columns))


if __name__ == "__main__":
    main()
