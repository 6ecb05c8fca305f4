"""The folder of previews: what is put there comes back, and it never grows over its cap."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from anim_studio.live.paint.pictures import Pictures, packed, unpacked


def picture(seed: int, height: int = 20, width: int = 30) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (7, 1), (36, 64), (512, 288)])
def test_a_picture_comes_back_bit_for_bit(size: tuple[int, int]) -> None:
    made = picture(3, *size)
    found = unpacked(packed(made))
    assert found is not None
    assert np.array_equal(found, made)
    assert found.flags.c_contiguous


def test_smooth_pictures_shrink() -> None:
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (144, 256, 3))
    assert len(packed(np.ascontiguousarray(ramp))) < ramp.size / 50


@pytest.mark.parametrize("cut", [0, 5, 16, 17, 100, -1])
def test_a_torn_file_is_no_picture(cut: int) -> None:
    assert unpacked(packed(picture(1))[:cut]) is None


def test_a_changed_file_is_no_picture() -> None:
    data = bytearray(packed(picture(1)))
    data[len(data) // 2] ^= 1
    assert unpacked(bytes(data)) is None


def test_other_processes_see_what_is_put(tmp_path: Path) -> None:
    one, other = Pictures(tmp_path), Pictures(tmp_path)
    made = picture(1)
    assert other.get("ab01") is None
    one.put("ab01", made)
    assert np.array_equal(one.get("ab01"), made)  # type: ignore[arg-type]
    assert np.array_equal(other.get("ab01"), made)  # type: ignore[arg-type]
    assert one.has("ab01")
    assert other.known() == {"ab01"}
    assert not other.has("ab02")


def test_what_was_torn_is_gone(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, in_memory=0)
    pictures.put("ab01", picture(1))
    pictures.put("ab02", picture(2))
    (file,) = tmp_path.glob("previews/*/ab01.pre")
    file.write_bytes(file.read_bytes()[:100])
    assert pictures.get("ab01") is None
    assert not file.exists()


def test_the_folder_stays_below_its_cap_and_what_was_seen_last_stays(tmp_path: Path) -> None:
    size = len(packed(picture(0)))
    pictures = Pictures(tmp_path, cap_bytes=10 * size + 200, in_memory=0)
    for number in range(10):
        pictures.put(f"aa{number:02}", picture(number))
        (file,) = tmp_path.glob(f"previews/*/aa{number:02}.pre")
        os.utime(file, (1000 + number, 1000 + number))
    assert pictures.get("aa00") is not None  # looked at now
    pictures.put("aa10", picture(10))
    left = pictures.known()
    assert {"aa00", "aa10", "aa09"} <= left
    assert "aa01" not in left
    assert sum(f.stat().st_size for f in tmp_path.glob("previews/*/*")) <= 10 * size + 200


def test_memory_stays_below_its_cap(tmp_path: Path) -> None:
    each = picture(0).nbytes
    pictures = Pictures(tmp_path, in_memory=3 * each)
    for number in range(8):
        pictures.put(f"aa{number:02}", picture(number))
    for file in tmp_path.glob("previews/*/*"):
        file.unlink()
    found = [pictures.get(f"aa{number:02}") is not None for number in range(8)]
    assert found == [False] * 5 + [True] * 3


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "previews").mkdir()
    (tmp_path / "previews" / "aa").write_text("a file in the way")
    with pytest.raises(OSError, match="aa"):
        Pictures(tmp_path).put("aa01", picture(1))


def test_threads_share_one(tmp_path: Path) -> None:
    pictures = Pictures(tmp_path, in_memory=2 * picture(0).nbytes)
    wrong: list[int] = []

    def work(offset: int) -> None:
        for number in range(offset, offset + 20):
            pictures.put(f"aa{number % 25:02}", picture(number % 25))
            found = pictures.get(f"aa{number % 25:02}")
            if found is None or not np.array_equal(found, picture(number % 25)):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(10 * i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert not list(tmp_path.glob("previews/*/.part*"))
