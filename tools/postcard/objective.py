"""What training minimises: the weighted error of predicted velocities."""

import torch
from torch import Tensor, nn

from anim_runtime.builtin.codec import PostcardCodec

SNR_CEILING = 5.0


def weights(signal: Tensor) -> Tensor:
    """Loss weights [B] for velocities: 1 down to a signal-to-noise ratio, then less (min-SNR)."""
    snr = signal / (1 - signal)
    weight: Tensor = (snr + 1).clamp(max=SNR_CEILING + 1) / (snr + 1)
    return weight


def channel_weights(codec: PostcardCodec) -> Tensor:
    """Weights [C] of mean 1 that count coarse channels more, half way to an error in pixels."""
    contrast = codec.scale.reciprocal()
    weight: Tensor = contrast / contrast.mean()
    return weight


def loss(pair: nn.Module, latents: Tensor, ids: Tensor, signals: Tensor, importance: Tensor) -> Tensor:
    """The weighted velocity error.

    `signals` [1000] are the products of the alphas; `importance` [C] weighs the channels.
    """
    count = len(latents)
    normal = torch.randn(count, device=latents.device)
    step = (torch.sigmoid(normal * 1.3 + 0.35) * len(signals)).long().clamp(0, len(signals) - 1)
    step = torch.where(torch.rand(count, device=step.device) < 0.04, len(signals) - 1, step)
    signal = signals[step]
    a, s = signal.sqrt().view(-1, 1, 1, 1), (1 - signal).sqrt().view(-1, 1, 1, 1)
    noise = torch.randn_like(latents)
    predicted = pair(a * latents + s * noise, step, ids)
    error = (predicted.float() - (a * noise - s * latents)).square().mean((2, 3))
    weighted: Tensor = error.mul(importance).mean(1) * weights(signal)
    return weighted.mean()
