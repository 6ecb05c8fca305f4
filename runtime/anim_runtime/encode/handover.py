"""Work on another thread: frames are made here and encoded there, a few of them in between."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Frames that may wait: enough to smooth both sides out, 8 x 6 MB at 1080p.
WAITING = 8
_LOOK = 0.2


class _Abandoned(Exception):
    """The frames broke off: the consumer must stop."""


class _End(Generic[T]):
    """The last thing in the queue: a normal end, or not."""

    def __init__(self, abandoned: bool) -> None:
        self.abandoned = abandoned


def hand_over(items: Iterator[T], work: Callable[[Iterator[T]], R]) -> R:
    """`work(items)` on a thread of its own, while this thread draws the items.

    Returns what `work` returns. Raises what either side raised first; the other side is ended before.
    """
    waiting: queue.Queue[T | _End[T]] = queue.Queue(maxsize=WAITING)
    results: list[R] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(_drawn(waiting)))
        except BaseException as problem:
            failures.append(problem)

    thread = threading.Thread(target=run, name="encode", daemon=True)
    thread.start()
    try:
        for item in items:
            if not _put(waiting, item, thread):
                break
    except BaseException:
        _put(waiting, _End(abandoned=True), thread)
        thread.join()
        raise
    _put(waiting, _End(abandoned=False), thread)
    thread.join()
    if failures:
        raise failures[0]
    return results[0]


def _drawn(waiting: queue.Queue[T | _End[T]]) -> Iterator[T]:
    while True:
        item = waiting.get()
        if isinstance(item, _End):
            if item.abandoned:
                raise _Abandoned
            return
        yield item


def _put(waiting: queue.Queue[T | _End[T]], item: T | _End[T], thread: threading.Thread) -> bool:
    """Adds an item as soon as there is room; False if the other thread is gone."""
    while thread.is_alive():
        try:
            waiting.put(item, timeout=_LOOK)
        except queue.Full:
            continue
        return True
    return False
