"""Large pictures in overlapping windows: at every step the model looks at each window alone, and what it
predicts is joined smoothly (MultiDiffusion, Bar-Tal et al. 2023, arXiv:2302.08113).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as functional

from anim_runtime.diffusion.denoiser import Adapters, Controls, Denoiser
from anim_runtime.diffusion.guidance import Guidance
from anim_runtime.diffusion.request import Hint, Request

#: pictures that a model looks at together; more windows are taken in turn
AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Windows:
    """Places of equal windows, `rows` × `columns` of a grid: their upper left corners, together all of it."""

    tops: tuple[int, ...]
    lefts: tuple[int, ...]
    rows: int
    columns: int

    @property
    def corners(self) -> tuple[tuple[int, int], ...]:
        """Row and column of each window's corner, row by row."""
        return tuple((top, left) for top in self.tops for left in self.lefts)

    def cut(self, grid: torch.Tensor, corner: tuple[int, int]) -> torch.Tensor:
        """One window of a grid `[…,H,W]`."""
        top, left = corner
        return grid[..., top : top + self.rows, left : left + self.columns]


def windows_of(rows: int, columns: int, edge: int, overlap: int, step: int = 1) -> Windows:
    """Windows of `edge` × `edge`, or as far as the grid goes, that share at least `overlap` with their
    neighbours. Their corners are multiples of `step`, as the grid's size is.
    """
    height, width = min(edge, rows), min(edge, columns)
    return Windows(
        _spread(rows, height, overlap, step), _spread(columns, width, overlap, step), height, width
    )


def _spread(total: int, edge: int, overlap: int, step: int) -> tuple[int, ...]:
    if edge >= total:
        return (0,)
    count = -(-(total - overlap) // (edge - overlap))
    places = (round(place * (total - edge) / (count - 1) / step) * step for place in range(count))
    return tuple(min(place, total - edge) for place in places)


def window_weights(windows: Windows, device: torch.device | None = None) -> torch.Tensor:
    """How much each place of a window counts, float32 `[rows, columns]`: most in its middle, least at its
    edges, where the neighbours see more.
    """
    return _slope(windows.rows, device).unsqueeze(1) * _slope(windows.columns, device)


def _slope(edge: int, device: torch.device | None) -> torch.Tensor:
    places = (torch.arange(edge, dtype=torch.float32, device=device) + 0.5) / edge
    return torch.sin(places * torch.pi) ** 2 + 1e-3


class Joined:
    """A grid made of windows: the mean of what is there, by the windows' weights."""

    def __init__(self, windows: Windows, size: Sequence[int], device: torch.device) -> None:
        self._windows = windows
        self._weights = window_weights(windows, device)
        self._shares = torch.zeros(tuple(size[-2:]), device=device)
        for corner in windows.corners:
            windows.cut(self._shares, corner).add_(self._weights)

    def of(self, made: Sequence[torch.Tensor], size: Sequence[int]) -> torch.Tensor:
        """The grid of that size of the windows' contents, in the order of their corners."""
        if len(made) == 1:
            return made[0]
        whole = torch.zeros(tuple(size), dtype=torch.float32, device=self._shares.device)
        for corner, part in zip(self._windows.corners, made, strict=True):
            self._windows.cut(whole, corner).add_(part * self._weights)
        return whole / self._shares


class WindowGuide:
    """The denoiser under guidance, window by window, of latents with `factor` pixels to one; the hints of
    ControlNets are cut as the latents are.
    """

    def __init__(
        self,
        windows: Windows,
        factor: int,
        denoiser: Denoiser,
        requests: Sequence[Request],
        tokens: tuple[int, ...],
        adapters: Adapters | None = None,
        controls: Controls | None = None,
    ) -> None:
        self._windows = windows
        self._parts = (denoiser, tokens, adapters, controls)
        self._count = len(requests)
        cuts = [_cut(row, windows, corner, factor) for corner in windows.corners for row in requests]
        self._groups = [cuts[begun : begun + AT_ONCE] for begun in range(0, len(cuts), AT_ONCE)]
        self._only = self._guidance(self._groups[0]) if len(self._groups) == 1 else None
        self._joined: Joined | None = None

    def __call__(
        self, latents: torch.Tensor, timestep: torch.Tensor, done: float = 0.0, until: float = 1.0
    ) -> torch.Tensor:
        """As `Guidance` does it, of latents of the whole picture."""
        cut = torch.cat([self._windows.cut(latents, corner) for corner in self._windows.corners])
        made, begun = [], 0
        for group in self._groups:
            # LoRAs and ControlNets are set for one batch at a time
            guide = self._only or self._guidance(group)
            made.append(guide(cut[begun : begun + len(group)], timestep, done, until))
            begun += len(group)
        if self._joined is None:
            self._joined = Joined(self._windows, latents.shape, latents.device)
        return self._joined.of(torch.cat(made).chunk(len(self._windows.corners)), latents.shape)

    def _guidance(self, rows: Sequence[Request]) -> Guidance:
        denoiser, tokens, adapters, controls = self._parts
        return Guidance(denoiser, rows, tokens, adapters, controls)


def _cut(request: Request, windows: Windows, corner: tuple[int, int], factor: int) -> Request:
    """What is asked of a window."""
    height, width = windows.rows * factor, windows.columns * factor
    top, left = corner[0] * factor, corner[1] * factor

    def cut(hint: Hint) -> Hint:
        whole, size = hint.picture, (request.height, request.width)
        if whole.shape[-2:] != size:
            whole = functional.interpolate(whole, size, mode="bilinear", antialias=True)
        # a picture's ragged edges are drawn out, as codecs do it
        edges = (0, max(0, left + width - size[1]), 0, max(0, top + height - size[0]))
        whole = functional.pad(whole, edges, mode="replicate") if any(edges) else whole
        return replace(hint, picture=whole[..., top : top + height, left : left + width])

    hints = tuple(cut(hint) for hint in request.hints)
    return replace(request, height=height, width=width, hints=hints)
