"""Train the text encoder and the U-Net.

`python -m tools.postcard.train WORK --minutes 60` resumes what it finds in WORK; on a machine with
CUDA it uses it.
"""

import argparse
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch
from diffusers.models.attention_processor import AttnProcessor
from torch import Tensor, nn

from anim_runtime.builtin.codec import PostcardCodec
from tools.postcard import basis, model, state, tokens
from tools.postcard.captions import caption, empty_caption
from tools.postcard.dataset import SIZES, Shards
from tools.postcard.objective import channel_weights, loss
from tools.postcard.spec import Spec
from tools.postcard.state import Average
from tools.postcard.together import Team

SHAPE_SHARES = {"square": 0.70, "wide": 0.17, "tall": 0.13}
DROPPED = 0.10
BLURRED_WORD = 0.03
EXTRA_UNKNOWN = 0.15


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told."""

    work: Path
    minutes: float
    batch: int = 32
    rate: float = 1e-3
    decay: float = 0.998
    seed: int = 0
    save_every_s: float = 150.0
    workers: int = 1


class Pair(nn.Module):
    """The U-Net and the text encoder, trained together."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.unet = model.unet(channels)
        if not torch.cuda.is_available():
            self.unet.set_attn_processor(
                AttnProcessor()
            )  # plain matrix products: the fused kernel is slow here
        self.text = model.text_encoder(len(tokens.vocabulary()), tokens.LENGTH)

    def forward(self, noisy: Tensor, time_step: Tensor, ids: Tensor) -> Tensor:
        """Predicted velocities [B,C,h,w] of noisy latents, steps [B] and word ids [B,32]."""
        words = self.text(ids).last_hidden_state
        velocity: Tensor = self.unet(noisy, time_step, words).sample
        return velocity


def load_codec(work: Path, shards: Shards) -> PostcardCodec:
    """The codec with its linear half: read, or fitted and written."""
    codec, path = PostcardCodec(), work / "basis.pt"
    if path.exists():
        held = state.load(path)
        for name in ("basis", "mean", "scale"):
            getattr(codec, name).copy_(held[name])
    else:
        print("explained", round(basis.fit(codec, shards), 4), flush=True)
        state.save(path, {k: getattr(codec, k) for k in ("basis", "mean", "scale")})
    return codec.eval()


class Batches:
    """Latents and word ids, drawn from whatever shards are on disk."""

    def __init__(self, options: Options, team: Team) -> None:
        folder = options.work / "shards"
        self.shards = {shape: Shards(folder, shape) for shape in SIZES}
        self.codec = load_codec(options.work, self.shards["square"])
        self.table = {word: i for i, word in enumerate(tokens.vocabulary())}
        self.options = options
        self.team = team

    def refresh(self) -> None:
        """Take in shards that have appeared since."""
        for shards in self.shards.values():
            shards.refresh()

    def ids(self, rng: np.random.Generator, spec: Spec) -> list[int]:
        """The word ids of a fresh wording, sometimes none, sometimes with unknown words."""
        text = empty_caption(rng) if rng.random() < DROPPED else caption(rng, spec)
        heard = [w if rng.random() > BLURRED_WORD else "<unk>" for w in tokens.words(text)]
        if rng.random() < EXTRA_UNKNOWN:
            for _ in range(int(rng.integers(1, 5))):
                heard.insert(int(rng.integers(len(heard) + 1)), "<unk>")
        return tokens.framed([self.table.get(w, tokens.UNK) for w in heard])

    def draw(self, step: int, device: torch.device) -> tuple[Tensor, Tensor]:
        """The latents [B,C,h,w] and the ids [B,32] of a step; the same for the same step."""
        rng = np.random.default_rng((self.options.seed, step))
        shape = str(rng.choice(list(SHAPE_SHARES), p=list(SHAPE_SHARES.values())))
        height, width = SIZES[shape]
        count = max(1, round(self.options.batch / self.team.size * 128 * 128 / (height * width)))
        rng = np.random.default_rng((self.options.seed, step, self.team.rank))
        images, specs = self.shards[shape].batch(rng, count)
        mirrored = rng.random(count) < 0.5
        images[mirrored] = images[mirrored, :, ::-1]
        planes = torch.from_numpy(images).to(device).permute(0, 3, 1, 2).float() / 255
        ids = torch.tensor([self.ids(rng, s) for s in specs], device=device)
        with torch.no_grad():
            return self.codec.to(device).encode_patches(planes), ids


