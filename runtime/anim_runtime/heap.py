"""Memory that one step of the model lets go of stays with the process for the next step.

The C library gives large blocks back to the system as soon as they are free, and takes them anew with every
page cleared. A batch's activations are such blocks, hundreds a step: with the built-in model at 128 px and 8
frames at once a call of the denoiser had 11,000 page faults and took 203 ms of the processor, 171 ms without.
"""

from __future__ import annotations

import ctypes
import platform
from collections.abc import Iterator
from contextlib import contextmanager

#: parameters of `mallopt` in glibc's malloc.h
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
#: blocks up to this many bytes come from the heap: all that a batch of small pictures needs. Larger ones are
#: so slow to fill that clearing them counts little, and they should not be kept
BLOCK = 128 * 2**20
#: free bytes that are kept at the heap's end
KEEP = 512 * 2**20


@contextmanager
def kept_heap() -> Iterator[None]:
    """Free blocks are kept inside, and given back to the system at the end. No pixel depends on it.

    The blocks' limits hold for the process from then on. Nothing happens where the C library is not glibc.
    """
    if platform.libc_ver()[0] != "glibc":
        yield
        return
    library = ctypes.CDLL(None)
    library.mallopt(_M_MMAP_THRESHOLD, BLOCK)
    library.mallopt(_M_TRIM_THRESHOLD, KEEP)
    try:
        yield
    finally:
        library.malloc_trim(0)
