"""How strongly each token counts in what an encoder made of it."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from anim_runtime.diffusion.encoding.words import Word


def weigh(states: torch.Tensor, factors: torch.Tensor) -> torch.Tensor:
    """States `[1, tokens, width]` times factors `[1, tokens, 1]`, with the mean that they had (A1111).

    Where an encoder's states have no mean to speak of (a last layer norm without bias), a ratio of
    means is noise: there the root mean square is kept instead. Which it is, is decided on the device.
    """
    weighted = states * factors
    before, after = states.mean(), weighted.mean()
    spread = states.square().mean().sqrt()
    has_mean = (torch.minimum(before.abs(), after.abs()) > 0.01 * spread) & (before * after > 0)
    kept = spread / weighted.square().mean().sqrt().clamp_min(1e-8)
    return weighted * torch.where(has_mean, before / after, kept)


def away_from(states: torch.Tensor, factors: torch.Tensor, nothing: torch.Tensor) -> torch.Tensor:
    """States `[1, tokens, width]` moved by factors `[1, tokens, 1]` away from those of the empty prompt.

    Transformers that read T5 or a language model norm each token before they look at it (Qwen-Image and
    Z-Image by its root mean square), which takes a mere factor back out. So it is what a token says beyond
    `nothing` (of the same shape, or `[1, 1, width]`) that is scaled, as ComfyUI does for T5.
    """
    return torch.where(factors == 1.0, states, nothing + factors * (states - nothing))


def factors_of(words: Sequence[Word], length: int, before: int, device: torch.device) -> torch.Tensor | None:
    """The weights of words that stand `before` tokens into a text of that length: float32 `[1, length, 1]`;
    None if all count once.
    """
    if all(word.weight == 1.0 for word in words):
        return None
    weights = [1.0] * before + [word.weight for word in words]
    weights = (weights + [1.0] * (length - len(weights)))[:length]
    return torch.tensor(weights, device=device).view(1, -1, 1)
