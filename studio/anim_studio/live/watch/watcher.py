"""The files of a film, watched: whoever saves one of them, and however, is heard."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final

from anim_compiler.stamps import Digests, Stamp, stamp
from anim_studio.live.watch.folders import TELLS_CLOSING, Folders
from anim_studio.live.watch.looked import Looked, Sign

#: what is saved again at once, or many files at once, is told together after so many seconds
_TOGETHER: Final = 0.08
#: seconds between looks at the stamps of all files: what the system tells of is not waited for so long
_SWEEP: Final = 0.15
#: the same where the system tells nothing
_POLL: Final = 0.1

#: a path that something was done to, and what
_Told = tuple[str, Sign]
#: paths to follow from now on, with the stamps that they had when they were read
_Follow = Mapping[Path, Stamp | None]
_CLOSE: Final = None
_LOOK: Final = "look"


class Watcher:
    """Calls `changed` with those of the followed files that hold something else than before.

    Files count by what they hold: one that was only touched, or written as it was, has not changed; one that
    was deleted, or is there now, has. The first change is told at once, what follows within 80 ms together;
    half-written files are waited for (`looking.Looked`). A file that is not there yet may be followed, and
    so may one in a folder that is not there.

    The folders are watched as the system tells of them (inotify, FSEvents …), and besides the stamps of the
    followed files are looked at six times a second, ten times with `poll` or where the system cannot tell:
    beyond its limits, or on network mounts, whose other writers it does not see. (watchdog's own polling
    observer is not used: it lists whole folders each time, and beside a film there may be thousands of
    frames.)
    `changed` is called from a thread of the watcher.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        changed: Callable[[frozenset[Path]], None],
        *,
        poll: bool = False,
        digests: Digests | None = None,
    ) -> None:
        self._changed = changed
        self._digests = digests or Digests()
        self._inbox: SimpleQueue[_Told | _Follow | str | None] = SimpleQueue()
        self._folders = None if poll else Folders(lambda path, sign: self._inbox.put((path, sign)))
        self._files: dict[Path, Looked] = {}
        #: followed files by where they really are, as the system calls them
        self._real: dict[str, list[Looked]] = {}
        self._pending: set[Path] = set()
        self._next_told = self._next_sweep = 0.0
        self._texts: Mapping[Path, bytes] = {}
        self._begin({path: stamp(path) for path in map(_absolute, paths)})
        self._thread = Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()

    @property
    def is_polling(self) -> bool:
        """Whether the system tells nothing of some of the files."""
        return self._folders is None or not self._folders.works

    def texts(self) -> Mapping[Path, bytes]:
        """The films among the files, by absolute path, as they were when they last counted."""
        return self._texts

    def follow(self, paths: Iterable[Path], read: Mapping[Path, Stamp | None] | None = None) -> None:
        """Follows these files and no others. One that was written after it was `read` has changed."""
        stamps = read or {}
        places = {path: _absolute(path) for path in paths}
        self._inbox.put(
            {place: stamps[path] if path in stamps else stamp(place) for path, place in places.items()}
        )

    def look(self) -> None:
        """Looks at every file now."""
        self._inbox.put(_LOOK)

    def close(self) -> None:
        """Ends watching; nothing is told afterwards."""
        self._inbox.put(_CLOSE)
        self._thread.join()
        if self._folders is not None:
            self._folders.close()

    # --- in the watcher's thread ---

    def _run(self) -> None:
        while True:
            try:
                item = self._inbox.get(timeout=max(0.0, self._next_due() - time.monotonic()))
            except Empty:
                item = _LOOK if time.monotonic() >= self._next_sweep else ""
            if item is None:  # closed
                return
            self._take(item)
            self._look_again()
            self._tell()

    def _take(self, item: _Told | _Follow | str) -> None:
        if isinstance(item, tuple):
            path, sign = item
            for file in self._real.get(path, ()):
                self._look_at(file, sign)
        elif isinstance(item, str):
            if item == _LOOK:
                self._sweep()
        else:
            self._begin(item)

    def _begin(self, files: _Follow) -> None:
        before, self._files = self._files, {}
        for path, read in files.items():
            file = before.get(path)
            if file is None:
                file = Looked(path)
                file.begin(read, self._digests)
            self._files[path] = file
        self._pending &= self._files.keys()
        self._place()
        self._hold()
        self._next_sweep = 0.0

    def _place(self) -> None:
        """Watches the folders in which the files really are now."""
        if self._folders is None:
            return
        # links in a folder's path are followed, a file that is a link is not: its name is here
        real = {folder: os.path.realpath(folder) for folder in {path.parent for path in self._files}}
        self._real = {}
        for path, file in self._files.items():
            self._real.setdefault(os.path.join(real[path.parent], path.name), []).append(file)
        self._folders.watch(real.values())

    def _sweep(self) -> None:
        self._place()
        for file in self._files.values():
            self._look_at(file)
        self._next_sweep = time.monotonic() + (_POLL if self.is_polling else _SWEEP)

    def _look_again(self) -> None:
        now = time.monotonic()
        for file in self._files.values():
            if file.due is not None and file.due <= now:
                self._look_at(file)

    def _look_at(self, file: Looked, sign: Sign = Sign.NONE) -> None:
        closing = TELLS_CLOSING and not self.is_polling
        if file.look(time.monotonic(), self._digests, sign, closing=closing):
            self._pending.add(file.path)
            self._hold()

    def _hold(self) -> None:
        """Keeps the texts of the films as they count now, so that none is read while it is being written."""
        self._texts = {
            path: file.known.data
            for path, file in self._files.items()
            if file.known.data is not None and path.suffix == ".anim"
        }

    def _tell(self) -> None:
        now = time.monotonic()
        if not self._pending or now < self._next_told:
            return
        told, self._pending = frozenset(self._pending), set()
        self._next_told = now + _TOGETHER
        self._changed(told)

    def _next_due(self) -> float:
        dues = [file.due for file in self._files.values() if file.due is not None]
        if self._pending:
            dues.append(self._next_told)
        return min([self._next_sweep, *dues])


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))
