"""Checkpoints: written whole or not at all."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn


def save(path: Path, state: dict[str, Any]) -> None:  # Any: torch's own state dictionaries
    """Write a checkpoint beside its place, then move it in."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def load(path: Path) -> dict[str, Any]:
    """A checkpoint on the CPU."""
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return state


@dataclass(frozen=True, slots=True)
class Average:
    """An exponential moving average of a module's parameters."""

    shadow: list[Tensor]
    live: list[Tensor]

    @classmethod
    def of(cls, module: nn.Module) -> "Average":
        """An average that starts at the parameters of now."""
        live = [p.data for p in module.parameters()]
        return cls([p.clone() for p in live], live)

    def update(self, step: int, decay: float) -> None:
        """Move towards the live parameters; quickly at first."""
        torch._foreach_lerp_(self.shadow, self.live, 1 - min(decay, (1 + step) / (10 + step)))

    def copy_to(self, module: nn.Module) -> None:
        """Set a module's parameters to the average."""
        for p, s in zip(module.parameters(), self.shadow, strict=True):
            p.data.copy_(s)
