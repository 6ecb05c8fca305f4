"""Checking beyond what `tests/suite/check-*.anim` says: values, media, edits, and how light it is."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.compiler.film_texts import checked, codes, film_of

from anim_compiler.names import BUILT_IN
from anim_compiler.signatures import FEATURES
from anim_dsl.diagnostic import Diagnostic

BASE = 'length = 2s; prompt { 0s: "a" }\n'


def mended(text: str) -> str:
    """The text after the first edit that is offered."""
    found = next(d for d in checked(text)[1] if d.edit is not None)
    assert found.edit is not None
    return text[: found.edit.span.start] + found.edit.text + text[found.edit.span.end :]


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("camera 2d { zom = 1.2 }", "camera 2d { zoom = 1.2 }"),
        ("difuse { steps = 9 }", "diffuse { steps = 9 }"),
        ("camera 2d { zoom = smoth(t, 2f) + 1 }", "camera 2d { zoom = smooth(t, 2f) + 1 }"),
        ("camera 2d { zoom = 1 + duratoin }", "camera 2d { zoom = 1 + duration }"),
        ("coherence { color = lob }", "coherence { color = lab }"),
        ('diffuse { sampler = "Eulr a" }', 'diffuse { sampler = "Euler a" }'),
        ("camera 2d { zoom = 0s: 1, 2s: 3, 1s: 2 }", "camera 2d { zoom = 0s: 1, 1s: 2, 2s: 3 }"),
        ("camera 2d { zoom = 0s: 1, 2s: 3 ease }", "camera 2d { zoom = 0s: 1, 2s: 3 with ease }"),
        ('prompt.negative = "a" + "b"', 'prompt.negative = "a, b"'),
        ("diffuse { strength = 0: (0.65) }", "diffuse { strength_schedule = 0: (0.65) }"),
        ("model = dream", 'model = "dream"'),
    ],
)
def test_edits_mend_what_they_are_offered_for(wrong: str, right: str) -> None:
    assert mended(BASE + wrong) == BASE + right
    assert film_of(BASE + right)


@pytest.mark.parametrize(
    ("fps", "wanted"),
    [
        ("23.976", Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        ("59.94fps", Fraction(60000, 1001)),
        ("12.5", Fraction(25, 2)),
        ("24fps", Fraction(24)),
    ],
)
def test_rates_are_exact(fps: str, wanted: Fraction) -> None:
    assert film_of(f"fps = {fps}\n{BASE}").fps == wanted


@pytest.mark.parametrize(
    ("length", "fps", "frames"),
    [
        ("2s", 24, 48),
        ("2.01s", 24, 49),
        ("100ms", 10, 1),
        ("1m30s", 2, 180),
        ("48f", 24, 48),
        ("0.1s", 10, 1),
    ],
)
def test_frames_are_those_before_the_end(length: str, fps: int, frames: int) -> None:
    assert film_of(f'fps = {fps}; length = {length}; prompt {{ 0s: "a" }}').frames == frames


def test_bars_make_a_length() -> None:
    film = film_of('bpm = 120; beats_per_bar = 3; length = 2bars; prompt { 0s: "a" }')
    assert film.length == 3


def test_the_only_track_gives_the_length(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "song.wav", [[0.0]] * 4410, 44100)
    film = film_of('audio song = "song.wav"\nprompt { 0s: "a" }', tmp_path)
    assert film.length == Fraction(1, 10)
    assert film.outputs[0].audio == "song"
    assert film.tracks[0].path == "song.wav"


def test_several_tracks_need_names(tmp_path: Path) -> None:
    for name in ("a", "b"):
        soundfile.write(tmp_path / f"{name}.wav", [[0.0]] * 4410, 44100)
    two = 'audio one = "a.wav"\naudio two = "b.wav"\n' + BASE
    assert "E2014" in codes(two + "camera 2d { zoom = 1 + bass }", tmp_path)
    assert film_of(two + "camera 2d { zoom = 1 + two.bass }", tmp_path)
    assert film_of(two + "clock = two\ncamera 2d { zoom = 1 + bass }", tmp_path).tempo.track == "two"


def test_a_picture_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_text("not a picture")
    assert codes(BASE + 'image photo = "photo.png"\ninit = photo', tmp_path) == ["E4006"]


def test_an_output_may_not_overwrite_an_input(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "song.wav", [[0.0]] * 4410, 44100)
    text = 'audio song = "song.wav"\nprompt { 0s: "a" }\noutput "song.wav"'
    assert "E4008" in codes(text, tmp_path)


def test_film_terms_have_the_cameras_sign() -> None:
    flat = film_of(BASE + "camera 2d { truck = 5px; roll = 3deg }").shots[0].camera
    deep = film_of(BASE + "camera 3d { truck = 5; pan = 3deg }").shots[0].camera
    assert flat is not None
    assert deep is not None
    assert set(flat.channels) == {"translation_x", "angle"}
    assert set(deep.channels) == {"translation_x", "rotation_3d_y"}
    x = flat.channels["translation_x"].expr
    assert getattr(x, "value", None) == -5


def test_defaults_are_the_tables() -> None:
    film = film_of(BASE)
    assert (film.width, film.height, film.fps) == (512, 512, 24)
    assert film.shots[0].words["coherence.color"] == "none"
    assert film.shots[0].words["diffuse.sampler"] == "DPM++ 2M"


def test_a_wide_def_is_counted_not_expanded_for_ever() -> None:
    row = " * ".join(["x"] * 10)
    nested = "x"
    for _ in range(10):
        nested = f"a({nested})"
    text = BASE + f"def a(x) = {row}\n"
    for outer, inner in (("b", "a"), ("c", "b"), ("d", "c"), ("g", "d")):
        calls = "x"
        for _ in range(10):
            calls = f"{inner}({calls})"
        text += f"def {outer}(x) = {calls}\n"
    assert "E2017" in codes(text + "camera 2d { zoom = g(t) }")


def test_built_in_names_cover_features_and_clock() -> None:
    assert set(FEATURES) < BUILT_IN
    assert {"t", "time", "pi", "smooth", "pick"} < BUILT_IN


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parents[2] / "examples").glob("*.anim")), ids=lambda p: p.name
)
def test_the_examples_are_without_a_word(path: Path) -> None:
    film, diagnostics = checked(path.read_text(encoding="utf-8"), path.parent)
    assert film is not None
    assert diagnostics == ()


WORDS = st.sampled_from(
    [
        "size = 64x64",
        "fps",
        "=",
        "length",
        "2s",
        "prompt",
        "{",
        "}",
        "0s:",
        '"a"',
        "camera",
        "2d",
        "zoom",
        "1",
        "+",
        "bass",
        "(",
        ")",
        "let",
        "x",
        "diffuse",
        "strength",
        "0.5",
        ";",
        "\n",
        ",",
        "per",
        "s",
        "with",
        "ease_in",
        "def",
        "f(x)",
        "[",
        "]",
        "-",
        "*",
        "if",
        "else",
        "output",
        "audio",
        "image",
        "scene",
        "12",
        "time",
        "smooth",
        "%",
        "50%",
        "4beats",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=30))
def test_no_text_makes_it_raise(words: list[str]) -> None:
    film, diagnostics = checked(" ".join(words))
    assert film is not None or diagnostics
    assert all(isinstance(d, Diagnostic) and d.message for d in diagnostics)


def test_checking_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom pathlib import Path\nfrom anim_compiler.check import check\n"
        "from anim_compiler.world import World\nfrom anim_dsl.parse import parse\n"
        "from anim_dsl.source import Source\n"
        f"document, _ = parse(Source('film.anim', {BASE!r} + 'camera 2d {{ zoom = sine(1s) }}'))\n"
        "assert check(document, World(Path('.'), Path('.')))[0] is not None\n"
        "heavy = {'numpy', 'torch', 'librosa', 'textual', 'scipy', 'av', 'PIL', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
