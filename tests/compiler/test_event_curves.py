"""Curves and times of `markers`, `midi` and `series` in films: on the frame that holds them, at any rate."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import mido
import numpy as np
import pytest
from tests.compiler.event_films import HEAD, curve, film_of
from tests.staging import staged

from anim_compiler.asking import Asked
from anim_compiler.compile import compile_film
from anim_compiler.functions.triggers import fires
from anim_compiler.memo import Memo
from anim_compiler.world import World

RATES = ("12", "23.976", "24", "25", "29.97", "30", "60")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file of each kind."""
    folder = tmp_path_factory.mktemp("events")
    for name in ("labels.txt", "song.mid", "data.csv"):
        (folder / name).write_bytes(staged()[name])
    (folder / "regions.txt").write_text("0.5\t1.5\tverse\n1.25\t2.0\tsolo\n2.0\t2.0\tcut\n3.0\t3.5\tverse\n")
    (folder / "drums.mid").write_bytes(b"")
    _drums().save(str(folder / "drums.mid"))
    return folder


def _drums() -> mido.MidiFile:
    """At 120 a minute: kicks of 10 ms on each beat in channel 10, a pad in channel 1."""
    file = mido.MidiFile(type=1, ticks_per_beat=500)
    kick, pad = mido.MidiTrack(), mido.MidiTrack()
    kick.append(mido.MetaMessage("set_tempo", tempo=500_000))
    for beat in range(8):
        kick.append(mido.Message("note_on", channel=9, note=36, velocity=127, time=0 if beat == 0 else 490))
        kick.append(mido.Message("note_off", channel=9, note=36, time=10))
    pad.append(mido.Message("note_on", channel=0, note=60, velocity=64, time=500))
    pad.append(mido.Message("control_change", channel=0, control=1, value=127, time=250))
    pad.append(mido.Message("pitchwheel", channel=0, pitch=-8192, time=0))
    pad.append(mido.Message("note_on", channel=0, note=64, velocity=32, time=250))
    pad.append(mido.Message("note_off", channel=0, note=60, time=500))
    pad.append(mido.Message("note_off", channel=0, note=64, time=500))
    file.tracks.extend([kick, pad])
    return file


def fired(column: np.ndarray) -> list[int]:
    assert set(np.unique(column)) <= {0.0, 1.0}
    return np.flatnonzero(column).tolist()


# --- markers ---


@pytest.mark.parametrize("fps", RATES)
def test_a_marker_is_on_the_frame_that_holds_it(home: Path, fps: str) -> None:
    film = film_of(f'fps = {fps}\nlength = 4s\n{HEAD}markers cuts = "labels.txt"\nlet asked = cuts', home)
    frames = fired(Asked(film, World(home, home)).curve("asked"))
    assert frames == [int(second * film.fps) for second in (0, 1, 3)]


@pytest.mark.parametrize("fps", RATES)
def test_times_of_milliseconds_are_on_their_frames(tmp_path: Path, fps: str) -> None:
    film = film_of(f"fps = {fps}\nlength = 180s\n{HEAD}", tmp_path)
    frames = list(range(0, film.frames, 37))
    for digits in (3, 4, 6):
        rows = (f"{float(f / film.fps):.{digits}f}" for f in frames)
        (tmp_path / "taps.txt").write_text("\n".join(rows))
        text = f'fps = {fps}\nlength = 180s\n{HEAD}markers taps = "taps.txt"\nlet asked = taps'
        assert fired(Asked(film_of(text, tmp_path), World(tmp_path, tmp_path)).curve("asked")) == frames


def test_index_counts_and_phase_goes_from_one_to_the_next(home: Path) -> None:
    index = curve('markers cuts = "labels.txt"\nlet asked = cuts.index', home)
    assert np.array_equal(index, curve('markers cuts = "labels.txt"\nlet asked = count(cuts)', home))
    assert index[[0, 23, 24, 71, 72, 95]].tolist() == [1, 1, 2, 2, 3, 3]
    phase = curve('markers cuts = "labels.txt"\nlet asked = cuts.phase', home)
    assert phase[[0, 12, 23, 24, 48, 72, 95]].tolist() == pytest.approx([0, 0.5, 23 / 24, 0, 0.5, 0, 0])


