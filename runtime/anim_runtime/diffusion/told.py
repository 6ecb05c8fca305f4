"""What a model is told: encoded texts, alone and in batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import torch


class Spoken(NamedTuple):
    """What besides a text's own words decides how it is encoded: the layers that are left out at the end,
    counted from 1 (1 leaves out none), and the weights of the engine's LoRAs, in their order.
    """

    clip_skip: int = 1
    loras: tuple[float, ...] = ()


PLAIN = Spoken()
"""As a text is encoded where nothing else is said."""


@dataclass(frozen=True, slots=True)
class Conditioning:
    """An encoded text, float32 on the engine's device.

    `streams` are `[1, tokens, width]` each, in the order in which the model's family takes them: one for
    models with one text encoder or with encoders side by side (SDXL), two for CLIP and T5 of Stable Diffusion
    3. `pooled` is `[1, width]` for models that also want a text as one vector.
    """

    streams: tuple[torch.Tensor, ...]
    pooled: torch.Tensor | None = None

    @property
    def states(self) -> torch.Tensor:
        """The first stream, which every model has."""
        return self.streams[0]

    @property
    def tokens(self) -> tuple[int, ...]:
        """The tokens of each stream."""
        return tuple(int(stream.shape[1]) for stream in self.streams)


@dataclass(frozen=True, slots=True)
class Told:
    """The conditionings of a batch, row by row: `streams` `[B, tokens, width]`, `pooled` `[B, width]`.

    `counts` says of each stream how many of its tokens count in each row (int64 `[B]`, the first ones); None
    if all do.
    """

    streams: tuple[torch.Tensor, ...]
    pooled: torch.Tensor | None
    counts: tuple[torch.Tensor, ...] | None = None


def longest(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The most tokens that any of some conditionings has, stream by stream."""
    return tuple(max(lengths) for lengths in zip(*rows, strict=True))


def repeated(rows: Sequence[Conditioning], tokens: tuple[int, ...], dtype: torch.dtype) -> Told:
    """A batch for models that take tokens by cross attention, each row filled to `tokens` by itself.

    Cross attention has no order over keys: a text repeated whole is attended to as the text alone.
    """
    import torch

    streams = tuple(
        torch.cat([_filled(row.streams[place], length) for row in rows]).to(dtype)
        for place, length in enumerate(tokens)
    )
    return Told(streams, _pooled(rows, dtype))


def padded(rows: Sequence[Conditioning], tokens: tuple[int, ...], dtype: torch.dtype) -> Told:
    """A batch for models that take tokens and pixels in one attention: rows are filled with zeros, and
    `counts` tells how many tokens of each count.
    """
    import torch
    import torch.nn.functional as functional

    from anim_runtime.sending import sent

    device = rows[0].states.device
    streams, counts = [], []
    for place, length in enumerate(tokens):
        own = [row.streams[place] for row in rows]
        filled = [functional.pad(stream, (0, 0, 0, length - stream.shape[1])) for stream in own]
        streams.append(torch.cat(filled).to(dtype))
        counts.append(sent(torch.tensor([stream.shape[1] for stream in own]), device))
    return Told(tuple(streams), _pooled(rows, dtype), tuple(counts))


def _pooled(rows: Sequence[Conditioning], dtype: torch.dtype) -> torch.Tensor | None:
    import torch

    vectors = [row.pooled for row in rows if row.pooled is not None]
    return torch.cat(vectors).to(dtype) if vectors else None


def _filled(text: torch.Tensor, tokens: int) -> torch.Tensor:
    times = -(-tokens // text.shape[1])
    return text if times == 1 else text.repeat(1, times, 1)[:, :tokens]
