"""How loops are compiled for the CPU: kept beside the package, else in the user's cache, else not kept.

Whoever imports this has numba; `native.is_native` says so. What is compiled has no types to be checked.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numba
import platformdirs
from numba import njit

Loop = Callable[..., Any]

#: numba makes its settings while it is imported, so they have no types: hence Any
_config: Any = getattr(numba, "config")  # noqa: B009  # not exported, as its types are not known


def compiled(function: Loop, *, fastmath: bool = False) -> Any:
    """A loop that numba compiles when it is first called; it holds no lock; dividing by 0 gives infinity.

    `fastmath` is for loops that need no order of sums and no numbers that are none.
    """
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": fastmath}
    folder = _folder()
    if folder is None:
        # it is compiled in every process
        return njit(**options)(function)
    kept, _config.CACHE_DIR = _config.CACHE_DIR, str(folder)
    try:
        return njit(cache=True, **options)(function)
    finally:
        _config.CACHE_DIR = kept


def part(function: Loop) -> Any:
    """A part of compiled loops, compiled along with them."""
    return njit(nogil=True, error_model="numpy")(function)


@cache
def _folder() -> Path | None:
    """Where compiled loops are kept: a folder of their own for each state of all their sources.

    Numba looks at the file of a loop alone: it would go on as it was though a part in another file changed.
    """
    for place in _places():
        folder = place / f"anim-loops-{_digest()}"
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK | os.X_OK):
                return folder
    return None


def _places() -> Iterator[Path]:
    if _config.CACHE_DIR:
        yield Path(_config.CACHE_DIR)
    yield Path(__file__).parent / "__pycache__"
    yield Path(platformdirs.user_cache_dir("anim"))


def _digest() -> str:
    """Of the sources of all loops and their parts, 12 hex digits."""
    made = hashlib.blake2b(digest_size=6)
    for path in sorted(Path(__file__).parent.glob("*native*.py")):
        made.update(path.name.encode() + b"\0" + path.read_bytes())
    return made.hexdigest()
