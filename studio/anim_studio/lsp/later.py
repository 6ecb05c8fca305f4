"""Results that take too long for an answer: worked out on a thread of their own, there when asked again."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextvars import copy_context
from threading import Condition
from typing import Any, Final, TypeVar, cast

from anim_studio.lsp.threads import thread

_Made = TypeVar("_Made")

#: so many results are kept, those that were not asked for longest forgotten first
_MOST: Final = 64

logger = logging.getLogger(__name__)


class Later:
    """A thread that makes what was asked for, one thing after the other, the newest wish first.

    What cannot be made is logged and stays unknown, until it is asked for under another key.
    """

    def __init__(self) -> None:
        self._news = Condition()
        # Any: each wish makes something else
        self._wishes: OrderedDict[Hashable, tuple[Callable[[], Any], Callable[[], None] | None]] = (
            OrderedDict()
        )
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._thread = thread("later", self._run, copy_context())
        self._closing = False

    def get(
        self, key: Hashable, make: Callable[[], _Made], then: Callable[[], None] | None = None
    ) -> _Made | None:
        """What `make` gives, if it was made under this key before; else None, and it is made. `then` is
        called from the thread once it is there, to tell the client to ask again.
        """
        with self._news:
            if key in self._made:
                self._made.move_to_end(key)
                return cast("_Made | None", self._made[key])
            if not self._closing:
                self._wishes[key] = make, then
                self._wishes.move_to_end(key)
                if len(self._wishes) > _MOST:
                    self._wishes.popitem(last=False)
                self._start()
                self._news.notify_all()
            return None

    def settle(self, timeout: float = 60.0) -> None:
        """Waits until everything that was asked for is made."""
        with self._news:
            self._news.wait_for(lambda: not self._wishes, timeout)

    def close(self) -> None:
        """Makes nothing more."""
        with self._news:
            self._closing = True
            self._wishes.clear()
            self._news.notify_all()

    # --- in the thread ---

    def _start(self) -> None:
        if self._thread.ident is None:
            self._thread.start()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._closing or self._wishes)
                if self._closing:
                    return
                key, (make, then) = next(reversed(self._wishes.items()))
            made = self._make(make)
            with self._news:
                # another wish under this key may have come meanwhile: it is the same
                self._wishes.pop(key, None)
                self._made[key] = made
                while len(self._made) > _MOST:
                    self._made.popitem(last=False)
                self._news.notify_all()
            if then is not None:
                self._tell(then)

    def _make(self, make: Callable[[], _Made]) -> _Made | None:
        try:
            return make()
        except Exception:  # whatever it is, the server goes on without it
            logger.exception("something that was to be made in the background was not")
            return None

    def _tell(self, then: Callable[[], None]) -> None:
        try:
            then()
        except Exception:  # whoever waited may have gone
            logger.exception("something that was made could not be told")
