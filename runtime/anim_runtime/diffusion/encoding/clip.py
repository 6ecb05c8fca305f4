"""CLIP: texts of any length in chunks, each encoded by itself, with weights as A1111 has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from anim_runtime.diffusion.encoding.text_model import Run, TextModel
from anim_runtime.diffusion.encoding.weighing import factors_of, weigh
from anim_runtime.diffusion.encoding.words import Names, Word, chunk_words, grouped_words
from anim_runtime.diffusion.told import Conditioning, Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoders import TextPart
    from anim_runtime.diffusion.encoding.runs import Runs
    from anim_runtime.diffusion.encoding.table import Given


class Clip:
    """One CLIP. `normed`: whether the last layer's norm is put on; `skipped` is how many layers the family
    itself leaves out; `pooled`: whether the text is wanted as one vector too.
    """

    def __init__(
        self,
        part: TextPart,
        place: int,
        device: torch.device,
        names: Names,
        runs: Runs,
        *,
        normed: bool,
        skipped: int = 0,
        pooled: bool = False,
    ) -> None:
        forward = partial(clip_states, normed=normed, pooled=pooled)
        self.model = TextModel(part, place, device, names, forward)
        self._runs = runs
        self._skipped = skipped
        tokenizer = part.tokenizer
        self.length = min(part.longest, int(tokenizer.model_max_length))
        self._prefix = _marks(tokenizer.bos_token_id)
        self._suffix = _marks(tokenizer.eos_token_id)
        self._pad = _marks(tokenizer.pad_token_id) or self._suffix or [Word(0)]
        comma = tokenizer(",", add_special_tokens=False)["input_ids"]
        self._comma = int(comma[-1]) if comma else None

    def chunks(self, text: str) -> list[list[Word]]:
        """The words of a prompt in the chunks that it is encoded in."""
        room = self.length - len(self._prefix) - len(self._suffix)
        return chunk_words(grouped_words(text, self.model.tokenizer, self.model.names), room, self._comma)

    def states(self, chunks: Sequence[Sequence[Word]], spoken: Spoken) -> Run:
        """The states float32 `[1, chunks * length, width]`, and the vector of the first chunk."""
        made = [self._chunk(chunk, spoken) for chunk in chunks]
        states = [run.states for run in made]
        return Run(states[0] if len(states) == 1 else torch.cat(states, dim=1), made[0].pooled)

    def _chunk(self, chunk: Sequence[Word], spoken: Spoken) -> Run:
        words = [*self._prefix, *chunk, *self._suffix]
        words += self._pad * (self.length - len(words))
        run = self._runs.of(self.model, words, self._skipped + spoken.clip_skip - 1, spoken)
        factors = factors_of(chunk, self.length, len(self._prefix), self.model.device)
        return run if factors is None else Run(weigh(run.states, factors), run.pooled)


class ClipPrompts:
    """Models with one CLIP: Stable Diffusion 1.x and 2.x, and the built-in one."""

    def __init__(self, given: Given) -> None:
        names = given.names(0, "clip_l", "clip_g", "clip_h")
        self._clip = Clip(given.part(0), 0, given.device, names, given.runs, normed=True)
        self.models = (self._clip.model,)

    def encode(self, text: str, spoken: Spoken) -> Conditioning:
        """One stream `[1, chunks * length, width]`."""
        return Conditioning((self._clip.states(self._clip.chunks(text), spoken).states,))

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of that stream."""
        return (len(self._clip.chunks(text)) * self._clip.length,)

    def unread(self, text: str) -> int:
        """None: texts of any length are read, in parts."""
        del text
        return 0


class PairedClips:
    """Two CLIPs side by side that read the same words, as in SDXL and Stable Diffusion 3."""

    def __init__(self, first: Clip, second: Clip) -> None:
        self.both = (first, second)

    def states(self, text: str, spoken: Spoken) -> tuple[torch.Tensor, tuple[torch.Tensor | None, ...]]:
        """The states, float32 `[1, tokens, both widths]`, and the vector of each."""
        runs = [
            clip.states(chunks, spoken) for clip, chunks in zip(self.both, self._chunks(text), strict=True)
        ]
        return torch.cat([run.states for run in runs], dim=-1), tuple(run.pooled for run in runs)

    def tokens(self, text: str) -> int:
        """The tokens of the states."""
        return len(self._chunks(text)[0]) * self.both[0].length

    def _chunks(self, text: str) -> list[list[list[Word]]]:
        """The chunks of both, as many of one as of the other."""
        found = [clip.chunks(text) for clip in self.both]
        most = max(map(len, found))
        return [[*chunks, *([] for _ in range(most - len(chunks)))] for chunks in found]


def clip_states(encoder: Any, tokens: torch.Tensor, skipped: int, *, normed: bool, pooled: bool) -> Run:
    """The states of a CLIP without its last layers; at least one layer stays. Untyped, hence Any.

    Where layers are left out, the norm behind the last one is put on what is left, as A1111 does.
    """
    skipped = min(skipped, int(encoder.config.num_hidden_layers) - 1)
    if skipped == 0 and normed:
        told = encoder(tokens)
        return Run(told.last_hidden_state, _vector(told) if pooled else None)
    told = encoder(tokens, output_hidden_states=True)
    states = told.hidden_states[-1 - skipped]
    return Run(_norm(encoder)(states) if normed else states, _vector(told) if pooled else None)


def _vector(told: Any) -> Any:
    """The text as one vector, projected where the encoder has a projection."""
    projected = getattr(told, "text_embeds", None)
    return told.pooler_output if projected is None else projected


def _norm(encoder: Any) -> Any:
    """The norm behind the last layer, which encoders with a projection have one level deeper."""
    return getattr(encoder, "text_model", encoder).final_layer_norm


def _marks(token: int | None) -> list[Word]:
    return [] if token is None else [Word(int(token))]
