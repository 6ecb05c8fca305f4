"""Train a small ControlNet for the built-in model: it keeps the hard edges of a picture.

`python -m tools.postcard.train_control WORK OUT --minutes 25` learns from the squares that
`tools.postcard.dataset` drew into WORK and writes a folder as diffusers does. The U-Net stays as it is; the
ControlNet begins with its down blocks, but for their attention: edges say where things are, not what.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from anim_runtime.ops.hints.canny import hint_canny
from anim_runtime.ops.kernel import FrameContext
from tools.postcard.captions import caption, empty_caption
from tools.postcard.dataset import Shards
from tools.postcard.generate import Postcard
from tools.postcard.objective import channel_weights, loss
from tools.postcard.state import Average

DROPPED = 0.15
#: thresholds that are drawn for each batch around those that films have by default
LOW, HIGH = (60, 120), (140, 240)
#: the first layers of the ControlNet, which take the hint to the size of the latents
HINT_CHANNELS = (16, 32, 48, 80)


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told."""

    work: Path
    out: Path
    minutes: float
    batch: int = 10
    rate: float = 1e-3
    decay: float = 0.995
    seed: int = 0


class Guided(nn.Module):
    """The U-Net with what the ControlNet adds; only that learns."""

    def __init__(self, postcard: Postcard, net: Any) -> None:  # Any: diffusers' models are untyped
        super().__init__()
        self.net = net
        self.hint: Tensor | None = None
        self._unet = (postcard.unet,)  # in a tuple, so that it is none of this module's own

    def forward(self, noisy: Tensor, time_step: Tensor, words: Tensor) -> Tensor:
        """Predicted velocities [B,C,h,w] of noisy latents, steps [B] and word states [B,32,128]."""
        down, middle = self.net(noisy, time_step, words, self.hint, return_dict=False)
        velocity: Tensor = self._unet[0](
            noisy,
            time_step,
            words,
            down_block_additional_residuals=down,
            mid_block_additional_residual=middle,
        ).sample
        return velocity


def fresh(unet: Any) -> Any:  # Any: diffusers' models are untyped
    """A ControlNet for the U-Net with what it shares with it already learned."""
    from diffusers import ControlNetModel
    from diffusers.models.attention_processor import AttnProcessor

    config = unet.config
    net = ControlNetModel(
        in_channels=config.in_channels,
        block_out_channels=config.block_out_channels,
        down_block_types=("DownBlock2D",) * len(config.block_out_channels),
        mid_block_type="UNetMidBlock2D",
        layers_per_block=config.layers_per_block,
        norm_num_groups=config.norm_num_groups,
        cross_attention_dim=config.cross_attention_dim,
        attention_head_dim=config.attention_head_dim,
        conditioning_embedding_out_channels=HINT_CHANNELS,
    )
    own, theirs = net.state_dict(), unet.state_dict()
    shared = {k: v for k, v in theirs.items() if k in own and own[k].shape == v.shape}
    net.load_state_dict(own | shared)
    net.set_attn_processor(AttnProcessor())
    return net


class Batches:
    """Latents, hints and word states of the squares on disk."""

    def __init__(self, options: Options, postcard: Postcard) -> None:
        self.shards = Shards(options.work / "shards", "square")
        self.options = options
        self.postcard = postcard

    def draw(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """The latents [B,C,16,16], hints [B,3,128,128] and word states of a step; the same for the same."""
        rng = np.random.default_rng((self.options.seed, step))
        images, specs = self.shards.batch(rng, self.options.batch)
        mirrored = rng.random(len(images)) < 0.5
        images[mirrored] = images[mirrored, :, ::-1]
        planes = torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255
        texts = [empty_caption(rng) if rng.random() < DROPPED else caption(rng, spec) for spec in specs]
        low, high = float(rng.integers(*LOW)), float(rng.integers(*HIGH))
        frame = FrameContext(0, 128, 128, planes.device)
        with torch.no_grad():
            hints = hint_canny([planes], {"low": low, "high": high}, frame)
            return self.postcard.codec.encode_patches(planes), hints, self.postcard.words(texts)


def run(options: Options) -> None:
    """Train until the time is up, and write the running average."""
    torch.manual_seed(options.seed)
    postcard = Postcard()
    postcard.unet.requires_grad_(requires_grad=False)
    guided = Guided(postcard, fresh(postcard.unet))
    batches = Batches(options, postcard)
    optimizer = torch.optim.AdamW(guided.parameters(), options.rate, betas=(0.9, 0.98), weight_decay=0.01)
    average = Average.of(guided)
    signals = torch.cumprod(1 - postcard.base.betas, 0).float()
    importance = channel_weights(postcard.codec)
    started, step, mean, saved = time.monotonic(), 0, 0.0, 0.0
    while (spent := (time.monotonic() - started) / 60) < options.minutes:
        cosine = 0.5 * (1 + math.cos(math.pi * spent / options.minutes))
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1.0, (step + 1) / 100) * (0.03 + 0.97 * cosine)
        latents, guided.hint, words = batches.draw(step)
        with torch.autocast("cpu", torch.bfloat16):
            value = loss(guided, latents, words, signals, importance)
        optimizer.zero_grad()
        torch.autograd.backward(value)
        nn.utils.clip_grad_norm_(guided.parameters(), 1.0)
        optimizer.step()
        average.update(step := step + 1, options.decay)
        mean += (value.item() - mean) * (0.02 if step > 1 else 1.0)
        if step % 50 == 0:
            print(f"step {step} {spent:.1f} min loss {mean:.4f}", flush=True)
        if spent - saved > 2:
            saved = spent
            write(options, guided, average, step, spent)
    write(options, guided, average, step, options.minutes)


def write(options: Options, guided: Guided, average: Average, step: int, minutes: float) -> None:
    """Write the average as fp16, with a card that says how it was made."""
    # a copy: the average and the optimizer hold on to the parameters themselves
    net = copy.deepcopy(guided.net)
    average.copy_to(net)
    net.half().save_pretrained(options.out)
    count = sum(p.numel() for p in net.parameters())
    card = {"name": "postcard-canny", "steps": step, "minutes": round(minutes, 1), "parameters": count}
    (options.out / "model_card.json").write_text(json.dumps(card, indent=2) + "\n")


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--batch", type=int, default=10)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.995)
    parser.add_argument("--seed", type=int, default=0)
    run(Options(**vars(parser.parse_args(arguments))))


if __name__ == "__main__":
    main()
