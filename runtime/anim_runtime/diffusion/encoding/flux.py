"""Flux: T5's states, and CLIP's vector of the whole text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_runtime.diffusion.told import Conditioning, Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoding.table import Given

#: what T5 is given
LENGTH = 512


class FluxPrompts:
    """One stream `[1, 512, 4096]`, and CLIP's vector, which no layer that is left out changes."""

    def __init__(self, given: Given) -> None:
        self._clip = given.clip(0, "clip_l", normed=True, pooled=True)
        self._t5 = given.t5(1, (given.tokens or LENGTH,))
        self.models = (self._clip.model, self._t5.model)

    def encode(self, text: str, spoken: Spoken) -> Conditioning:
        """The conditioning of a prompt; CLIP reads its first 75 tokens."""
        heard = Spoken(loras=spoken.loras)
        pooled = self._clip.states(self._clip.chunks(text)[:1], heard).pooled
        return Conditioning((self._t5.states(text, heard),), pooled)

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of its stream."""
        return (self._t5.tokens(text),)

    def unread(self, text: str) -> int:
        """What T5 does not read."""
        return self._t5.unread(text)
