"""Stable Diffusion 3: two CLIPs side by side, and T5."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
import torch.nn.functional as functional

from anim_runtime.diffusion.encoding.clip import PairedClips
from anim_runtime.diffusion.encoding.text_model import TextModel
from anim_runtime.diffusion.told import Conditioning, Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoding.table import Given

#: what T5 was given in training, and what longer prompts get
LENGTHS = (256, 512)


class ThreePrompts:
    """Two streams of T5's width: the CLIPs' states, filled up with zeros, and T5's. The vectors of both CLIPs
    stand beside each other. Without T5 its stream is zeros.
    """

    def __init__(self, given: Given) -> None:
        first = given.clip(0, "clip_l", normed=False, skipped=1, pooled=True)
        second = given.clip(1, "clip_g", normed=False, skipped=1, pooled=True)
        self._pair = PairedClips(first, second)
        self._device = given.device
        self._width = given.width
        self._lengths = LENGTHS if given.tokens is None else (given.tokens,)
        self._t5 = None if given.parts[2] is None else given.t5(2, self._lengths)
        models: tuple[TextModel, ...] = (first.model, second.model)
        self.models = models if self._t5 is None else (*models, self._t5.model)

    def encode(self, text: str, spoken: Spoken) -> Conditioning:
        """The conditioning of a prompt."""
        states, pooled = self._pair.states(text, spoken)
        long = self._long(text, spoken)
        states = functional.pad(states, (0, long.shape[-1] - states.shape[-1]))
        return Conditioning((states, long), torch.cat([p for p in pooled if p is not None], dim=-1))

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of both streams."""
        long = self._lengths[0] if self._t5 is None else self._t5.tokens(text)
        return (self._pair.tokens(text), long)

    def unread(self, text: str) -> int:
        """What T5 does not read; the CLIPs read texts of any length, in parts."""
        return 0 if self._t5 is None else self._t5.unread(text)

    def _long(self, text: str, spoken: Spoken) -> torch.Tensor:
        if self._t5 is not None:
            return self._t5.states(text, spoken)
        return torch.zeros(1, self._lengths[0], self._width, device=self._device)
