"""Work on another thread: frames are made here and encoded there, a few of them in between."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Frames that may wait: enough to smooth both sides out, 8 x 12 MB at 1080p.
WAITING = 8
_LOOK = 0.2


class Abandoned(Exception):
    """The frames broke off: the consumer must stop."""


class _End(Generic[T]):
    """The last thing in the queue: a normal end, or not."""

    def __init__(self, abandoned: bool) -> None:
        self.abandoned = abandoned


class Lane(Generic[T, R]):
    """`work(items)` on a thread of its own; the items are put from here, and wait there if it is slow."""

    def __init__(self, work: Callable[[Iterator[T]], R]) -> None:
        self._waiting: queue.Queue[T | _End[T]] = queue.Queue(maxsize=WAITING)
        self._results: list[R] = []
        self._failures: list[BaseException] = []
        self._work = work
        self._thread = threading.Thread(target=self._run, name="encode", daemon=True)
        self._thread.start()

    def put(self, item: T) -> bool:
        """Adds an item as soon as there is room; False if the work has ended: `result` says why."""
        return self._put(item)

    def result(self) -> R:
        """Ends the items and waits for the work: what it returned. Raises what it raised."""
        self._put(_End(abandoned=False))
        self._thread.join()
        if self._failures:
            raise self._failures[0]
        return self._results[0]

    def abandon(self) -> None:
        """Breaks the items off and waits until the work has stopped; what it raises then is dropped."""
        self._put(_End(abandoned=True))
        self._thread.join()

    def _run(self) -> None:
        try:
            self._results.append(self._work(self._drawn()))
        except BaseException as problem:
            self._failures.append(problem)

    def _drawn(self) -> Iterator[T]:
        while True:
            item = self._waiting.get()
            if isinstance(item, _End):
                if item.abandoned:
                    raise Abandoned
                return
            yield item

    def _put(self, item: T | _End[T]) -> bool:
        while self._thread.is_alive():
            try:
                self._waiting.put(item, timeout=_LOOK)
            except queue.Full:
                continue
            return True
        return False
