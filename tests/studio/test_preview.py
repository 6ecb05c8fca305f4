import json
from pathlib import Path

import pytest

from anim_compiler.plan import Plan
from anim_studio.cli.build import Built
from anim_studio.cli.load import Loaded
from anim_studio.cli.stop import StopSwitch
from anim_studio.previewing.making import Making

FILM = """\
size = 96x64; fps = 4; length = 4s; model = "null"
let speed = 10deg
prompt = "a lake"
scene rain 2s { camera 2d { angle = speed * t } }
scene dawn 2s { camera 2d { angle = speed * t } }
"""


@pytest.fixture
def film(write_film, fresh_cache) -> Path:
    return write_film(FILM, "lake.anim")


def test_a_preview_of_a_whole_film(anim, film, tmp_path: Path, open_video) -> None:
    said = anim("preview", film, "--tier", "camera", "--label")
    assert said.code == 0, said.err
    video = open_video(tmp_path / "out" / "lake-preview.mp4")
    assert (video.frames, video.width, video.height) == (16, 384, 256)
    assert said.out.startswith("✓ out/lake-preview.mp4   4.0 s · 384×256 · ")
    assert not (tmp_path / "out" / "lake.mp4").exists()


def test_a_long_film_is_shown_in_pieces(anim, film, tmp_path: Path, open_video) -> None:
    said = anim("preview", film, "--tier", "camera", "--seconds", "2", "--gif")
    assert said.code == 0, said.err
    assert open_video(tmp_path / "out" / "lake-preview.gif").frames == 8


def test_a_preview_of_a_scene_as_events(anim, film, tmp_path: Path, open_video) -> None:
    said = anim(
        "preview", film, "--tier", "camera", "--scene", "dawn", "--json", "-o", "a/b.mp4", "-D", "speed=9deg"
    )
    events = [json.loads(line) for line in said.out.splitlines()]
    assert events[0]["kind"] == "planned"
    assert (events[-1]["kind"], events[-1]["frames"]) == ("encoded", 8)
    assert open_video(tmp_path / "a" / "b.mp4").frames == 8


def test_a_preview_is_a_draft_unless_it_is_told_otherwise(anim, write_film, monkeypatch) -> None:
    planned: list[Plan] = []

    def shots(making: Making, loaded: Loaded, plans: tuple[Built, ...], switch: StopSwitch) -> int:
        planned.extend(built.plan for built in plans)
        return 0

    # what is drawn is known from the plans, without a model
    monkeypatch.setattr(Making, "shots", shots)
    film = write_film(FILM.replace("96x64", "384x256"))
    for words, width in (((), 192), (("--tier", "final"), 384)):
        said = anim("preview", film, "--frames", "0", *words)
        assert said.code == 0, said.err
        assert (planned[-1].width, planned[-1].frames) == (width, 1)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ((), "anim preview FILM"),
        (("a.anim", "b.anim", "-o", "c.mp4"), "leave out `-o`"),
        (("a.anim", "-o", "c.txt"), ".gif"),
        (("a.anim", "--gif", "-o", "c.mp4"), "`c.mp4` is no GIF"),
        (("a.anim", "--seconds", "0"), "--seconds"),
        (("a.anim", "--max-size", "small"), "8MB"),
        (("a.anim", "--tier", "curves"), "camera"),
    ],
)
def test_wrong_usage(anim, words: tuple[str, ...], meant: str) -> None:
    said = anim("preview", *words)
    assert said.code == 2
    assert meant in said.err


def test_a_preview_that_cannot_be_so_small(anim, film, tmp_path: Path) -> None:
    said = anim("preview", film, "--tier", "camera", "--max-size", "300")
    assert said.code == 2
    assert "does not fit into 300 B" in said.err
    assert not (tmp_path / "out" / "lake-preview.mp4").exists()


def test_a_variant_has_a_file_of_its_own(anim, write_film, fresh_cache, tmp_path: Path) -> None:
    film = write_film(FILM + "variant { seed = [1, 2] }\n")
    said = anim("preview", film, "--tier", "camera", "--frames", "0", "--variant", "2")
    assert said.code == 0, said.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["film-seed2-preview.mp4"]
    assert "`--variant N` picks one" in anim("preview", film, "--tier", "camera", "--frames", "0").err


def test_a_film_with_errors(anim, write_film) -> None:
    said = anim("preview", write_film("zom = 1\nlength = 1s\n"))
    assert said.code == 1
    assert "zom" in said.err


def test_a_preview_in_one_piece_has_the_films_sound(
    anim, write_film, write_song, tmp_path, open_video
) -> None:
    write_song(tmp_path / "song.wav")
    film = write_film('audio song = "song.wav"\n' + FILM)
    silent = ("--frames", "0-7", "--max-size", "90kB")
    for words, seconds in (((), 4.0), (("--scene", "dawn"), 2.0), (("--seconds", "3"), None), (silent, None)):
        said = anim("preview", film, "--tier", "camera", *words, "-o", "a.mp4")
        assert said.code == 0, said.err
        heard = open_video(tmp_path / "a.mp4").sound_seconds
        assert heard == (None if seconds is None else pytest.approx(seconds, abs=0.1))
    assert anim("render", film, "--tier", "camera", "-q").code == 0
    assert open_video(tmp_path / "out" / "film-camera.mp4").sound_seconds == pytest.approx(4.0, abs=0.1)


@pytest.fixture
def write_song():
    """Writes five seconds of a quiet tone."""

    def write(path: Path) -> None:
        import numpy as np
        import soundfile

        soundfile.write(path, 0.1 * np.sin(np.arange(5 * 8000) * 0.3), 8000)

    return write
