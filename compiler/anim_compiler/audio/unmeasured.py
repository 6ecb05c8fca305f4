"""For whoever wants a film's numbers now: what is known of a song is read, and no song is listened to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from anim_compiler.sound.problem import AudioError

_ONLY_KNOWN: ContextVar[bool] = ContextVar("only_known", default=False)


class UnheardError(AudioError):
    """What is asked of a track was not heard before, and it is not listened to now."""


@contextmanager
def only_known() -> Iterator[None]:
    """Within this, in this thread, a track that is neither locked nor in the cache raises UnheardError
    instead of being decoded.
    """
    token = _ONLY_KNOWN.set(True)
    try:
        yield
    finally:
        _ONLY_KNOWN.reset(token)


def refuse(name: str) -> None:
    """Raises UnheardError where nothing may be measured."""
    if _ONLY_KNOWN.get():
        raise UnheardError(f"`{name}` was not heard yet", f"`anim audio {name}` hears it")
