"""Files that are written whole: under their names stands what was there before, or all that is new."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from errno import EACCES
from io import FileIO
from pathlib import Path
from typing import Final
from uuid import uuid4

TEMPORARY: Final = ".part-"
"""How the names of files begin that are not written to their end yet, or never will be."""


def write_whole(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Writes a file so that its name holds either what it held before or all of `data`, also after a crash;
    without `lasting` a crash of the machine may tear it, which is quicker. A device or a pipe is given
    the data and stays what it is. Raises OSError.
    """
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            _pass_on(path, data)
            return
    _write(path, data, lambda part: None, lambda: True, lasting=lasting)


def write_over(path: Path, data: bytes, *, instead_of: bytes | None = None) -> bool:
    """The same for a file of the user's: its owner, permissions, links to it and its other names stay.

    Says whether it was written: with `instead_of` only if the file holds that until the last moment. One with
    several names, of somebody else, or in a folder where nothing can be added is written in place; a device
    or a pipe stays what it is and is given the data. Raises OSError, also for one that may not be written.
    """
    target = Path(os.path.realpath(path))
    try:
        # what `/dev/fd` leads to has no name of its own
        before = path.stat()
    except FileNotFoundError:
        write_whole(target, data)
        return True
    if not stat.S_ISREG(before.st_mode):
        return _pass_on(path, data)
    if not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES), str(target))

    def as_before(part: Path) -> None:
        own = part.stat()
        if (own.st_uid, own.st_gid) != (before.st_uid, before.st_gid):
            os.chown(part, before.st_uid, before.st_gid)
        part.chmod(before.st_mode & 0o7777)

    def is_ready() -> bool:
        return instead_of is None or target.read_bytes() == instead_of

    if before.st_nlink == 1:
        with suppress(PermissionError):
            return _write(target, data, as_before, is_ready)
    return is_ready() and _write_in_place(target, data)


def settle(part: Path, path: Path) -> None:
    """Gives a file that was written under another name in the same folder its own, lastingly."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    part.replace(path)
    _sync(path.parent)


def _write(
    path: Path,
    data: bytes,
    prepare: Callable[[Path], None],
    is_ready: Callable[[], bool],
    *,
    lasting: bool = True,
) -> bool:
    part = path.with_name(f"{TEMPORARY}{uuid4().hex}")
    try:
        with part.open("xb") as file:
            # before it holds anything that others may not read
            prepare(part)
            file.write(data)
            if lasting:
                file.flush()
                os.fsync(file.fileno())
        # a disk takes its time, in which somebody else may have written
        is_written = is_ready()
        if is_written:
            part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    if lasting:
        _sync(path.parent)
    return is_written


def _pass_on(path: Path, data: bytes) -> bool:
    with path.open("wb", buffering=0) as file:
        rest = memoryview(data)
        while rest:
            rest = rest[file.write(rest) :]
    return True


def _write_in_place(path: Path, data: bytes) -> bool:
    with path.open("r+b", buffering=0) as file:
        before = file.read()
        try:
            _fill(file, data)
        except OSError:
            # a disk that takes no more has room for what was there: it is cut at the end, not first
            _fill(file, before)
            raise
    return True


def _fill(file: FileIO, data: bytes) -> None:
    file.seek(0)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    file.truncate()
    os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    # a new name is lasting once its folder is; Windows cannot open folders and does it by itself
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
