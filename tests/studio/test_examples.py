import json
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples").glob("*.anim"))
SMALL = ("--size", "64x64", "--frames", "0-5", "--steps", "2")


def test_there_are_examples() -> None:
    names = {path.stem for path in EXAMPLES}
    assert {"postcard", "zoom", "morph", "reactive", "music-video", "art-morph", "product"} <= names


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_checks_without_a_word(anim, path: Path) -> None:
    said = anim("check", path)
    assert said.code == 0, said.out
    assert "nothing to report" in said.out, said.out


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_renders_and_the_second_time_reuses_everything(
    anim, tmp_path: Path, path: Path, open_video
) -> None:
    first, second = tmp_path / "a.mp4", tmp_path / "b.mp4"
    said = anim("render", path, *SMALL, "-o", first)
    assert said.code == 0, said.err
    assert "postcard" in said.err or "model" in path.read_text(encoding="utf-8")
    video = open_video(first)
    assert (video.frames, video.width, video.height) == (6, 64, 64)
    if video.sound_seconds is not None:
        assert video.sound_seconds == pytest.approx(video.seconds, abs=1 / video.fps)
    again = anim("render", path, *SMALL, "-o", second, "--json")
    planned = json.loads(again.out.splitlines()[0])
    assert (planned["reused"], planned["diffused"], planned["tweens"]) == (6, 0, 0)
    assert open_video(second).digest == video.digest
