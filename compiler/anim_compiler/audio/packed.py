"""A group's curves as bytes, small and the same on every machine: for the cache and for lock files.

Float32 curves are multiples of 2^-14 (`measure.rounded`), so they are whole numbers here: their differences
from hop to hop, the bytes of equal weight side by side, compressed with Zstandard. A curve of a three-minute
song takes some 20 to 60 KB. Float64 arrays (times, facts) are kept bit by bit.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_BYTES: Final = 256 * 2**20
"""What one group's curves may take once unpacked; the longest track's take less."""

STEP: Final = 2.0**14
"""A float32 curve's values are whole numbers of 1 / STEP."""

_MAGIC: Final = b"anim\x00\x01"
_DIGEST: Final = 16
_HEAD: Final = len(_MAGIC) + _DIGEST
_LEVEL: Final = 9
_MOST_NAMES: Final = 256
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_WIDEST: Final = 2.0**44  # larger values are no curve's, and their differences would not fit


def pack(curves: Mapping[str, NDArray[np.float32] | NDArray[np.float64]]) -> bytes:
    """The bytes of a group's arrays, each `[n]` and finite; float32 must be rounded already.

    Equal curves give equal bytes with one version of Zstandard. Raises ValueError for what is no curve.
    """
    import zstandard

    rows = [(name, *_packed(array)) for name, array in sorted(curves.items())]
    facts = [[name, kind, size] for name, kind, size, _ in rows]
    said = json.dumps(facts, separators=(",", ":")).encode()
    whole = b"".join([len(said).to_bytes(4, "little"), said, *(data for *_, data in rows)])
    body = zstandard.ZstdCompressor(level=_LEVEL).compress(whole)
    return _MAGIC + hashlib.blake2b(body, digest_size=_DIGEST).digest() + body


def unpack(data: bytes, most: int = MOST_BYTES) -> dict[str, NDArray[np.float32] | NDArray[np.float64]]:
    """The arrays that `pack` was given, bit by bit.

    Raises ValueError for damaged or foreign bytes, for values that are no numbers, and for what would take
    more than `most` bytes once unpacked; such bytes are refused before anything large is made of them.
    """
    import zstandard

    body = data[_HEAD:]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.blake2b(body, digest_size=_DIGEST).digest() != data[6:_HEAD]:
        raise ValueError("not a group of curves")
    try:
        # the size that the frame claims is what is allocated, whatever limit is given
        if not 4 <= zstandard.frame_content_size(body) <= most:
            raise ValueError("a group of curves that is too large")
        whole = zstandard.ZstdDecompressor().decompress(body, allow_extra_data=False)
    except zstandard.ZstdError as problem:
        raise ValueError("a damaged group of curves") from problem
    length = int.from_bytes(whole[:4], "little")
    at = 4 + length
    found: dict[str, NDArray[np.float32] | NDArray[np.float64]] = {}
    for name, kind, size in _facts(whole[4:at]):
        found[name], at = _unpacked(whole, at, kind, size, most)
    if at != len(whole):
        raise ValueError("a group of curves of another length than it says")
    return found


def _packed(array: NDArray[np.float32] | NDArray[np.float64]) -> tuple[str, int, bytes]:
    """Its kind, its size, its bytes."""
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError("a curve is a row of finite numbers")
    if array.dtype == np.float64:
        return "f8", array.size, array.astype("<f8").tobytes()
    whole = np.rint(array.astype(np.float64) * STEP)
    if array.dtype != np.float32 or np.abs(whole).max(initial=0.0) > _WIDEST:
        raise ValueError("a curve is float32 or float64")
    steps = np.diff(whole.astype(np.int64), prepend=0)
    kind = next(kind for kind in ("i2", "i4", "i8") if np.abs(steps).max(initial=0) <= np.iinfo(kind).max)
    width = int(kind[1])
    planes = steps.astype(f"<{kind}").view(np.uint8).reshape(-1, width).T
    return kind, array.size, planes.tobytes()


def _unpacked(
    whole: bytes, at: int, kind: str, size: int, most: int
) -> tuple[NDArray[np.float32] | NDArray[np.float64], int]:
    """The array whose bytes begin at `at`, and where they end."""
    width = int(kind[1])
    end = at + size * width
    if size * 8 > most or end > len(whole):
        raise ValueError("a group of curves that is cut short")
    piece = np.frombuffer(whole, np.uint8, size * width, at)
    if kind == "f8":
        exact = piece.view("<f8").astype(np.float64)
        if not np.isfinite(exact).all():
            raise ValueError("a curve that is no number")
        return exact, end
    steps = np.ascontiguousarray(piece.reshape(width, size).T).view(f"<{kind}").reshape(-1)
    return (np.cumsum(steps, dtype=np.int64) / STEP).astype(np.float32), end


def _facts(data: bytes) -> list[tuple[str, str, int]]:
    """Name, kind and size of every array, in the order of their bytes."""
    try:
        rows = json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise ValueError("a group of curves without its names") from problem
    if not isinstance(rows, list) or len(rows) > _MOST_NAMES:
        raise ValueError("a group of curves without its names")
    found: list[tuple[str, str, int]] = []
    for row in rows:
        if not isinstance(row, list) or len(row) != 3:
            raise ValueError("a group of curves without its names")
        name, kind, size = row
        is_named = isinstance(name, str) and _NAME.fullmatch(name) is not None
        if not is_named or kind not in ("i2", "i4", "i8", "f8") or type(size) is not int or size < 0:
            raise ValueError("a group of curves without its names")
        found.append((name, kind, size))
    return found
