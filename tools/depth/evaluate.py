"""Measure the estimator: `python -m tools.depth.evaluate WORK [--count 300] [--sheet out.png]`.

On drawings of seeds that training never saw, against flat depth and against the heuristic of old. It writes
`evaluation.json` into the work folder, which `export` puts into the card.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from anim_runtime.depth.net import DepthNet
from tools.depth import heuristic
from tools.depth.dataset import HELD_OUT_SEED, Worn, sample
from tools.depth.objective import measured
from tools.postcard import state
from tools.postcard.noise import single
from tools.postcard.sheet import save_png, sheet

KINDS: Mapping[str, float] = {"postcard": 0.0, "plain": 1.0}


def held_out(kind: str, count: int) -> Tensor:
    """Pictures and distances `[count,4,128,128]` 0..1 that training never saw, all of one kind."""
    worn = Worn()
    first = HELD_OUT_SEED + (0 if kind == "postcard" else 1_000_000)
    drawn = np.stack([sample(first + i, worn, KINDS[kind]) for i in range(count)])
    return torch.from_numpy(drawn).permute(0, 3, 1, 2).float() / 255


def trained(work: Path) -> DepthNet:
    """The network of a work folder."""
    net = DepthNet()
    net.load_state_dict(state.load(work / "train.pt")["net"])
    return net.eval()


def flat(images: Tensor) -> Tensor:
    """One depth everywhere."""
    return torch.zeros_like(images[:, :1])


@torch.no_grad()
def compared(net: DepthNet, count: int) -> dict[str, dict[str, dict[str, float]]]:
    """The figures of every estimator on every kind of picture."""
    ways: dict[str, Callable[[Tensor], Tensor]] = {"net": net, "heuristic": heuristic.estimated, "flat": flat}
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind in KINDS:
        both = held_out(kind, count)
        for name, way in ways.items():
            made = torch.cat([way(part[:, :3]) for part in torch.split(both, 32)])
            figures = asdict(measured(made, both[:, 3:]))
            found.setdefault(name, {})[kind] = {k: round(v, 4) for k, v in figures.items()}
    return found


@torch.no_grad()
def show(net: DepthNet, path: Path, count: int = 24) -> None:
    """Pictures, what is true, what the network says and what the heuristic says, white near."""
    tiles = []
    for kind in KINDS:
        both = held_out(kind, count // 2)
        images = both[:, :3]
        for planes in zip(images, both[:, 3:], net(images), heuristic.estimated(images), strict=True):
            tiles.append(single(planes[0].permute(1, 2, 0).numpy()))
            tiles += [
                single((1 - p.clamp(0, 1)).expand(3, -1, -1).permute(1, 2, 0).numpy()) for p in planes[1:]
            ]
    save_png(path, sheet(tiles, 12))


def main(arguments: Sequence[str] | None = None) -> None:
    """Parse, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    net = trained(options.work)
    if options.sheet is not None:
        show(net, options.sheet)
    found = {"count": options.count, **compared(net, options.count)}
    (options.work / "evaluation.json").write_text(json.dumps(found, indent=2) + "\n")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
