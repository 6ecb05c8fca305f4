"""The easel paints a version near the playhead first, and gives it up when something else is wanted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.runtime.running import run
from tests.studio.live.paint.painting import FILM, paint_of, plan_of

from anim_runtime.preview.engines import Engines
from anim_studio.live.paint.easel import AT_ONCE, Easel, Interrupted
from anim_studio.live.paint.messages import Look, Pace, Painted, Told, Trouble
from anim_studio.live.paint.pictures import Pictures
from anim_studio.live.tier import Tier


class Studio:
    """An easel with what it told."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.told: list[Told] = []
        self.stop_at = -1
        self.asked = 0
        self.easel = Easel(cache, "cpu", self.told.append, self._interrupted)

    def _interrupted(self) -> bool:
        self.asked += 1
        return self.asked == self.stop_at

    def work(self, steps: int = 10_000) -> None:
        for _ in range(steps):
            if not self.easel.step():
                return

    def painted(self, tier: Tier) -> list[tuple[int, ...]]:
        return [t.frames for t in self.told if isinstance(t, Painted) and t.tier is tier]

    def flat(self, tier: Tier) -> list[int]:
        return [frame for frames in self.painted(tier) for frame in frames]


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(tmp_path)


def test_frames_from_the_playhead_on_come_first(studio: Studio) -> None:
    studio.easel.paint(paint_of(FILM, studio.cache, Tier.CAMERA))
    studio.easel.look(Look(10, 4, 20))
    studio.work()
    # every frame of this tier stands on the scene's first one, which is shown as well
    assert studio.flat(Tier.CAMERA) == [0, *range(10, 20), *range(4, 10)]
    studio.easel.look(Look(22, 0, 1000))
    studio.work()
    assert studio.flat(Tier.CAMERA)[17:] == [22, 23, 1, 2, 3, 20, 21]
    pace = [told for told in studio.told if isinstance(told, Pace)][-1]
    assert (pace.done, pace.frames) == (24, 24)


def test_pictures_lie_where_the_screen_looks_for_them(studio: Studio) -> None:
    studio.easel.paint(paint_of(FILM, studio.cache, Tier.CAMERA))
    studio.work()
    pictures = Pictures(studio.cache)
    for told in studio.told:
        if isinstance(told, Painted):
            assert told.version == 1
            for key in told.keys:
                found = pictures.get(key)
                assert found is not None
                assert found.shape == (24, 32, 3)


def test_the_lowest_tier_begins_and_the_others_have_their_share(studio: Studio) -> None:
    text = FILM.replace("length = 3s", "length = 12s")
    studio.easel.paint(paint_of(text, studio.cache, Tier.FINAL, Tier.CAMERA, ceiling=Tier.FINAL))
    studio.work()
    tiers = [told.tier for told in studio.told if isinstance(told, Painted)]
    assert set(tiers[:AT_ONCE]) == {Tier.CAMERA}
    assert sorted(studio.flat(Tier.FINAL)) == list(range(96))
    # a frame with a better picture needs no lower one any more
    both = set(studio.flat(Tier.CAMERA)) & set(studio.flat(Tier.FINAL))
    first: dict[Tier, dict[int, int]] = {tier: {} for tier in Tier}
    for place, told in enumerate(studio.told):
        if isinstance(told, Painted):
            first[told.tier] |= dict.fromkeys(told.frames, place)
    assert all(first[Tier.CAMERA][frame] < first[Tier.FINAL][frame] for frame in both)


def test_what_is_there_is_told_at_once_all_in_one(studio: Studio) -> None:
    studio.easel.paint(paint_of(FILM, studio.cache, Tier.CAMERA))
    studio.work()
    again = Studio(studio.cache)
    again.easel.paint(paint_of(FILM.replace("a forest", "a city"), studio.cache, Tier.CAMERA, version=2))
    again.work()
    assert again.painted(Tier.CAMERA) == [tuple(range(24))]


