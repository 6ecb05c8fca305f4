"""The switches that make torch give the same bits for the same work on one machine."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

#: a module whose one setting is a property that type checkers do not see: hence Any
_FRESH: Any = torch.utils.deterministic


@contextmanager
def deterministic(device: str) -> Iterator[None]:
    """Deterministic algorithms inside, the settings as they were outside."""
    before = torch.are_deterministic_algorithms_enabled()
    warned = torch.is_deterministic_algorithms_warn_only_enabled()
    filled = _FRESH.fill_uninitialized_memory
    tuned = torch.backends.cudnn.benchmark
    if device.startswith("cuda"):
        # cuBLAS reads this when its first handle is made
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.use_deterministic_algorithms(True, warn_only=True)
    # filling fresh memory with NaN finds bugs and costs time; kernels here write all that they allocate
    _FRESH.fill_uninitialized_memory = False
    torch.backends.cudnn.benchmark = False
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*deterministic.*")
            yield
    finally:
        torch.use_deterministic_algorithms(before, warn_only=warned)
        _FRESH.fill_uninitialized_memory = filled
        torch.backends.cudnn.benchmark = tuned
