"""The pictures that are shown while a film is written: small, 8 bits a channel, by the name of what they are.

They lie in `cache/previews`, where the painting process puts them and the screen reads them. A name never
holds half a picture. Nothing here is kept for good: what was not used for longest goes when the folder grows
over its cap, and a picture that a crash of the machine tore counts as absent.
"""

from __future__ import annotations

import contextlib
import os
import struct
import threading
from collections import OrderedDict
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from anim_compiler.whole_file import write_whole
from anim_runtime.store import kept_files

LONGEST = 512
"""Pixels of the longer edge of a picture that is kept, at most."""

CAP = 2**30
"""Bytes of the folder."""

IN_MEMORY = 192 * 2**20
"""Bytes of pictures that were read or made last and stay in memory."""

_MAGIC = b"ANIMPRE1"
#: magic, height, width; then a Zstandard stream with a checksum, of differences along rows
_HEADER = struct.Struct("<8sII")
_STALE = 600.0
#: eviction goes down to this share of the cap, so that it does not run at every picture
_ROOM = 0.9


def packed(picture: NDArray[np.uint8]) -> bytes:
    """A picture uint8 `[H,W,3]` as the bytes of a file."""
    height, width, _ = picture.shape
    steps = np.empty_like(picture)
    steps[:, 0] = picture[:, 0]
    np.subtract(picture[:, 1:], picture[:, :-1], out=steps[:, 1:])
    planes = np.ascontiguousarray(steps.transpose(2, 0, 1))
    # a compressor of its own: one must not be used by two threads
    stream = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(planes.tobytes())
    return _HEADER.pack(_MAGIC, height, width) + stream


def unpacked(data: bytes) -> NDArray[np.uint8] | None:
    """The picture uint8 `[H,W,3]` of a file's bytes; None if they are not whole."""
    if len(data) < _HEADER.size or not data.startswith(_MAGIC):
        return None
    _, height, width = _HEADER.unpack(data[: _HEADER.size])
    try:
        stream = zstandard.ZstdDecompressor().decompress(
            data[_HEADER.size :], max_output_size=3 * height * width
        )
    except zstandard.ZstdError:
        return None
    planes = np.frombuffer(stream, dtype=np.uint8)
    if planes.size != 3 * height * width:
        return None
    rows = np.cumsum(planes.reshape(3, height, width), axis=2, dtype=np.uint8)
    return np.ascontiguousarray(rows.transpose(1, 2, 0))


class Pictures:
    """The pictures of one cache folder; safe to share between threads and processes."""

    def __init__(self, cache: Path, cap_bytes: int = CAP, in_memory: int = IN_MEMORY) -> None:
        self.folder = cache / "previews"
        self.cap_bytes = cap_bytes
        self._in_memory = in_memory
        self._near: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()
        self._near_bytes = 0
        self._size: int | None = None
        self._lock = threading.Lock()

    def get(self, key: str) -> NDArray[np.uint8] | None:
        """The picture uint8 `[H,W,3]`, which must not be changed; None if it is not there (any more)."""
        with self._lock:
            near = self._near.get(key)
            if near is not None:
                self._near.move_to_end(key)
                return near
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        picture = unpacked(data)
        if picture is None:
            path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the time of change serves as the time of last use
        self._remember(key, picture)
        return picture

    def has(self, key: str) -> bool:
        """Whether a picture of that name is there."""
        with self._lock:
            if key in self._near:
                return True
        return self._path(key).is_file()

    def put(self, key: str, picture: NDArray[np.uint8]) -> None:
        """Keep a picture uint8 `[H,W,3]`. Raises OSError if the disk is full."""
        data = packed(picture)
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data, lasting=False)
        self._remember(key, picture)
        self._grow(len(data))

    def known(self) -> frozenset[str]:
        """The names of all pictures that are on disk."""
        return frozenset(path.stem for path, _, _ in self._index())

    def evict(self) -> int:
        """Remove the pictures that were not used for longest until there is room; returns bytes freed."""
        entries = sorted(self._index(), key=lambda entry: entry[2])
        total = sum(size for _, size, _ in entries)
        freed = 0
        for path, size, _ in entries:
            if total - freed <= self.cap_bytes * _ROOM:
                break
            path.unlink(missing_ok=True)
            freed += size
        self._size = total - freed
        return freed

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.pre"

    def _remember(self, key: str, picture: NDArray[np.uint8]) -> None:
        with self._lock:
            old = self._near.pop(key, None)
            self._near_bytes += picture.nbytes - (0 if old is None else old.nbytes)
            self._near[key] = picture
            while self._near_bytes > self._in_memory and len(self._near) > 1:
                _, gone = self._near.popitem(last=False)
                self._near_bytes -= gone.nbytes

    def _grow(self, added: int) -> None:
        with self._lock:
            self._size = None if self._size is None else self._size + added
            if self._size is None:
                self._size = sum(size for _, size, _ in self._index())
            if self._size > self.cap_bytes:
                self.evict()

    def _index(self) -> list[tuple[Path, int, float]]:
        return kept_files(self.folder, ".pre", _STALE)