def rate(options: Options, step: int, progress: float) -> float:
    """The learning rate: 200 steps of warm-up, then half a cosine over the time there is."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return options.rate * min(1.0, (step + 1) / 200) * (0.03 + 0.97 * cosine)


def checkpoint(
    options: Options, pair: Pair, average: Average, optimizer: torch.optim.Optimizer, at: tuple[int, float]
) -> None:
    """Write everything that a later run needs."""
    state.save(options.work / "train.pt", {
        "pair": pair.state_dict(), "average": average.shadow, "optimizer": optimizer.state_dict(),
        "step": at[0], "seconds": at[1], "batch": options.batch,
    })  # fmt: skip


def restore(path: Path, pair: Pair, optimizer: torch.optim.Optimizer) -> tuple[Average, int, float]:
    """Take up a checkpoint if there is one: the average, the step and the seconds spent."""
    if not path.exists():
        return Average.of(pair), 0, 0.0
    held = state.load(path)
    pair.load_state_dict(held["pair"])
    optimizer.load_state_dict(held["optimizer"])
    live = [p.data for p in pair.parameters()]
    shadow = [t.to(p.device) for t, p in zip(held["average"], live, strict=True)]
    return Average(shadow, live), held["step"], held["seconds"]


def run(options: Options, team: Team) -> None:
    """Train until the time is up."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    team.join(options.work)
    torch.manual_seed(options.seed)
    batches = Batches(options, team)
    pair = Pair(batches.codec.channels).to(device)
    optimizer = torch.optim.AdamW(
        pair.parameters(), options.rate, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    average, step, spent = restore(options.work / "train.pt", pair, optimizer)
    torch.manual_seed(hash((options.seed, step, team.rank)))
    signals = torch.cumprod(1 - model.betas(), 0).float().to(device)
    importance = channel_weights(batches.codec).to(device)
    started = time.monotonic() - spent
    saved, mean = time.monotonic(), 0.0
    while spent < options.minutes * 60:
        set_rate(optimizer, rate(options, step, spent / (options.minutes * 60)))
        with torch.autocast(device.type, torch.bfloat16):
            value = loss(pair, *batches.draw(step, device), signals, importance)
        optimizer.zero_grad()
        torch.autograd.backward(value)
        spent = team.average_gradients(pair, time.monotonic() - started)
        nn.utils.clip_grad_norm_(pair.parameters(), 1.0)
        optimizer.step()
        average.update(step := step + 1, options.decay)
        mean += (value.item() - mean) * (0.02 if mean else 1.0)
        if step % 50 == 0:
            batches.refresh()
            team.say(f"step {step} {spent:.0f}s loss {mean:.4f}")
        if team.leads and time.monotonic() - saved > options.save_every_s:
            checkpoint(options, pair, average, optimizer, (step, spent))
            saved = time.monotonic()
    if team.leads:
        checkpoint(options, pair, average, optimizer, (step, spent))


def set_rate(optimizer: torch.optim.Optimizer, value: float) -> None:
    """Give every parameter the learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = value


def _enter(rank: int, options: Options) -> None:
    run(options, Team(rank, options.workers))


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and run, in this process or in several."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--decay", type=float, default=0.998)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1, help="processes of one thread, on a CPU")
    options = Options(**vars(parser.parse_args(arguments)))
    if options.workers == 1:
        run(options, Team())
        return
    (options.work / "meeting").unlink(missing_ok=True)
    context = get_context("spawn")
    team = [context.Process(target=_enter, args=(rank, options)) for rank in range(options.workers)]
    for process in team:
        process.start()
    for process in team:
        process.join()


if __name__ == "__main__":
    main()
