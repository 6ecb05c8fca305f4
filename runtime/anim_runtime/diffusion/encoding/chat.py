"""Language models as text encoders: Qwen2.5-VL of Qwen-Image and Qwen3 of Z-Image."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from anim_runtime.diffusion.encoding.text_model import Run
from anim_runtime.diffusion.encoding.weighing import away_from, factors_of
from anim_runtime.diffusion.encoding.words import Word, spoken_words
from anim_runtime.diffusion.told import Conditioning, Spoken

if TYPE_CHECKING:
    from anim_runtime.diffusion.encoding.table import Given


@dataclass(frozen=True, slots=True)
class Talk:
    """The conversation that a prompt stands in: the texts `before` and `behind` it, and how many tokens of
    the former are not told to the model. The states are those of the last layer but `skipped`.

    `longest` counts the tokens of the conversation that are read, without those.
    """

    before: str
    behind: str
    untold: int
    skipped: int
    longest: int


#: diffusers' `QwenImagePipeline`
QWEN_IMAGE = Talk(
    "<|im_start|>system\nDescribe the image by detailing the color, shape, size, texture, quantity, text, "
    "spatial relationships of the objects and background:<|im_end|>\n<|im_start|>user\n",
    "<|im_end|>\n<|im_start|>assistant\n",
    untold=34,
    skipped=0,
    longest=1024,
)

#: Qwen3's own template for one question with thinking allowed, as diffusers' `ZImagePipeline` asks for. It
#: stands here because templates are programs, and none that comes with a model is run
Z_IMAGE = Talk("<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n", untold=0, skipped=1, longest=512)


class TalkPrompts:
    """One stream `[1, tokens, width]`, as long as the text is."""

    def __init__(self, given: Given, talk: Talk) -> None:
        self._talk = talk
        self._runs = given.runs
        self._most = talk.untold + (given.tokens or talk.longest)
        self._model = given.text_model(0, chat_states, "qwen", "llm")
        self.models = (self._model,)

    def encode(self, text: str, spoken: Spoken) -> Conditioning:
        """The conditioning of a prompt."""
        words = self._words(text)
        states = self._states(words, spoken)
        factors = factors_of(words, len(words), 0, self._model.device)
        if factors is not None:
            # texts differ in length, and so nothing is what the tokens of an empty one say on the whole
            nothing = self._states(self._words(""), spoken).mean(dim=1, keepdim=True)
            states = away_from(states, factors[:, self._talk.untold :], nothing)
        return Conditioning((states,))

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of its stream."""
        return (len(self._words(text)) - self._talk.untold,)

    def unread(self, text: str) -> int:
        """The tokens at the end of the conversation that are too many, those behind the text among them."""
        return max(0, len(self._conversation(text)) - self._most)

    def _states(self, words: list[Word], spoken: Spoken) -> torch.Tensor:
        run = self._runs.of(self._model, words, self._talk.skipped, spoken, large=True)
        return run.states[:, self._talk.untold :]

    def _words(self, text: str) -> list[Word]:
        return self._conversation(text)[: self._most]

    def _conversation(self, text: str) -> list[Word]:
        around = (self._talk.before, self._talk.behind)
        return spoken_words(text, self._model.tokenizer, self._model.names, around, specials=True)


def chat_states(encoder: Any, tokens: torch.Tensor, skipped: int) -> Run:
    """The states behind all layers but the last `skipped`. Untyped, hence Any.

    What a model for conversations puts behind its layers, a number for every word that could come next, is
    not asked for.
    """
    body = getattr(encoder, "model", encoder)
    told = body(input_ids=tokens, output_hidden_states=skipped > 0, use_cache=False)
    return Run(told.hidden_states[-1 - skipped] if skipped else told.last_hidden_state)


qwen_image_prompts = partial(TalkPrompts, talk=QWEN_IMAGE)
z_image_prompts = partial(TalkPrompts, talk=Z_IMAGE)
