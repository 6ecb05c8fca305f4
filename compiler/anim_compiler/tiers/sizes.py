"""How large the pictures of a preview are made."""

from __future__ import annotations

GRID = 8
"""Pixels that widths and heights are multiples of: what the model's latents ask for."""


def small(width: int, height: int, longest: int, grid: int = GRID) -> tuple[int, int]:
    """A size of the same shape, px, whose longer edge has `longest` px at most, in multiples of `grid`; the
    size itself if it is no longer than that.
    """
    if max(width, height) <= longest:
        return width, height
    scale = longest / max(width, height)
    return _on_grid(width * scale, grid), _on_grid(height * scale, grid)


def _on_grid(pixels: float, grid: int) -> int:
    return max(grid, round(pixels / grid) * grid)
