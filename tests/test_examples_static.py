"""The example films are right and their media are what the films rely on; nothing is rendered here."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from tools.media import anthem, loop, song
from tools.media.ogg import steady

from anim_compiler.audio import Analysis, analyse
from anim_compiler.audio.groups import groups_for
from anim_compiler.check import check
from anim_compiler.compile import compile_film
from anim_compiler.lyrics import Unreadable, read
from anim_compiler.world import World
from anim_dsl.parse import parse

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
MEDIA = EXAMPLES / "media"
FILMS = sorted(EXAMPLES.glob("*.anim"))
NAMES = {
    "zoom",
    "postcard",
    "day-trip",
    "morph",
    "reactive",
    "music-video",
    "art-morph",
    "product",
    "own-pipeline",
    "orbit",
    "beat-cuts",
    "kaleido",
    "lyrics",
    "lora",
    "control",
}


def heard(name: str) -> Analysis:
    return analyse(MEDIA / name, sha256=name, cache=None)


def test_all_are_there_and_described() -> None:
    assert {film.stem for film in FILMS} == NAMES
    described = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    for film in FILMS:
        assert f"]({film.name})" in described


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.stem)
def test_each_checks_and_compiles_without_a_word(film: Path, tmp_path: Path) -> None:
    world = World.open(film, cache=tmp_path)
    document, slips = parse(world.read_source(film))
    checked, findings = check(document, world)
    assert checked is not None
    assert (*slips, *findings) == ()
    compiled = compile_film(checked, world)
    assert compiled.plan is not None
    assert compiled.diagnostics == ()


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.stem)
def test_each_teaches_and_fits_the_built_in_model(film: Path) -> None:
    text = film.read_text(encoding="utf-8")
    assert text.startswith(f"# {film.name}: ")
    assert f'output "{film.stem}.mp4"' in text
    assert "\nmodel" not in text
    width, height = (int(side) for side in text.split("size")[1].split("=")[1].split()[0].split("x"))
    assert width % 8 == height % 8 == 0
    assert 128 <= min(width, height) <= max(width, height) <= 256


def test_the_first_film_is_the_one_in_the_readme() -> None:
    film = (EXAMPLES / "zoom.anim").read_text(encoding="utf-8")
    assert len(film.splitlines()) == 12
    readme = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    assert f"```anim\n{film}```" in readme


@pytest.mark.parametrize(
    ("name", "limit"),
    [
        ("postcard.ogg", 300),
        ("pulse.ogg", 300),
        ("anthem.ogg", 200),
        ("coast.jpg", 80),
        ("bottle.jpg", 80),
    ],
)
def test_media_are_small(name: str, limit: int) -> None:
    assert 1_000 < (MEDIA / name).stat().st_size <= limit * 1024


@pytest.mark.parametrize(("name", "made"), [("postcard.ogg", song), ("pulse.ogg", loop)])
def test_beats_are_where_they_were_played(name: str, made: object) -> None:
    analysis = heard(name)
    truth = np.array(made.beats())  # type: ignore[attr-defined]
    assert analysis.beats.size == truth.size
    assert np.abs(analysis.beats - truth).max() <= 0.035
    assert analysis.tempo == pytest.approx(120, abs=0.2)
    assert analysis.downbeats == pytest.approx(truth[::4], abs=0.035)


def test_the_sections_of_the_song_are_heard() -> None:
    analysis = heard("postcard.ogg")
    assert analysis.duration == pytest.approx(song.SECONDS, abs=0.01)
    times = np.arange(0, song.SECONDS, 0.02)
    energy = analysis.feature("energy", times, step=0.02).reshape(song.BARS, -1).mean(axis=1)
    full = [section == "full" for section in song.SECTIONS]
    assert energy[full].min() > energy[np.logical_not(full)].max()


@pytest.mark.parametrize("fps", [12, 24])
def test_the_bass_of_the_loop_pulses_with_the_kick(fps: int) -> None:
    analysis = heard("pulse.ogg")
    times = np.arange(int(loop.SECONDS * fps)) / fps
    bass = analysis.feature("bass", times, step=1 / fps)
    marked = analysis.feature("beat", times, step=1 / fps) > 0
    assert np.flatnonzero(marked).tolist() == [round(beat * fps) for beat in loop.beats()]
    assert bass[marked].min() > 0.8
    assert bass[np.flatnonzero(marked)[1:] - 1].max() < 0.35


def test_the_songs_are_the_ones_the_synthesiser_makes() -> None:
    # the sound is compared, not the file: another version of the encoder may pack the same song differently
    import soundfile

    for name, made in (
        ("postcard.ogg", song.song()),
        ("pulse.ogg", loop.loop()),
        ("anthem.ogg", anthem.anthem()),
    ):
        samples, rate = soundfile.read(MEDIA / name)
        assert rate == 44_100
        assert samples.shape == made.shape
        assert np.sqrt(np.mean((samples - made) ** 2)) < 0.05 * np.sqrt(np.mean(made**2)) + 0.01


def test_the_words_of_the_anthem_are_sung_when_the_lyrics_say() -> None:
    assert (MEDIA / "anthem.lrc").read_text(encoding="utf-8") == anthem.lyrics()
    lines = read(MEDIA / "anthem.lrc", "anthem.lrc")
    assert not isinstance(lines, Unreadable)
    sung = [line for line in lines if line.text]
    assert [line.text for line in sung] == [
        "Slow is the night",
        "and wide the sea",
        "Hear the harbour drum",
        "and burn with me",
    ]
    told = [float(at) for line in sung for at, _, word in line.words if word]
    played = [one.beat * anthem.BEAT for line in anthem.LINES for one in line]
    assert told == pytest.approx(played, abs=0.0006)


def test_the_kicks_of_the_anthem_are_heard() -> None:
    analysis = analyse(MEDIA / "anthem.ogg", sha256="anthem", cache=None, groups=groups_for("kick"))
    played = np.array(anthem.kicks())
    played = played[played > 0.1]  # the first begins with the file
    hit = analysis.feature("kick", played + 0.02, step=1 / 24)
    before = analysis.feature("kick", played - 0.06, step=1 / 24)
    assert hit.min() > before.max()


def test_every_clap_of_the_anthem_is_a_flash() -> None:
    """`beat-cuts.anim` flashes with `decay(snare, 250ms)`, which fires at a half."""
    analysis = analyse(MEDIA / "anthem.ogg", sha256="anthem", cache=None, groups=groups_for("snare"))
    played = [bar * 4 + beat for bar in range(anthem.QUIET, anthem.BARS) for beat in (1, 3)]
    at = np.arange(0, anthem.SECONDS, 1 / 240)
    up = analysis.feature("snare", at, step=1 / 24) >= 0.5
    fires = at[1:][up[1:] & ~up[:-1]]
    assert fires == pytest.approx(anthem.BEAT * np.array(played), abs=0.015)


def test_a_steady_ogg_is_still_an_ogg() -> None:
    data = (MEDIA / "pulse.ogg").read_bytes()
    assert hashlib.sha256(steady(data)).digest() == hashlib.sha256(data).digest()
    moved = bytearray(data)
    moved[14:18] = b"\x01\x02\x03\x04"
    assert steady(bytes(moved))[:64] == data[:64]
