"""The numbers of one LoRA at one layer, read and checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
from torch import nn

from anim_runtime.diffusion.adapters.fitting import Fitted
from anim_runtime.diffusion.adapters.lora_file import LoraFile
from anim_runtime.problems import RenderProblem


@dataclass(frozen=True, slots=True)
class Term:
    """What `weight` times adds to a layer: `scale` · up(mid(down(x))).

    Linear layers have `down` `[rank, inputs]` and `up` `[outputs, rank]`; convolutions have `down`
    `[rank, inputs, kh, kw]` (1 × 1 with a `mid` `[rank, rank, kh, kw]`) and `up` `[outputs, rank, 1, 1]`.
    With `gain` float32 `[outputs]` the layer's own output without its bias is added besides, so many times:
    a DoRA.
    """

    lora: int
    down: torch.Tensor
    up: torch.Tensor
    mid: torch.Tensor | None
    scale: float
    gain: torch.Tensor | None

    @property
    def rank(self) -> int:
        """The numbers between the two matrices."""
        return int(self.up.shape[1])

    def added(self, weights: torch.Tensor, factor: float) -> torch.Tensor:
        """A layer's weights `[outputs, …]` with `factor` times what this adds to them, but for the gain."""
        if self.mid is not None:
            return weights + (factor * self.delta()).flatten(1).to(weights.dtype)
        return torch.addmm(weights, self.up.flatten(1), self.down.flatten(1), alpha=factor * self.scale)

    def delta(self) -> torch.Tensor:
        """What is added to the layer's weights at weight 1 but for the gain: float32 `[outputs, …]`."""
        up, down = self.up.float().flatten(1), self.down.float()
        if self.mid is not None:
            inner = torch.einsum("ajhw,ji->aihw", self.mid.float(), down.flatten(1))
            return self.scale * torch.einsum("oa,aihw->oihw", up, inner)
        return self.scale * (up @ down.flatten(1)).view(len(up), *down.shape[1:])


def read_term(
    lora: LoraFile,
    number: int,
    place: Fitted,
    read: Callable[[str], torch.Tensor],
    device: torch.device,
    dtype: torch.dtype,
) -> Term:
    """The term of a LoRA (its place in the engine is `number`) at a layer; `read` reads a tensor by name.

    RenderProblem (exit code 7) if it holds NaN or infinity.
    """

    numbers = partial(_numbers, lora, read)
    is_conv = isinstance(place.module, nn.Conv2d)
    down, up = _shaped(numbers(place.down), is_conv), _rows(numbers(place.up), place).flatten(1)
    up = up[..., None, None] if is_conv else up
    mid = numbers(place.mid) if place.mid else None
    alpha = float(numbers(place.alpha)) if place.alpha else place.told_alpha
    scale = 1.0 if alpha is None else alpha / (place.rank**0.5 if place.is_stabilised else place.rank)
    gain = None
    if place.magnitude:
        lengths = _rows(numbers(place.magnitude), place).flatten()
        gain, factor = _gain(place.module, Term(number, down, up, mid, scale, None).delta(), lengths)
        up = up * factor.view(-1, *(1,) * (up.dim() - 1))
    return Term(
        number,
        down.to(device, dtype).contiguous(),
        up.to(device, dtype).contiguous(),
        None if mid is None else mid.to(device, dtype).contiguous(),
        scale,
        None if gain is None else gain.to(device),
    )


def _numbers(lora: LoraFile, read: Callable[[str], torch.Tensor], name: str) -> torch.Tensor:
    found = read(name).float()
    if not bool(torch.isfinite(found).all()):
        hint = "the file is damaged: fetch it again, or use another version of it"
        raise RenderProblem(f"the LoRA `{lora.name}` holds numbers that are none (NaN)", hint, 7)
    return found


def _rows(tensor: torch.Tensor, place: Fitted) -> torch.Tensor:
    """The rows of a file's tensor that are this layer's."""
    if place.swapped:
        first, second = tensor.chunk(2)
        tensor = torch.cat([second, first])
    return tensor[place.begin : place.end]


def _shaped(down: torch.Tensor, is_conv: bool) -> torch.Tensor:
    """A matrix for a linear layer, a kernel for a convolution: files have either for 1 × 1."""
    if is_conv:
        return down if down.dim() == 4 else down[..., None, None]
    return down.flatten(1)


def _gain(module: nn.Module, delta: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Of a DoRA (Liu et al. 2024) at weight 1: how many times the layer's own output is added, and the factor
    on what is added to it, float32 `[outputs]` each. The columns of its weights have the `lengths` then.
    """
    weight = module.weight.detach().float().cpu()  # type: ignore[operator]
    changed = (weight + delta.view_as(weight)).flatten(1)
    factor = lengths / changed.norm(dim=1).clamp_min(1e-12)
    return factor - 1.0, factor
