"""Train the estimator: `python -m tools.depth.train WORK --steps 4000` resumes what it finds in WORK.

It takes a GPU where there is one. Which pictures a step sees depends on the seed and the step alone.
"""

import argparse
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from anim_runtime.depth.net import DepthNet
from tools.depth.augment import Batches
from tools.depth.objective import loss
from tools.postcard import state


@dataclass(frozen=True, slots=True)
class Options:
    """What a run is told."""

    work: Path
    steps: int = 4000
    batch: int = 32
    rate: float = 2e-3
    seed: int = 0
    save_every_s: float = 120.0


@dataclass(slots=True)
class Run:
    """A network in training."""

    net: DepthNet
    optimizer: torch.optim.Optimizer
    step: int = 0
    seconds: float = 0.0

    def save(self, path: Path) -> None:
        """Write what a later run needs."""
        state.save(path, {
            "net": self.net.state_dict(), "optimizer": self.optimizer.state_dict(),
            "step": self.step, "seconds": self.seconds,
        })  # fmt: skip

    def restore(self, path: Path) -> None:
        """Take up a checkpoint if there is one."""
        if path.exists():
            held = state.load(path)
            self.net.load_state_dict(held["net"])
            self.optimizer.load_state_dict(held["optimizer"])
            self.step, self.seconds = held["step"], held["seconds"]


def rate(options: Options, step: int) -> float:
    """The learning rate: 100 steps of warm-up, then half a cosine."""
    cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / options.steps)))
    return options.rate * min(1.0, (step + 1) / 100) * (0.005 + 0.995 * cosine)


def run(options: Options) -> Run:
    """Train to `options.steps`, or from there where a run left off."""
    torch.manual_seed(options.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = DepthNet().to(device).laid_out()
    made = Run(net, torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=0.01))
    path = options.work / "train.pt"
    made.restore(path)
    batches, saved = Batches(options.work / "shards", options.seed), time.monotonic()
    while made.step < options.steps:
        since = time.monotonic()
        value = step(made, batches, options, device)
        made.seconds += time.monotonic() - since
        if made.step % 50 == 0:
            print(made.step, round(value, 4), round(made.seconds, 1), flush=True)
        if time.monotonic() - saved > options.save_every_s:
            made.save(path)
            saved = time.monotonic()
    made.save(path)
    return made


def step(made: Run, batches: Batches, options: Options, device: torch.device) -> float:
    """One step; the loss before it."""
    images, away = batches.draw(made.step, options.batch, device)
    for group in made.optimizer.param_groups:
        group["lr"] = rate(options, made.step)
    made.net.train()
    with torch.autocast(device.type, torch.bfloat16):
        found = made.net(images.contiguous(memory_format=torch.channels_last))
    value = loss(found.float(), away)
    made.optimizer.zero_grad(set_to_none=True)
    torch.autograd.backward(value)
    torch.nn.utils.clip_grad_norm_(made.net.parameters(), 1.0)
    made.optimizer.step()
    made.step += 1
    return float(value.detach())


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse and run, on one thread of a CPU or on a GPU."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=0)
    options = Options(**vars(parser.parse_args(arguments)))
    torch.set_num_threads(1)
    run(options)


if __name__ == "__main__":
    main()
