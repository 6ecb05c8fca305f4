import json
import math
import shlex
import struct
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FILM = """\
model = "null"
size = 64x48
fps = 12
length = {seconds}s
prompt {{
  0s: "a lake at dawn"
  {late}s: "{last}"
}}
camera 2d {{ zoom = 0s: 1, {seconds}s: 1.4 }}
diffuse {{ steps = 4; strength = 0.5 }}
"""


def film(seconds: float = 1, last: str = "a lake at night") -> str:
    return FILM.format(seconds=seconds, late=seconds / 2, last=last)


def events(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def kinds(text: str) -> list[str]:
    return [event["kind"] for event in events(text)]


def test_a_film_becomes_a_video(anim, write_film, tmp_path, fresh_cache, open_video) -> None:
    path = write_film(film())
    said = anim("render", path)
    assert said.code == 0, said.err
    result, following = said.out.splitlines()
    assert result.startswith(f"✓ {Path('out') / 'film.mp4'}   12 frames · 1.00 s · h264 · ")
    assert "reused" not in result
    assert following.strip().startswith("next: anim ")
    video = open_video(tmp_path / "out" / "film.mp4")
    assert (video.frames, video.width, video.height, video.fps) == (12, 64, 48, 12.0)
    assert video.sound_seconds is None


def test_the_second_run_renders_nothing_and_writes_the_same(anim, write_film, tmp_path, fresh_cache) -> None:
    path = write_film(film())
    first, second = tmp_path / "a.mp4", tmp_path / "b.mp4"
    anim("render", path, "-o", first)
    said = anim("render", path, "-o", second)
    assert said.code == 0, said.err
    assert " · 12 reused" in said.out
    assert first.read_bytes() == second.read_bytes()


def test_only_what_depends_on_a_change_is_rendered_again(anim, write_film, tmp_path, fresh_cache) -> None:
    write_film(film())
    anim("render", write_film(film()), "-o", tmp_path / "a.mp4")
    commented = anim("render", write_film("# a word\n" + film()), "-o", tmp_path / "b.mp4", "--json")
    assert events(commented.out)[0]["reused"] == 12
    changed = anim("render", write_film(film(last="a forest")), "-o", tmp_path / "c.mp4", "--json")
    # frame 0 is before the morph to the last prompt
    assert 1 <= events(changed.out)[0]["reused"] < 6


def test_json_is_events_and_nothing_else(anim, write_film, tmp_path, fresh_cache) -> None:
    said = anim("render", write_film(film()), "--json", "--out", tmp_path / "there")
    told = kinds(said.out)
    assert told[0] == "planned"
    assert told.count("frame_done") == 12
    assert told[-2:] == ["encoded", "finished"]
    assert (tmp_path / "there" / "film.mp4").is_file()


def test_a_film_with_errors_ends_the_event_stream(anim, write_film) -> None:
    said = anim("render", write_film(film().replace("zoom", "zom")), "--json")
    assert said.code == 1
    assert [(e["kind"], e["exit_code"]) for e in events(said.out)] == [("failed", 1)]
    assert said.err.count("error[") == 1


def test_quiet_is_quiet(anim, write_film, tmp_path) -> None:
    said = anim("render", write_film(film()), "-q", "-o", tmp_path / "a.mp4")
    assert (said.code, said.out, said.err) == (0, "", "")


def test_the_sheet_shows_the_frames(anim, write_film, tmp_path, fresh_cache) -> None:
    path, sheet = write_film(film()), tmp_path / "new" / "sheet.png"
    said = anim("render", path, "-o", tmp_path / "a.mp4", "--sheet", sheet)
    assert said.code == 0, said.err
    pixels = np.asarray(Image.open(sheet).convert("RGB"))
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 500
    again = tmp_path / "again.png"
    assert anim("sheet", path, "-o", again).code == 0
    assert again.read_bytes() == sheet.read_bytes()
    video = tmp_path / "video.png"
    assert anim("sheet", tmp_path / "a.mp4", "-o", video, "--tiles", "5").code == 0
    assert len(np.unique(np.asarray(Image.open(video)).reshape(-1, 3), axis=0)) > 500


def test_a_sheet_of_a_film_that_was_not_rendered_says_what_to_do(anim, write_film, fresh_cache) -> None:
    said = anim("sheet", write_film(film()))
    assert said.code == 2
    assert "anim render" in said.err


def test_the_sound_ends_with_the_picture(anim, write_film, tmp_path, fresh_cache, open_video) -> None:
    with wave.open(str(tmp_path / "tone.wav"), "wb") as sound:
        sound.setparams((1, 2, 22050, 0, "NONE", ""))
        sound.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 8))) for n in range(3 * 22050)))
    path = write_film('audio tone = "tone.wav"\n' + film(2))
    said = anim("render", path, "-o", tmp_path / "a.mp4")
    assert said.code == 0, said.err
    video = open_video(tmp_path / "a.mp4")
    assert video.frames == 24
    assert video.sound_seconds == pytest.approx(video.seconds, abs=1 / 12)


