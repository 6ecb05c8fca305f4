"""`--frames`, `--scene` and `--tier`: parts of films, and what their files are called."""

import json
from pathlib import Path

import pytest

FILM = """\
size = 96x64; fps = 8; length = 2s; model = "null"
let speed = 10deg
prompt = "a lake"
scene rain 1s { camera 2d { angle = speed * t } }
scene dawn 1s { camera 2d { angle = speed * t } }
"""


@pytest.fixture
def film(write_film) -> Path:
    return write_film(FILM, "lake.anim")


def made(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "out").iterdir())


def test_pieces_have_files_of_their_own(anim, film, tmp_path: Path, open_video) -> None:
    said = anim("render", film, "--frames", "12-,0-3,6", "-q")
    assert said.code == 0, said.err
    assert made(tmp_path) == ["lake-0-3.mp4", "lake-12-15.mp4", "lake-6.png"]
    assert open_video(tmp_path / "out" / "lake-12-15.mp4").frames == 4


def test_frames_may_be_named_several_times(anim, film) -> None:
    found = json.loads(anim("plan", film, "--frames", "0-3", "--frames", "8", "--json").out)
    assert len(found) == 2


def test_a_scene_is_a_part(anim, film, tmp_path: Path, open_video) -> None:
    assert anim("render", film, "--scene", "dawn", "-q").code == 0
    assert made(tmp_path) == ["lake-dawn.mp4"]
    assert open_video(tmp_path / "out" / "lake-dawn.mp4").frames == 8
    assert anim("render", film, "--scene", "dawn", "--frames", "4-9", "-q").code == 0
    assert made(tmp_path) == ["lake-8-9.mp4", "lake-dawn.mp4"]


def test_all_frames_are_the_film(anim, film, tmp_path: Path) -> None:
    assert anim("render", film, "--frames", "0-7,8-", "-q").code == 0
    assert made(tmp_path) == ["lake.mp4"]


def test_a_named_file_of_one_part_has_just_that_name(anim, film, tmp_path: Path) -> None:
    assert anim("render", film, "--frames", "0-3", "-q", "-o", "out/a.mp4").code == 0
    assert anim("render", film, "--frames", "0-3,8-9", "-q", "-o", "out/b.mp4").code == 0
    assert made(tmp_path) == ["a.mp4", "b-0-3.mp4", "b-8-9.mp4"]


def test_a_sequence_keeps_the_films_numbers(anim, film, tmp_path: Path) -> None:
    assert anim("render", film, "--frames", "2-3,9", "-q", "-o", "out/{frame:03}.png").code == 0
    assert made(tmp_path) == ["002.png", "003.png", "009.png"]


def test_the_frames_of_a_scene_are_those_of_the_film(anim, film, fresh_cache) -> None:
    """A scene begins a chain of its own in the film too, so its frames are reused."""
    assert anim("render", film, "-q").code == 0
    events = [json.loads(line) for line in anim("render", film, "--scene", "dawn", "--json").out.splitlines()]
    assert events[-1]["reused"] == 8


def test_frames_count_at_the_rate_that_is_asked_for(anim, film, tmp_path: Path) -> None:
    assert anim("render", film, "--fps", "4", "--frames", "6-", "-q").code == 0
    assert made(tmp_path) == ["lake-6-7.mp4"]
    for frames in ("8-", "0-3,8"):
        said = anim("render", film, "--fps", "4", "--frames", frames)
        assert said.code == 2
        assert "it has 0-7" in said.err


@pytest.mark.parametrize("command", ["render", "plan", "compile", "sheet"])
def test_an_unknown_scene_is_told_with_the_nearest(anim, film, command: str) -> None:
    said = anim(command, film, "--scene", "down")
    assert said.code == 2
    assert "did you mean `dawn`?" in said.err


def test_a_rougher_tier_does_not_overwrite_the_film(anim, film, tmp_path: Path) -> None:
    for words in (("--tier", "camera"), ("--tier", "camera", "--frames", "3"), ()):
        said = anim("render", film, *words, "-q", "--device", "cpu")
        assert said.code == 0, said.err
    assert made(tmp_path) == ["lake-camera-3.png", "lake-camera.mp4", "lake.mp4"]


def test_a_plan_tells_of_every_part(anim, film) -> None:
    said = anim("plan", film, film, "--frames", "0-3,8", "--json")
    found = json.loads(said.out)
    assert [Path(one["outputs"][0]["path"]).name for one in found] == ["lake-0-3.mp4", "lake-8.png"] * 2


def test_a_plan_of_each_part_is_written_beside(anim, film, tmp_path: Path) -> None:
    assert anim("compile", film, "--frames", "0-3,8", "-q").code == 0
    assert anim("compile", film, "--scene", "dawn", "-q", "-o", "dawn.json").code == 0
    plans = {path.name: json.loads(path.read_text()) for path in tmp_path.glob("*.json")}
    assert {name: (plan.get("begin", 0), plan["frames"]) for name, plan in plans.items()} == {
        "lake-0-3.plan.json": (0, 4),
        "lake-8.plan.json": (8, 1),
        "dawn.json": (8, 8),
    }


@pytest.mark.parametrize("command", ["sheet", "diff"])
def test_what_takes_one_range_says_so(anim, film, command: str) -> None:
    words = (film, film) if command == "diff" else (film,)
    said = anim(command, *words, "--frames", "0-3,8")
    assert said.code == 2
    assert "one range" in said.err


def test_a_chart_of_a_scene_or_a_variant_overwrites_no_other(anim, write_film, tmp_path: Path) -> None:
    film = write_film(FILM + "variant { seed = [1, 2] }\n", "lake.anim")
    for words in ((), ("--scene", "dawn"), ("--variant", "2", "--scene", "dawn")):
        assert anim("plot", film, *words).code == 0
    charts = ["lake-curves.png", "lake-dawn-curves.png", "lake-seed2-dawn-curves.png"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == charts


def test_values_reach_every_command(anim, film, tmp_path: Path) -> None:
    given = ("-D", "speed=90deg")
    assert anim("eval", film, "camera.angle", "--frames", "4,12", "--json", *given).out == "[360.0, 360.0]\n"
    assert json.loads(anim("eval", film, "speed * 2", "--frames", "0", "--json", *given).out) == [180]
    assert anim("plot", film, "-o", "a.svg", *given).code == 0
    for command in ("check", "compile", "plan", "graph", "render", "sheet"):
        said = anim(command, film, *given)
        assert said.code == 0, (command, said.err)
        wrong = anim(command, film, "-D", "sped=1")
        assert wrong.code == 1
        assert "did you mean `speed`?" in wrong.out + wrong.err
    assert "speed" in anim("diff", film, film, "-D", "sped=1").err
    assert anim("explain", film, "--passes", "--json", *given).code == 0


@pytest.mark.parametrize("command", ["check", "compile"])
def test_a_value_of_another_kind_is_named_where_it_is_read(anim, film, command: str) -> None:
    said = anim(command, film, "-D", 'speed="fast"')
    assert said.code == 1
    assert '`speed` is what `-D speed="fast"` says' in said.out + said.err


def test_an_option_without_a_value_is_told(anim, film) -> None:
    said = anim("check", film, "-D", "speed")
    assert said.code == 2
    assert "-D speed=3deg" in said.err
