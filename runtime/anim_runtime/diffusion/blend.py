"""Blends of conditionings: weighted sums and morphs, `[1, tokens, width]` each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import torch

#: above this cosine two directions are one, and slerp is a straight line
PARALLEL = 0.9995


def aligned(tensors: Sequence[torch.Tensor], filler: torch.Tensor) -> list[torch.Tensor]:
    """All with as many tokens as the longest, the shorter ones filled up with `filler` (the empty prompt)."""
    longest = max(t.shape[1] for t in tensors)
    return [torch.cat([t, *[filler] * ((longest - t.shape[1]) // filler.shape[1])], dim=1) for t in tensors]


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