def start(path: Path, output: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "anim_studio", "render", str(path), "-o", str(output), "--json"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def wait_for_frames(process: subprocess.Popen[str], count: int) -> None:
    assert process.stdout is not None
    while count:
        line = process.stdout.readline()
        assert line, process.communicate()
        count -= json.loads(line)["kind"] == "frame_done"


def test_a_killed_render_goes_on_where_it_stood(anim, write_film, tmp_path, monkeypatch, open_video) -> None:
    path = write_film(film(20))
    monkeypatch.setenv("ANIM_CACHE", str(tmp_path / "one"))
    undisturbed = tmp_path / "undisturbed.mp4"
    assert anim("render", path, "-q", "-o", undisturbed).code == 0

    monkeypatch.setenv("ANIM_CACHE", str(tmp_path / "two"))
    output = tmp_path / "resumed.mp4"
    process = start(path, output)
    wait_for_frames(process, 25)
    process.kill()
    process.communicate()
    assert not output.exists()
    said = anim("render", path, "-o", output, "--json")
    assert said.code == 0, said.err
    planned = events(said.out)[0]
    made = [e["frame"] for e in events(said.out) if e["kind"] == "frame_done" and e["how"] != "reused"]
    assert planned["reused"] >= 25
    assert len(made) == 240 - planned["reused"]
    assert open_video(output).digest == open_video(undisturbed).digest


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_stopped_render_names_the_command_that_goes_on(
    write_film, tmp_path, fresh_cache, number: str, code: int
) -> None:
    import signal

    path, output = write_film(film(40)), tmp_path / "a b.mp4"
    process = start(path, output)
    wait_for_frames(process, 5)
    process.send_signal(getattr(signal, number))
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, (out, err)
    assert events(out)[-1]["kind"] == "failed"
    (again,) = (line for line in err.splitlines() if "to go on: " in line)
    words = shlex.split(again.partition("to go on: ")[2])
    assert words == ["anim", "render", str(path), "-o", str(output), "--json"]
    assert "Traceback" not in err


def test_two_renders_of_one_film_do_not_meet(anim, write_film, tmp_path, fresh_cache) -> None:
    path, output = write_film(film(40)), tmp_path / "a.mp4"
    process = start(path, output)
    try:
        wait_for_frames(process, 2)
        said = anim("render", path, "-o", tmp_path / "b.mp4")
    finally:
        process.kill()
        process.communicate()
    assert said.code == 6, said
    assert said.err.count("error") == 1


def test_a_film_that_asks_no_model_is_not_said_to_be_drawn_by_one(anim, write_film, tmp_path) -> None:
    Image.new("RGB", (64, 48), "teal").save(tmp_path / "still.png")
    text = 'size = 64x48\nlength = 1f\nimage still = "still.png"\ninit = still\n'
    said = anim("render", write_film(text + "pipeline { frame = grade(init) }\n"))
    assert said.code == 0, said.err
    assert "built-in" not in said.err + said.out