def test_an_edit_paints_what_it_touches(studio: Studio) -> None:
    text = FILM.replace("2s:", '1s: "a lake"; 2s:')
    studio.easel.paint(paint_of(text, studio.cache, Tier.FINAL, ceiling=Tier.FINAL))
    studio.work()
    studio.told.clear()
    edited = text.replace("a forest", "a city")
    studio.easel.paint(paint_of(edited, studio.cache, Tier.FINAL, version=2, ceiling=Tier.FINAL))
    studio.work()
    known, *new = studio.painted(Tier.FINAL)
    assert known == tuple(range(9))
    assert new == [(frame,) for frame in range(9, 24)]


def test_more_tiers_of_a_version_take_nothing_back(studio: Studio) -> None:
    paint = paint_of(FILM, studio.cache, Tier.CAMERA)
    studio.easel.paint(paint)
    studio.work(10)
    before = len(studio.flat(Tier.CAMERA))
    more = replace(paint, tiers=(*paint.tiers, plan_of(FILM, Tier.FINAL)), ceiling=Tier.FINAL)
    studio.easel.paint(more)
    studio.work()
    camera = studio.flat(Tier.CAMERA)
    assert before > 0
    assert len(camera) == len(set(camera))
    assert len(studio.flat(Tier.FINAL)) == 24


def test_finals_are_not_drawn_but_told_of_when_a_render_made_them(studio: Studio) -> None:
    plan = plan_of(FILM, Tier.FINAL)
    studio.easel.paint(paint_of(FILM, studio.cache, Tier.CAMERA, Tier.FINAL))
    studio.work()
    assert studio.flat(Tier.FINAL) == []
    run((plan.plan, plan.columns), studio.cache)
    studio.easel.find()
    studio.work()
    assert studio.flat(Tier.FINAL) == list(range(24))


def test_what_is_interrupted_goes_on_where_it_was(studio: Studio) -> None:
    studio.stop_at = 5
    studio.easel.paint(paint_of(FILM, studio.cache, Tier.FINAL, ceiling=Tier.FINAL))
    with pytest.raises(Interrupted):
        studio.work()
    # four steps of the model make two frames at half strength, and none is lost
    done = len(studio.flat(Tier.FINAL))
    assert studio.asked == 5
    studio.work()
    assert studio.flat(Tier.FINAL) == list(range(24))
    assert done < 3
    assert studio.asked == 5 + (24 - done) * 2 + (2 if done == 0 else 0)


def test_a_tier_that_cannot_be_painted_is_told_of_and_the_others_go_on(studio: Studio) -> None:
    missing = FILM.replace('"null"', '"no-such-model"')
    tiers = paint_of(missing, studio.cache, Tier.CAMERA, Tier.FINAL, ceiling=Tier.FINAL)
    studio.easel.paint(tiers)
    studio.work()
    (trouble,) = [told for told in studio.told if isinstance(told, Trouble)]
    assert (trouble.version, trouble.tier) == (1, Tier.FINAL)
    assert "`no-such-model` is not on this machine" in trouble.message
    assert trouble.hint
    assert len(studio.flat(Tier.CAMERA)) == 24


def test_a_film_that_stands_still_is_one_picture(studio: Studio) -> None:
    text = FILM.replace("camera 2d { zoom = 1.2 per s }\n", "")
    studio.easel.paint(paint_of(text, studio.cache, Tier.CAMERA))
    studio.work()
    assert sorted(studio.flat(Tier.CAMERA)) == list(range(24))
    assert len(Pictures(studio.cache).known()) <= 2


def test_models_are_loaded_after_the_first_pictures(tmp_path: Path) -> None:
    told = list[Told]()
    painted = list[int]()

    def warm(engines: Engines) -> None:
        painted.append(sum(isinstance(one, Painted) for one in told))

    easel = Easel(tmp_path, "cpu", told.append, lambda: False, warm)
    easel.paint(paint_of(FILM.replace("3s; seed", "9s; seed"), tmp_path, Tier.CAMERA))
    while easel.step():
        pass
    assert painted == [AT_ONCE]


def test_a_cache_that_cannot_be_written_is_told_of_with_what_to_do(studio: Studio) -> None:
    (studio.cache / "previews").write_text("a file where a folder should be")
    studio.easel.paint(paint_of(FILM, studio.cache, Tier.CAMERA))
    studio.work()
    (trouble,) = [told for told in studio.told if isinstance(told, Trouble)]
    assert trouble.message.startswith("a picture cannot be kept: ")
    assert "`ANIM_CACHE`" in trouble.hint
