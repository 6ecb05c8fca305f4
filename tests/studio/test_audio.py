"""`anim audio`: what it says, draws and writes of a track, and how it refuses what is none."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import wave
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PIL import Image
from tests.compiler import songs

BPM, FIRST, SECONDS = 100.0, 0.3, 16.0


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixteen seconds of a band at 100 bpm, whose first bar begins at 0.3 s."""
    path = tmp_path_factory.mktemp("songs") / "Night Drive.wav"
    made = songs.play("rock", bpm=BPM, seconds=SECONDS, parts=("bass", "pad"), start=FIRST)
    return songs.write(path, made)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was heard once is known to every test here."""
    return tmp_path_factory.mktemp("heard")


@pytest.fixture
def audio(anim, cache: Path, tmp_path: Path, song: Path):
    """Runs `anim audio` on the song, which lies in the working folder."""
    here = tmp_path / song.name
    here.write_bytes(song.read_bytes())
    return lambda *options: anim("audio", here.name, "--cache", cache, *options)


def test_it_says_tempo_beats_and_level_and_offers_a_line_for_a_film(audio) -> None:
    said = audio()
    assert said.code == 0, said.err
    assert "Night Drive.wav   0:16.00 · 22050 Hz, mono" in said.out
    assert "100.00 bpm, steady, confidence" in said.out
    assert "dBFS" in said.out
    assert 'audio night_drive = "Night Drive.wav" { bpm = 100; offset = 0.' in said.out
    assert "\x1b" not in said.out


def test_the_line_for_a_film_is_one_that_a_film_can_have(anim, audio, write_film) -> None:
    line = next(text.strip() for text in audio().out.splitlines() if text.strip().startswith("audio "))
    film = write_film(
        f'size = 64x64\nlength = 2s\n{line}\nprompt {{ 0s: "a" }}\ncamera 2d {{ zoom = 1 + 0.1 * kick }}\n'
    )
    said = anim("check", film)
    assert said.code == 0, said.err


def test_json_holds_the_beats_where_they_were_played(audio) -> None:
    found = json.loads(audio("--json").out)[0]
    assert found["version"] == 1
    assert (found["rate"], found["channels"], found["beats_per_bar"]) == (22050, 1, 4)
    assert found["bpm"] == pytest.approx(BPM, abs=0.05)
    assert found["steady"]
    assert 0.5 < found["confidence"] <= 1.0
    beats = np.array(found["beats"])
    played = FIRST + np.arange(beats.size) * 60 / BPM
    assert np.abs(beats - played).max() < 0.02
    assert found["downbeats"] == found["beats"][::4]
    assert sum(part["bars"] for part in found["sections"]) == len(found["downbeats"])
    assert set(found["features"]) == {"bass", "mid", "treble", "energy", "onset", "kick", "snare", "hat"}
    # the synthesiser's peak is 0.8 before it was written
    assert found["peak_dbfs"] == pytest.approx(20 * math.log10(0.8), abs=1.0)
    assert found["warnings"] == []


def test_a_written_tempo_goes_before_the_found_one(audio) -> None:
    found = json.loads(audio("--json", "--bpm", "75", "--offset", "0.5s", "--beats-per-bar", "3").out)[0]
    assert (found["bpm"], found["confidence"], found["beats_per_bar"]) == (75, None, 3)
    assert 0.5 in found["downbeats"]
    assert np.allclose(np.diff(found["beats"]), 0.8)
    assert np.allclose(np.diff(found["downbeats"]), 2.4)


def test_the_picture_shows_every_lane_with_seconds_and_bars(audio, tmp_path: Path) -> None:
    said = audio("-o", "new/song.svg")
    assert said.code == 0, said.err
    words = [
        e.text for e in ElementTree.parse(tmp_path / "new" / "song.svg").iter() if e.tag.endswith("text")
    ]
    lanes = {"wave", "bass", "mid", "treble", "energy", "onset", "kick", "snare", "hat"}
    assert lanes <= set(words)
    assert {"0s", "10s", "time", "bar", "1", "6"} <= set(words)


def test_a_range_is_drawn_alone(audio, tmp_path: Path) -> None:
    assert audio("-o", "part.png", "--range", "0:04-8s").code == 0
    pixels = np.asarray(Image.open(tmp_path / "part.png"))
    assert len(np.unique(pixels)) > 100
    # what has one end only begins or ends with the track
    assert audio("-o", "start.png", "--range", "-8s").code == 0
    assert audio("-o", "end.png", "--range", "8s-").code == 0
    assert (tmp_path / "start.png").stat().st_size != (tmp_path / "end.png").stat().st_size
    said = audio("-o", "part.svg", "--range", "4-8")
    assert said.code == 0
    words = [e.text for e in ElementTree.parse(tmp_path / "part.svg").iter() if e.tag.endswith("text")]
    assert "4.0s" in words
    assert "9.0s" not in words
    assert "4.0s" in said.out


def test_clicks_sound_on_the_beats_and_higher_on_bars(audio, tmp_path: Path) -> None:
    found = json.loads(audio("--json", "--click", "beats.wav").out)[0]
    with wave.open(str(tmp_path / "beats.wav")) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, 22050)
    clicked, rate = soundfile.read(tmp_path / "beats.wav")
    heard, _ = soundfile.read(tmp_path / "Night Drive.wav")
    assert clicked.size == heard.size
    clicks = clicked - 0.55 * heard
    for beat in found["beats"][1:5]:
        start = round(beat * rate)
        assert np.abs(clicks[start - 200 : start - 10]).max() < 0.01
        piece = clicks[start : start + 400]
        assert np.abs(piece).max() > 0.3
        pitch = np.abs(np.fft.rfft(piece)).argmax() * rate / 400
        assert pitch == pytest.approx(2000 if beat in found["downbeats"] else 1000, abs=60)


def test_labels_hold_what_was_asked_for(audio, tmp_path: Path) -> None:
    found = json.loads(audio("--json", "--labels", "all.txt").out)[0]
    rows = [line.split("\t") for line in (tmp_path / "all.txt").read_text("utf-8").splitlines()]
    points = [float(start) for start, end, label in rows if label in ("beat", "bar")]
    assert points == found["beats"]
    assert [float(start) for start, _, label in rows if label == "bar"] == found["downbeats"]
    assert audio("--labels", "parts.txt", "--mark", "sections").code == 0
    parts = [line.split("\t") for line in (tmp_path / "parts.txt").read_text("utf-8").splitlines()]
    assert [label for *_, label in parts] == [part["label"] for part in found["sections"]]


def test_the_table_has_a_line_a_frame(audio, tmp_path: Path) -> None:
    assert audio("--csv", "curves.csv", "--fps", "23.976").code == 0
    header, *rows = (tmp_path / "curves.csv").read_text("utf-8").splitlines()
    assert header.startswith("time,bass,")
    assert len(rows) == math.ceil(SECONDS * 24000 / 1001)
    assert float(rows[24].split(",")[0]) == pytest.approx(1.001)
    beats = header.split(",").index("beat")
    # the first beat, 0.3 s, is shown by frame 7, which begins at 0.292 s
    assert [number for number, row in enumerate(rows[:12]) if row.split(",")[beats] == "1"] == [7]


def test_a_film_s_tracks_are_heard_with_what_it_says_of_them(
    anim, cache: Path, tmp_path, song, write_film
) -> None:
    (tmp_path / "song.wav").write_bytes(song.read_bytes())
    film = write_film(
        'size = 64x64\nlength = 2s\naudio song = "song.wav" { bpm = 50 }\naudio other = "song.wav"\n'
        'prompt { 0s: "a" }\n'
    )
    both = json.loads(anim("audio", film, "--json", "--cache", cache).out)
    assert [(found["name"], found["confidence"] is None) for found in both] == [
        ("song", True),
        ("other", False),
    ]
    assert both[0]["bpm"] == 50
    one = anim("audio", film, "--track", "other", "--cache", cache)
    assert one.code == 0
    assert "other = song.wav   0:16.00" in one.out
    assert "100.00 bpm" in one.out
    wrong = anim("audio", film, "--track", "sonk", "--cache", cache)
    assert wrong.code == 2
    assert "did you mean `song`" in wrong.err
    several = anim("audio", film, "--click", "c.wav", "--cache", cache)
    assert several.code == 2
    assert "--track" in several.err


def test_a_film_reads_the_labels_and_the_table_back(anim, audio, cache: Path, write_film) -> None:
    found = json.loads(audio("--json", "--labels", "cuts.txt", "--csv", "curves.csv").out)[0]
    film = write_film(
        'size = 64x64\nlength = 6s\naudio song = "Night Drive.wav"\nmarkers cuts = "cuts.txt"\n'
        'series data = "curves.csv"\nlet away = abs(data.kick - kick) + abs(data.bass - bass)\n'
        'prompt { 0s: "a" }\ncamera 2d { zoom = 1 + away + cuts.hits }\n'
    )
    away = anim("eval", film, "away", "--json", "--cache", cache)
    assert away.code == 0, away.err
    assert max(json.loads(away.out)) < 1e-4
    bars = np.array(json.loads(anim("eval", film, 'cuts.hit("bar")', "--json", "--cache", cache).out))
    assert bars.nonzero()[0].tolist() == [int(bar * 24) for bar in found["downbeats"] if bar < 6]


@pytest.mark.parametrize(
    ("options", "meant"),
    [
        (["--output", "song.bmp"], ".svg"),
        (["--click", "beats.mp3"], ".wav"),
        (["--range", "8s"], "30s-60s"),
        (["--range", "8s-2s"], "ends before it starts"),
        (["--range", "60s-90s"], "ends at 16.00s"),
        (["--bpm", "0"], "1200"),
        (["--beats-per-bar", "0"], "32"),
        (["--offset", "soon"], "0.312s"),
        (["--click", "Night Drive.wav"], "overwrite"),
        (["--labels", "./Night Drive.wav"], "overwrite"),
        (["--track", "song"], "no film"),
    ],
)
def test_wrong_usage_says_what_is_meant(audio, options: list[str], meant: str) -> None:
    said = audio(*options)
    assert said.code == 2
    assert meant in said.err
    assert "Traceback" not in said.err


def test_a_file_that_is_no_track_is_told_and_the_others_are_heard(anim, audio, cache, tmp_path: Path) -> None:
    (tmp_path / "words.mp3").write_text("not a song", encoding="utf-8")
    missing = anim("audio", "word.mp3", "--cache", cache)
    assert missing.code == 2
    assert "did you mean `words.mp3`" in missing.err
    bad = anim("audio", "words.mp3", "--cache", cache)
    assert bad.code == 2
    assert "`words.mp3` is a text, not sound" in bad.err
    assert "download" in anim("audio", "https://example.org/a.mp3", "--cache", cache).err
    assert anim("audio", ".", "--cache", cache).code == 2
    assert anim("audio").code == 2
    audio()
    both = anim("audio", "words.mp3", "Night Drive.wav", "--cache", cache)
    assert both.code == 2
    assert "words.mp3" in both.err
    assert "100.00 bpm" in both.out


def test_silence_is_said(anim, cache: Path, tmp_path: Path) -> None:
    soundfile.write(tmp_path / "still.wav", np.zeros(22050 * 3), 22050)
    said = anim("audio", "still.wav", "--cache", cache, "-o", "still.png")
    assert said.code == 0, said.err
    assert "no beats were found" in said.out
    assert "silence" in said.out
    found = json.loads(anim("audio", "still.wav", "--cache", cache, "--json").out)[0]
    assert (found["beats"], found["peak_dbfs"], found["loudness_lufs"], found["bpm"]) == ([], None, None, 0)


def test_what_was_heard_before_is_not_decoded_again(audio, cache: Path, tmp_path: Path) -> None:
    assert audio().code == 0
    code = (
        "import sys\nfrom anim_studio.cli import main\n"
        f"code = main(['audio', 'Night Drive.wav', '--cache', {str(cache)!r}])\n"
        "heavy = {'torch', 'librosa', 'numba', 'soundfile', 'av', 'scipy'} & sys.modules.keys()\n"
        "sys.exit(code or (f'imported {heavy}' if heavy else 0))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("option", "wanted"), [(("--mark", "beats"), "--labels"), (("--fps", "24"), "--csv")]
)
def test_an_option_of_a_file_that_nobody_asked_for_is_refused(
    audio, option: tuple[str, str], wanted: str
) -> None:
    said = audio(*option)
    assert said.code == 2
    assert f"`{option[0]}` changes nothing here" in said.err
    assert wanted in said.err
