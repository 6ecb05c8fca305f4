"""A stored frame at the film's own size."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.runtime.running import run
from tests.studio.live.paint.painting import FILM, plan_of

from anim_studio.live.paint.full_size import StoredFrame, stored_picture, whole_picture
from anim_studio.live.paint.pictures import LONGEST
from anim_studio.live.tier import Tier

#: larger than a preview, and with something over its stored picture
LARGE = FILM.replace("32x24", f"{LONGEST + 64}x32").replace("3s; seed", "500ms; seed").replace(
    "2s:", "200ms:"
) + ("grade { exposure = 0.5 }\n")


def test_another_process_makes_it_as_large_as_the_film(tmp_path: Path) -> None:
    plan = plan_of(LARGE, Tier.FINAL)
    run((plan.plan, plan.columns), tmp_path)
    wanted = StoredFrame(plan, 1, tmp_path, tmp_path, "cpu")
    picture = whole_picture(wanted)
    assert picture is not None
    assert picture.shape == (32, LONGEST + 64, 3)
    here = stored_picture(wanted)
    assert here is not None
    assert np.array_equal(picture, here)
    other = stored_picture(replace(wanted, frame=3))
    assert other is not None
    assert not np.array_equal(picture, other)


def test_what_is_not_rendered_is_not_made(tmp_path: Path) -> None:
    assert stored_picture(StoredFrame(plan_of(LARGE, Tier.FINAL), 1, tmp_path, tmp_path, "cpu")) is None


def test_without_that_process_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    assert whole_picture(StoredFrame(plan_of(LARGE, Tier.FINAL), 1, tmp_path, tmp_path, "cpu")) is None
