"""A text encoder that is loaded when it is first needed, and reads embeddings besides its own words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import torch

from anim_runtime.diffusion.encoding.words import Names, Word

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoders import TextPart


class Run(NamedTuple):
    """What an encoder made of tokens: states float32 `[1, tokens, width]`, and the text as one vector float32
    `[1, width]` where it is wanted.
    """

    states: torch.Tensor
    pooled: torch.Tensor | None = None


class Forward(Protocol):
    """How a kind of encoder is run; transformers is untyped, hence Any."""

    def __call__(self, encoder: Any, tokens: torch.Tensor, skipped: int) -> Run:
        """What it makes of tokens int64 `[1, n]` without its last `skipped` layers."""
        ...


class TextModel:
    """One text encoder of an engine. `place` says which; `names` are the embeddings that it knows."""

    def __init__(
        self, part: TextPart, place: int, device: torch.device, names: Names, forward: Forward
    ) -> None:
        self.tokenizer: Any = part.tokenizer
        self.place = place
        #: as diffusers calls it
        self.component = "text_encoder" if place == 0 else f"text_encoder_{place + 1}"
        self.names = names
        self.identity = part.identity
        self.device = device
        self._part = part
        self._forward = forward
        self._encoder: Any = None
        self._rests = False

    @torch.inference_mode()
    def run(self, words: Sequence[Word], skipped: int) -> Run:
        """What the encoder makes of these words, whatever they weigh."""
        encoder = self.load()
        tokens = torch.tensor([[word.token for word in words]], device=self.device)
        with _put_in(encoder, words):
            states, pooled = self._forward(encoder, tokens, skipped)
        return Run(states.float(), None if pooled is None else pooled.float())

    def rest(self) -> None:
        """Gives the device's memory back until the next text is encoded."""
        if self._encoder is not None and self.device.type != "cpu" and not self._rests:
            self._encoder.to("cpu")
            self._rests = True

    def load(self) -> Any:
        """The encoder on its device, untyped as transformers is."""
        if self._encoder is None:
            self._encoder = self._part.load()
        if self._rests:
            self._encoder.to(self.device)
            self._rests = False
        return self._encoder


@contextmanager
def _put_in(encoder: Any, words: Sequence[Word]) -> Iterator[None]:
    """Lets the encoder read the vectors of embeddings at their places, for as long as it lasts.

    They come in behind the table of its own words, which stays as it is.
    """
    places = [place for place, word in enumerate(words) if word.vectors is not None]
    if not places:
        yield
        return
    rows = torch.stack([word.vectors.rows[word.row] for word in words if word.vectors is not None])

    def replaced(module: Any, arguments: Any, embedded: torch.Tensor) -> torch.Tensor:
        del module, arguments
        made = embedded.clone()
        made[0, places] = rows.to(made)
        return made

    size = encoder.get_input_embeddings().weight.shape
    # T5 reads its table through a second module
    readers = [m for m in encoder.modules() if isinstance(m, torch.nn.Embedding) and m.weight.shape == size]
    handles = [reader.register_forward_hook(replaced) for reader in readers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
