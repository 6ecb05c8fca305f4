"""Train a LoRA for postcard on a style that it does not know: blueprints.

`python -m tools.postcard.lora OUT.safetensors --minutes 20` draws its pictures, trains, and writes the file;
`--sheet SHEET.png` shows what it was trained on above what the model makes of it at weights 0, ½ and 1.
The words stay those of the model: the style comes by the LoRA's weight alone.
"""

import argparse
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from tools.postcard.captions import caption, empty_caption
from tools.postcard.generate import Postcard, Settings, to_arrays
from tools.postcard.mood import mix, rgb
from tools.postcard.noise import Array, single
from tools.postcard.objective import channel_weights, loss
from tools.postcard.plate import Plate
from tools.postcard.scenes import paint
from tools.postcard.sheet import save_png, sheet
from tools.postcard.spec import Spec, random_spec
from tools.postcard.styles import grey

FIRST_SEED = 70_000_000
SIDE = 128
PAPER = rgb(0.05, 0.17, 0.46)
CHALK = rgb(0.90, 0.96, 1.0)
PROMPTS = (
    "mountains",
    "city",
    "lake",
    "forest",
    "ocean, at night",
    "meadow, autumn",
    "a red bottle",
    "desert",
)
LIMIT_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told."""

    out: Path
    minutes: float = 20.0
    pictures: int = 1600
    batch: int = 12
    rank: int = 4
    rate: float = 2e-3
    sheet: Path | None = None
    seed: int = 0


def blueprint(plate: Plate) -> Array:
    """White lines on blue paper with a faint grid; what is light is a little paler."""
    where = plate.grid
    luma = grey(np.clip(plate.rgb, 0, 1))
    ground = mix(PAPER, CHALK, 0.16)[None, None] * luma[..., None] + PAPER * (1 - luma[..., None])
    pitch = where.height / 8
    rows, columns = np.arange(where.height) % pitch < 1, np.arange(where.width) % pitch < 1
    ruled = (rows[:, None] | columns[None, :]).astype(np.float32) * 0.14
    lines = np.clip(cv2.GaussianBlur(plate.lines, (0, 0), 0.6) * 1.25 + plate.lights * 0.5, 0, 0.95)
    share = np.maximum(lines, ruled)[..., None]
    return single(ground * (1 - share) + CHALK * share)


def drawn(seed: int) -> tuple[Array, Spec]:
    """The blueprint that belongs to a seed, and what it shows."""
    rng = np.random.default_rng(FIRST_SEED + seed)
    spec = Spec(random_spec(rng, 0.12).subject, "photo")
    return np.clip(blueprint(paint(rng, spec, SIDE, SIDE)), 0, 1), spec


class Lessons:
    """Latents of blueprints and the states of their captions, as the model's own parts encode them."""

    @torch.no_grad()
    def __init__(self, model: Postcard, options: Options) -> None:
        latents, words = [], []
        rng = np.random.default_rng(options.seed)
        for seed in range(options.pictures):
            image, spec = drawn(seed)
            flipped = image[:, ::-1] if seed % 2 else image
            plane = torch.from_numpy(np.ascontiguousarray(flipped)).permute(2, 0, 1)[None].float()
            latents.append(model.codec.encode_patches(plane))
            text = empty_caption(rng) if rng.random() < 0.1 else caption(rng, spec)
            words.append(model.words([text]))
        self.latents, self.words = torch.cat(latents), torch.cat(words)

    def batch(self, step: int, options: Options) -> tuple[Tensor, Tensor]:
        """Latents [B,C,h,w] and word states [B,32,128] of a step."""
        generator = torch.Generator().manual_seed(options.seed * 1_000_003 + step)
        rows = torch.randint(len(self.latents), (options.batch,), generator=generator)
        return self.latents[rows], self.words[rows]


class Guided(nn.Module):
    """The U-Net as `objective.loss` calls it: with states in the place of word ids."""

    def __init__(self, unet: nn.Module) -> None:
        super().__init__()
        self.unet = unet

    def forward(self, noisy: Tensor, time_step: Tensor, words: Tensor) -> Tensor:
        """Predicted velocities [B,C,h,w]."""
        velocity: Tensor = self.unet(noisy, time_step, words).sample
        return velocity


