"""What a file holds, as far as one needs to know whether it has changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from anim_compiler.stamps import Digests, Stamp, stamp

#: larger files are no films, and are read only when their stamp says that they were written
SMALL_BYTES: Final = 1 << 20
#: the buffers that programs write through: what ends there may have more behind it
_BUFFER_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Content:
    """A file at one look: `stamp` is None if there is no file, `data` if it is large, `digest` if a large
    file was not read.
    """

    stamp: Stamp | None = None
    digest: str | None = None
    data: bytes | None = None

    @property
    def is_missing(self) -> bool:
        """Whether there is no file."""
        return self.stamp is None

    @property
    def is_large(self) -> bool:
        """Whether it is too large for a film's text."""
        return self.stamp is not None and self.data is None

    def same(self, other: Content) -> bool:
        """Whether both are known to hold the same."""
        if self.is_missing or other.is_missing:
            return self.is_missing and other.is_missing
        return self.digest is not None and self.digest == other.digest


MISSING = Content()


def content(path: Path, digests: Digests, *, read: bool = True) -> Content:
    """What a file holds now; a large one is digested only with `read`, and else known by an older digest."""
    at = stamp(path)
    if at is None:
        return MISSING
    try:
        if at[1] > SMALL_BYTES:
            return Content(at, digests.sha256(path) if read else digests.known(path, at))
        data = path.read_bytes()
    except (IsADirectoryError, FileNotFoundError):
        # it went between the two looks
        return MISSING
    except OSError:
        # there, and not to be read now: a digest of its own, so that it is another content when it can be
        return Content(at, "unreadable")
    return Content(at, hashlib.blake2b(data, digest_size=16).hexdigest(), data)


def is_doubtful(now: Content, before: Content) -> bool:
    """Whether a content looks like one that a program has not written to its end.

    So do a file that is not there, or is empty; a text that is shorter than the one before, stops at the end
    of a buffer, or lacks the line end that the one before had; and all that is no text, for pictures and
    sound are written in many pieces.
    """
    if now.is_missing or now.data is None or not now.data:
        return True
    if before.data is None or b"\0" in now.data[:_BUFFER_BYTES]:
        return b"\0" in now.data[:_BUFFER_BYTES]
    lost_its_end = before.data.endswith(b"\n") and not now.data.endswith(b"\n")
    return lost_its_end or len(now.data) % _BUFFER_BYTES == 0 or len(now.data) < len(before.data)
