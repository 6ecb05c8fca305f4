"""Which pictures a folder has, as other processes add to it."""

from __future__ import annotations

import os
import time
from pathlib import Path

SETTLED = 10**9
"""Nanoseconds after which a folder that changed is sure to have another time when it changes again."""


class Listing:
    """The keys in a folder of pictures, which lie in folders by the first two letters of their keys; `suffix`
    ends their names. Looking again costs a look at each of the folders that changed.
    """

    def __init__(self, folder: Path, suffix: str) -> None:
        self._folder = folder
        self._suffix = suffix
        self._seen: dict[str, tuple[int, frozenset[str]]] = {}

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key in self._keys(key[:2])

    def refresh(self) -> bool:
        """Look again; whether something is new."""
        new = False
        try:
            folders = [(entry.name, entry.stat().st_mtime_ns) for entry in os.scandir(self._folder)]
        except OSError:
            return False
        for name, changed in folders:
            before, keys = self._seen.get(name, (-1, frozenset[str]()))
            if before == changed:
                continue
            found = self._read(name)
            new = new or not found <= keys
            # the clocks of file systems are coarse: a file more in the same moment would not be seen
            self._seen[name] = (changed if time.time_ns() - changed > SETTLED else -1, found)
        return new

    def _keys(self, name: str) -> frozenset[str]:
        return self._seen.get(name, (0, frozenset[str]()))[1]

    def _read(self, name: str) -> frozenset[str]:
        try:
            names = [entry.name for entry in os.scandir(self._folder / name)]
        except OSError:
            return frozenset()
        return frozenset(file.removesuffix(self._suffix) for file in names if file.endswith(self._suffix))
