"""What tells that a file was written, without reading it, and digests that are kept as long as it was not."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Final, TypeAlias

#: time of change, size and place on the disk
Stamp: TypeAlias = tuple[int, int, int]

#: a file may be written twice within one tick of the file system's clock, and have the same stamp: ext4 and
#: tmpfs tick every few milliseconds, FAT every 2 seconds
_TICK_NS: Final = 2_000_000_000


def stamp(path: Path) -> Stamp | None:
    """The stamp of a file, links followed; None if it is not there or cannot be asked."""
    try:
        told = os.stat(path)
    except (OSError, ValueError):
        return None
    return told.st_mtime_ns, told.st_size, told.st_ino


class Digests:
    """Digests of files for a process that asks again after each change: what was not written is not read."""

    def __init__(self) -> None:
        self._kept: dict[Path, tuple[Stamp, str]] = {}

    def sha256(self, path: Path) -> str:
        """The digest of a file's content, in hex. OSError if it cannot be read."""
        before = stamp(path)
        found = self._kept.get(path)
        if found is not None and found[0] == before:
            return found[1]
        digest = file_sha256(path)
        # one that was written just now may be written again within its tick
        if before is not None and time.time_ns() - before[0] > _TICK_NS:
            self._kept[path] = before, digest
        return digest

    def known(self, path: Path, at: Stamp | None) -> str | None:
        """The digest of a file that has that stamp, if it was asked for before."""
        found = self._kept.get(path)
        return found[1] if found is not None and found[0] == at else None


def file_sha256(path: Path) -> str:
    """The digest of a file's content, in hex; read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
