"""Names of variants' files."""

from __future__ import annotations

import pytest

from anim_compiler.film import Variant
from anim_compiler.naming import variant_path

CHOSEN = Variant("seed1-cfg_scale5", (("seed", "1"), ("diffuse.cfg_scale", "5")))


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("a.mp4", "a-seed1-cfg_scale5.mp4"),
        ("out/a.b.mp4", "out/a.b-seed1-cfg_scale5.mp4"),
        ("{seed}.mp4", "1-cfg_scale5.mp4"),
        ("{seed}/a-{diffuse.cfg_scale}.mp4", "1/a-5.mp4"),
        ("f-{cfg_scale}-{seed}.mp4", "f-5-1.mp4"),
        ("frames/{frame:05}.png", "frames/seed1-cfg_scale5/{frame:05}.png"),
        ("{seed}-{cfg_scale}/{frame:05}.png", "1-5/{frame:05}.png"),
        ("folder.x/a", "folder.x/a-seed1-cfg_scale5"),
    ],
)
def test_no_variant_overwrites_another(path: str, named: str) -> None:
    assert variant_path(path, CHOSEN) == named


def test_a_film_without_variants_keeps_its_paths() -> None:
    assert variant_path("{frame}.png", None) == "{frame}.png"


def test_values_are_safe_in_a_path() -> None:
    chosen = Variant("x", (("diffuse.sampler", '"DPM++ 2M/SDE"'),))
    assert variant_path("a.mp4", chosen) == "a-samplerDPM++_2M_SDE.mp4"


def test_what_has_a_name_is_named_with_it() -> None:
    chosen = Variant("x", (("lora.neon.weight", "0.5"), ("lora.grain.weight", "1")))
    assert variant_path("a.mp4", chosen) == "a-neon_weight0.5-grain_weight1.mp4"
