"""The board of films in every way that keys are written."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.sections import SECTIONS
from tests.staging import staged
from tests.studio.live.board.boarded import HEAD, boarded, lane, version_of

from anim_compiler.audio import groups, store
from anim_compiler.world import World
from anim_dsl.edit import keys_of
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_studio.live.board.board_of import board_of
from anim_studio.live.board.lanes import Board, Kind
from anim_studio.live.board.written_keys import written_keys

EXAMPLES = sorted((Path(__file__).parents[4] / "examples").glob("*.anim"))

WAYS = {
    "one line": ("length = 4s\ncamera 2d { zoom = 0s: 1, 2s: 1.2, 4s: 1 }", "camera.zoom", (0, 48, 96)),
    "lines": (
        "length = 4s\ncamera 2d {\n zoom = 0s: 1,\n  2s: 1.2 ease_out,\n 4s: 1\n}",
        "camera.zoom",
        (0, 48, 96),
    ),
    "a block": ("length = 4s\ncamera 2d { zoom {\n 0s: 1\n 1s: 1.2; 2s: 1\n} }", "camera.zoom", (0, 24, 48)),
    "dotted": (
        "length = 4s\ncamera 2d { }\ncamera.zoom = 0: 1, 50%: 1.2, 95f: 1",
        "camera.zoom",
        (0, 48, 95),
    ),
    "parentheses": ("length = 4s\ncamera 2d { zoom = (0s: 1, 1s: 1.2) }", "camera.zoom", (0, 24)),
    "with an easing": (
        "length = 4s\ncamera 2d { zoom = 0s: 1, 3s: 1.2 with ease_out }",
        "camera.zoom",
        (0, 72),
    ),
    "beats": (
        "bpm = 120\nlength = 4bars\ndiffuse.strength = 1beat: 0.5, 2bars: 0.6",
        "diffuse.strength",
        (12, 96),
    ),
    "prompts": ('length = 4s\nprompt { 0s: "a", 1s: "b"; 2s: "c" }', "prompts", (0, 24, 48)),
    "prompts on a line": ('length = 4s\nprompt = 0s: "a", 1500ms: "b"', "prompts", (0, 36)),
    "negative": ('length = 4s\nprompt { 0s: "a"; negative = 0s: "x", 1s: "y" }', "negative", (0, 24)),
    "words": ('length = 4s\ndiffuse.sampler = 0s: "Euler", 2s: "DDIM"', "diffuse.sampler", (0, 48)),
    "a let": ("length = 4s\nlet a = 0s: 0, 1s: 1\ngrade.exposure = a", "a", (0, 24)),
    "a scene's let": ("length = 4s\nscene x 4s { let a = 0s: 0, 1s: 1; grade.exposure = a }", "a", (0, 24)),
    "one key": ("length = 4s\ncamera 2d { zoom = 2s: 1.2 }", "camera.zoom", (48,)),
    "one key of a scene": (
        "bpm = 120\nscene x 2s { }\nscene y 2s { camera 2d { zoom = 1beat: 1.2 } }",
        "camera.zoom",
        (60,),
    ),
    "a tempo": ("bpm = 0s: 100, 2s: 120\nlength = 4s", "bpm", (0, 48)),
    "a title": ('length = 4s\nlayer a { text = 0s: "one", 1s: "two" }', "layer.a.text", (0, 24)),
    "a layer": (
        'length = 4s\nlayer title { text = "a"; opacity = 0s: 0, 1s: 1 }',
        "layer.title.opacity",
        (0, 24),
    ),
    "scenes": (
        "scene x 2s { camera 2d { zoom = 0s: 1, 1s: 1.1 } }\n"
        "scene y 2s { camera 2d { zoom = 0s: 1, 100%: 1.1 } }",
        "camera.zoom",
        (0, 24, 48, 96),
    ),
    "a film's list in scenes": (
        "camera 2d { zoom = 0s: 1, 3s: 1.1 }\nscene x 2s { }\nscene y 2s { }",
        "camera.zoom",
        (0, 72),
    ),
}


@pytest.mark.parametrize(("text", "name", "frames"), WAYS.values(), ids=WAYS)
def test_ways_of_writing(tmp_path: Path, text: str, name: str, frames: tuple[int, ...]) -> None:
    """Every list has a lane, its keys stand on their frames, and `anim_dsl.edit` finds each."""
    board = boarded(text, tmp_path)
    keys = lane(board, name).keys
    assert tuple(key.frame for key in keys) == frames
    assert all(key.editable for key in keys), [key.why_not for key in keys]
    _found_by_edit(HEAD + text, board)


def _found_by_edit(text: str, board: Board) -> None:
    source = Source("film.anim", text)
    for key in (key for each in board.lanes for key in each.keys if key.editable):
        assert keys_of(source, key.path, key.name)[key.number].span == key.span


@pytest.mark.parametrize("film", EXAMPLES, ids=lambda path: path.stem)
def test_examples(film: Path) -> None:
    """Every key of every example that can be edited is found where it is said to be."""
    version = version_of(film.read_text("utf-8"), film.parent)
    board = board_of(version)
    assert board is not None
    _found_by_edit(version.source.text, board)
    for each in board.lanes:
        assert [key.position for key in each.keys] == sorted(key.position for key in each.keys)
        assert all(0 <= key.frame <= board.frames for key in each.keys)
        assert all(key.is_read for key in each.keys)


@pytest.mark.parametrize("fps", ["12", "24", "29.97", "60"])
def test_keys_stand_where_curves_have_them(tmp_path: Path, fps: str) -> None:
    """On a key's frame a straight list has left the key before: what is shown is what is computed."""
    keys = "0s: 0, 1.03s: 1 hold, 2s: 2 hold, 3.31s: 3"
    text = f"size = 64x64\nfps = {fps}\nseed = 1\nlength = 4s\nlet a = {keys}\ngrade.exposure = a"
    version = version_of(text, tmp_path)
    board = board_of(version)
    assert board is not None
    assert version.good is not None
    curve = version.good.curves["a"]
    for key in lane(board, "a").keys[1:]:
        number = float(key.value)
        assert curve[key.frame] == number
        assert curve[key.frame - 1] < number
        assert key.frame - 1 < key.position <= key.frame


