"""Train the codec's decoder and enlarger: `python -m tools.postcard.train_codec WORK --minutes 12`.

The decoder sees latents with noise and faded details, so that it forgives what the U-Net draws.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from anim_runtime.builtin.codec import PostcardCodec
from tools.postcard import state
from tools.postcard.dataset import Bytes, Shards
from tools.postcard.scenes import picture
from tools.postcard.train import load_codec

CROP = 64
NOISE = 0.22
FADE = 0.35
LARGE_SEED = 40_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told."""

    work: Path
    minutes: float
    batch: int = 24
    rate: float = 1.5e-3
    large: int = 500


def large_pictures(work: Path, count: int) -> Bytes:
    """Pictures of 256 px, uint8 [N,256,256,3]; drawn once."""
    path = work / "large.npy"
    if not path.exists():
        drawn = [picture(LARGE_SEED + i, 256, 256).rgb for i in range(count)]
        np.save(path, np.stack([np.round(p * 255).astype(np.uint8) for p in drawn]))
    images: Bytes = np.load(path, mmap_mode="r")
    return images


def planes(images: Bytes, crop: int, rng: np.random.Generator) -> Tensor:
    """Random crops on the 8-pixel lattice, mirrored or not: [B,3,crop,crop] of 0..1."""
    height, width = images.shape[1:3]
    cut = []
    for image in images:
        y, x = (8 * int(rng.integers((side - crop) // 8 + 1)) for side in (height, width))
        piece = image[y : y + crop, x : x + crop]
        cut.append(piece[:, ::-1] if rng.random() < 0.5 else piece)
    return torch.from_numpy(np.stack(cut)).permute(0, 3, 1, 2).float() / 255


def disturbed(latents: Tensor) -> Tensor:
    """Latents [B,C,h,w] with noise and faded fine components, none of it in a third of them."""
    count, channels = latents.shape[:2]
    much = (torch.rand(count, 1, 1, 1, device=latents.device) * 1.5 - 0.5).clamp(min=0)
    ramp = torch.linspace(0, 1, channels, device=latents.device).view(1, -1, 1, 1)
    noisy = latents + NOISE * much * torch.randn_like(latents)
    return noisy * (1 - FADE * much * ramp)


def difference(made: Tensor, wanted: Tensor) -> Tensor:
    """L1 of the pictures and of their gradients."""
    down = (made.diff(dim=-2) - wanted.diff(dim=-2)).abs().mean()
    along = (made.diff(dim=-1) - wanted.diff(dim=-1)).abs().mean()
    return (made - wanted).abs().mean() + 0.7 * (down + along)


def step_loss(codec: PostcardCodec, small: Tensor, large: Tensor | None) -> Tensor:
    """The loss of the decoder on pictures [B,3,H,W], or of the enlarger on pairs of them."""
    with torch.no_grad():
        latents = codec.encode_patches(small)
    if large is None:
        return difference(codec.decode_patches(disturbed(latents)).float(), small)
    with torch.no_grad():
        decoded = codec.decode_patches(latents).clamp(0, 1)
    return difference(codec.enlarger(decoded).float(), large)


def run(options: Options) -> None:
    """Train until the time is up, from what is there."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.manual_seed(0)
    shards = Shards(options.work / "shards", "square")
    codec = load_codec(options.work, shards)
    path, step, before = options.work / "codec.pt", 0, 0.0
    if path.exists():
        held = state.load(path)
        codec.load_state_dict(held["codec"])
        step, before = held["step"], held["seconds"]
    codec.to(device).train()
    large = large_pictures(options.work, options.large)
    optimizer = torch.optim.AdamW(codec.parameters(), options.rate, betas=(0.9, 0.98), weight_decay=0.0)
    began, mean = time.monotonic(), 0.0
    while (spent := before + time.monotonic() - began) < options.minutes * 60:
        rng = np.random.default_rng((7, step))
        for group in optimizer.param_groups:
            group["lr"] = (
                options.rate * min(1, (step + 1) / 50) * max(0.02, 1 - spent / (options.minutes * 60))
            )
        pair = _pair(rng, shards, large, options.batch, step)
        with torch.autocast(device.type, torch.bfloat16):
            value = step_loss(codec, pair[0].to(device), None if pair[1] is None else pair[1].to(device))
        optimizer.zero_grad()
        torch.autograd.backward(value)
        torch.nn.utils.clip_grad_norm_(codec.parameters(), 1.0)
        optimizer.step()
        step += 1
        if pair[1] is None:
            mean = value.item() if mean == 0 else 0.98 * mean + 0.02 * value.item()
        if step % 100 == 0:
            print(f"step {step} {spent:.0f}s loss {mean:.5f}", flush=True)
            state.save(path, {"codec": codec.state_dict(), "step": step, "seconds": spent})
    state.save(path, {"codec": codec.state_dict(), "step": step, "seconds": spent})


def _pair(
    rng: np.random.Generator, shards: Shards, large: Bytes, batch: int, step: int
) -> tuple[Tensor, Tensor | None]:
    if step % 5 != 4:
        return planes(shards.batch(rng, batch)[0], CROP, rng), None
    rows = rng.integers(len(large), size=batch // 2)
    whole = planes(large[rows], 2 * CROP, rng)
    return functional.avg_pool2d(whole, 2), whole


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    run(Options(**vars(parser.parse_args(arguments))))


if __name__ == "__main__":
    main()
