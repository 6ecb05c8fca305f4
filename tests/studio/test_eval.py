import json

import pytest

FILM = """\
size = 64x64
fps = 10
length = 1s
prompt { 0s: "a lake at dawn" }
let swell = 0s: 0, 1s: 1
camera 2d { zoom = 0s: 1, 1s: 1.5 }
diffuse { steps = 2; strength = 0.2 + swell / 2 }
"""


def test_the_values_of_every_frame_as_a_json_list(anim, write_film) -> None:
    said = anim("eval", write_film(FILM), "camera.zoom", "--json")
    assert said.code == 0, said.err
    values = json.loads(said.out)
    assert values == pytest.approx([1 + 0.05 * frame for frame in range(10)])


def test_a_line_a_frame(anim, write_film) -> None:
    said = anim("eval", write_film(FILM), "camera.zoom", "--frames", "2-4")
    assert [line.split("\t") for line in said.out.splitlines()] == [["2", "1.1"], ["3", "1.15"], ["4", "1.2"]]


def test_lets_and_settings_have_values(anim, write_film) -> None:
    film = write_film(FILM)
    swell = json.loads(anim("eval", film, "swell", "--json").out)
    strength = json.loads(anim("eval", film, "diffuse.strength", "--json").out)
    assert strength == pytest.approx([0.2 + value / 2 for value in swell])


@pytest.mark.parametrize(
    ("name", "meant"), [("camera.zom", "camera.zoom"), ("zoom", "camera.zoom"), ("xyzzy", "plot")]
)
def test_an_unknown_curve_is_told(anim, write_film, name: str, meant: str) -> None:
    said = anim("eval", write_film(FILM), name)
    assert said.code == 2
    assert meant in said.err


def test_a_deforum_schedule_needs_no_film(anim) -> None:
    said = anim("eval", "--deforum", "0:(0), 10:(10)", "--frames", "12", "--seed", "1", "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10]


def test_the_seed_of_a_schedule(anim) -> None:
    said = anim("eval", "--deforum", "0:(s+t)", "--frames", "3", "--seed", "7", "--json")
    assert json.loads(said.out) == [7, 8, 9]


def test_a_schedule_that_deforum_cannot_read_is_told(anim) -> None:
    said = anim("eval", "--deforum", "0:(import)", "--frames", "3", "--json")
    assert said.code == 1
    assert said.out == ""
    assert said.err.count("error[") == 1
    assert "Traceback" not in said.err
