"""Why a file could not be written."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from anim_runtime.problems import RenderProblem

#: What the system says when there is no room: disk, quota, or the largest allowed file.
_NO_ROOM = frozenset(
    code for name in ("ENOSPC", "EDQUOT", "EFBIG") if (code := getattr(errno, name, None)) is not None
)
#: With less than this free, a file that came out short is put down to the disk: bytes.
_NEARLY_FULL = 4 << 20


class EncodeError(RenderProblem):
    """An output cannot be written as asked; the frames are safe in the store. Exit code 2."""

    def __init__(self, message: str, hint: str = "", exit_code: int = 2) -> None:
        super().__init__(message, hint, exit_code)


class DiskFull(EncodeError):
    """There is no room for the output. Exit code 4: free some space and encode again."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"the disk is full: `{path.name}` could not be written",
            "the frames are stored; free some space and run the same command again",
            4,
        )


def from_system(error: OSError, path: Path) -> EncodeError:
    """The EncodeError for an error of the operating system or of FFmpeg."""
    if error.errno in _NO_ROOM or is_full(path.parent):
        return DiskFull(path)
    said = error.strerror or str(error)
    return EncodeError(f"`{path.name}` cannot be written: {said}", "check the folder and its permissions")


def is_full(folder: Path) -> bool:
    """Whether the disk of an existing folder has no room left worth the name."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return False
    # what is no disk, such as /proc, has no room at all
    return usage.total > 0 and usage.free < _NEARLY_FULL
