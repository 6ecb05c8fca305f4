"""An engine without a model: pictures that depend on prompt, seed and image, in a fraction of a millisecond.

For tests and for measuring everything but diffusion: `model = "null"`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np
import torch

from anim_runtime.diffusion.engine import alike, nothing, unheard
from anim_runtime.diffusion.noise import initial_noise
from anim_runtime.diffusion.request import Request, part_steps
from anim_runtime.diffusion.told import PLAIN, Conditioning, Spoken
from anim_runtime.spent import Spent

WIDTH = 12


class NullEngine:
    """Draws smooth waves whose colours come from the prompt and whose shape comes from the seed.

    A batch is drawn picture by picture, so that it is exactly what each would be alone.
    """

    def __init__(self, device: torch.device, spent: Spent) -> None:
        self.name = "null"
        self.fingerprint = "null 1"
        self.device = device
        self.spent = spent
        self.each_step: Callable[[], None] = nothing
        self.tell: Callable[[str], None] = unheard
        self.line = ""

    def encode(self, text: str, spoken: Spoken = PLAIN) -> Conditioning:
        """The hash of the text as numbers of -1..1, `[1, 1, 12]`."""
        raw = np.frombuffer(hashlib.sha512(text.encode()).digest()[: 4 * WIDTH], dtype="<u4")
        values = (raw.astype(np.float64) / 2**31 - 1.0).astype(np.float32)
        return Conditioning((torch.from_numpy(values).view(1, 1, WIDTH).to(self.device),))

    def tokens(self, text: str) -> tuple[int, ...]:
        """Every text is one token."""
        return (1,)

    def settle(self) -> None:
        """Nothing to wait for: waves are numbers."""

    def save(self) -> str:
        """There is nothing to give back."""
        return ""

    def draw(self, requests: Sequence[Request], pad_to: int = 0) -> list[torch.Tensor]:
        """The pictures of requests of one signature, one after the other; see `Engine.draw`."""
        alike(requests, pad_to)
        with self.spent.stage("diffuse"):
            return [self._picture(request) for request in requests]

    def _picture(self, request: Request) -> torch.Tensor:
        """From the picture towards the waves, by the share of the steps that are taken."""
        for _ in range(request.taken):
            self.each_step()
        image, taken = request.image, request.taken
        if image is None:
            return self._waves(request)
        if taken == 0:
            return image
        waves, steps = self._waves(request), request.how.steps
        if request.strengths is None:
            return torch.lerp(image, waves, taken / steps)
        return torch.lerp(image, waves, part_steps(steps, request.strengths).clamp_max(taken) / steps)

    def _waves(self, request: Request) -> torch.Tensor:
        """Guidance moves the colours from those of the negative to those of the positive."""
        positive, negative, how = request.positive.states, request.negative.states, request.how
        text = (negative + how.cfg_scale * (positive - negative)).mean(dim=1).view(4, 3)
        shape = initial_noise(how.seed, (3, 2, 3), self.device)[0]
        y = torch.linspace(-1.0, 1.0, request.height, device=self.device).view(1, -1, 1)
        x = torch.linspace(-1.0, 1.0, request.width, device=self.device).view(1, 1, -1)
        phase = shape[:, 0, 0, None, None] + 3.0 * (
            shape[:, 0, 1, None, None] * x + shape[:, 0, 2, None, None] * y
        )
        wave = 0.5 + 0.5 * torch.sin(phase + text[0].view(3, 1, 1))
        ripple = 0.5 + 0.5 * torch.sin(9.0 * x * shape[:, 1, 0, None, None] + text[1].view(3, 1, 1))
        tint = torch.sigmoid(text[2] + text[3]).view(3, 1, 1)
        return (0.6 * wave + 0.2 * ripple + 0.2 * tint).clamp(0.0, 1.0).unsqueeze(0)
