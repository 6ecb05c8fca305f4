from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from anim_runtime.arriving import host_picture
from anim_runtime.carries import KEEP, Carries, from_picture, quantised, restored
from anim_runtime.problems import RenderProblem
from anim_runtime.store import Store

CPU = torch.device("cpu")


def image(seed: int = 0) -> torch.Tensor:
    return torch.rand(1, 3, 6, 5, generator=torch.Generator().manual_seed(seed))


def test_every_level_survives_the_way_through_the_store() -> None:
    levels = torch.arange(65536, dtype=torch.int32).view(1, 1, 256, 256).repeat(1, 3, 1, 1)
    assert torch.equal(quantised(restored(levels)), levels)
    assert torch.equal(from_picture(host_picture(levels), CPU), levels)


def test_what_is_beyond_the_range_is_cut() -> None:
    wild = torch.tensor([-1.0, 0.0, 0.5, 1.0, 2.0]).view(1, 1, 1, 5).repeat(1, 3, 1, 1)
    assert host_picture(quantised(wild))[0, :, 0].tolist() == [0, 0, 32768, 65535, 65535]


def test_a_carry_in_memory_equals_the_one_read_back(tmp_path: Path) -> None:
    store = Store(tmp_path)
    here = Carries(store, lambda frame: f"{frame:064}", CPU)
    for frame in range(KEEP + 3):
        store.put(f"{frame:064}", here.keep(frame, image(frame))())
    later = Carries(store, lambda frame: f"{frame:064}", CPU)
    for frame in range(KEEP + 3):
        assert torch.equal(here.at(frame), later.at(frame))
        assert float((here.at(frame) - image(frame)).abs().max()) <= 0.5 / 65535 + 1e-7


def test_a_carry_that_went_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(RenderProblem, match="frame 3"):
        Carries(Store(tmp_path), lambda frame: f"{frame:064}", CPU).at(3)


def test_pictures_are_rgb_rows_first() -> None:
    red_left = torch.zeros(1, 3, 2, 4)
    red_left[0, 0, :, :2] = 1.0
    picture = host_picture(quantised(red_left))
    assert picture.shape == (2, 4, 3)
    assert picture.dtype == np.uint16
    assert picture[0, 0].tolist() == [65535, 0, 0]
    assert picture[0, 3].tolist() == [0, 0, 0]


def test_only_carries_that_a_frame_will_read_stay_in_memory(tmp_path: Path) -> None:
    here = Carries(Store(tmp_path), lambda frame: f"{frame:064}", CPU)
    here.expect([(0,), (0, 5), (6,)])
    for frame in range(3 * KEEP):
        here.keep(frame, image(frame))
    assert {f"{frame:064}" for frame in (0, 5, 6)} <= here._near.keys()
    assert len(here._near) == KEEP
    here.read((0, 5))
    here.keep(99, image(99))
    # the other reader of the first is still to come
    assert f"{0:064}" in here._near
    assert f"{5:064}" not in here._near
