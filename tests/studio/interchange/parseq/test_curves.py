"""Fields of a document in a film: as they are written where that says the same, and the same in any case."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from tests.studio.interchange.parseq.documents import asked, document, given, near, one, proved

from anim_studio.interchange.parseq import curves, read

KEYS = ((0, 1.0), (10, 4.0), (25, -2.0), (40, 0.5))


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("", "cfg_scale_schedule = 0: 1, 10: 4, 25: 2, 40: 0.5"),
        ("S", "cfg_scale_schedule = 0: 1 hold, 10: 4 hold, 25: 2 hold, 40: 0.5"),
        ("bez()", "cfg_scale_schedule = 0: 1, 10: 4, 25: 2, 40: 0.5 with bezier(0.5, 0, 0.5, 1)"),
        ('bez(c="easeInOut")', "cfg_scale_schedule = 0: 1, 10: 4, 25: 2, 40: 0.5 with ease_in_out"),
        ("7.5", "cfg_scale_schedule = 7.5"),
        ("5 + 2*sin(p=2b)", "cfg_scale_schedule = 5 + 2 * sine(2beats)"),
        ("5 + sin(p=2s, ps=0.5s, a=2)", "cfg_scale_schedule = 5 + 2 * sine(2s, phase = 0.25)"),
        ("5 + tri(p=17, ps=2)", "cfg_scale_schedule = 5 + tri(17f, phase = 2 / 17)"),
        ("if (f==1 or f==2 or f==4) 3 else 4", "3 if t == 1 or t == 2 or t == 4 else 4"),
        ("if (f>1 and f<4 or f==9) 3 else 4", "3 if t > 1 and (t < 4 or t == 9) else 4"),
        ("5 + tri(p=30)", "cfg_scale_schedule = 5 + tri(30f)"),
        ("L - 0.3 - 0.2", "cfg_scale_schedule = scale_line - (0.3 - 0.2)"),
        ("8 / 4 / L", "8 / (4 / scale_line)"),
        ("1 + saw(p=4b)", "cfg_scale_schedule = 1 + beats % 4 / 4"),
        ("1 + pulse(p=2b, pw=0.5b)", "cfg_scale_schedule = 1 + (beats % 2 < 0.5)"),
        ("1 + pulse(p=2b, pw=3)", "cfg_scale_schedule = 1 + (t % b(2) < 3)"),
        ("if (f < 20) 3 else 4", "cfg_scale_schedule = 3 if t < 20 else 4"),
        ("min(L, 3) + abs(S)", "min(scale_line, 3) + abs(scale_steps)"),
        (
            "slide(from=1, to=9, in=20)",
            "cfg_scale_schedule = mix(1, 9, clamp((t - scale_active_keyframe) / 20))",
        ),
        (
            'bez(from=1, to=9, in=0.4b, c="easeInOut")',
            "let scale_bez { 0: 1 ease_in_out 4: 9 hold 10: 1 ease_in_out 14: 9 hold 25: 1 ease_in_out",
        ),
        ("5 + rand(seed=3, hold=20)", "scale_rand"),
        ('1 + info_match_count("x")', "cfg_scale_schedule = 1"),
    ],
)
def test_a_formula_is_kept(formula: str, written: str) -> None:
    keys = tuple((frame, abs(value)) for frame, value in KEYS)
    made = proved(one("scale", formula, *keys))
    assert written in " ".join(made.text.split()), made.text


@pytest.mark.parametrize(
    "formula",
    [
        "C", "P", "bez(0,0.6,1,0.4)", 'bez(c="easeOutBack")', "sq(p=10)", "sq(p=3b, ps=1)",
        "pulse(p=7, pw=2, ps=3)", "saw(p=1.3b, ps=2)", "sin(p=-2b)", "-tri(p=2b, c=1)", "sin(p=10, li=2)",
        "L*C", "C-S",
        "(f-20) % 7", "S ^ 2", "_atan(L)", "_sin(f/3)", "round(L, 1)", "ceil(f/7)", "k/10",
        "prev_computed_value + 0.25", "prev_computed_value * 0.9 + 1",
        "if (f % 2 == 0) prev_computed_value + 1 else prev_computed_value - 0.5",
        "smrand(seed=2)", "perlin(seed=1, smooth=30)", "vibe(seed=4, p=9)", "computed_at(0-1, 2) + L",
        "recompute_if(f % 10 == 0, L)", 'bez(from=0, to=3, in=12)', "bez(os=0.5)", "start_of_beat()",
        "next_keyframe_value - active_keyframe_value", "f2s(f) + s", "(L > 1) or (S < 0)", "L > 1 and S",
    ],
)  # fmt: skip
@pytest.mark.parametrize("field", ["rotation_3d_y", "zoom"])
def test_whatever_is_written_the_moves_are_deforum_s(formula: str, field: str) -> None:
    # a zoom's moves stay near 1
    values = [(frame, value / 8 + 1 if field == "zoom" else value) for frame, value in KEYS]
    scaled = formula if field != "zoom" else f"1 + ({formula}) / 1000"
    proved(one(field, scaled, *values))


def test_a_move_is_the_difference_of_what_is_drawn() -> None:
    made = proved(one("rotation_3d_z", "", (0, 0), (40, 90)))
    assert "let rotation_3d_z = 0: 0, 40: 90\n" in made.text
    assert "rotation_3d_z = step(rotation_3d_z)" in made.text
    assert asked(made).curve("camera.rotation_3d_z")[:3].tolist() == [0.0, 2.25, 2.25]


def test_a_zoom_grows_by_differences_and_not_by_ratios() -> None:
    made = proved(one("zoom", "", (0, 1), (40, 3)))
    assert "zoom = growth(zoom)" in " ".join(made.text.split())
    assert asked(made).curve("camera.zoom")[-1] == pytest.approx(1.05)


def test_without_deltas_the_values_are_moves_themselves() -> None:
    found = curves(given(one("angle", "", (0, 0), (40, 90))), use_deltas=False)
    assert [(item.name, item.value) for item in found.camera] == [("angle", "0: 0, 40: 90")]
    assert found.values["angle"][-1] == 90


def test_what_adds_to_its_last_value_is_written_as_what_it_adds() -> None:
    made = proved(one("translation_z", "if (floor(b)%4<2) prev_computed_value+3 else prev_computed_value"))
    assert "translation_z = 3 if floor(beats) % 4 < 2 else 0" in " ".join(made.text.split())


def test_formulas_count_until_the_next_keyframe_that_has_one() -> None:
    keys: list[dict[str, Any]] = [
        {"frame": 0, "scale": 1, "scale_i": "L*sin(p=4b)"},
        {"frame": 10, "scale": 4},
        {"frame": 20, "scale_i": "L"},
        {"frame": 30, "scale": 2, "scale_i": "S"},
        {"frame": 40},
    ]
    made = proved(document(*keys, fields="scale"))
    assert "0: sine(4beats) * scale_line" in made.text or "scale_line * sine(4beats)" in made.text
    assert "let scale_line = 0: 1, 10: 4, 30: 2, 40: 2" in made.text


def test_what_stands_still_before_a_formula_is_held() -> None:
    keys: list[dict[str, Any]] = [{"frame": 0, "seed": 100}, {"frame": 20, "seed_i": "S+wb"}, {"frame": 40}]
    made = proved(document(*keys, fields="seed"))
    assert "0: 100 hold, 20: 100 + floor(beats)" in " ".join(made.text.split())
    assert not made.beside


def test_a_formula_that_comes_again_has_a_name() -> None:
    formula = "S + sin(p=4b)*2 - pulse(p=2b, pw=0.5b)"
    keys = [{"frame": f, "scale": 5, "scale_i": formula if f % 40 == 0 else "S"} for f in range(0, 121, 20)]
    made = proved(document(*keys, fields="scale"))
    assert made.text.count("sine(4beats)") == 1
    assert made.text.count("scale_again") > 2


def test_a_formula_that_is_said_again_goes_on() -> None:
    keys = [{"frame": f, "scale": 5 + f / 40, "scale_i": "L+sin(p=4b)"} for f in (0, 20, 40)]
    made = proved(document(*keys, fields="scale"))
    assert "cfg_scale_schedule = scale_line + sine(4beats)" in " ".join(made.text.split())


def test_a_way_within_a_formula_is_a_curve_of_its_own() -> None:
    made = proved(one("scale", "bez() - pulse(p=4b,pw=1f)", (0, 5), (20, 9), (40, 7)))
    assert "let scale_ways = 0: 5, 20: 9, 40: 7 with bezier(0.5, 0, 0.5, 1)" in " ".join(made.text.split())


def test_what_no_formula_says_becomes_a_table_beside_the_film() -> None:
    made = proved(one("translation_x", "prev_computed_value*0.97 + rand(seed=5)", end=200))
    assert list(made.beside) == ["film.parseq.csv"]
    assert [each.fate.value for each in made.remarks if each.what == "translation_x"] == ["changed"]
    assert made.beside["film.parseq.csv"].startswith(b"frame,translation_x\n0,")
    assert "step(parseq.translation_x)" in made.text
    assert len(made.text) < 2500


def test_one_formula_without_words_leaves_the_others_as_they_are() -> None:
    keys: list[dict[str, Any]] = [
        {"frame": 0, "translation_z": 0, "translation_z_i": "sin(p=4b)*20"},
        {"frame": 40, "translation_z_i": "prev_computed_value*0.95"},
        {"frame": 120, "translation_z": 5, "translation_z_i": "bez()"},
        {"frame": 160, "translation_z": 50},
    ]
    made = proved(document(*keys, fields="translation_z"))
    for line in ("0: sine(4beats) * 20", "40: parseq.translation_z", "120: 5 bezier(0.5, 0, 0.5, 1)"):
        assert line in " ".join(made.text.split())
    assert any("prev_computed_value*0.95" in remark.says for remark in made.remarks)


def test_values_beyond_what_a_film_takes_are_held_there() -> None:
    made = read(given(one("scale", "", (0, -5), (40, 80))))
    found = asked(made).curve("diffuse.cfg_scale")
    assert (found.min(), found.max()) == (0.0, 50.0)
    assert any(remark.what == "scale" and remark.fate.value == "changed" for remark in made.remarks)


def test_a_seed_s_fraction_lies_between_two_noises() -> None:
    made = proved(one("seed", "", (0, 7), (40, 9)))
    assert "seed_mode = fixed" in " ".join(made.text.split())
    assert asked(made).curve("diffuse.seed")[10] == 7.5


def test_time_series_are_tables() -> None:
    series = [
        {
            "alias": "kick",
            "ts": {"data": [{"x": 0, "y": 0}, {"x": 8, "y": 1}, {"x": 20, "y": 0.5}], "timestampType": 0},
        }
    ]
    made = proved(one("scale", "5 + kick * 2", timeSeries=series))
    # `kick` is a word of films themselves
    assert 'series kick_2 = "film.kick_2.csv" { interpolation = hold }' in made.text
    assert made.beside["film.kick_2.csv"] == b"frame,value\n0,0.0\n9,1.0\n21,0.5\n"


def test_rendered_frames_are_the_truth() -> None:
    rows = [
        {"frame": f, "angle": f * f, "angle_delta": 2 * f - 1 if f else 0, "deforum_prompt": "a --neg b"}
        for f in range(5)
    ]
    made = proved(one("angle", "f", end=4, rendered_frames=rows))
    assert "0: 0" in made.text
    assert asked(made).curve("camera.angle").tolist() == [0, 1, 3, 5, 7]


def test_a_formula_that_was_rendered_at_another_rate_is_kept() -> None:
    values = [45 * math.sin(f * math.tau / 10) for f in range(21)]
    rows = [
        {"frame": f, "angle": v, "angle_delta": v - values[f - 1] if f else v, "deforum_prompt": "a forest"}
        for f, v in enumerate(values)
    ]
    options = {"output_fps": 60, "input_fps": 20, "bpm": 120}
    made = proved(one("angle", "sin(p=1b, a=45)", end=20, rendered_frames=rows, options=options))
    assert "step(45 * sin(t * pi * 2 / b(1)))" in made.text
    assert "fps = 60" in " ".join(made.text.split())


def test_a_manifest_of_frames_alone_is_a_film_too() -> None:
    rows = [
        {
            "frame": f,
            "strength": 0.5 + 0.3 * (f % 10 == 0),
            "translation_z": 10.0 * f,
            "translation_z_delta": 10.0 if f else 0.0,
            "strength_delta": 0.0,
            "deforum_prompt": f"(cat:{f / 40:.5f}) AND a dog : {1 - f / 40:.4f} --neg {'xy'[f // 20 % 2]}",
            "subseed": 1,
        }
        for f in range(40)
    ]
    data = json.dumps(
        {"options": {"output_fps": 24, "bpm": 120, "cadence": 2}, "rendered_frames": rows}
    ).encode()
    made = proved(data)
    assert "length = 40f" in " ".join(made.text.split())
    assert "cadence = 2" in " ".join(made.text.split())
    words = asked(made).words("prompt")
    assert words is not None
    assert words[10] == '"(cat:0.25)" + "a dog" * 0.75'
    negative = asked(made).words("prompt.negative")
    assert negative is not None
    assert (negative[19], negative[20]) == ('"x"', '"y"')


def test_a_fade_of_rounded_numbers_is_two_keys() -> None:
    rows = [
        {"frame": f, "scale": 7, "deforum_prompt": f"(cat:{f / 61:.5f}) (dog:{1 - f / 61:.5f})"}
        for f in range(62)
    ]
    made = proved(json.dumps({"options": {"output_fps": 20}, "rendered_frames": rows}).encode())
    assert "= 0: 0, 61: 1\n" in made.text
    assert "= 0: 1, 61: 0\n" in made.text
    assert not made.beside


def test_a_series_that_is_read_at_other_frames_is_told_to_be_read() -> None:
    data = {"data": [{"x": f, "y": f % 3 * 0.1} for f in range(0, 40, 4)], "timestampType": 0}
    series = [{"alias": alias, "ts": data} for alias in ("drums", "unread")]
    made = proved(one("scale", "5 + drums(f*1) * 3.3", timeSeries=series))
    told = {remark.what: remark.fate.value for remark in made.remarks}
    assert (told["timeSeries drums"], told["timeSeries unread"]) == ("mapped", "ignored upstream")
    assert "00000" not in made.text


def test_a_series_may_come_late() -> None:
    data = {"data": [{"x": f, "y": f % 3 * 0.1} for f in range(0, 40, 4)], "timestampType": 0}
    made = proved(one("scale", "5 + hum(f-5)", timeSeries=[{"alias": "hum", "ts": data}]))
    assert "5 + delay(hum, 5f)" in made.text
    assert list(made.beside) == ["film.hum.csv"]


def test_moves_that_are_no_differences_are_taken_as_they_are() -> None:
    rows = [{"frame": f, "angle": 5.0, "angle_delta": float(f)} for f in range(12)]
    data = json.dumps({"options": {"output_fps": 24}, "rendered_frames": rows}).encode()
    made = read(given(data))
    assert near(asked(made).curve("camera.angle").tolist(), [float(f) for f in range(12)])
    assert "step(" not in made.text
