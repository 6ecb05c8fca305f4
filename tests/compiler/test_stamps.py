"""Digests that are kept as long as nobody writes the file."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from anim_compiler.stamps import Digests, stamp

LONG_AGO = 10**18


def written(path: Path, data: bytes, at: int | None = LONG_AGO) -> Path:
    path.write_bytes(data)
    if at is not None:
        os.utime(path, ns=(at, at))
    return path


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_digest_is_that_of_the_content_and_follows_it(tmp_path: Path) -> None:
    digests, path = Digests(), tmp_path / "clip.mp4"
    assert digests.sha256(written(path, b"one")) == sha256(b"one")
    assert digests.sha256(written(path, b"two", LONG_AGO + 1)) == sha256(b"two")


def test_a_file_that_was_not_written_is_not_read_again(tmp_path: Path) -> None:
    digests, path = Digests(), written(tmp_path / "clip.mp4", b"one")
    assert digests.known(path, stamp(path)) is None
    digests.sha256(path)
    # the stamp is all that is looked at: this content has the same one
    with path.open("r+b") as file:
        file.write(b"two")
    os.utime(path, ns=(LONG_AGO, LONG_AGO))
    assert digests.sha256(path) == sha256(b"one")
    assert digests.known(path, stamp(path)) == sha256(b"one")


def test_a_file_that_was_written_just_now_is_not_trusted(tmp_path: Path) -> None:
    digests, path = Digests(), tmp_path / "clip.mp4"
    written(path, b"one", None)
    now = path.stat().st_mtime_ns
    assert digests.sha256(path) == sha256(b"one")
    # the same length within one tick of the file system's clock
    with path.open("r+b") as file:
        file.write(b"two")
    os.utime(path, ns=(now, now))
    assert digests.sha256(path) == sha256(b"two")


def test_what_is_not_there_has_no_stamp(tmp_path: Path) -> None:
    assert stamp(tmp_path / "none") is None
    assert stamp(Path("a\0b")) is None
