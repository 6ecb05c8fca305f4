"""Stable Diffusion XL: CLIP-L and OpenCLIP-bigG side by side, each without its last layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_runtime.diffusion.encoding.clip import PairedClips
from anim_runtime.diffusion.told import Conditioning, Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoding.table import Given


class XlPrompts:
    """One stream `[1, chunks * 77, 768 + 1280]`, and the second encoder's vector of the whole text."""

    def __init__(self, given: Given) -> None:
        first = given.clip(0, "clip_l", normed=False, skipped=1)
        second = given.clip(1, "clip_g", normed=False, skipped=1, pooled=True)
        self._pair = PairedClips(first, second)
        self.models = (first.model, second.model)

    def encode(self, text: str, spoken: Spoken) -> Conditioning:
        """The conditioning of a prompt; an empty one is encoded like any other, as A1111 does."""
        states, (_, pooled) = self._pair.states(text, spoken)
        return Conditioning((states,), pooled)

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of its stream."""
        return (self._pair.tokens(text),)

    def unread(self, text: str) -> int:
        """None: texts of any length are read, in parts."""
        del text
        return 0
