import errno
from pathlib import Path

from anim_studio.cli.crash import explain, write_log
from anim_studio.cli.exits import Exit


def code_of(error: BaseException) -> Exit | None:
    stop = explain(error)
    return None if stop is None else stop.code


def test_what_is_no_bug_gets_its_own_code() -> None:
    class OutOfMemoryError(RuntimeError):
        """Named like torch's."""

    assert code_of(OSError(errno.ENOSPC, "No space left on device")) is Exit.DISK_FULL
    assert code_of(PermissionError(errno.EACCES, "Permission denied", "film.anim")) is Exit.USAGE
    assert code_of(MemoryError()) is Exit.OUT_OF_MEMORY
    assert code_of(KeyboardInterrupt()) is Exit.INTERRUPTED
    assert code_of(OutOfMemoryError()) is Exit.OUT_OF_MEMORY


def test_what_is_a_bug_is_left_to_the_log() -> None:
    assert code_of(ZeroDivisionError()) is None
    assert code_of(OSError("no file, no number")) is None


def test_the_log_holds_the_traceback_and_the_command(tmp_path: Path) -> None:
    try:
        raise ZeroDivisionError("of ours")
    except ZeroDivisionError as error:
        path = write_log(error, tmp_path / "logs", ["anim", "render", "a.anim"])
    text = path.read_text(encoding="utf-8")
    assert path.parent == tmp_path / "logs"
    assert "anim render a.anim" in text
    assert "ZeroDivisionError: of ours" in text
    assert "test_crash.py" in text


def test_the_log_goes_elsewhere_where_its_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    path = write_log(ValueError("x"), tmp_path / "file" / "logs", ["anim"])
    assert path.is_file()
    path.unlink()
