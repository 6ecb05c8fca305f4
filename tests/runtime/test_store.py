from __future__ import annotations

import os
import random
import time
from pathlib import Path

import numpy as np
import pytest

from anim_runtime.store import Picture, Store, pack, sound, unpack

KEY = "ab" + "0" * 62


def picture(seed: int = 0, height: int = 24, width: int = 33) -> Picture:
    rng = np.random.default_rng(seed)
    smooth = np.linspace(0, 60000, width)[None, :, None] + rng.integers(0, 5000, (height, width, 3))
    return smooth.astype(np.uint16)


def keys(count: int) -> list[str]:
    return [f"{i:02x}" + f"{i:062x}" for i in range(count)]


def test_what_goes_in_comes_out(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.get(KEY) is None
    assert not store.has(KEY)
    written = store.put(KEY, picture())
    assert store.has(KEY)
    found = store.get(KEY)
    assert found is not None
    assert np.array_equal(found, picture())
    assert store.size() == written


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 1, 3), (1, 5, 3), (16, 16, 3)])
def test_extremes_and_all_levels_survive(shape: tuple[int, int, int]) -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 65536, shape).astype(np.uint16)
    noise.flat[0] = 65535
    assert np.array_equal(unpack(pack(noise)), noise)


def test_smooth_pictures_shrink() -> None:
    smooth = np.linspace(0, 65535, 256)[None, :, None].repeat(128, 0).repeat(3, 2).astype(np.uint16)
    assert len(pack(smooth)) < smooth.nbytes / 4


def test_truncation_and_every_flipped_bit_are_found(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, picture())
    path = next((tmp_path / "objects").glob("*/*.pic"))
    whole = path.read_bytes()
    rng = random.Random(0)
    damaged = [whole[:n] for n in (0, 1, 20, 60, len(whole) // 2, len(whole) - 1)] + [whole + b"x"]
    for position in (*range(62), *rng.sample(range(len(whole)), 60)):
        broken = bytearray(whole)
        broken[position] ^= 1 << rng.randrange(8)
        damaged.append(bytes(broken))
    for data in damaged:
        assert not sound(data)
        path.write_bytes(data)
        assert store.get(KEY) is None
        assert not path.exists()
    store.put(KEY, picture())
    assert path.read_bytes() == whole


def test_eviction_takes_the_longest_unused_but_never_the_held(tmp_path: Path) -> None:
    one = len(pack(picture()))
    store = Store(tmp_path, cap_bytes=one * 6)
    names = keys(6)
    store.hold(names[:2])
    for age, name in enumerate(names):
        store.put(name, picture())
        stamp = time.time() - 1000 + age
        os.utime(tmp_path / "objects" / name[:2] / f"{name}.pic", (stamp, stamp))
    assert store.get(names[2]) is not None  # used just now
    store.put(keys(7)[6], picture())
    left = [name for name in keys(7) if store.has(name)]
    assert left[:2] == names[:2]
    assert names[2] in left
    assert names[3] not in left
    assert store.size() <= one * 6


def test_cap_below_what_the_run_holds_evicts_none_of_it(tmp_path: Path) -> None:
    store = Store(tmp_path, cap_bytes=10)
    store.hold(keys(3))
    for name in keys(3):
        store.put(name, picture())
    assert all(store.has(name) for name in keys(3))


def test_store_that_cannot_shrink_does_not_look_through_itself_every_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path, cap_bytes=10)
    names = keys(60)
    store.hold(names)
    looked: list[int] = []
    evict = store.evict

    def counted() -> int:
        looked.append(1)
        return evict()

    monkeypatch.setattr(store, "evict", counted)
    for name in names:
        store.put(name, picture())
    assert 0 < len(looked) < 40


def test_abandoned_temporary_files_are_swept_when_they_are_old(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(KEY, picture())
    folder = tmp_path / "objects" / KEY[:2]
    old, new = folder / ".part-1-1", folder / ".part-2-1"
    old.write_bytes(b"half")
    new.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.size()
    assert not old.exists()
    assert new.exists()


def test_names_are_listed_without_a_touch(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert not store.lists(KEY)
    assert not store.folder.exists()
    store.put(KEY, picture())
    path = store.folder / KEY[:2] / f"{KEY}.pic"
    os.utime(path, (1, 1))
    assert store.lists(KEY)
    assert path.stat().st_mtime == 1