FIXED = {
    "a template": (
        "length = 4s\ntemplate go(n) { camera 2d { zoom = 0s: 1, 1s: n } }\nuse go(1.2)",
        "camera.zoom",
        "template `go(n)` in line 5",
    ),
    "a def": (
        "length = 4s\ndef f(n) = (0s: 1, 1s: n)\ncamera 2d { zoom = f(1.2) }",
        "camera.zoom",
        "`def f` in line 5",
    ),
    "a formula": ("length = 4s\ncamera 2d { zoom = 1 * (0s: 1, 1s: 2) }", "camera.zoom", "make it a `let`"),
    "one value": ('length = 4s\nprompt = "sea"', "prompts", "not a key of a list"),
}


@pytest.mark.parametrize(("text", "name", "why"), FIXED.values(), ids=FIXED)
def test_keys_that_cannot_be_edited(tmp_path: Path, text: str, name: str, why: str) -> None:
    """They are shown, and say why, and where they are written."""
    keys = lane(boarded(text, tmp_path), name).keys
    assert keys
    for key in keys:
        assert not key.editable
        assert why in key.why_not
        assert key.source.slice(key.span) == (HEAD + text)[key.span.start : key.span.end]


def test_imported_keys(tmp_path: Path) -> None:
    """Keys of another file name it, and lead to their line there."""
    (tmp_path / "looks.anim").write_text("# looks\ntemplate go() { camera 2d { zoom = 0s: 1, 1s: 1.5 } }\n")
    text = 'length = 4s\nimport "looks.anim"\nuse go()'
    key = lane(boarded(text, tmp_path), "camera.zoom").keys[1]
    assert not key.editable
    assert "looks.anim" in key.why_not
    assert (key.spot.source.name, key.spot.place.line) == ("looks.anim", 2)
    assert key.value == "1.5"


def test_a_let_is_shown_once(tmp_path: Path) -> None:
    """Whoever uses a `let` does not show its keys again."""
    board = boarded(
        "length = 4s\nlet a = 0s: 0, 1s: 1\ncamera 2d { zoom = 1 + a; angle = a * 1deg }", tmp_path
    )
    assert [each.name for each in board.lanes if each.kind is Kind.KEYS] == ["a"]


