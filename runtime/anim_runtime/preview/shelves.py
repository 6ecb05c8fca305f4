"""Where the carries of a preview are: in memory, and for those that cost something in the store as well."""

from __future__ import annotations

import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import torch

from anim_runtime.sources import Image
from anim_runtime.store import Picture, Store

IN_MEMORY = 96 * 2**20
"""Bytes of carries that stay in memory."""

IMAGES = 24
"""Pictures of the film that stay loaded, at the sizes of all tiers."""


class Images(OrderedDict[Image, torch.Tensor]):
    """The film's pictures as they are loaded, on the device; the first ones go when there are too many."""

    def __setitem__(self, key: Image, picture: torch.Tensor) -> None:
        super().__setitem__(key, picture)
        while len(self) > IMAGES:
            self.popitem(last=False)


class MemoryShelf:
    """Pictures by key in memory; those used longest ago go when there are too many."""

    def __init__(self, cap_bytes: int = IN_MEMORY) -> None:
        self._cap = cap_bytes
        self._held: OrderedDict[str, Picture] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: str) -> Picture | None:
        """The picture uint16 `[H,W,3]`, or None if it is absent."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def put(self, key: str, picture: Picture) -> None:
        """Keep a picture."""
        with self._lock:
            old = self._held.pop(key, None)
            self._bytes += picture.nbytes - (0 if old is None else old.nbytes)
            self._held[key] = picture
            while self._bytes > self._cap and len(self._held) > 1:
                _, gone = self._held.popitem(last=False)
                self._bytes -= gone.nbytes


class LastingShelf:
    """Pictures of the store, the latest also in memory; new ones are written on a thread of their own.

    `failed` is what went wrong with writing last: a preview goes on without.
    """

    def __init__(self, store: Store, memory: MemoryShelf | None = None) -> None:
        self._store = store
        self._memory = memory or MemoryShelf()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="anim-preview-store")
        self._writing: dict[str, Picture] = {}
        self.failed: OSError | None = None

    def get(self, key: str) -> Picture | None:
        """The picture uint16 `[H,W,3]`, or None if it is absent."""
        found = self._memory.get(key)
        if found is None:
            found = self._writing.get(key)
        if found is None:
            found = self._store.get(key)
            if found is not None:
                self._memory.put(key, found)
        return found

    def put(self, key: str, picture: Picture) -> None:
        """Keep a picture for good; returns before it is written."""
        self._memory.put(key, picture)
        self._writing[key] = picture
        self._writer.submit(self._write, key, picture)

    def close(self) -> None:
        """Wait for what is being written."""
        self._writer.shutdown(wait=True)

    def _write(self, key: str, picture: Picture) -> None:
        try:
            self._store.put(key, picture)
        except OSError as error:
            self.failed = error
        finally:
            self._writing.pop(key, None)