@pytest.mark.parametrize("fps", ["12", "24"])
def test_marks_on_frames_in_a_row_are_hits_each(tmp_path: Path, fps: str) -> None:
    """Sixteenths at 140 bpm are a frame or two apart at 12 fps; half of them would be lost."""
    (tmp_path / "taps.txt").write_text("\n".join(f"{0.5 + n * 15 / 140:.6f}" for n in range(16)))
    said = {
        "count(taps)": 16.0,
        "toggle(taps.hits)": 0.0,
        "cycle([1, 2, 3, 4, 5], taps)": 1.0,
        "sample_hold(taps.index, taps)": 16.0,
    }
    for formula, wanted in said.items():
        text = f'fps = {fps}\nmarkers taps = "taps.txt"\nlet asked = {formula}\n'
        assert curve(text, tmp_path, "length = 4s\n")[-1] == wanted, formula
    held = curve(f'fps = {fps}\nmarkers taps = "taps.txt"\nlet asked = decay(taps, 50ms)\n', tmp_path)
    assert (held == 1.0).sum() == 16


def test_regions_are_from_their_start_to_their_end(home: Path) -> None:
    inside = curve('markers parts = "regions.txt"\nlet asked = parts.inside', home)
    assert fired(inside) == [*range(12, 48), *range(72, 84)]
    solo = curve('markers parts = "regions.txt"\nlet asked = parts.inside("solo")', home)
    assert fired(solo) == list(range(30, 48))
    verses = curve('markers parts = "regions.txt"\nlet asked = parts.hit("verse")', home)
    assert fired(verses) == [12, 72]


def test_names_are_times_of_the_film_wherever_they_stand(home: Path) -> None:
    text = (
        f'{HEAD}markers cuts = "labels.txt" {{ offset = 500ms }}\nmarkers parts = "regions.txt"\n'
        "scene a cuts.drop { }\nscene b parts.solo.length {\n"
        '  prompt { cuts.drop: "b"; cuts.drop + 75ms: "c"; parts.cut: "d" }\n'
        "  let asked = cuts.drop: 0, parts.verse_2.end - 1500ms: 1\n  grade { exposure = asked }\n}"
    )
    film = film_of(text, home)
    assert [shot.length for shot in film.shots] == [Fraction(3, 2), Fraction(3, 4)]
    moments = [key.at for key in film.shots[1].prompts.positive]
    assert [m.start + m.seconds for m in moments] == [Fraction(3, 2), Fraction(63, 40), Fraction(2)]
    column = Asked(film, World(home, home)).curve("grade.exposure")[36:]
    assert column[[0, 6, 12]].tolist() == pytest.approx([0, 0.5, 1])
    assert film.markers[0].times == (Fraction(1, 2), Fraction(3, 2), Fraction(7, 2))
    assert [mark.name for mark in film.markers[1].marks] == ["verse", "solo", "cut", "verse_2"]


def test_a_marker_on_a_cut_belongs_to_the_scene_that_it_opens(tmp_path: Path) -> None:
    (tmp_path / "cuts.txt").write_text("1.03\n")
    text = f'{HEAD}markers cuts = "cuts.txt"\nscene a cuts.m1 {{ grade {{ exposure = cuts }} }}\n'
    film = film_of(text + "scene b 1s { grade { exposure = cuts } }", tmp_path)
    assert fired(Asked(film, World(tmp_path, tmp_path)).curve("grade.exposure")) == [25]


def test_a_label_stands_until_the_next_mark_or_the_end_of_its_region(home: Path) -> None:
    text = 'markers parts = "regions.txt" { offset = -500ms }\nprompt = "{parts.label}!"\nscene only 4s { }'
    said = Asked(film_of(text, home), World(home, home)).words("prompt")
    assert said is not None
    ends = (0, 17, 18, 35, 36, 59, 60, 71, 72, 95)
    wanted = ["verse", "verse", "solo", "solo", "cut", "cut", "verse", "verse", "", ""]
    shown = [[part for part in said[f].split(" + ") if not part.endswith("* 0")] for f in ends]
    assert shown == [[f'"{label}!"'] for label in wanted]


def test_beats_are_the_marks_that_say_so_else_the_points(tmp_path: Path) -> None:
    rows = "0\t9\tverse\n0\t0\tbar\n1.5\t1.5\tcut\n1\t1\tbeat\n"
    for text, wanted in ((rows, [0, 1]), ("0\t9\tverse\n1\n3\n", [1, 3]), ("0\t1\ta\n2\t3\tb\n", [0, 2])):
        (tmp_path / "taps.txt").write_text(text)
        film = film_of(f'length = 4s\n{HEAD}markers taps = "taps.txt"', tmp_path)
        assert list(film.markers[0].beats) == wanted


# --- MIDI ---