def test_variants(tmp_path: Path) -> None:
    """The lanes are those of the chosen variant."""
    text = "length = 4s\nvariant { diffuse.strength = [0.4, 0.6] }\ncamera 2d { zoom = 0s: 1, 2s: 1.2 }"
    for variant in (0, 1):
        board = boarded(text, tmp_path, variant=variant)
        assert [key.frame for key in lane(board, "camera.zoom").keys] == [0, 48]


def test_another_rate(tmp_path: Path) -> None:
    """At another rate keys stand on that rate's frames."""
    board = boarded("length = 4s\ncamera 2d { zoom = 0s: 1, 2s: 1.2 }", tmp_path, fps=Fraction(10))
    assert (board.frames, [key.frame for key in lane(board, "camera.zoom").keys]) == (40, [0, 20])


def test_errors_have_no_board(tmp_path: Path) -> None:
    """A text with errors has none, so that the last good one stays."""
    assert board_of(version_of(f"{HEAD}length = 4s\ncamera 2d {{ zom = 1 }}", tmp_path)) is None


def test_scenes(tmp_path: Path) -> None:
    """Scenes with their frames, how they come, and where they are written."""
    text = "scene x 2s { }\nscene y 2s { transition = crossfade(1s) }\nscene z 1s { transition = dip(1s) }"
    board = boarded(text, tmp_path)
    found = [(s.name, s.first, s.end, s.how, s.lead) for s in board.scenes]
    assert found == [("x", 0, 48, "", 0), ("y", 48, 96, "crossfade", 24), ("z", 96, 120, "dip", 12)]
    spots = [scene.spot for scene in board.scenes]
    assert [spot.place.line for spot in spots if spot is not None] == [4, 5, 6]
    assert board.scene_at(95) == board.scenes[1]
    assert board.scene_at(120) is None


def test_a_films_prompts_under_scenes_with_their_own(tmp_path: Path) -> None:
    """Where a scene has prompts of its own the film's are not read, and what comes back after it is told."""
    own = 'scene y 2s { prompt { 0s: "c"; 100%: "d" } }'
    text = f'prompt {{ 0s: "a"; 3s: "b" }}\nscene x 2s {{ }}\n{own}\nscene z 2s {{ }}'
    prompts = lane(boarded(text, tmp_path), "prompts")
    assert [(k.label, k.frame, k.is_read, k.ends) for k in prompts.keys] == [
        ("a", 0, True, False),
        ("c", 48, True, False),
        ("b", 72, False, True),
        ("d", 96, True, True),
    ]
    assert [(held.name, held.first) for held in prompts.stretches] == [("b", 96)]


def test_written_beats(tmp_path: Path) -> None:
    """The beats of a tempo, counted from 1 as musicians do."""
    board = boarded("bpm = 120\nbeats_per_bar = 3\nlength = 4s", tmp_path)
    assert board.beats.tolist() == list(range(0, 96, 12))
    assert board.bars.tolist() == [0, 36, 72]
    assert [board.bar_beat(frame) for frame in (0, 11, 12, 35, 36, 95)] == [
        *((1, 1), (1, 1), (1, 2), (1, 3), (2, 1), (3, 2)),
    ]
    beats = lane(board, "beats")
    assert (beats.ticks.tolist(), beats.strong.tolist()) == (board.beats.tolist(), board.bars.tolist())


def test_beats_are_those_that_curves_hear(tmp_path: Path) -> None:
    """The lane's beats fall on the frames on which `every(1beat)` fires, where the tempo changes too."""
    text = "bpm = 0s: 100, 2s: 100, 6s: 180\nlength = 8s\ncamera 2d { zoom = 1 + every(1beat) }"
    version = version_of(HEAD + text, tmp_path)
    board = board_of(version)
    assert board is not None
    assert version.good is not None
    fired = np.flatnonzero(version.good.curves["camera.zoom"] > 1.5)
    assert board.beats.tolist() == fired.tolist()


