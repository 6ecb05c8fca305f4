"""The numbers of films, worked out on a thread once nobody types."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextvars import copy_context
from threading import Condition
from typing import TYPE_CHECKING, Final

from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.checking import Checking
from anim_studio.lsp.threads import thread

if TYPE_CHECKING:
    from anim_studio.live.compile.numbers import Numbers
    from anim_studio.live.version import Good

#: seconds without a change before a film is evaluated
_PAUSE: Final = 0.25
#: of columns that are kept for a document
_KEPT_BYTES: Final = 32 * 2**20


class Evaluating:
    """A thread that evaluates the newest version of each document without errors. It listens to no song: what
    follows a track that nobody analysed yet has no numbers, and `unheard` says so.

    `told` is called from the thread with a version whose numbers are known now.
    """

    def __init__(
        self,
        checking: Checking,
        told: Callable[[Analysed], None],
        failed: Callable[[Exception, str], None],
    ) -> None:
        self._checking = checking
        self._told = told
        self._failed = failed
        self._news = Condition()
        self._wanted: dict[str, tuple[Analysed, float]] = {}
        self._numbers: dict[str, Numbers] = {}
        self._closing = False
        self._thread = thread("evaluating", self._run, copy_context())

    def want(self, made: Analysed) -> None:
        """Evaluates a version after a pause, unless a newer one comes; from any thread."""
        with self._news:
            self._wanted.pop(made.uri, None)
            if made.film is None or self._closing:
                return
            self._wanted[made.uri] = made, time.monotonic() + _PAUSE
            if self._thread.ident is None:
                self._thread.start()
            self._news.notify_all()

    def forget(self, uri: str) -> None:
        """A document was closed."""
        with self._news:
            self._wanted.pop(uri, None)
            self._numbers.pop(uri, None)

    def close(self) -> None:
        """Ends the thread at its next step."""
        with self._news:
            self._closing = True
            self._wanted.clear()
            self._news.notify_all()

    # --- in the thread ---

    def _run(self) -> None:
        while (made := self._next()) is not None:
            try:
                self._evaluate(made)
            except Exception as error:  # a mistake of ours in one film must not end the others' numbers
                self._failed(error, made.uri)

    def _next(self) -> Analysed | None:
        with self._news:
            while not self._closing:
                now = time.monotonic()
                due = next((uri for uri, (_, when) in self._wanted.items() if when <= now), None)
                if due is not None:
                    return self._wanted.pop(due)[0]
                first = min((when for _, when in self._wanted.values()), default=None)
                self._news.wait(None if first is None else max(0.0, first - now))
            return None

    def _evaluate(self, made: Analysed) -> None:
        from anim_compiler.sound.problem import AudioError

        unheard: tuple[str, ...] = ()
        good: Good | None = None
        try:
            good, unheard = self._good(made)
        except AudioError as error:
            # beyond the film's own text, and told where the film is compiled
            unheard = (error.track,) if error.track else ()
        if self._checking.learn(made, good, unheard):
            self._told(made)

    def _good(self, made: Analysed) -> tuple[Good, tuple[str, ...]]:
        from anim_compiler.audio.unmeasured import only_known

        assert made.film is not None
        with only_known():
            return self._numbers_of(made.uri).readable(made.film, made.world, None)

    def _numbers_of(self, uri: str) -> Numbers:
        from anim_compiler.memo import Memo
        from anim_compiler.remembered import KeptColumns
        from anim_studio.live.compile.numbers import Numbers

        with self._news:
            return self._numbers.setdefault(uri, Numbers(Memo(kept=KeptColumns(_KEPT_BYTES))))
