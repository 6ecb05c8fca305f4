"""Numbers and texts of many rows as bytes, one stretch a row, and their digests.

A number is eight bytes whether it is written as a constant or comes from a column, a text sixteen: what is
equal at a row is equal there as bytes, whatever the film says at other rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

WIDTH = 16
"""Bytes of a digest."""

Bytes: TypeAlias = NDArray[np.uint8]
"""uint8 `[rows, width]`; `[1, width]` where all rows are alike."""


def digest(data: bytes) -> bytes:
    """The digest of some bytes: blake2b, 16 bytes."""
    return blake2b(data, digest_size=WIDTH).digest()


def digests(data: Bytes) -> Bytes:
    """The digest of every row: uint8 `[rows, 16]`. Equal rows behind each other are digested once."""
    new = np.ones(len(data), dtype=bool)
    new[1:] = differ(data[1:], data[:-1])
    alone = data if new.all() else data[new]
    whole, width = alone.tobytes(), data.shape[1]
    if width == 0:
        made = [digest(b"")] * len(alone)
    else:
        rows = range(0, len(whole), width)
        made = [blake2b(whole[at : at + width], digest_size=WIDTH).digest() for at in rows]
    found = np.frombuffer(b"".join(made), dtype=np.uint8).reshape(-1, WIDTH)
    return found if alone is data else found[np.cumsum(new) - 1]


def differ(data: Bytes, other: Bytes) -> NDArray[np.bool_]:
    """Where rows are not those of another: bool `[rows]`."""
    if data.shape[1] % 8 == 0 and data.flags.c_contiguous and other.flags.c_contiguous:
        # eight bytes at a time
        return np.asarray((data.view(np.uint64) != other.view(np.uint64)).any(axis=1))
    return np.asarray((data != other).any(axis=1))


@lru_cache(maxsize=4096)
def text(value: str) -> bytes:
    """The digest of a text."""
    return digest(value.encode())


def texts(values: Iterable[str]) -> Bytes:
    """The digest of each text: uint8 `[texts, 16]`."""
    whole = b"".join(text(value) for value in values)
    return np.frombuffer(whole, dtype=np.uint8).reshape(-1, WIDTH)


def number(value: float) -> Bytes:
    """A constant at 12 significant digits, as columns are: uint8 `[1, 8]`."""
    return numbers(np.array([float(f"{value:.12g}")]))


def numbers(values: NDArray[Any]) -> Bytes:
    """A column `[rows]` or `[rows, n]` as little-endian float64; -0 is 0: uint8 `[rows, 8·n]`."""
    flat = values.reshape(len(values), -1).astype("<f8") + 0.0
    return np.ascontiguousarray(flat).view(np.uint8)


def joined(parts: Iterable[Bytes], rows: int) -> Bytes:
    """Stretches side by side: uint8 `[rows, sum of the widths]`."""
    known: list[NDArray[Any]] = list(parts)
    kind: type[np.generic] = np.uint8
    if all(part.shape[1] % 8 == 0 and part.flags.c_contiguous for part in known):
        # eight bytes at a time
        known, kind = [part.view(np.uint64) for part in known], np.uint64
    made = np.empty((rows, sum(part.shape[1] for part in known)), dtype=kind)
    at = 0
    for part in known:
        made[:, at : at + part.shape[1]] = part
        at += part.shape[1]
    return made.view(np.uint8)
