"""Folders that the system tells of, by watchdog; where it does not, nothing is lost but quickness."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.live.watch.looked import Sign

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent
    from watchdog.observers.api import BaseObserver, ObservedWatch

_Identity = tuple[int, int]

_SIGNS = {"closed": Sign.WHOLE, "created": Sign.MADE}

TELLS_CLOSING = sys.platform == "linux"
"""Whether the system tells that a file which was written into was closed."""


class Folders:
    """Watches folders, not what is below them, and tells the paths that something was done to.

    `told` is called from a thread of watchdog's. Files themselves are not watched: an editor that saves by
    renaming puts another file in the place of the watched one.
    """

    def __init__(self, told: Callable[[str, Sign], None]) -> None:
        self._told = told
        self._watches: dict[str, tuple[_Identity, ObservedWatch]] = {}
        self._observer = _observer()
        #: folders that cannot be watched: beyond the system's limit of watches, or not to be entered
        self.refused: set[str] = set()

    @property
    def works(self) -> bool:
        """Whether the system tells of every folder that was asked for."""
        return self._observer is not None and not self.refused

    def watch(self, folders: Iterable[str]) -> None:
        """Watches these and no others, those that are there; to be called again, as folders come, go and are
        replaced. Paths are real ones, without links.
        """
        wanted = {folder: found for folder in folders if (found := _identity(folder)) is not None}
        for folder, (identity, _) in list(self._watches.items()):
            if wanted.get(folder) != identity:
                self._drop(folder)
        self.refused &= wanted.keys()
        for folder, identity in wanted.items():
            if folder not in self._watches and folder not in self.refused:
                self._add(folder, identity)

    def close(self) -> None:
        """Ends the threads of watchdog."""
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()

    def _add(self, folder: str, identity: _Identity) -> None:
        if self._observer is None:
            return
        from watchdog.events import FileSystemEventHandler

        handler = FileSystemEventHandler()
        # the one method that every event comes to
        handler.dispatch = self._event  # type: ignore[method-assign]
        try:
            self._watches[folder] = identity, self._observer.schedule(handler, folder)
        except OSError:
            self.refused.add(folder)

    def _drop(self, folder: str) -> None:
        _, watch = self._watches.pop(folder)
        if self._observer is not None:
            try:
                self._observer.unschedule(watch)
            except (KeyError, OSError):
                # the emitter of a folder that was deleted has ended by itself
                return

    def _event(self, event: FileSystemEvent) -> None:
        # opening and closing what was only read are our own doing
        if event.is_directory or event.event_type in ("opened", "closed_no_write"):
            return
        self._told(os.fsdecode(event.src_path), _SIGNS.get(event.event_type, Sign.WRITTEN))
        if event.event_type == "moved" and event.dest_path:
            self._told(os.fsdecode(event.dest_path), Sign.WHOLE)


def _observer() -> BaseObserver | None:
    """A running observer; None if the system has none to give, as beyond its limit of inotify instances."""
    try:
        from watchdog.observers import Observer

        # what it logs would be printed over the screen
        logging.getLogger("watchdog").addHandler(logging.NullHandler())
        observer = Observer()
        observer.daemon = True
        observer.start()
    except (OSError, ImportError, RuntimeError):
        return None
    return observer


def _identity(folder: str) -> _Identity | None:
    """Which folder it is that has this path now; None if there is none."""
    try:
        told = os.stat(folder)
    except (OSError, ValueError):
        return None
    return (told.st_dev, told.st_ino) if Path(folder).is_dir() else None
