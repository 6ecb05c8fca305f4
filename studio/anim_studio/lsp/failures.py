"""Mistakes of ours, each written down once: an editor asks again with every key."""

from __future__ import annotations

import logging
from pathlib import Path
from threading import Lock

from anim_studio.cli.crash import write_log

logger = logging.getLogger(__name__)


class Failures:
    """Writes a log for each place in our code that raised something."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs: dict[tuple[str, str, int], Path] = {}
        self._lock = Lock()

    def note(self, error: Exception, about: str) -> Path:
        """The log that tells of this mistake, written if it is a new one."""
        place = _place(error)
        with self._lock:
            if place not in self._logs:
                self._logs[place] = write_log(error, self._folder, ["anim", "lsp", about])
                logger.error("%s: %s: %s; see %s", about, type(error).__name__, error, self._logs[place])
            return self._logs[place]


def _place(error: Exception) -> tuple[str, str, int]:
    """What raised, in which file and line."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__, "", 0
    return type(error).__name__, trace.tb_frame.f_code.co_filename, trace.tb_lineno
