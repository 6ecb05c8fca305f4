"""A manifest that Deforum's settings name: its curves stand over theirs."""

from __future__ import annotations

from tests.studio.interchange.parseq.documents import asked, given, one

from anim_studio.interchange.film_text import Block, Comment, Item, Setting, film_text
from anim_studio.interchange.imported import Imported
from anim_studio.interchange.parseq import curves, over

DEFORUM: tuple[Item, ...] = (
    Comment("from settings"),
    Setting("size", "512x768"),
    Setting("fps", "15"),
    Setting("length", "120f"),
    Block("prompt", (Setting("negative", '"bad"'), Setting("morph", "cut"))),
    Block("camera 3d", (Setting("motion", "per_frame"), Setting("translation_z", "5"), Setting("fov", "60"))),
    Block("diffuse", (Setting("steps", "25"), Setting("cfg_scale", "9"))),
    Block("coherence", (Setting("color", "lab"), Setting("cadence", "4"))),
)


def merged(data: bytes, *, axes: int = 3, keeps_clock: bool = False) -> tuple[str, str]:
    text = film_text(over(DEFORUM, curves(given(data), axes=axes), keeps_clock=keeps_clock))
    asked(Imported(text))
    return text, " ".join(text.split())


def test_what_parseq_manages_is_its_own_and_the_rest_deforum_s() -> None:
    text, words = merged(one("translation_z", "", (0, 0), (40, 80)))
    for line in ("size = 512x768", "fps = 20", "length = 41f", "bpm = 120", "steps = 25", "cfg_scale = 9"):
        assert line in words
    assert "translation_z = step(translation_z)" in words
    assert words.count("fov = 60") == words.count("cadence = 1") == text.count("camera 3d {") == 1
    assert '0: "a forest"' in words


def test_what_parseq_holds_still_does_not_move_by_deforum_s_schedule() -> None:
    _, words = merged(
        one("translation_z", "", (0, 7), (40, 7), managedFields=["translation_z", "rotation_3d_y"])
    )
    assert "translation_z = 5" not in words
    _, words = merged(one("rotation_3d_y", "", (0, 0), (40, 0)))
    assert "translation_z = 5" in words


def test_a_setting_by_deforum_s_name_replaces_that_by_ours() -> None:
    _, words = merged(one("scale", "", (0, 5), (40, 8)))
    assert "cfg_scale_schedule = 0: 5, 40: 8" in words
    assert "cfg_scale = 9" not in words
    assert "translation_z = 5" in words


def test_the_clock_may_stay_deforum_s() -> None:
    _, words = merged(one("scale", "", (0, 5), (40, 8)), keeps_clock=True)
    for line in ("fps = 15", "length = 120f", "cadence = 4"):
        assert line in words


def test_a_camera_is_there_for_moves_that_only_parseq_has() -> None:
    found = over(DEFORUM[:5], curves(given(one("translation_x", "", (0, 0), (40, 80))), axes=2))
    assert "camera 2d { motion = per_frame translation_x" in " ".join(film_text(found).split())
