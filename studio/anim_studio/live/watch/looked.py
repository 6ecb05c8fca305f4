"""One file that is looked at again and again: when what it holds counts as changed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

from anim_compiler.stamps import Digests, Stamp, stamp
from anim_studio.live.watch.content import MISSING, Content, content, is_doubtful

#: seconds for which a doubtful content must stay as it is
_PAUSE: Final = 0.1
#: the same for a file that is empty or not there: programs that write in two steps leave it so for long
_LONG_PAUSE: Final = 0.3
#: a file that is written on and on is looked at nevertheless after so many seconds
_LONGEST: Final = 5.0


class Sign(Enum):
    """Why a file is looked at."""

    #: nothing was told of it
    NONE = auto()
    #: something was written into it
    WRITTEN = auto()
    #: it was made, or came whole from another folder: that is not told apart
    MADE = auto()
    #: whoever wrote it has closed it, or it was moved to its name
    WHOLE = auto()


@dataclass(slots=True)
class Looked:
    """A file, what was last told of it, and what is in doubt.

    A whole new content counts at once. One that may be half written counts only when it stays so for a
    moment, or when whoever wrote it has closed it or moved it to its name; an empty file and one that is not
    there must stay so in any case. So an editor that empties the file and fills it, or deletes it and makes
    it again, never shows a film that is empty, cut short or gone, and every other save is heard without a
    pause. Where `closing` is told (by Linux), all that is not closed yet may be half written; elsewhere what
    looks so (`content.is_doubtful`).
    """

    path: Path
    known: Content = MISSING
    _doubt: Content | None = None
    _since: float = 0.0
    _first: float = 0.0
    #: when to look again because of a doubt
    due: float | None = None

    def begin(self, read: Stamp | None, digests: Digests) -> None:
        """Takes what the file holds now for known, unless it was written after it was `read`."""
        found = content(self.path, digests, read=False)
        if found.stamp == read and stamp(self.path) == read:
            self.known = found
        elif read is not None:
            # of what was read nothing is known but that it is no longer there
            self.known = Content(read)

    def look(self, now: float, digests: Digests, sign: Sign = Sign.NONE, *, closing: bool = False) -> bool:
        """Whether the file holds something else than was known. A large file is not read before it is beyond
        doubt.
        """
        # two saves in one tick of the file system's clock may have the same stamp
        if sign is Sign.NONE and self._doubt is None and stamp(self.path) == self.known.stamp:
            return False
        found = content(self.path, digests, read=False)
        if found.same(self.known):
            self.known = found
            self._doubt = self.due = None
            return False
        if self._may_be_half(found, sign, closing) and self._waits(found, now):
            return False
        if found.is_large and found.digest is None and self.known.digest is not None:
            found = content(self.path, digests)
        self._doubt = self.due = None
        changed = not found.same(self.known)
        self.known = found
        return changed

    def _may_be_half(self, found: Content, sign: Sign, closing: bool) -> bool:
        if _is_nothing(found):
            return True
        if sign is Sign.WHOLE:
            return False
        return (closing and sign is not Sign.MADE) or is_doubtful(found, self.known)

    def _waits(self, found: Content, now: float) -> bool:
        """Whether a doubtful content has to stay on for longer."""
        if self._doubt is None:
            self._first = now
        if self._doubt is None or (self._doubt.stamp, self._doubt.digest) != (found.stamp, found.digest):
            self._doubt, self._since = found, now
        pause = _LONG_PAUSE if _is_nothing(found) else _PAUSE
        ready = min(self._since + pause, self._first + _LONGEST)
        self.due = None if now >= ready else ready
        return self.due is not None


def _is_nothing(found: Content) -> bool:
    """Whether there is no file, or nothing in it."""
    return found.stamp is None or not found.stamp[1]
