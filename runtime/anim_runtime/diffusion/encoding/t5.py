"""T5, which reads a whole text at once and always as many tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from anim_runtime.diffusion.encoding.text_model import Run, TextModel
from anim_runtime.diffusion.encoding.weighing import away_from, factors_of
from anim_runtime.diffusion.encoding.words import Names, Word, spoken_words
from anim_runtime.diffusion.told import Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoders import TextPart
    from anim_runtime.diffusion.encoding.runs import Runs


class T5:
    """One T5. `lengths` are the numbers of tokens that it is given, the least that holds a text; what goes
    beyond the last of them is not read.
    """

    def __init__(
        self,
        part: TextPart,
        place: int,
        device: torch.device,
        names: Names,
        runs: Runs,
        lengths: tuple[int, ...],
    ) -> None:
        self.model = TextModel(part, place, device, names, t5_states)
        self._runs = runs
        self._lengths = lengths
        self._end = Word(int(part.tokenizer.eos_token_id))
        self._pad = Word(int(part.tokenizer.pad_token_id))

    def states(self, text: str, spoken: Spoken) -> torch.Tensor:
        """The states float32 `[1, tokens, width]`."""
        words = self._words(text)
        states = self._run(words, spoken)
        factors = factors_of(words, len(words), 0, self.model.device)
        if factors is None:
            return states
        nothing = [self._end, *[self._pad] * (len(words) - 1)]
        return away_from(states, factors, self._run(nothing, spoken))

    def tokens(self, text: str) -> int:
        """The tokens of those states."""
        return len(self._words(text))

    def unread(self, text: str) -> int:
        """The words at its end that are too many."""
        found = spoken_words(text, self.model.tokenizer, self.model.names)
        return max(0, len(found) + 1 - self._lengths[-1])

    def _run(self, words: list[Word], spoken: Spoken) -> torch.Tensor:
        # it has no layers to leave out
        return self._runs.of(self.model, words, 0, spoken, large=True).states

    def _words(self, text: str) -> list[Word]:
        words = spoken_words(text, self.model.tokenizer, self.model.names)
        length = next((n for n in self._lengths if len(words) < n), self._lengths[-1])
        words = [*words[: length - 1], self._end]
        return words + [self._pad] * (length - len(words))


def t5_states(encoder: Any, tokens: torch.Tensor, skipped: int) -> Run:
    """The states of the last layer; the tokens that fill up are read too, as in training. Untyped: Any."""
    del skipped
    return Run(encoder(tokens)[0])
