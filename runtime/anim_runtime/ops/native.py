"""Whether the compiled loops for the CPU can be used, and how they are spread over threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

#: Rows that are worked on at once where what is found of them is read by another loop: it stays in a near
#: cache, and takes little memory at any size.
ROWS = 64
#: Fewer destination pixels than this are done by one thread: a second one would cost more than it saves.
_WORTH_THREADS = 1 << 17


def is_native(*tensors: Tensor) -> bool:
    """Whether loops compiled by numba serve these: float tensors on the CPU, numba being installed."""
    return _has_numba() and all(t.device.type == "cpu" and t.dtype == torch.float32 for t in tensors)


@cache
def _has_numba() -> bool:
    return find_spec("numba") is not None


def flat(tensor: Tensor) -> NDArray[np.float32]:
    """All values of a tensor on the CPU in one row, copied only where they do not lie so."""
    values: NDArray[np.float32] = tensor.detach().contiguous().view(-1).numpy()
    return values


def planes(image: Tensor, made: Tensor) -> list[tuple[NDArray[np.float32], int, NDArray[np.float32], int]]:
    """What compiled loops read and write of images `[1,C,H,W]` and `[1,C,h,w]`: three planes at once, or one.

    Each is (source, plane, destination, step); `plane` and `step` are the distances between planes. `made`
    lies in one piece.
    """
    source, there, channels = flat(image), made.view(-1).numpy(), image.shape[1]
    plane, step = image.shape[2] * image.shape[3], made.shape[2] * made.shape[3]
    if channels == 3:
        return [(source, plane, there, step)]
    # of one plane three times the same is read and written: no loop is compiled twice
    return [(source[c * plane :], 0, there[c * step :], 0) for c in range(channels)]


def in_bands(work: Callable[[int, int], object], height: int, width: int) -> None:
    """Calls `work(first row, row after the last)` for all rows: in bands, on as many threads as torch uses.

    No row may depend on another, so that what comes out is the same whatever the number of threads.
    """
    threads = min(torch.get_num_threads(), height)
    if threads == 1 or height * width < _WORTH_THREADS:
        work(0, height)
        return
    edges = [height * n // threads for n in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, *band) for band in pairwise(edges)]:
            done.result()
