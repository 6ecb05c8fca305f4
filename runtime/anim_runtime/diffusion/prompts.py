"""Prompt text to embeddings: weights as AUTOMATIC1111 writes them, prompts of any length, blends.

Grammar of weights: `(a)` is 1.1 times, `[a]` is 1/1.1 times, `(a:1.5)` is 1.5 times, all nest and
multiply; `\\(` and the like are the characters themselves; `BREAK` starts a new chunk. This module
parses without torch; `PromptEncoder` needs it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

ROUND = 1.1
SQUARE = 1 / 1.1
#: how many tokens back a full chunk looks for a comma to end at (A1111's default)
COMMA_REACH = 20

_TOKEN = re.compile(
    r"""\\[()\[\]\\] | \\ | \( | \[ | :\s*[+-]?(?:\d+\.?\d*|\.\d+)\s*\) | \) | \] | [^\\()\[\]:]+ | :""",
    re.VERBOSE,
)
_BREAK = re.compile(r"\s*\bBREAK\b\s*")


@dataclass(frozen=True, slots=True)
class Weighted:
    """A stretch of text and how strongly it counts; `breaks` starts a new chunk before it."""

    text: str
    weight: float
    breaks: bool = False


def parse_weights(text: str) -> tuple[Weighted, ...]:
    """The stretches of a prompt with their weights, neighbours of equal weight joined.

    The rules are those of A1111's `parse_prompt_attention`; an unclosed bracket weighs to the end.
    """
    stretches: list[tuple[str, float]] = []
    round_from: list[int] = []
    square_from: list[int] = []

    def scale(start: int, factor: float) -> None:
        stretches[start:] = [(part, weight * factor) for part, weight in stretches[start:]]

    for match in _TOKEN.finditer(text):
        token = match.group()
        if token == "(":
            round_from.append(len(stretches))
        elif token == "[":
            square_from.append(len(stretches))
        elif token[0] == ":" and token[-1] == ")" and round_from:
            scale(round_from.pop(), float(token[1:-1]))
        elif token == ")" and round_from:
            scale(round_from.pop(), ROUND)
        elif token == "]" and square_from:
            scale(square_from.pop(), SQUARE)
        else:
            stretches.append((token[1:] if token[0] == "\\" and len(token) > 1 else token, 1.0))
    for start in round_from:
        scale(start, ROUND)
    for start in square_from:
        scale(start, SQUARE)
    return _joined(stretches)


def _joined(stretches: Sequence[tuple[str, float]]) -> tuple[Weighted, ...]:
    out: list[Weighted] = []
    for text, weight in stretches:
        for i, part in enumerate(_BREAK.split(text)):
            if i == 0 and out and out[-1].weight == weight:
                out[-1] = Weighted(out[-1].text + part, weight, out[-1].breaks)
            elif part or i > 0:
                out.append(Weighted(part, weight, breaks=i > 0))
    return tuple(w for w in out if w.text or w.breaks) or (Weighted("", 1.0),)


Chunk = list[tuple[int, float]]


def chunk_tokens(tokens: Sequence[Sequence[tuple[int, float]]], size: int, comma: int | None) -> list[Chunk]:
    """Tokens with weights in chunks of at most `size`; each outer element starts a new chunk.

    A full chunk ends after its last comma if that is at most `COMMA_REACH` tokens back.
    """
    chunks: list[Chunk] = []
    for group in tokens:
        rest = list(group)
        while len(rest) > size:
            cut = size
            near = [i for i in range(max(1, size - COMMA_REACH), size) if rest[i][0] == comma]
            if near:
                cut = near[-1] + 1
            chunks.append(rest[:cut])
            rest = rest[cut:]
        chunks.append(rest)
    return chunks


class PromptEncoder:
    """Encodes prompts with a CLIP-like tokenizer and text encoder; every text is encoded once.

    The edge to transformers is untyped: hence Any.
    """

    def __init__(self, tokenizer: Any, text_encoder: Any, *, keep: int = 256) -> None:
        self._tokenizer = tokenizer
        self._encoder = text_encoder
        self._keep = keep
        self._known: dict[str, torch.Tensor] = {}
        self._lengths: dict[str, int] = {}
        longest = int(text_encoder.config.max_position_embeddings)
        self._length = min(longest, int(getattr(tokenizer, "model_max_length", longest)))
        self._prefix = [i for i in (tokenizer.bos_token_id,) if i is not None]
        self._suffix = [i for i in (tokenizer.eos_token_id,) if i is not None]
        pad = tokenizer.pad_token_id
        self._pad = int(pad) if pad is not None else (self._suffix or [0])[0]

    @property
    def room(self) -> int:
        """Tokens that fit in one chunk beside the ones that begin and end it."""
        return self._length - len(self._prefix) - len(self._suffix)

    def encode(self, text: str) -> torch.Tensor:
        """The conditioning of a prompt: float32 `[1, chunks * length, width]` on the encoder's device."""
        found = self._known.pop(text, None)
        if found is None:
            found = self._encode(text)
            while len(self._known) >= self._keep:
                self._known.pop(next(iter(self._known)))
        self._known[text] = found  # last in the dict is last used
        return found

    def tokens(self, text: str) -> int:
        """The tokens of a prompt's conditioning, without encoding it."""
        if text not in self._lengths:
            self._lengths[text] = len(self._chunks(text)) * self._length
        return self._lengths[text]

    def _encode(self, text: str) -> torch.Tensor:
        import torch

        with torch.inference_mode():
            return torch.cat([self._run(chunk) for chunk in self._chunks(text)], dim=1)

    def _chunks(self, text: str) -> list[Chunk]:
        groups: list[Chunk] = [[]]
        for part in parse_weights(text):
            if part.breaks:
                groups.append([])
            ids = self._tokenizer(part.text, add_special_tokens=False, truncation=False, verbose=False)
            groups[-1].extend((int(i), part.weight) for i in ids["input_ids"])
        comma = self._tokenizer(",", add_special_tokens=False)["input_ids"]
        return chunk_tokens(groups, self.room, comma[-1] if comma else None)

    def _run(self, chunk: Chunk) -> torch.Tensor:
        import torch

        device = self._encoder.device
        ids = [*self._prefix, *(i for i, _ in chunk), *self._suffix]
        weights = [1.0] * len(self._prefix) + [w for _, w in chunk] + [1.0] * len(self._suffix)
        spare = self._length - len(ids)
        tokens = torch.tensor([ids + [self._pad] * spare], device=device)
        states: torch.Tensor = self._encoder(tokens)[0].float()
        if all(w == 1.0 for w in weights):
            return states
        factors = torch.tensor(weights + [1.0] * spare, device=device).view(1, -1, 1)
        return weigh(states, factors)


def weigh(states: torch.Tensor, factors: torch.Tensor) -> torch.Tensor:
    """States `[1, tokens, width]` times factors `[1, tokens, 1]`, with the mean that they had (A1111).

    Where an encoder's states have no mean to speak of (a last layer norm without bias), a ratio of
    means is noise: there the root mean square is kept instead.
    """
    weighted = states * factors
    before, after = states.mean(), weighted.mean()
    spread = states.square().mean().sqrt()
    if min(abs(float(before)), abs(float(after))) > 0.01 * float(spread) and float(before * after) > 0:
        return weighted * (before / after)
    return weighted * (spread / weighted.square().mean().sqrt().clamp_min(1e-8))
