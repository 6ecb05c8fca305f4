"""`anim cache`: sizes, checksums, and what goes first."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import Ran

from anim_runtime.locks import RunLock
from anim_runtime.store import Store
from anim_studio.caching.holding import held
from anim_studio.caching.pruning import parse_age
from anim_studio.live.paint.pictures import Pictures
from anim_studio.renders.entry import Ended, Entry, shelve, write_ended

PICTURE = np.zeros((8, 8, 3), np.uint16)
DAY = 86400.0


def put(cache: Path, key: str, days_ago: float) -> Path:
    Store(cache).put(key, PICTURE)
    path = cache / "objects" / key[:2] / f"{key}.pic"
    at = time.time() - days_ago * DAY
    os.utime(path, (at, at))
    return path


def rows(said: Ran) -> dict[str, object]:
    assert said.code == 0
    found = json.loads(said.out)
    assert isinstance(found, dict)
    return found


def test_shows_what_is_kept(anim: Callable[..., Ran], fresh_cache: Path) -> None:
    put(fresh_cache, "aa1", 40)
    put(fresh_cache, "aa2", 1)
    Pictures(fresh_cache).put("bb1", PICTURE.astype(np.uint8))
    said = anim("cache")
    assert "2 kept, used 40 days to 1 day ago" in said.out
    told = rows(anim("cache", "show", "--json"))
    kinds = told["kinds"]
    assert isinstance(kinds, dict)
    assert {kind: own["count"] for kind, own in kinds.items() if own["count"]} == {"frames": 2, "previews": 1}
    assert rows(anim("cache", "--only", "previews", "--json"))["kinds"].keys() == {"previews"}  # type: ignore[attr-defined]


def test_verify_removes_what_is_torn_and_only_that(anim: Callable[..., Ran], fresh_cache: Path) -> None:
    good, torn, old = put(fresh_cache, "aa1", 3), put(fresh_cache, "aa2", 0), put(fresh_cache, "aa3", 0)
    torn.write_bytes(torn.read_bytes()[:-1] + b"!")
    # the two bytes behind the magic are the version
    old.write_bytes(old.read_bytes()[:8] + b"\x01\x00" + old.read_bytes()[10:])
    Pictures(fresh_cache).put("bb1", PICTURE.astype(np.uint8))
    preview = fresh_cache / "previews" / "bb" / "bb1.pre"
    preview.write_bytes(preview.read_bytes()[:-3])
    used = good.stat().st_mtime
    dry = rows(anim("cache", "verify", "--dry-run", "--json"))
    assert torn.exists()
    told = rows(anim("cache", "verify", "--json"))
    assert dry["unsound"] == told["unsound"]
    assert not torn.exists()
    assert not preview.exists()
    assert good.exists()
    # what another version wrote may be whole for it
    assert old.exists()
    assert (told["foreign"], told["verified"]) == (1, 4)
    assert good.stat().st_mtime == used
    said = anim("cache", "verify")
    assert "all of it is whole" in said.out
    assert "another version" in said.out


def test_encoded_prompts_are_kept_verified_and_pruned(anim: Callable[..., Ran], fresh_cache: Path) -> None:
    folder = fresh_cache / "texts"
    folder.mkdir(parents=True)
    held_bytes = b"what an encoder made"
    good, torn = folder / f"{'a' * 64}.run", folder / f"{'b' * 64}.run"
    good.write_bytes(hashlib.sha256(held_bytes).digest() + held_bytes)
    torn.write_bytes(good.read_bytes()[:-1])
    told = rows(anim("cache", "verify", "--only", "texts", "--json"))
    assert (told["verified"], torn.exists(), good.exists()) == (2, False, True)
    assert rows(anim("cache", "prune", "--only", "texts", "--size", "0", "--json"))["removed"] == [str(good)]


def test_prune_by_age_and_by_size(anim: Callable[..., Ran], fresh_cache: Path) -> None:
    paths = [put(fresh_cache, f"aa{days}", days) for days in (50, 20, 3, 1)]
    size = paths[0].stat().st_size
    assert anim("cache", "prune").code == 2
    assert anim("cache", "prune", "--older", "soon").code == 2
    assert anim("cache", "show", "--older", "3d").code == 2
    dry = anim("cache", "prune", "--older", "30d", "--dry-run")
    assert "would be freed" in dry.out
    assert all(path.exists() for path in paths)
    assert rows(anim("cache", "prune", "--older", "30d", "--json"))["removed"] == [str(paths[0])]
    told = rows(anim("cache", "prune", "--size", f"{2 * size}", "--json"))
    assert told["removed"] == [str(paths[1])]
    assert told["left"] == 2 * size
    assert [path.exists() for path in paths] == [False, False, True, True]


def test_what_a_render_needs_is_never_pruned(anim: Callable[..., Ran], fresh_cache: Path) -> None:
    before, after = put(fresh_cache, "aa1", 1), put(fresh_cache, "aa2", 0)
    run, idle = fresh_cache / "runs" / "busy", fresh_cache / "runs" / "idle"
    idle.mkdir(parents=True)
    waiting, over = (
        shelve(fresh_cache, Entry(id, "f", "f", 1, "cpu", "", "", "", None, 1, 1.0), {}) for id in "ab"
    )
    write_ended(over, Ended(1.0, 0))
    with RunLock(run / "lock") as lock:
        lock.acquire()
        # it looks at its frames, which counts as use
        os.utime(after)
        assert anim("cache", "prune", "--size", "0").code == 0
    assert [path.exists() for path in (before, after, run, idle, waiting, over)] == [
        *(False, True),
        *(True, False),
        *(True, False),
    ]
    assert anim("cache", "prune", "--size", "0").code == 0
    assert [thing.kind for thing in held(fresh_cache)] == ["queue"]


def test_what_anim_did_not_write_stays(anim: Callable[..., Ran], fresh_cache: Path, tmp_path: Path) -> None:
    own = put(fresh_cache, "aa1", 50)
    outside = tmp_path / "photos"
    outside.mkdir()
    strange = [
        *(outside / "bb1.pic", outside / "holiday.jpg"),
        *(fresh_cache / kind / "notes.txt" for kind in ("objects/aa", "previews/cc", "audio", "logs")),
        *(fresh_cache / "audio" / "song.mp3", fresh_cache / "logs" / "server.log"),
        *(fresh_cache / kind / "mine" / "results.csv" for kind in ("runs", "queue")),
    ]
    for path in strange:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"mine")
        os.utime(path, (1.0, 1.0))
    links = [
        fresh_cache / "objects" / "bb",
        fresh_cache / "runs" / "elsewhere",
        fresh_cache / "audio" / "a-b-1.curves",
    ]
    for link in links:
        link.symlink_to(outside if link.suffix == "" else outside / "bb1.pic")
    assert rows(anim("cache", "verify", "--json"))["unsound"] == []
    assert rows(anim("cache", "prune", "--older", "1d", "--size", "0", "--json"))["removed"] == [str(own)]
    assert all(path.exists() for path in (*strange, *links))


@pytest.mark.parametrize(
    ("text", "seconds"), [("30d", 30 * DAY), ("12 hours", 43200), ("2w", 14 * DAY), ("3", None)]
)
def test_ages(text: str, seconds: float | None) -> None:
    assert parse_age(text) == seconds