@pytest.mark.parametrize("fps", ["8", *RATES])
def test_a_note_rises_on_the_frame_of_its_hit_however_short_it_is(home: Path, fps: str) -> None:
    head = f"fps = {fps}\nlength = 4s\n"
    text = 'midi drums = "drums.mid" { channel = 10 }\nlet asked = drums.'
    hits, held = (curve(f"{text}{which}(36)", home, head) for which in ("hit", "note"))
    rate = film_of(f"{head}{HEAD}", home).fps
    assert fired(hits) == [int(beat * rate / 2) for beat in range(8)]
    assert np.array_equal(fires(held), hits > 0.5)


def test_notes_are_as_loud_as_they_are_played_as_long_as_they_are_held(home: Path) -> None:
    text = 'midi score = "drums.mid" { channel = 1 }\nlet asked = score.'
    pad = curve(text + 'note("C4")', home)
    assert fired((pad > 0).astype(float)) == list(range(12, 36))
    assert pad[20] == pytest.approx(64 / 127)
    loud = curve(text + "velocity", home)
    assert loud[[11, 12, 30, 36, 47, 48]].tolist() == pytest.approx(
        [0, 64 / 127, 64 / 127, 32 / 127, 32 / 127, 0]
    )
    assert curve(text + "notes", home)[[11, 12, 24, 36, 48]].tolist() == [0, 1, 2, 1, 0]
    assert curve(text + "pitch", home)[[11, 12, 24, 36, 95]].tolist() == [0, 60, 64, 64, 64]
    assert curve(text + "cc(1)", home)[[17, 18, 95]].tolist() == [0, 1, 1]
    assert curve(text + "bend", home)[[17, 18]].tolist() == [0, -1]
    assert fired(curve(text + "hits", home)) == [12, 24]


def test_an_offset_moves_a_file_and_its_beats(home: Path) -> None:
    text = 'midi drums = "drums.mid" { channel = 10; offset = -250ms }\nlet asked = drums'
    assert fired(curve(text, home)) == [6, 18, 30, 42, 54, 66, 78]
    film = film_of(f"length = 4s\n{HEAD}{text}", home)
    assert film.scores[0].beats[:3] == (-0.25, 0.25, 0.75)


# --- in the compiler ---


def test_a_warm_compile_sees_another_file(tmp_path: Path) -> None:
    """What is kept from one compile to the next is kept by what the file says, not by its name."""
    text = f'length = 2s\n{HEAD}series tab = "a.csv"\ncamera 2d {{ angle = smooth(tab.x, 1s) }}'
    memo = Memo()
    plans = []
    for value in (1, 2, 1):
        (tmp_path / "a.csv").write_text(f"time,x\n0,0\n2,{value}\n")
        made = compile_film(film_of(text, tmp_path), World(tmp_path, tmp_path), memo=memo)
        fresh = compile_film(film_of(text, tmp_path), World(tmp_path, tmp_path))
        assert made.plan == fresh.plan
        plans.append(made.plan)
    assert plans[0] == plans[2] != plans[1]


def test_a_scene_reads_a_file_by_the_film(home: Path) -> None:
    media = 'series data = "data.csv"\nmarkers cuts = "labels.txt"\n'
    text = f"{HEAD}{media}let both = smooth(data.level + cuts, 1s)\n"
    text += "scene a 1500ms { }\nscene b 2500ms { grade { exposure = data.level + cuts; gamma = 1 + both } }"
    film = film_of(text, home)
    asked = Asked(film, World(home, home))
    whole = asked.curve("both")
    plain = curve(
        'series data = "data.csv"\nmarkers cuts = "labels.txt"\nlet asked = data.level + cuts', home
    )
    assert np.array_equal(asked.curve("grade.exposure")[36:], plain[36:])
    assert asked.curve("grade.gamma")[36:] == pytest.approx(1 + whole[36:])


def test_what_files_tell_is_checked_without_anything_heavy(home: Path) -> None:
    (home / "film.anim").write_text(
        f'length = 4s\n{HEAD}markers cuts = "labels.txt"\nmidi score = "song.mid"\nseries data = "data.csv"\n'
        "camera 2d { zoom = 1 + data.level + score.note(60); angle = 9deg * count(cuts) }"
    )
    code = (
        "import sys; from pathlib import Path; from anim_compiler.check import check\n"
        "from anim_compiler.world import World; from anim_dsl.parse import parse\n"
        "from anim_dsl.source import Source; film = Path(sys.argv[1])\n"
        "found = check(parse(Source('film.anim', film.read_text()))[0], World.open(film))\n"
        "assert found[0] is not None and not found[1], found[1]\n"
        "print([m for m in ('numpy', 'mido', 'librosa', 'torch', 'scipy', 'av') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, home / "film.anim"], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
