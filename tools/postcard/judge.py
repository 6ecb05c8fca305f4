"""A small classifier of pictures, trained on drawn pictures that the diffusion model never saw."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from tools.postcard import state
from tools.postcard.dataset import Bytes
from tools.postcard.scenes import picture
from tools.postcard.spec import PLACES, STYLES, TIMES, WEATHERS, Landscape, Spec

TRAITS = {"place": PLACES, "time": TIMES, "weather": WEATHERS, "style": STYLES}
SEED = 50_000_000
SIDE = 64


class Judge(nn.Module):
    """Pictures [B,3,64,64] of 0..1 to the scores of every value of every trait, [B,22]."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after, stride in ((3, 24, 2), (24, 48, 1), (48, 64, 1), (64, 96, 1)):
            layers += [nn.Conv2d(before, after, 3, stride, 1), nn.BatchNorm2d(after), nn.ReLU()]
            layers += [nn.MaxPool2d(2)] if stride == 1 else []
        self.features = nn.Sequential(*layers, nn.Dropout2d(0.1))
        self.scores = nn.Linear(96 * 8, sum(len(v) for v in TRAITS.values()))

    def forward(self, images: Tensor) -> Tensor:
        """The scores, trait after trait."""
        deep = self.features(images - 0.5)
        pooled = torch.cat(
            [functional.adaptive_avg_pool2d(deep, (4, 1)), functional.adaptive_max_pool2d(deep, (4, 1))], 1
        )
        scores: Tensor = self.scores(pooled.flatten(1))
        return scores


@dataclass(frozen=True, slots=True)
class Sample:
    """Drawn landscapes: uint8 [N,64,64,3] and trait indices [N,4]."""

    images: Bytes
    traits: Tensor


def labels(specs: Sequence[Spec]) -> Tensor:
    """Trait indices [N,4] of landscapes."""
    rows = []
    for spec in specs:
        if not isinstance(spec.subject, Landscape):
            raise TypeError("only landscapes are judged")
        scene = spec.subject
        said = (scene.place, scene.time, scene.weather, spec.style)
        rows.append([values.index(v) for values, v in zip(TRAITS.values(), said, strict=True)])
    return torch.tensor(rows)


def shrink(images: Tensor) -> Tensor:
    """Pictures [B,3,H,W] at the judge's size."""
    return functional.interpolate(images, (SIDE, SIDE), mode="area")


def sample(first: int, count: int) -> Sample:
    """Drawn landscapes from a seed on."""
    drawn = [picture(first + i, product_share=0.0) for i in range(count)]
    full = torch.from_numpy(np.stack([p.rgb for p in drawn])).permute(0, 3, 1, 2)
    small = (shrink(full) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return Sample(small, labels([p.spec for p in drawn]))


def planes(images: Bytes) -> Tensor:
    """Pictures [N,3,64,64] of 0..1 of uint8 [N,64,64,3]."""
    return torch.from_numpy(np.ascontiguousarray(images)).permute(0, 3, 1, 2).float() / 255


def split(scores: Tensor) -> tuple[Tensor, ...]:
    """The scores of each trait."""
    return torch.split(scores, [len(v) for v in TRAITS.values()], 1)


def roughened(images: Tensor) -> Tensor:
    """Pictures mirrored, slightly blurred or noisy: what a small model's pictures look like."""
    if torch.rand(()) < 0.5:
        images = images.flip(-1)
    if torch.rand(()) < 0.5:
        kept = int(torch.randint(28, 60, ()))
        images = functional.interpolate(
            functional.interpolate(images, (kept, kept), mode="area"), (SIDE, SIDE), mode="bilinear"
        )
    return images + 0.03 * torch.rand(()) * torch.randn_like(images)


def train(data: Sample, epochs: int = 11, batch: int = 64) -> Judge:
    """A judge trained on drawn pictures."""
    torch.manual_seed(0)
    judge = Judge()
    steps = epochs * (len(data.traits) // batch)
    optimizer = torch.optim.AdamW(judge.parameters(), 3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=steps)
    for _ in range(steps):
        rows = torch.randint(len(data.traits), (batch,))
        scores = judge(roughened(planes(data.images[rows.numpy()])))
        targets = data.traits[rows].unbind(1)
        value = sum(functional.cross_entropy(s, t) for s, t in zip(split(scores), targets, strict=True))
        optimizer.zero_grad()
        torch.autograd.backward(torch.as_tensor(value))
        optimizer.step()
        schedule.step()
    return judge.eval()


@torch.no_grad()
def accuracies(judge: Judge, images: Tensor, traits: Tensor) -> dict[str, float]:
    """The share judged right, by trait; images [N,3,64,64], traits [N,4]."""
    guesses = torch.stack([s.argmax(1) for s in split(judge(images))], 1)
    right = (guesses == traits).float().mean(0)
    return {name: round(float(r), 4) for name, r in zip(TRAITS, right, strict=True)}


def get(work: Path, count: int = 5000, held_out: int = 600) -> tuple[Judge, dict[str, float]]:
    """The judge of a work folder, trained if there is none, and its accuracy on pictures it never saw."""
    path = work / "judge.pt"
    if not path.exists():
        judge = train(sample(SEED, count))
        state.save(path, judge.state_dict())
    judge = Judge()
    judge.load_state_dict(state.load(path))
    fresh = sample(SEED + count, held_out)
    return judge.eval(), accuracies(judge.eval(), planes(fresh.images), fresh.traits)
