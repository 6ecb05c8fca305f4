"""One layer of a model under LoRAs: what they add to its output, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import nn
from torch.nn import functional

from anim_runtime.diffusion.adapters.term import Term

#: the LoRA and the scale of every number between the thin matrices of a pack, in their order
Layout: TypeAlias = tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """The terms of the LoRAs that act, as one pair of thin matrices: as fast as a single one.

    `layout` has (LoRA, rank, scale) of each; `gains` `[LoRAs with a gain, outputs]`, and `gained` is the
    layout of those.
    """

    down: torch.Tensor
    up: torch.Tensor
    mids: tuple[Term, ...]
    layout: Layout
    gains: torch.Tensor | None
    gained: Layout


class Layer:
    """Adds to a linear layer's or a convolution's output what the LoRAs that act add, by their weights.

    `factors` gives the weights of a layout, `[rows, numbers]`: the rows of a batch, each of which may be
    several rows of the layer's input.
    """

    def __init__(
        self, module: nn.Module, terms: Sequence[Term], factors: Callable[[Layout], torch.Tensor]
    ) -> None:
        self.module = module
        self.terms = tuple(terms)
        self._factors = factors
        self._is_conv = isinstance(module, nn.Conv2d)
        self._packs: dict[frozenset[int], Pack | None] = {}
        self._pack: Pack | None = None
        self._handle: Any = None
        self._own_weight: torch.Tensor | None = None
        self._is_merged = False

    @property
    def size_bytes(self) -> int:
        """The memory of the layer's weights."""
        weight = self._weight
        return weight.numel() * weight.element_size()

    @property
    def _weight(self) -> torch.Tensor:
        weight: Any = self.module.weight
        found: torch.Tensor = weight.data
        return found

    def act(self, loras: frozenset[int]) -> None:
        """Take part with these LoRAs from now on; with none of its own it costs nothing at all."""
        self._part()
        if loras not in self._packs:
            acting = [term for term in self.terms if term.lora in loras]
            self._packs[loras] = _packed(acting) if acting else None
        self._pack = self._packs[loras]
        if self._pack is None:
            self._unhook()
        elif self._handle is None:
            self._handle = self.module.register_forward_hook(self._added)

    @torch.inference_mode()
    def merge(self, weights: tuple[float, ...]) -> None:
        """Have the LoRAs by these weights in the layer's own."""
        self._unhook()
        acting = [(term, weights[term.lora]) for term in self.terms if weights[term.lora] != 0.0]
        if not acting:
            self._part()
            return
        weight = self._weight
        if self._own_weight is None:
            self._own_weight = weight.clone()
        # of a model whose parts take turns the layer may be elsewhere now
        merged = self._own_weight.flatten(1).to(acting[0][0].down.device)
        gains = [factor * term.gain for term, factor in acting if term.gain is not None]
        if gains:
            merged = merged * (1.0 + torch.stack(gains).sum(0)).to(merged.dtype)[:, None]
        for term, factor in acting:
            merged = term.added(merged, factor)
        weight.copy_(merged.view_as(weight))
        self._is_merged = True

    def release(self) -> None:
        """Leave the layer as it was."""
        self._unhook()
        self._part()

    @torch.inference_mode()
    def _part(self) -> None:
        if self._is_merged and self._own_weight is not None:
            self._weight.copy_(self._own_weight)
            self._is_merged = False

    def _unhook(self) -> None:
        if self._handle is not None:
            self._handle.remove()
            self._handle = None

    def _added(self, module: Any, given: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
        pack = self._pack
        assert pack is not None
        own = self._own(pack, output)
        add = self._convolved if self._is_conv else self._multiplied
        added = add(pack, given[0], output)
        return added if own is None else added.add_(own)

    def _own(self, pack: Pack, output: torch.Tensor) -> torch.Tensor | None:
        """What DoRAs add of the layer's own output, without its bias."""
        if pack.gains is None:
            return None
        gains = (self._factors(pack.gained).float() @ pack.gains).to(output.dtype)
        bias: Any = self.module.bias
        if not self._is_conv:
            plain = output if bias is None else output - bias
            return (plain.reshape(len(gains), -1, gains.shape[1]) * gains[:, None]).reshape(output.shape)
        plain = output if bias is None else output - bias.view(-1, 1, 1)
        rows = plain.reshape(len(gains), -1, *plain.shape[1:])
        return (rows * gains[:, None, :, None, None]).reshape(output.shape)

    def _multiplied(self, pack: Pack, taken: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
        thin = functional.linear(taken, pack.down)
        factors = self._factors(pack.layout)
        rows = (thin.reshape(len(factors), -1, thin.shape[-1]) * factors[:, None]).reshape(-1, thin.shape[-1])
        if output.is_contiguous():
            output.view(-1, output.shape[-1]).addmm_(rows, pack.up.t())
            return output
        return output + (rows @ pack.up.t()).reshape(output.shape)

    def _convolved(self, pack: Pack, taken: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
        # the layer's own way of looking beyond the edge holds for the thin convolution as well
        convolve: Callable[..., torch.Tensor] = self.module._conv_forward  # type: ignore[assignment]
        if pack.layout:
            thin = convolve(taken, pack.down, None)
            factors = self._factors(pack.layout)
            rows = thin.reshape(len(factors), -1, *thin.shape[1:]) * factors[:, None, :, None, None]
            output = output.add_(functional.conv2d(rows.reshape(thin.shape), pack.up))
        for term in pack.mids:
            assert term.mid is not None
            thin = convolve(functional.conv2d(taken, term.down), term.mid, None)
            factors = self._factors(((term.lora, term.rank, term.scale),))
            rows = thin.reshape(len(factors), -1, *thin.shape[1:]) * factors[:, None, :, None, None]
            output = output.add_(functional.conv2d(rows.reshape(thin.shape), term.up))
        return output


def _packed(terms: Sequence[Term]) -> Pack:
    plain = [term for term in terms if term.mid is None]
    some = plain or list(terms)
    gained = [term for term in terms if term.gain is not None]
    return Pack(
        down=some[0].down if len(some) == 1 else torch.cat([term.down for term in plain]),
        up=some[0].up if len(some) == 1 else torch.cat([term.up for term in plain], dim=1),
        mids=tuple(term for term in terms if term.mid is not None),
        layout=tuple((term.lora, term.rank, term.scale) for term in plain),
        gains=torch.stack([term.gain for term in gained if term.gain is not None]) if gained else None,
        gained=tuple((term.lora, 1, 1.0) for term in gained),
    )
