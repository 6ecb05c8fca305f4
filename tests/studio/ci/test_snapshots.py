"""`anim eval --snapshot` and `--verify`, and the text that curves are kept as."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anim_studio.fresh.pieces import numbers, pieces

HEAD = '{"version": 1, "fps": "12", "frames": '
FILM = """\
size = 64x64
fps = 12
length = 2s
let sway = 3
prompt = "a lake"
camera 2d { zoom = 0s: 1, 1s: 1.5; angle = sway * sin(t / 5) }
"""


@pytest.fixture
def film(anim, write_film) -> Path:
    path: Path = write_film(FILM, "films/lake.anim")
    assert anim("eval", path, "--snapshot", "-q").out == ""
    return path


def edit(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_the_file_is_small_and_read_by_people(film: Path) -> None:
    text = (film.parent / "lake.curves.json").read_text(encoding="utf-8")
    lines = text.splitlines()
    assert '  "diffuse.cfg_scale": 5,' in lines
    assert any(line.startswith('  "camera.zoom": {"digest": ') for line in lines)
    document = json.loads(text)
    assert document["curves"]["camera.zoom"]["pieces"] == ["0-12: 1 → 1.5", "13-23: 1.5"]
    assert document["curves"]["sway"] == 3
    assert document["curves"]["camera.angle"]["pieces"][0].startswith("0-11: 0 0.596007992 1.16825503 ")
    assert (document["fps"], document["frames"], document["all"]) == ("12", 24, True)


def test_the_same_film_has_the_same_file(anim, film: Path) -> None:
    path = film.parent / "lake.curves.json"
    before = path.read_bytes()
    edit(film, "let sway = 3", "# the same\nlet sway = 6 / 2")
    assert anim("eval", film, "--snapshot").out.startswith("✓ ")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("1s: 1.5", "1s: 1.6", "`camera.zoom` is 1.00833333 + on frame 1"),
        ("length = 2s", "length = 3s", "the film has 36 frames, and had 24"),
        ("fps = 12", "fps = 24", "the film has 24 frames a second, and had 12"),
        ("sway", "swing", "`sway` is gone"),
        ("sway", "swing", "`swing` is not in the snapshot"),
    ],
)
def test_what_differs_is_told(anim, film: Path, before: str, after: str, told: str) -> None:
    edit(film, before, after)
    said = anim("eval", film, "--verify")
    assert said.code == 1
    if " + " in told:
        assert "`camera.zoom` is 1.05 on frame 1, and was 1.04166667; 23 of 24 frames differ" in said.out
    else:
        assert told in said.out


def test_programs_read_the_first_frame_and_both_values(anim, film: Path) -> None:
    edit(film, "1s: 1.5", "1s: 1.6")
    document = json.loads(anim("eval", film, "--verify", "camera.zoom", "--json").out)
    (row,) = document["differences"]
    assert (row["curve"], row["frame"], row["expected"], row["got"], row["count"]) == (
        "camera.zoom",
        1,
        pytest.approx(1.0416666667),
        pytest.approx(1.05),
        23,
    )
    assert anim("eval", film, "--verify", "camera.angle").code == 0


def test_a_difference_within_the_tolerance_is_none(anim, film: Path) -> None:
    edit(film, "1s: 1.5", "1s: 1.5000003")
    assert anim("eval", film, "--verify").code == 0
    assert anim("eval", film, "--verify", "--tolerance", "1e-8").code == 1
    edit(film, "1.5000003", "1.51")
    assert anim("eval", film, "--verify").code == 1
    assert anim("eval", film, "--verify", "--tolerance", "0.1").code == 0


def test_some_curves_and_formulas(anim, film: Path) -> None:
    kept = film.parent / "some.curves.json"
    assert anim("eval", film, "--snapshot", "camera.zoom", "sway * 2 + u", "-o", kept).code == 0
    assert set(json.loads(kept.read_text())["curves"]) == {"camera.zoom", "sway * 2 + u"}
    edit(film, "sin(t / 5)", "sin(t / 6)")
    assert anim("eval", film, "--verify", "-o", kept).code == 0
    edit(film, "let sway = 3", "let sway = 4")
    said = anim("eval", film, "--verify", "-o", kept)
    assert (said.code, "`sway * 2 + u` is 8 on frame 0, and was 6" in said.out) == (1, True)


def test_scenes_that_lack_a_curve_have_none(anim, write_film) -> None:
    film = write_film(
        'size = 64x64\nfps = 12\nprompt = "a"\n'
        "scene one 1s { camera 2d { zoom = 0s: 1, 1s: 2 } }\n"
        "scene two 1s { camera 2d { angle = 5deg per s } }\n"
    )
    assert anim("eval", film, "--snapshot").code == 0
    assert anim("eval", film, "--verify").code == 0
    curves = json.loads((film.parent / "film.curves.json").read_text())["curves"]
    assert curves["camera.zoom"]["pieces"][-1] == "12-23: none"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "is damaged"),
        ('{"version": 2}', "of another version"),
        (
            '{"version": 1, "fps": "12", "frames": 24, "all": true, "curves": {"a": {"pieces": ["9-1: 2"]}}}',
            "damaged",
        ),
        ('{"version": 1, "fps": "12", "frames": 1e99, "all": true, "curves": {"a": 1}}', "is damaged"),
        ("\x00", "is damaged"),
    ],
)
def test_a_file_that_is_no_snapshot(anim, film: Path, text: str, said: str) -> None:
    (film.parent / "lake.curves.json").write_text(text)
    told = anim("eval", film, "--verify")
    assert (told.code, said in told.err) == (2, True), told.err


@pytest.mark.parametrize(
    "words",
    [
        ("--snapshot", "--verify"),
        ("camera.zoom", "camera.angle"),
        ("camera.zoom", "-o", "a.json"),
        ("--snapshot", "--frames", "0-3"),
        ("--snapshot", "-o", "a.txt"),
        ("--verify", "--tolerance", "-1"),
        ("--verify", "nothing"),
        ("--snapshot", "nothing"),
        (),
    ],
)
def test_wrong_usage(anim, film: Path, words: tuple[str, ...]) -> None:
    assert anim("eval", film, *words).code == 2


def test_nothing_passes_by_being_left_out(anim, film: Path) -> None:
    """A snapshot of too few frames, or of a value without end, is no snapshot that everything agrees with."""
    path = film.parent / "lake.curves.json"
    good = json.loads(path.read_text(encoding="utf-8"))
    lines = good["curves"]["camera.zoom"]["pieces"]
    for zoom in ({"pieces": lines[:1]}, {"pieces": []}, {"pieces": ["0-23: 1", "24: 1"]}, 1e999):
        path.write_text(json.dumps(good | {"curves": good["curves"] | {"camera.zoom": zoom}}))
        said = anim("eval", film, "--verify")
        assert (said.code, "is damaged" in said.err) == (2, True), zoom
    zoom = {"pieces": ["0-11: inf", "12-23: 1.5"]}
    path.write_text(json.dumps(good | {"curves": good["curves"] | {"camera.zoom": zoom}}))
    assert (
        "`camera.zoom` is 1 on frame 0, and was inf; 12 of 24 frames differ"
        in anim("eval", film, "--verify").out
    )


@pytest.mark.parametrize(
    ("frames", "value", "code"), [("1e999", "1", 2), ("24", "9" * 400, 2), ("9999999999", "1", 3)]
)
def test_a_snapshot_of_a_stranger_takes_no_memory(
    anim, film: Path, frames: str, value: str, code: int
) -> None:
    text = f'{HEAD}{frames}, "all": true, "curves": {{"camera.zoom": {value}}}}}'
    (film.parent / "lake.curves.json").write_text(text)
    assert anim("eval", film, "--verify").code == code


def test_there_is_no_snapshot_yet(anim, write_film) -> None:
    said = anim("eval", write_film(FILM), "--verify")
    assert (said.code, "there is no snapshot" in said.err) == (2, True)


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["hold", "ramp", "bend", "none"]),
            st.integers(1, 40),
            st.floats(-1e6, 1e6),
            st.floats(-1e3, 1e3),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_curve_is_read_as_it_was_written(parts: list[tuple[str, int, float, float]]) -> None:
    made = []
    for kind, count, level, slope in parts:
        at = np.arange(count)
        made.append(
            np.full(count, math.nan)
            if kind == "none"
            else level + (0 if kind == "hold" else slope) * (at if kind != "bend" else at**2)
        )
    values = np.concatenate(made)
    lines = pieces(values.tolist(), 100)
    back = numbers(lines, len(values), 100)
    scale = np.abs(values[np.isfinite(values)]).max(initial=0.0)
    assert np.array_equal(np.isnan(back), np.isnan(values))
    assert np.nan_to_num(np.abs(back - values)).max() <= 5e-9 * scale + 1e-300
    assert all(len(line) < 300 for line in lines)
    assert lines[0].startswith("100")
