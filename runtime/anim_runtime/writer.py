"""Writes pictures beside the work: compressing and syncing one frame while the next is drawn."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from anim_runtime.arriving import Arriving
from anim_runtime.diffusion.engine import nothing
from anim_runtime.store import Store

#: pictures that are compressed at once: those that were drawn together come together
THREADS = min(8, os.cpu_count() or 1)
#: pictures that may be on their way while the next ones are drawn: one a thread, since a graphics card can
#: draw faster than a core compresses; more would only cost memory, and what is told of them would lag behind
PENDING = max(2, THREADS)


class Writer:
    """Threads that store pictures; which are done is told in the order they were given.

    `settle` is called with a picture on the host and before it is stored; what it raises, `done` raises.
    """

    def __init__(self, store: Store, settle: Callable[[], None] = nothing) -> None:
        self._store = store
        self._settle = settle
        self._pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="anim-store")
        self._waiting: deque[Future[int]] = deque()

    def write(self, frame: int, key: str, picture: Arriving) -> None:
        """Store a picture soon, once it is on the host."""
        self._waiting.append(self._pool.submit(self._put, frame, key, picture))

    def done(self, *, all_of_them: bool = False) -> Iterator[int]:
        """The frames that reached the store since the last call; raises what writing them raised.

        Waits while more than `PENDING` are on their way, or for every one.
        """
        room = 0 if all_of_them else PENDING
        while self._waiting and (len(self._waiting) > room or self._waiting[0].done()):
            yield self._waiting.popleft().result()

    def close(self) -> None:
        """Let go of the threads, after what they were given."""
        self._pool.shutdown(wait=True)

    def _put(self, frame: int, key: str, picture: Arriving) -> int:
        there = picture()
        self._settle()
        self._store.put(key, there)
        return frame
