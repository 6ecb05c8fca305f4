"""A terminal that goes away under the app: its window is closed, the connection is lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.driver import Driver


class Outlet:
    """A terminal to write to. The first text that it no longer takes calls `gone`; from then on what is
    written to any of the standard streams is dropped.

    Textual writes on a thread, which an error would end: the app would wait for it for ever.
    """

    def __init__(self, file: IO[str], gone: Callable[[], None]) -> None:
        self._file = file
        self._gone = gone

    def write(self, text: str) -> None:
        """Writes, or drops it."""
        self._do(lambda: self._file.write(text))

    def flush(self) -> None:
        """Sends what is written, or drops it."""
        self._do(self._file.flush)

    def fileno(self) -> int:
        """The file's number."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._file.isatty()

    def _do(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError:
            _into_nothing()
            self._gone()


def outliving(driver: type[Driver], ended: Callable[[], object]) -> type[Driver]:
    """The same driver of a terminal, which asks the app to end by `ended` when the terminal is gone."""

    # Any: a class that is made for whatever driver the terminal has, over parts that Textual keeps to itself
    base: Any = driver

    class Outliving(base):  # type: ignore[misc]
        def __init__(self, app: Any, **how: Any) -> None:
            super().__init__(app, **how)
            file = getattr(self, "_file", None)
            if file is not None:
                self._file = Outlet(file, lambda: app.call_later(ended))

        def _sigcont_application(self, *given: object) -> None:
            # a hang-up also tells a process to go on that was never stopped, and Textual would set up the
            # terminal and listen to it once more, on a thread that nobody ends
            if self._must_signal_resume:
                super()._sigcont_application(*given)

    return Outliving


def _into_nothing() -> None:
    """Standard input, output and error lead nowhere from now on: whoever is left has nothing to say."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    os.close(nothing)
