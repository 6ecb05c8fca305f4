"""An engine without a model: pictures that depend on prompt, seed and image, in a fraction of a millisecond.

For tests and for measuring everything but diffusion: `model = "null"`.
"""

from __future__ import annotations

import hashlib

import numpy as np
import torch

from anim_runtime.diffusion.engine import Sampling, steps_at
from anim_runtime.diffusion.noise import initial_noise
from anim_runtime.spent import Spent

WIDTH = 12


class NullEngine:
    """Draws smooth waves whose colours come from the prompt and whose shape comes from the seed."""

    def __init__(self, device: torch.device, spent: Spent) -> None:
        self.name = "null"
        self.fingerprint = "null 1"
        self.device = device
        self.spent = spent

    def encode(self, text: str) -> torch.Tensor:
        """The hash of the text as numbers of -1..1, `[1, 1, 12]`."""
        raw = np.frombuffer(hashlib.sha512(text.encode()).digest()[: 4 * WIDTH], dtype="<u4")
        values = (raw.astype(np.float64) / 2**31 - 1.0).astype(np.float32)
        return torch.from_numpy(values).view(1, 1, WIDTH).to(self.device)

    def generate(
        self, positive: torch.Tensor, negative: torch.Tensor, how: Sampling, *, height: int, width: int
    ) -> torch.Tensor:
        """Waves; guidance moves the colours from those of the negative to those of the positive."""
        with self.spent.stage("diffuse"):
            text = (negative + how.cfg_scale * (positive - negative)).mean(dim=1).view(4, 3)
            shape = initial_noise(how.seed, (3, 2, 3), self.device)[0]
            y = torch.linspace(-1.0, 1.0, height, device=self.device).view(1, -1, 1)
            x = torch.linspace(-1.0, 1.0, width, device=self.device).view(1, 1, -1)
            phase = shape[:, 0, 0, None, None] + 3.0 * (
                shape[:, 0, 1, None, None] * x + shape[:, 0, 2, None, None] * y
            )
            wave = 0.5 + 0.5 * torch.sin(phase + text[0].view(3, 1, 1))
            ripple = 0.5 + 0.5 * torch.sin(9.0 * x * shape[:, 1, 0, None, None] + text[1].view(3, 1, 1))
            tint = torch.sigmoid(text[2] + text[3]).view(3, 1, 1)
            return (0.6 * wave + 0.2 * ripple + 0.2 * tint).clamp(0.0, 1.0).unsqueeze(0)

    def diffuse(
        self,
        image: torch.Tensor,
        positive: torch.Tensor,
        negative: torch.Tensor,
        how: Sampling,
        *,
        strength: float,
    ) -> torch.Tensor:
        """From the picture towards what `generate` draws, by the share of the steps that are taken."""
        taken = steps_at(how.steps, strength)
        if taken <= 0:
            return image
        height, width = image.shape[-2:]
        drawn = self.generate(positive, negative, how, height=height, width=width)
        return torch.lerp(image, drawn, taken / how.steps)
