"""Blends of conditionings: weighted sums and morphs, `[1, tokens, width]` each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch

from anim_runtime.diffusion.told import Conditioning

#: above this cosine two directions are one, and slerp is a straight line
PARALLEL = 0.9995


def aligned(tensors: Sequence[torch.Tensor], filler: torch.Tensor) -> list[torch.Tensor]:
    """All with as many tokens as the longest, the shorter ones filled up with `filler` (the empty prompt), as
    often as it takes and cut where it is full.
    """
    longest = max(t.shape[1] for t in tensors)
    return [_filled(t, filler, longest - t.shape[1]) for t in tensors]


def _filled(tensor: torch.Tensor, filler: torch.Tensor, missing: int) -> torch.Tensor:
    if missing == 0:
        return tensor
    times, rest = divmod(missing, filler.shape[1])
    return torch.cat([tensor, *[filler] * times, filler[:, :rest]], dim=1)


def weighted_sum(parts: Sequence[tuple[torch.Tensor, float]], filler: torch.Tensor) -> torch.Tensor:
    """The sum of the conditionings by their weights, normalised by the sum of the weights.

    Weights that cancel out leave their plain sum; one part is itself whatever its weight.
    """
    if len(parts) == 1:
        return parts[0][0]
    total = sum(weight for _, weight in parts)
    scale = 1.0 / total if abs(total) > 1e-6 else 1.0
    tensors = aligned([tensor for tensor, _ in parts], filler)
    summed = torch.zeros_like(tensors[0])
    for tensor, (_, weight) in zip(tensors, parts, strict=True):
        summed = summed + tensor * (weight * scale)
    return summed


def slerp(start: torch.Tensor, end: torch.Tensor, amount: float) -> torch.Tensor:
    """Along the arc between two tensors, token by token (Shoemake 1985, on vectors of any length)."""
    cosine = torch.nn.functional.cosine_similarity(start, end, dim=-1).unsqueeze(-1).clamp(-1.0, 1.0)
    angle = torch.acos(cosine)
    sine = torch.sin(angle)
    straight = (cosine.abs() > PARALLEL) | (sine < 1e-6)
    safe = torch.where(straight, torch.ones_like(sine), sine)
    a = torch.where(straight, torch.full_like(sine, 1.0 - amount), torch.sin((1.0 - amount) * angle) / safe)
    b = torch.where(straight, torch.full_like(sine, amount), torch.sin(amount * angle) / safe)
    return start * a + end * b


def morph(
    start: torch.Tensor,
    end: torch.Tensor,
    amount: float,
    how: Literal["slerp", "linear", "cut"],
    filler: torch.Tensor,
) -> torch.Tensor:
    """From one conditioning (amount 0) to another (1); `cut` stays with the first until it is over."""
    if start is end or amount <= 0.0:
        return start
    if amount >= 1.0:
        return end
    if how == "cut":
        return start
    first, second = aligned([start, end], filler)
    return slerp(first, second, amount) if how == "slerp" else torch.lerp(first, second, amount)


def blended(parts: Sequence[tuple[Conditioning, float]], filler: Conditioning) -> Conditioning:
    """The sum of conditionings by their weights, stream by stream and of the pooled vectors."""
    streams = tuple(
        weighted_sum([(told.streams[place], weight) for told, weight in parts], empty)
        for place, empty in enumerate(filler.streams)
    )
    pooled = [(told.pooled, weight) for told, weight in parts if told.pooled is not None]
    return Conditioning(streams, _summed(pooled) if pooled else None)


def morphed(
    start: Conditioning,
    end: Conditioning,
    amount: float,
    how: Literal["slerp", "linear", "cut"],
    filler: Conditioning,
) -> Conditioning:
    """From one conditioning to another, stream by stream and of the pooled vectors; see `morph`."""
    if start is end or amount <= 0.0:
        return start
    if amount >= 1.0:
        return end
    if how == "cut":
        return start
    streams = tuple(
        morph(first, second, amount, how, empty)
        for first, second, empty in zip(start.streams, end.streams, filler.streams, strict=True)
    )
    pooled = start.pooled
    if start.pooled is not None and end.pooled is not None and filler.pooled is not None:
        first, second = start.pooled.unsqueeze(1), end.pooled.unsqueeze(1)
        pooled = morph(first, second, amount, how, filler.pooled.unsqueeze(1)).squeeze(1)
    return Conditioning(streams, pooled)


def _summed(vectors: Sequence[tuple[torch.Tensor, float]]) -> torch.Tensor:
    """The same of pooled vectors `[1, width]`, which have no tokens to fill up."""
    rows = [(vector.unsqueeze(1), weight) for vector, weight in vectors]
    return weighted_sum(rows, rows[0][0]).squeeze(1)
