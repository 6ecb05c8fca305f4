"""Where compiled loops are kept: another folder as soon as the source of any of them changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numba
import platformdirs
import pytest

from anim_runtime.ops import native_compiled


@pytest.fixture
def folder_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Path | None]:
    monkeypatch.setattr(native_compiled, "__file__", str(tmp_path / "native_compiled.py"))
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")

    def found() -> Path | None:
        return native_compiled._folder.__wrapped__()

    return found


def test_a_changed_part_of_a_loop_is_compiled_anew(
    folder_of: Callable[[], Path | None], tmp_path: Path
) -> None:
    (tmp_path / "native_a.py").write_text("a = 1\n", encoding="utf-8")
    before = folder_of()
    assert before is not None
    assert before == folder_of()
    assert before.is_dir()
    assert before.parent == tmp_path / "__pycache__"
    (tmp_path / "native_a.py").write_text("a = 2\n", encoding="utf-8")
    assert folder_of() != before


def test_a_package_that_cannot_be_written_keeps_them_in_the_users_cache(
    folder_of: Callable[[], Path | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "__pycache__").write_text("in the way", encoding="utf-8")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda _: str(tmp_path / "user"))
    found = folder_of()
    assert found is not None
    assert found.parent == tmp_path / "user"
    (tmp_path / "user2").write_text("in the way", encoding="utf-8")
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda _: str(tmp_path / "user2"))
    assert folder_of() is None


def test_a_loop_works_where_nothing_can_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(native_compiled, "_folder", lambda: None)
    kept = getattr(numba.config, "CACHE_DIR")  # noqa: B009  # made while it is imported
    assert native_compiled.compiled(lambda a, b: a / b)(1.0, 0.0) == float("inf")
    assert getattr(numba.config, "CACHE_DIR") == kept  # noqa: B009