def test_heard_beats_and_levels(tmp_path: Path) -> None:
    """The song's own beats go before, numbered from its first bar; levels and parts have lanes."""
    beat, down, section = np.zeros(96), np.zeros(96), np.zeros(96)
    beat[[4, 16, 28, 40, 52]] = 1
    down[[16]] = 1
    section[30:] = 1
    heard = {"beat": beat, "downbeat": down, "section": section, "bass": np.linspace(0, 1, 96)}
    board = boarded("length = 4s", tmp_path, heard=heard)
    assert board.beats.tolist() == [4, 16, 28, 40, 52]
    assert [board.bar_beat(frame) for frame in (0, 4, 16, 52)] == [None, (0, 4), (1, 1), (1, 4)]
    assert lane(board, "bass").kind is Kind.LEVEL
    assert [(s.name, s.first, s.end) for s in lane(board, "sections").stretches] == [
        ("A", 0, 30),
        ("B", 30, 96),
    ]


def test_parts_that_were_heard_before(tmp_path: Path) -> None:
    """Parts of the song that an earlier analysis kept are shown; without one nothing is heard for them."""
    (tmp_path / "song.ogg").write_bytes(staged()["song.ogg"])
    text = f'{HEAD}length = 4s\naudio song = "song.ogg"'
    version = version_of(text, tmp_path)
    assert version.good is not None
    board = board_of(version)
    assert board is not None
    assert board.lane("sections") is None
    kept = {"starts": np.array([0.0, 1.0, 3.0]), "labels": np.array([0, 1, 0], np.float32)}
    sha256 = version.good.film.tracks[0].sha256
    store.save(tmp_path / "cache", sha256, "sections", groups.version("sections"), kept)
    world = World(version.world.root, version.world.folder, cache=tmp_path / "cache")
    heard = board_of(replace(version, world=world))
    assert heard is not None
    found = [(s.name, s.first, s.end) for s in lane(heard, "sections").stretches]
    assert found == [("A", 0, 24), ("B", 24, 72), ("A", 72, 96)]


def test_marks_and_lyrics(tmp_path: Path) -> None:
    """Labels and sung lines stand on their frames; what lies beyond the film is left out."""
    (tmp_path / "cues.txt").write_text("0.5\t0.5\tflash\n1\t2\tdrop\n60\t60\tnever\n")
    (tmp_path / "song.lrc").write_text("[00:00.50]Slow is the night\n[00:02.00]and wide\n")
    text = 'length = 4s\nmarkers cues = "cues.txt"\nlyrics words = "song.lrc"'
    board = boarded(text, tmp_path)
    assert [(s.name, s.first, s.end) for s in lane(board, "cues").stretches] == [
        ("flash", 12, 13),
        ("drop", 24, 48),
    ]
    assert [(s.name, s.first, s.end) for s in lane(board, "words").stretches] == [
        ("Slow is the night", 12, 48),
        ("and wide", 48, 96),
    ]


def test_units(tmp_path: Path) -> None:
    """Curves have the types of their settings, by which values are written."""
    board = boarded("length = 4s\nlet a = 1 + t\ncamera 2d { angle = 4deg; zoom = 1 + a }", tmp_path)
    assert board.units["camera.angle"] == "angle"
    assert board.units["a"] == "plain"


def test_every_text_of_the_suite() -> None:
    """However keys are written, `anim_dsl.edit` finds those that are said to be editable, and no other."""
    for section in SECTIONS:
        document, _ = parse(Source("film.anim", section.text))
        for key in written_keys(document):
            if not key.why_not:
                found = keys_of(document.source, key.path, key.name)
                assert (len(found), found[key.number].span) == (key.of, key.key.span), section.id


def test_weights_of_loras_and_controls_have_lanes(tmp_path: Path) -> None:
    (tmp_path / "grain.safetensors").write_bytes(staged()["grain.safetensors"])
    text = (
        HEAD + 'length = 4s\nmodel = "null"\nprompt = "sea"\n'
        'lora grain = "grain.safetensors" { weight = 0s: 0, 2s: 1 }\n'
        "control canny edges { weight = 0s: 0, 1s: 1; low = 80 }\n"
    )
    version = version_of(text, tmp_path)
    board = boarded(text, tmp_path)
    for name, frames in (("lora.grain.weight", [0, 48]), ("control.edges.weight", [0, 24])):
        assert [key.frame for key in lane(board, name).keys] == frames
        assert all(key.editable for key in lane(board, name).keys)
    assert version.good is not None
    assert version.good.curves["lora.grain.weight"][24] == 0.5
