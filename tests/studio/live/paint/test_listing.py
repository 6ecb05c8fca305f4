"""What the store has, as others add to it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from anim_runtime.store import Store
from anim_studio.live.paint.listing import Listing


def test_new_keys_are_seen_at_the_next_look(tmp_path: Path) -> None:
    store, listing = Store(tmp_path), Listing(tmp_path / "objects", ".pic")
    assert not listing.refresh()
    for key in ("ab01", "cd01", "ab02"):
        assert key not in listing
        store.put(key, np.zeros((2, 2, 3), np.uint16))
        assert listing.refresh()
        assert key in listing
        assert not listing.refresh()
    assert "ab03" not in listing


def test_folders_that_did_not_change_are_not_read_again(tmp_path: Path) -> None:
    store, listing = Store(tmp_path), Listing(tmp_path / "objects", ".pic")
    store.put("ab01", np.zeros((2, 2, 3), np.uint16))
    folder = tmp_path / "objects" / "ab"
    os.utime(folder, (1000, 1000))
    listing.refresh()
    store.put("ab02", np.zeros((2, 2, 3), np.uint16))
    os.utime(folder, (1000, 1000))
    assert not listing.refresh()
    os.utime(folder, (1001, 1001))
    assert listing.refresh()
    assert "ab02" in listing


def test_what_is_being_written_is_not_there(tmp_path: Path) -> None:
    folder = tmp_path / "objects" / "ab"
    folder.mkdir(parents=True)
    (folder / ".part-1-2").write_bytes(b"")
    listing = Listing(tmp_path / "objects", ".pic")
    listing.refresh()
    assert ".part-1-2" not in listing
