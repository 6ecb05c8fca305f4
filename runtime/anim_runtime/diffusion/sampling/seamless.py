"""Pictures whose edges meet: what a layer sees beyond an edge is the other side of the picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch

from anim_runtime.diffusion.denoiser import Adapters, Controls, Denoiser
from anim_runtime.diffusion.guidance import Guidance
from anim_runtime.diffusion.request import Request

#: the part of an edge by which the picture is turned from call to call; no two places come back soon
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def seamless(*parts: Any) -> None:
    """Makes every convolution of some models of diffusers look round the edge. Any: they have no annotations;
    what is no module is left alone.
    """
    for part in parts:
        if not isinstance(part, torch.nn.Module):
            continue
        for module in part.modules():
            if _pads_one_side(module):
                _pad_round(module)
            elif isinstance(module, torch.nn.Conv2d) and any(_padding(module)):
                module.padding_mode = "circular"


def _padding(layer: torch.nn.Conv2d) -> Sequence[int]:
    return (1,) if isinstance(layer.padding, str) else layer.padding


def _pads_one_side(module: torch.nn.Module) -> bool:
    """Whether it is a layer of an encoder that halves pictures and pads them right and below with zeros."""
    halves = type(module).__name__ == "Downsample2D" and getattr(module, "padding", None) == 0
    return halves and isinstance(getattr(module, "conv", None), torch.nn.Conv2d)


def _pad_round(module: Any) -> None:
    """The same with what stands on the other side, which the convolution itself then fetches."""
    module.padding = 1
    module.conv.padding_mode = "circular"
    module.conv._reversed_padding_repeated_twice = [0, 1, 0, 1]


class TurnedGuide:
    """The denoiser under guidance for models that count places, such as transformers: the picture is turned
    round its edges by another way at every call, so that no place is an edge for long.
    """

    def __init__(
        self,
        denoiser: Denoiser,
        requests: Sequence[Request],
        tokens: tuple[int, ...],
        adapters: Adapters | None = None,
        controls: Controls | None = None,
    ) -> None:
        self._guide = Guidance(denoiser, requests, tokens, adapters, controls)
        # what hints say of a place would be said of another
        self._turns = not any(request.hints for request in requests)
        self._calls = 0

    def __call__(
        self, latents: torch.Tensor, timestep: torch.Tensor, done: float = 0.0, until: float = 1.0
    ) -> torch.Tensor:
        """As `Guidance` does it."""
        ways = [0, 0]
        if self._turns:
            # patches are two latents wide
            ways = [int(self._calls * GOLDEN % 1.0 * edge / 2) * 2 for edge in latents.shape[-2:]]
        self._calls += 1
        turned = latents.roll(ways, (-2, -1))
        predicted = self._guide(turned, timestep, done, until)
        return predicted.roll([-way for way in ways], (-2, -1))
