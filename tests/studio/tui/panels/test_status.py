from __future__ import annotations

import pytest

from anim_studio.live.paint.messages import Pace, Painted
from anim_studio.live.paint.shown import nothing
from anim_studio.live.tier import Tier
from anim_studio.tui.panels.status import pace_in_words, tiers_in_words


@pytest.mark.parametrize(
    ("camera", "draft", "final", "words"),
    [
        (0, 0, 0, "curves ▸ camera 0%"),
        (50, 0, 0, "curves ▸ camera 50%"),
        (100, 0, 0, "camera"),
        (100, 38, 0, "camera ▸ draft 38%"),
        (100, 100, 0, "draft"),
        (100, 100, 38, "draft ▸ final 38%"),
        (100, 100, 100, "final"),
        (0, 0, 100, "final"),
    ],
)
def test_says_what_all_frames_have_and_the_next_tier(camera: int, draft: int, final: int, words: str) -> None:
    shown = nothing(1, 100)
    for tier, count in ((Tier.CAMERA, camera), (Tier.DRAFT, draft), (Tier.FINAL, final)):
        shown = shown.painted(Painted(1, tier, tuple(range(count)), tuple("k" * count)))
    assert tiers_in_words(shown, Tier.FINAL) == words


def test_older_pictures_do_not_count() -> None:
    shown = nothing(1, 4).painted(Painted(1, Tier.CAMERA, (0, 1, 2, 3), tuple("abcd"))).after(2, 4)
    assert tiers_in_words(shown, Tier.FINAL) == "curves ▸ camera 0%"


def test_the_pace_of_what_is_painted() -> None:
    assert pace_in_words(Pace(1, Tier.DRAFT, 20, 120, 0.1)) == "10.0 fps · 0:00:10 left"
    assert pace_in_words(Pace(1, Tier.DRAFT, 120, 120, 0.1)) == ""
    assert pace_in_words(None) == ""