def with_adapter(model: Postcard, rank: int) -> Any:  # Any: diffusers' models are untyped
    """The model's U-Net with thin matrices, which start as nothing, beside all layers but those of time."""
    from peft import LoraConfig

    unet = model.unet.requires_grad_(requires_grad=False)
    kinds = (nn.Linear, nn.Conv2d)
    names = [name for name, m in unet.named_modules() if isinstance(m, kinds) and "time_emb" not in name]
    unet.add_adapter(LoraConfig(r=rank, lora_alpha=rank, target_modules=names))
    return unet


def train(model: Postcard, options: Options) -> Any:
    """The U-Net with its trained adapter."""
    torch.manual_seed(options.seed)
    lessons = Lessons(model, options)
    unet = with_adapter(model, options.rank)
    thin = [p for p in unet.parameters() if p.requires_grad]
    print(len(lessons.latents), "pictures,", sum(p.numel() for p in thin), "weights", flush=True)
    optimizer = torch.optim.AdamW(thin, options.rate, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
    signals = torch.cumprod(1 - _betas(model), 0).float()
    importance, pair = channel_weights(model.codec), Guided(unet)
    began, step, mean, progress = time.monotonic(), 0, 0.0, 0.0
    while progress < 1.0:
        warm = min(1.0, (step + 1) / 50)
        for group in optimizer.param_groups:
            group["lr"] = options.rate * warm * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * progress)))
        with torch.autocast("cpu", torch.bfloat16):
            value = loss(pair, *lessons.batch(step, options), signals, importance)
        optimizer.zero_grad()
        torch.autograd.backward(value)
        nn.utils.clip_grad_norm_(thin, 1.0)
        optimizer.step()
        step += 1
        mean += (value.item() - mean) * (0.02 if step > 1 else 1.0)
        progress = (time.monotonic() - began) / (options.minutes * 60)
        if step % 50 == 0:
            print(f"step {step} {time.monotonic() - began:.0f}s loss {mean:.4f}", flush=True)
        if step % 400 == 0:
            save(unet, options.out, step)
    save(unet, options.out, step)
    return unet


def _betas(model: Postcard) -> Tensor:
    return torch.as_tensor(model.base.betas, dtype=torch.float64)


def save(unet: Any, path: Path, steps: int) -> None:
    """Write the adapter in half precision, in the names of diffusers."""
    from peft import get_peft_model_state_dict
    from safetensors.torch import save_file

    tensors = {
        f"unet.{name}": t.detach().half().contiguous() for name, t in get_peft_model_state_dict(unet).items()
    }
    metadata = {
        "modelspec.title": "Blueprint",
        "modelspec.description": "white lines on blue paper, for the built-in model postcard",
        "modelspec.license": "the project's own; every training picture was drawn by tools/postcard",
        "ss_steps": str(steps),
    }
    save_file(tensors, path, metadata)
    if path.stat().st_size > LIMIT_BYTES:
        raise ValueError(f"{path.stat().st_size} bytes; {LIMIT_BYTES} may ship")


def show(model: Postcard, path: Path) -> None:
    """A sheet: drawings first, then what the model makes of prompts at weights 0, ½ and 1."""
    rows = [[drawn(10_000_000 + i)[0] for i in range(len(PROMPTS))]]
    for weight in (0.0, 0.5, 1.0):
        model.unet.set_adapters(["default"], [weight])
        rows.append(to_arrays(model(PROMPTS, Settings(seed=5, bfloat16=True))))
    save_png(path, sheet([image for row in rows for image in row], len(PROMPTS)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse, train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sheet", type=Path)
    for name in ("minutes", "pictures", "batch", "rank", "rate", "seed"):
        default = getattr(Options(Path()), name)
        parser.add_argument(f"--{name}", type=type(default), default=default)
    options = Options(**vars(parser.parse_args(arguments)))
    model = Postcard()
    train(model, options)
    if options.sheet is not None:
        show(model, options.sheet)


if __name__ == "__main__":
    main()
