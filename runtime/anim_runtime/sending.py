"""Numbers on their way from the host to the device, which nobody waits for."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def sent(tensor: torch.Tensor, device: torch.device) -> torch.Tensor:
    """A tensor of the host on the device.

    A CUDA device fetches it when its turn comes, out of memory that stays where it is: a plain copy would
    wait until all work that was given out before is done.
    """
    if device.type in ("cpu", "mps"):
        return tensor.to(device)
    held = tensor.pin_memory() if device.type == "cuda" else tensor
    return held.to(device, non_blocking=True)


def sent_numbers(
    numbers: Sequence[float], device: torch.device, dtype: torch.dtype = torch.float32
) -> torch.Tensor:
    """Some numbers on the device, `[count]`, as `sent` has it."""
    return sent(torch.tensor(numbers, dtype=dtype), device)
