"""One model under LoRAs: their weights, and how they come to its layers."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from typing import Final

import torch
from torch import nn

from anim_runtime.diffusion.adapters.layer import Layer, Layout
from anim_runtime.diffusion.adapters.lengths import Lengths
from anim_runtime.diffusion.adapters.term import Term
from anim_runtime.sending import sent

MOST_KEPT_BYTES: Final = 2**30
"""Layers under LoRAs of more bytes keep their own weights, since those are kept beside the merged ones."""


class Weighed:
    """The layers of one model, and the weights that they share.

    A picture that is drawn alone has them merged into the weights of the layers, once for all steps; what is
    drawn together has them row by row beside the layers. Which it is follows from the number of pictures, so
    that a picture has the same bits whatever was drawn before. The weights of a batch lie where those of the
    last batch of so many rows lay, and merged layers where they were, so that recorded graphs of the device
    read the new ones.
    """

    def __init__(
        self,
        terms: Mapping[nn.Module, Sequence[Term]],
        device: torch.device,
        dtype: torch.dtype,
        ragged: Collection[nn.Module] = (),
        lengths: Lengths | None = None,
    ) -> None:
        """`ragged` layers take rows of several `lengths` one after the other."""
        self._device = device
        self._dtype = dtype
        self._lengths = lengths
        self._layers = [
            Layer(module, found, self._by_token if module in ragged else self._factors)
            for module, found in terms.items()
        ]
        self._merges = sum(layer.size_bytes for layer in self._layers) <= MOST_KEPT_BYTES
        self._weights = torch.zeros(0)
        self._made: dict[tuple[int, Layout], torch.Tensor] = {}
        self._rows = 0
        self._beside: frozenset[int] = frozenset()
        self._told: tuple[tuple[tuple[float, ...], ...], int] = ((), 0)

    def weigh(self, pictures: Sequence[tuple[float, ...]], copies: int = 1) -> None:
        """The weights `[pictures][LoRAs]` from now on, of a batch that holds its pictures so many times."""
        told = (tuple(pictures), copies)
        if told == self._told:
            return
        # only what was done to the end is known to hold
        self._told = ((), 0)
        acting = frozenset(i for row in pictures for i, weight in enumerate(row) if weight != 0.0)
        if len(pictures) == 1 and self._merges:
            for layer in self._layers:
                layer.merge(pictures[0])
            self._told, self._beside = told, frozenset()
            return
        rows = tuple(pictures) * copies
        self._rows = len(rows)
        with torch.inference_mode(False):
            self._weights = torch.tensor(rows, dtype=torch.float32)
        for (count, layout), held in self._made.items():
            if count == self._rows:
                held.copy_(sent(self._spread(layout), held.device))
        if self._lengths is not None:
            self._lengths.listen()
        for layer in self._layers:
            layer.act(acting)
        self._told, self._beside = told, acting

    @property
    def kernels(self) -> Hashable:
        """What decides which kernels the model runs: nothing where all is merged, else the LoRAs that act."""
        return self._beside

    def release(self) -> None:
        """Leave the model as it was."""
        self._beside = frozenset()
        for layer in self._layers:
            layer.release()
        if self._lengths is not None:
            self._lengths.release()
        self._told = ((), 0)

    def _factors(self, layout: Layout) -> torch.Tensor:
        """The weights times scales of a layout: `[rows, numbers]` on the device, in the model's dtype."""
        key = (self._rows, layout)
        found = self._made.get(key)
        if found is None:
            # a tensor of inference mode could not be written again outside of it
            with torch.inference_mode(False):
                found = self._made[key] = sent(self._spread(layout).to(self._dtype), self._device)
        return found

    def _by_token(self, layout: Layout) -> torch.Tensor:
        """The weights times scales of a layout for every token of rows of several lengths."""
        assert self._lengths is not None
        return self._lengths.spread(self._factors(layout))

    def _spread(self, layout: Layout) -> torch.Tensor:
        columns = [i for i, rank, _ in layout for _ in range(rank)]
        scales = torch.tensor([scale for _, rank, scale in layout for _ in range(rank)])
        return self._weights[:, columns] * scales
