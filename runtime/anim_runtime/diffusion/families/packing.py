"""Latents as rows of patches, two latents wide and high, as transformers take them."""

from __future__ import annotations

import torch

#: latents that a patch is wide and high
PATCH = 2


def packed(latents: torch.Tensor) -> torch.Tensor:
    """Patches `[B, h/2 * w/2, 4C]`, row by row, of latents `[B,C,h,w]` of even height and width."""
    batch, channels, height, width = latents.shape
    grid = latents.view(batch, channels, height // PATCH, PATCH, width // PATCH, PATCH)
    return grid.permute(0, 2, 4, 1, 3, 5).reshape(batch, (height // PATCH) * (width // PATCH), -1)


def unpacked(patches: torch.Tensor, height: int, width: int) -> torch.Tensor:
    """Latents `[B,C,height,width]` of patches `[B, height/2 * width/2, 4C]`."""
    batch, _, numbers = patches.shape
    channels = numbers // (PATCH * PATCH)
    grid = patches.view(batch, height // PATCH, width // PATCH, channels, PATCH, PATCH)
    return grid.permute(0, 3, 1, 4, 2, 5).reshape(batch, channels, height, width)


def positions(height: int, width: int, device: torch.device) -> torch.Tensor:
    """Where each patch of latents of that size lies, as Flux counts: float32 `[h/2 * w/2, 3]` of 0, row and
    column.
    """
    rows = torch.arange(height // PATCH, dtype=torch.float32, device=device)
    columns = torch.arange(width // PATCH, dtype=torch.float32, device=device)
    row, column = torch.meshgrid(rows, columns, indexing="ij")
    return torch.stack((torch.zeros_like(row), row, column), dim=-1).view(-1, 3)
