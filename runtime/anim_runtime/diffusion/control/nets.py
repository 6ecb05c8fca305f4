"""The ControlNets of an engine, over a batch: several at once, a weight a row."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

import torch

from anim_runtime.diffusion.control.acting import Acting, acting
from anim_runtime.diffusion.control.moment import Moment, Net
from anim_runtime.diffusion.denoiser import Residuals
from anim_runtime.diffusion.request import Request
from anim_runtime.diffusion.told import Told
from anim_runtime.sending import sent


class ControlNets:
    """The ControlNets of an engine; see `anim_runtime.diffusion.denoiser.Controls`."""

    def __init__(self, nets: Sequence[Net]) -> None:
        self._nets = {net.name: net for net in nets}
        self._acting: tuple[Acting, ...] = ()
        self._shown: dict[str, torch.Tensor] = {}
        self._scales: dict[tuple[float, ...], torch.Tensor] = {}
        self._copies = 1
        self._size = (0, 0)

    @property
    def names(self) -> tuple[str, ...]:
        """As films call them."""
        return tuple(self._nets)

    def prepare(self, rows: Sequence[Request], copies: int) -> None:
        """Takes the hints of a batch; `copies` is how often its rows stand in the denoiser's batch.

        KeyError if a request shows something to a control that the engine does not have.
        """
        height, width = rows[0].height, rows[0].width
        hints = [row.hints for row in rows]
        named = dict.fromkeys(hint.name for row in rows for hint in row.hints)
        found = (acting(self._nets[name].name, hints, height, width) for name in named)
        self._acting = tuple(one for one in found if one is not None)
        self._copies, self._size = copies, (height, width)
        self._shown.clear()
        self._scales.clear()

    def residuals(
        self,
        latents: torch.Tensor,
        timestep: torch.Tensor,
        told: Told,
        done: float,
        until: float,
        guidance: torch.Tensor | None = None,
    ) -> Residuals | None:
        """What the denoiser is given at a step that goes from `done` to `until` (0..1) of the sampling; None
        at steps at which no control acts.
        """
        moment = Moment(latents, timestep, told, guidance, self._copies)
        made = []
        for one in self._acting:
            weights = one.at(done, until)
            if any(weights):
                net = self._nets[one.name]
                made.append(
                    _scaled(net(moment, self._seen(net, one, latents)), self._scale(weights, latents))
                )
        return reduce(_added, made) if made else None

    def _seen(self, net: Net, one: Acting, latents: torch.Tensor) -> torch.Tensor:
        """What a network is shown, made once a batch."""
        found = self._shown.get(one.name)
        if found is None:
            rows, columns = latents.shape[-2:]
            made = net.shown(one.picture, *self._size, (rows, columns))
            found = self._shown[one.name] = torch.cat([made] * self._copies)
        return found

    def _scale(self, weights: tuple[float, ...], latents: torch.Tensor) -> torch.Tensor:
        """The weights `[B]` on the device: sent there once, and not at every step."""
        found = self._scales.get(weights)
        if found is None:
            rows = torch.tensor(weights * self._copies, dtype=latents.dtype)
            found = self._scales[weights] = sent(rows, latents.device)
        return found


def _scaled(given: Residuals, weights: torch.Tensor) -> Residuals:
    def scaled(tensor: torch.Tensor) -> torch.Tensor:
        return tensor * weights.view(-1, *(1,) * (tensor.dim() - 1))

    return Residuals(
        tuple(map(scaled, given.down)),
        None if given.mid is None else scaled(given.mid),
        tuple(map(scaled, given.blocks)),
        tuple(map(scaled, given.single)),
    )


def _added(one: Residuals, other: Residuals) -> Residuals:
    """The sum of what two networks of one family add."""

    def added(left: tuple[torch.Tensor, ...], right: tuple[torch.Tensor, ...]) -> tuple[torch.Tensor, ...]:
        # networks may differ in their depth: what only one has stands as it is
        shared = min(len(left), len(right))
        rest = left[shared:] or right[shared:]
        return (*(a + b for a, b in zip(left, right, strict=False)), *rest)

    mid = one.mid if other.mid is None else other.mid if one.mid is None else one.mid + other.mid
    return Residuals(
        added(one.down, other.down), mid, added(one.blocks, other.blocks), added(one.single, other.single)
    )
