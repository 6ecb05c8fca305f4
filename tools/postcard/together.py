"""Training in several processes of one thread each.

On shared cores this beats threads: two threads meet at every operation and wait for whoever was
interrupted, two processes meet once a step.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Team:
    """This process's place among those that train together."""

    rank: int = 0
    size: int = 1

    @property
    def leads(self) -> bool:
        """Whether this process logs and saves."""
        return self.rank == 0

    def say(self, text: str) -> None:
        """Print, once for the team."""
        if self.leads:
            print(text, flush=True)

    def join(self, work: Path) -> None:
        """Meet the others at a file in the work folder."""
        if self.size > 1:
            torch.set_num_threads(1)
            meeting = (work / "meeting").resolve().as_uri()
            torch.distributed.init_process_group("gloo", meeting, rank=self.rank, world_size=self.size)

    def average_gradients(self, module: nn.Module, seconds: float) -> float:
        """Average the gradients over the team; returns the leader's `seconds` to all."""
        if self.size == 1:
            return seconds
        gradients = [p.grad for p in module.parameters() if p.grad is not None]
        clock = torch.tensor([seconds * self.size if self.leads else 0.0])
        flat: Tensor = torch.cat([*(g.flatten() for g in gradients), clock])
        torch.distributed.all_reduce(flat)
        flat /= self.size
        for gradient, part in zip(
            gradients, torch.split(flat[:-1], [g.numel() for g in gradients]), strict=True
        ):
            gradient.copy_(part.view_as(gradient))
        return float(flat[-1])
