"""Pictures on disk by content key, at 16 bits: whole and checked, or not there.

An object is a header and a Zstandard stream. It is written under a temporary name in its own folder,
fsynced and renamed, so a key never names half a picture; what does not fit its checksum is removed
and counts as absent. The folder is kept under a cap by removing what was not used for longest.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import zstandard
from numpy.typing import NDArray

from anim_compiler.whole_file import TEMPORARY, write_whole

STORE_VERSION = 2
"""2: Zstandard instead of zlib, a tenth of the time at the same size."""
DEFAULT_CAP = 10 * 2**30

Picture: TypeAlias = NDArray[np.uint16]

_MAGIC = b"ANIMPIC\0"
#: magic, version, height, width, channels, payload bytes, sha256 of all before it and the payload
_HEADER = struct.Struct("<8sHIIHQ")
_SUM = 32
#: an abandoned temporary file is swept after this many seconds
_STALE = 3600.0
#: eviction goes down to this share of the cap, so that it does not run at every frame
_ROOM = 0.9
#: where eviction cannot reach the cap, it is tried again when the folder has grown by this factor
_AGAIN = 1.1


def pack(picture: Picture) -> bytes:
    """A picture uint16 `[H,W,C]` as the bytes of an object.

    Differences along rows, high bytes before low ones: smooth pictures shrink to about half.
    """
    height, width, channels = picture.shape
    steps = np.ascontiguousarray(picture, dtype="<u2")
    steps = np.concatenate((steps[:, :1], steps[:, 1:] - steps[:, :-1]), axis=1)
    planes = np.empty((2, steps.size), np.uint8)
    # whole planes by arithmetic take a fifth of the time that gathering every other byte takes
    np.bitwise_and(steps.reshape(-1), 255, out=planes[0], casting="unsafe")
    np.right_shift(steps.reshape(-1), 8, out=planes[1], casting="unsafe")
    # a compressor of its own: one must not be used by two threads
    payload = zstandard.ZstdCompressor(level=1).compress(planes.tobytes())
    header = _HEADER.pack(_MAGIC, STORE_VERSION, height, width, channels, len(payload))
    return header + hashlib.sha256(header + payload).digest() + payload


def sound(data: bytes) -> bool:
    """Whether the bytes are a whole object of this version with the right checksum."""
    start = _HEADER.size + _SUM
    if len(data) < start or not data.startswith(_MAGIC):
        return False
    header = data[: _HEADER.size]
    _, version, *_, length = _HEADER.unpack(header)
    if version != STORE_VERSION or len(data) != start + length:
        return False
    total = hashlib.sha256(header)
    total.update(memoryview(data)[start:])
    return total.digest() == data[_HEADER.size : start]


def version_of(data: bytes) -> int | None:
    """The version that an object was written in; None if it is none."""
    if len(data) < _HEADER.size or not data.startswith(_MAGIC):
        return None
    return int(_HEADER.unpack(data[: _HEADER.size])[1])


def unpack(data: bytes) -> Picture:
    """The picture uint16 `[H,W,C]` of a sound object."""
    _, _, height, width, channels, _ = _HEADER.unpack(data[: _HEADER.size])
    size = height * width * channels * 2
    stream = zstandard.ZstdDecompressor().decompress(data[_HEADER.size + _SUM :], max_output_size=size)
    low, high = np.frombuffer(stream, dtype=np.uint8).reshape(2, -1)
    steps = high.astype(np.uint16)
    np.left_shift(steps, 8, out=steps)
    np.bitwise_or(steps, low, out=steps)
    return np.cumsum(steps.reshape(height, width, channels), axis=1, dtype=np.uint16)


class Shelf(Protocol):
    """Where pictures are by key."""

    def get(self, key: str) -> Picture | None:
        """The picture uint16 `[H,W,3]`, or None if it is absent."""
        ...


def kept_files(folder: Path, suffix: str, stale: float) -> list[tuple[Path, int, float]]:
    """The files of a folder that lie in folders by the first letters of their names: their bytes, and when
    they were used last. Temporary ones that nobody touched for `stale` seconds go.
    """
    found: list[tuple[Path, int, float]] = []
    now = time.time()
    for path in folder.glob("*/*"):
        try:
            about = path.stat()
        except OSError:
            continue  # another process evicts too
        if path.name.startswith(TEMPORARY):
            if now - about.st_mtime > stale:
                path.unlink(missing_ok=True)
        elif path.suffix == suffix:
            found.append((path, about.st_size, about.st_mtime))
    return found


class Store:
    """The pictures of one cache folder; safe to share between threads and processes."""

    def __init__(self, cache: Path, cap_bytes: int = DEFAULT_CAP) -> None:
        self.folder = cache / "objects"
        self.cap_bytes = cap_bytes
        self._held: frozenset[str] = frozenset()
        self._size: int | None = None
        self._growing = threading.Lock()
        self._limit: float = cap_bytes

    def hold(self, keys: Iterable[str]) -> None:
        """Never evict these: the pictures of the run in work."""
        self._held = frozenset(keys)

    def has(self, key: str) -> bool:
        """Whether a sound picture is there; an unsound one is removed."""
        return self._read(key) is not None

    def lists(self, key: str) -> bool:
        """Whether a picture of that name is there; it is neither read nor counted as used."""
        return self._path(key).is_file()

    def get(self, key: str) -> Picture | None:
        """The picture uint16 `[H,W,3]`, or None if it is absent or was unsound (then it is removed)."""
        data = self._read(key)
        return None if data is None else unpack(data)

    def put(self, key: str, picture: Picture) -> int:
        """Store a picture durably; returns the bytes written. Raises OSError if the disk is full."""
        data = pack(picture)
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
        self._grow(len(data))
        return len(data)

    def size(self) -> int:
        """Bytes that all the pictures take."""
        return sum(size for _, size, _ in kept_files(self.folder, ".pic", _STALE))

    def evict(self) -> int:
        """Remove the pictures that were not used for longest until there is room; returns bytes freed."""
        entries = sorted(kept_files(self.folder, ".pic", _STALE), key=lambda entry: entry[2])
        total = sum(size for _, size, _ in entries)
        freed = 0
        for path, size, _ in entries:
            if total - freed <= self.cap_bytes * _ROOM:
                break
            if path.stem not in self._held:
                path.unlink(missing_ok=True)
                freed += size
        self._size = total - freed
        # a run that holds more than the cap would otherwise look through the whole folder at every frame
        self._limit = max(self.cap_bytes, self._size * _AGAIN)
        return freed

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.pic"

    def _read(self, key: str) -> bytes | None:
        path = self._path(key)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        if not sound(data):
            path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # the time of change serves as the time of last use: access times are often off
        return data

    def _grow(self, added: int) -> None:
        with self._growing:
            self._size = self.size() if self._size is None else self._size + added
            if self._size > self._limit:
                self.evict()
