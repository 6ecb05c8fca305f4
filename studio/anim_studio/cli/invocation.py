"""The command as the user wrote it, for messages that name the command to run again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_WORDS: ContextVar[tuple[str, ...]] = ContextVar("words", default=())


@contextmanager
def invoked(words: tuple[str, ...]) -> Iterator[None]:
    """Remembers the command's words inside the block."""
    token = _WORDS.set(words)
    try:
        yield
    finally:
        _WORDS.reset(token)


def spelled() -> str:
    """`anim render film.anim --size 64x64`, quoted for a shell."""
    return shlex.join(("anim", *_WORDS.get()))
