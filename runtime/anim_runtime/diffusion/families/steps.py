"""Timesteps as transformers take them."""

from __future__ import annotations

import torch


def per_row(timestep: torch.Tensor, latents: torch.Tensor) -> torch.Tensor:
    """A scheduler's timestep, one number, for every row: float32 `[B]` on the device of the latents."""
    return timestep.to(latents.device, torch.float32).reshape(-1).expand(latents.shape[0])
