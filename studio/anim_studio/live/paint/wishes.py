"""What the painting process was asked last: the newest of each kind wins."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from anim_studio.live.paint.messages import Asked, Look, Paint, Rest


@dataclass(frozen=True, slots=True)
class News:
    """What was asked since the last time; None of what was not."""

    paint: Paint | None = None
    look: Look | None = None
    rests: bool | None = None


class Wishes:
    """Filled by a thread that listens, and emptied by the one that paints."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._news = News()
        self._version = -1
        #: whether what is in work is of no use any more
        self.urgent = False

    def add(self, asked: Asked) -> None:
        """Something is asked."""
        with self._changed:
            old = self._news
            match asked:
                case Paint():
                    self._news = News(asked, old.look, False)
                    # more tiers of the same version take nothing back
                    self.urgent = self.urgent or asked.version != self._version
                    self._version = asked.version
                case Look():
                    self._news = News(old.paint, asked, False)
                case Rest():
                    self._news = News(old.paint, old.look, True)
                    self.urgent = True
            self._changed.notify_all()

    def take(self, wait: float = 0.0) -> News:
        """What is new; waits for so many seconds if nothing is."""
        with self._changed:
            if self._news == News() and wait > 0.0:
                self._changed.wait(wait)
            news, self._news = self._news, News()
            self.urgent = False
            return news
