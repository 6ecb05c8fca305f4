"""One picture at a time, as most tests of an engine want it."""

from __future__ import annotations

import torch

from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.request import Request, Sampling
from anim_runtime.diffusion.told import Conditioning


def generate(
    engine: Engine, positive: Conditioning, negative: Conditioning, how: Sampling, *, height: int, width: int
) -> torch.Tensor:
    """A picture from noise alone."""
    (drawn,) = engine.draw([Request(positive, negative, how, height, width)])
    return drawn


def diffuse(
    engine: Engine,
    image: torch.Tensor,
    positive: Conditioning,
    negative: Conditioning,
    how: Sampling,
    *,
    strength: float,
) -> torch.Tensor:
    """A picture from a picture."""
    height, width = image.shape[-2:]
    (drawn,) = engine.draw([Request(positive, negative, how, height, width, image, strength)])
    return drawn
