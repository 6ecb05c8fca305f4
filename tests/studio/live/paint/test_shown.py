from __future__ import annotations

from anim_studio.live.paint.messages import Painted
from anim_studio.live.paint.shown import Seen, Shown, nothing
from anim_studio.live.tier import Tier


def painted(shown: Shown, tier: Tier, word: str, *frames: int) -> Shown:
    keys = tuple(f"{word}{frame}" for frame in frames)
    return shown.painted(Painted(shown.version, tier, frames, keys))


def test_a_higher_tier_replaces_a_lower_one() -> None:
    shown = painted(nothing(1, 4), Tier.CAMERA, "c", 0, 1, 2)
    shown = painted(shown, Tier.DRAFT, "d", 1)
    assert shown.at(0) == Seen("c0", Tier.CAMERA, False)
    assert shown.at(1) == Seen("d1", Tier.DRAFT, False)
    assert shown.at(3) is None
    assert shown.at(4) is None
    assert shown.tiers()[0].tolist() == [1, 2, 1, 0]


def test_no_tier_above_the_ceiling_is_shown() -> None:
    shown = painted(painted(nothing(1, 2), Tier.CAMERA, "c", 0, 1), Tier.FINAL, "f", 0)
    assert shown.at(0, Tier.DRAFT) == Seen("c0", Tier.CAMERA, False)
    assert shown.tiers(Tier.CURVES)[0].tolist() == [0, 0]


def test_what_another_version_painted_is_left_out() -> None:
    shown = nothing(2, 2)
    assert shown.painted(Painted(1, Tier.DRAFT, (0,), ("d",))) is shown


def test_older_pictures_stay_until_newer_ones_come() -> None:
    shown = painted(nothing(1, 2), Tier.DRAFT, "d", 0, 1).after(2, 2)
    assert shown.at(0) == Seen("d0", Tier.DRAFT, True)
    shown = painted(shown, Tier.DRAFT, "e", 0)
    assert shown.at(0) == Seen("e0", Tier.DRAFT, False)
    assert shown.tiers()[1].tolist() == [False, True]
    bare = painted(nothing(1, 1), Tier.CAMERA, "c", 0).after(2, 1)
    assert bare.at(0) == Seen("c0", Tier.CAMERA, True)


def test_a_bare_camera_frame_is_no_step_back_where_the_camera_is_the_same() -> None:
    first = painted(painted(nothing(1, 2), Tier.CAMERA, "c", 0, 1), Tier.DRAFT, "d", 0, 1)
    same = painted(first.after(2, 2), Tier.CAMERA, "c", 0, 1)
    assert same.at(0) == Seen("d0", Tier.DRAFT, True)
    moved = painted(first.after(2, 2), Tier.CAMERA, "k", 0, 1)
    assert moved.at(0) == Seen("k0", Tier.CAMERA, False)


def test_a_draft_of_another_camera_does_not_come_back_two_versions_later() -> None:
    first = painted(painted(nothing(1, 1), Tier.CAMERA, "c", 0), Tier.DRAFT, "d", 0)
    moved = painted(first.after(2, 1), Tier.CAMERA, "k", 0)
    third = painted(moved.after(3, 1), Tier.CAMERA, "k", 0)
    assert third.at(0) == Seen("k0", Tier.CAMERA, False)


def test_pictures_of_two_versions_ago_stay_where_the_last_painted_none() -> None:
    third = painted(nothing(1, 1), Tier.DRAFT, "d", 0).after(2, 1).after(3, 1)
    assert third.at(0) == Seen("d0", Tier.DRAFT, True)


def test_a_longer_film_keeps_what_it_has_and_a_shorter_one_forgets_the_rest() -> None:
    shown = painted(nothing(1, 3), Tier.DRAFT, "d", 0, 1, 2)
    assert shown.after(2, 5).tiers()[0].tolist() == [2, 2, 2, 0, 0]
    assert shown.after(2, 1).after(3, 2).tiers()[0].tolist() == [2, 0]
