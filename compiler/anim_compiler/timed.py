"""How long parts of the work take, for whoever listens; nothing of it changes what they come to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeAlias

Heard: TypeAlias = Callable[[str, float, float], None]
"""Takes the name of a part, and when it began and how long it took, in seconds of `time.perf_counter`."""

_HEARD: ContextVar[Heard | None] = ContextVar("heard", default=None)
_NOTHING = nullcontext()


def timed(name: str) -> AbstractContextManager[None]:
    """Times the block for the one who listens, if anybody does."""
    heard = _HEARD.get()
    return _NOTHING if heard is None else _timed(name, heard)


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    """Hears of every part that is timed inside the block, in this thread."""
    token = _HEARD.set(heard)
    try:
        yield
    finally:
        _HEARD.reset(token)


@contextmanager
def _timed(name: str, heard: Heard) -> Iterator[None]:
    start = time.perf_counter()
    try:
        yield
    finally:
        heard(name, start, time.perf_counter() - start)
