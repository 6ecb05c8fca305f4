"""Waiting for what threads tell: for a condition, never for a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_Told = TypeVar("_Told")

PATIENCE = 60.0
"""Seconds until a test gives up; nothing waits so long that goes well."""


class Hears(Generic[_Told]):
    """Keeps what is told from other threads."""

    def __init__(self) -> None:
        self.told: list[_Told] = []
        self._news = threading.Condition()

    def __call__(self, told: _Told) -> None:
        with self._news:
            self.told.append(told)
            self._news.notify_all()

    def until(self, came: Callable[[list[_Told]], bool]) -> list[_Told]:
        """What was told, as soon as it fulfils a condition."""
        with self._news:
            assert self._news.wait_for(lambda: came(self.told), PATIENCE), self.told
            return list(self.told)

    def clear(self) -> None:
        """Forgets what was told so far."""
        with self._news:
            self.told.clear()
