"""Files are written whole, or stay as they were."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from anim_compiler.whole_file import settle, write_over, write_whole

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions are of POSIX")
Writes = Callable[[Path, bytes], None]


@pytest.mark.parametrize("write", [write_whole, write_over])
def test_a_failed_write_leaves_the_old_file_and_no_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Writes
) -> None:
    path = tmp_path / "file"
    write(path, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="space"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@POSIX
@pytest.mark.parametrize("write", [write_whole, write_over])
def test_a_pipe_or_a_device_is_given_the_data_and_stays_what_it_is(tmp_path: Path, write: Writes) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write(path, b"new")
        assert os.read(reader, 10) == b"new"
        assert stat.S_ISFIFO(path.stat().st_mode)
    finally:
        os.close(reader)


@pytest.mark.parametrize("write", [write_whole, write_over])
def test_another_file_takes_the_place_of_the_old_one(tmp_path: Path, write: Writes) -> None:
    path = tmp_path / "file"
    write(path, b"old")
    with path.open("rb") as reader:
        write(path, b"new")
        # whoever reads the old one reads it to its end
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_what_may_be_torn_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fsync")
    write_whole(tmp_path / "file", b"new", lasting=False)
    assert (tmp_path / "file").read_bytes() == b"new"


@POSIX
def test_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "film.anim"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_over(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@POSIX
def test_links_are_followed(tmp_path: Path) -> None:
    path, link = tmp_path / "film.anim", tmp_path / "link.anim"
    path.write_bytes(b"old")
    link.symlink_to(path)
    write_over(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"


@POSIX
@pytest.mark.parametrize("new", [b"longer than it was", b"s"])
def test_a_file_with_two_names_keeps_both(tmp_path: Path, new: bytes) -> None:
    path, other = tmp_path / "film.anim", tmp_path / "other.anim"
    path.write_bytes(b"the old one")
    os.link(path, other)
    write_over(path, new)
    assert path.read_bytes() == other.read_bytes() == new


@POSIX
def test_a_disk_that_takes_no_more_leaves_what_was_there(tmp_path: Path) -> None:
    import resource

    path, other = tmp_path / "film.anim", tmp_path / "other.anim"
    path.write_bytes(b"the old one")
    os.link(path, other)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, limits[1]))
    try:
        with pytest.raises(OSError):
            write_over(path, b"n" * 32)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"the old one"


def test_what_somebody_saves_while_the_disk_is_busy_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.anim"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda handle: path.write_bytes(b"theirs"))
    assert not write_over(path, b"new", instead_of=b"old")
    assert path.read_bytes() == b"theirs"
    monkeypatch.undo()
    assert write_over(path, b"new", instead_of=b"theirs")
    assert path.read_bytes() == b"new"


@POSIX
def test_a_file_that_may_not_be_written_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.anim"
    path.write_bytes(b"old")
    # root may write whatever its permissions say
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError):
        write_over(path, b"new")
    assert path.read_bytes() == b"old"


@POSIX
def test_where_a_file_of_the_owner_cannot_be_made_it_is_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.anim"
    path.write_bytes(b"old")
    number = path.stat().st_ino

    def refuse(*given: object, **more: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "chown", refuse)
    monkeypatch.setattr(Path, "chmod", refuse)
    assert write_over(path, b"new")
    assert (path.read_bytes(), path.stat().st_ino) == (b"new", number)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_was_written_elsewhere_gets_its_name(tmp_path: Path) -> None:
    part, path = tmp_path / ".film.part.mp4", tmp_path / "film.mp4"
    part.write_bytes(b"film")
    path.write_bytes(b"old")
    settle(part, path)
    assert path.read_bytes() == b"film"
    assert list(tmp_path.iterdir()) == [path]
