"""An edit renders again what it touches and nothing more: frames counted in the journal."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.compiler.audio_tracks import RATE, drums, write
from tests.compiler.film_texts import compiled
from tests.runtime.running import run
from tests.staging import stage

from anim_compiler.frame_table import frame_table
from anim_runtime.events import FrameDone

HEAD = """\
size = 48x32
fps = 8
length = 4s
seed = 3
model = "null"
let swell = 0s: 20%, 4s: 20%
"""
CHAIN = (
    HEAD
    + """\
prompt {
  morph = cut
  0s: "a lake"
  2s: "a forest"
}
camera 2d { zoom = 1.2 per s }
coherence { color = lab; noise = 2%; blend = swell }
diffuse { strength = 0s: 50%, 4s: 50%; steps = 8 }
output "out.mp4"
"""
)
TWEENED = CHAIN.replace("color = lab", "cadence = 3; color = lab")
FREE = (
    HEAD.replace("let swell = 0s: 20%, 4s: 20%\n", "")
    + """\
prompt {
  morph = cut
  0s: "a lake"
  2s: "a forest"
  3s: "a city"
}
diffuse { steps = 8; cfg_scale = 0s: 7, 1s: 8 }
pipeline { frame = generate() }
"""
)
PHOTO = CHAIN.replace("camera", 'image photo = "photo.png"\ninit = photo\ncamera')
SCENES = """\
size = 48x32; fps = 8; seed = 3; model = "null"
camera 2d { zoom = 1.2 per s }
diffuse { strength = 0.5; steps = 8; seed_mode = fixed }
scene one 1s { prompt { 0s: "a lake" } }
scene two 1s { prompt { 0s: "a city" } }
scene three 1s { prompt { 0s: "a forest" } }
"""
SONG = CHAIN.replace("camera", 'audio song = "song.wav"\ncamera').replace(
    "0s: 50%, 4s: 50%", "50% if t < 24 else 40% + 20% * bass"
)
PIPELINE = """\
pipeline {
  moved = warp(previous, camera)
  toned = match_color(moved, first)
  noised = add_noise(toned)
  fresh = diffuse(noised)
  carry = blend(fresh, toned)
  frame = carry
}
"""

ALL = frozenset(range(32))
NONE: frozenset[int] = frozenset()


def since(frame: int, end: int = 32) -> frozenset[int]:
    return frozenset(range(frame, end))


@dataclass(frozen=True)
class Edit:
    """A text replaced in a film, and the frames that are rendered again after it."""

    name: str
    film: str
    old: str
    new: str
    again: frozenset[int]


EDITS = (
    # --- nothing to see
    Edit("comment", CHAIN, "fps = 8", "fps = 8  # as in a cartoon", NONE),
    Edit(
        "layout",
        CHAIN,
        "coherence { color = lab; noise = 2%;",
        "coherence {\n  noise=2%\n color = lab;",
        NONE,
    ),
    Edit("blocks in another order", CHAIN, 'seed = 3\nmodel = "null"', 'model = "null"\nseed = 3', NONE),
    Edit("let renamed", CHAIN, "swell", "surge", NONE),
    Edit("let written in place", CHAIN, "blend = swell", "blend = 20%", NONE),
    Edit(
        "let by a def",
        CHAIN,
        "let swell = 0s: 20%, 4s: 20%",
        "def half(x) = x / 2\nlet swell = half(40%)",
        NONE,
    ),
    Edit("unit", CHAIN, '2s: "a forest"', '2000ms: "a forest"', NONE),
    Edit("equal formula", CHAIN, "steps = 8", "steps = 2 * 4", NONE),
    Edit("default written out", CHAIN, "steps = 8", "steps = 8; cfg_scale = 5; seed_mode = iter", NONE),
    Edit("title", CHAIN, "fps = 8", 'fps = 8; title = "Home"; author = "us"', NONE),
    Edit("codec", CHAIN, 'output "out.mp4"', 'output "out.mov" { codec = prores }', NONE),
    Edit("a second output", CHAIN, 'output "out.mp4"', 'output "out.mp4"\noutput "out.gif"', NONE),
    Edit("a text without a share", CHAIN, '"a lake"', '"a lake" * 1 + "fog" * 0', NONE),
    Edit(
        "a use of a template",
        CHAIN,
        "zoom = 1.2 per s",
        "use in()\n}\ntemplate in() { zoom = 1.2 per s",
        NONE,
    ),
    Edit("a let that nothing reads", CHAIN, "seed = 3", "seed = 3; bpm = 90\nlet other = beats", NONE),
    Edit("the pipeline written out", CHAIN, "output", PIPELINE + "output", NONE),
    Edit(
        "an op that does nothing", CHAIN + PIPELINE, "add_noise(toned)", "add_noise(contrast(toned, 1))", NONE
    ),
    Edit("shorter", CHAIN, "length = 4s", "length = 3s", NONE),
    # --- what is shown, not what is diffused
    Edit("grade", CHAIN, "output", "grade { exposure = 0.5; saturation = 1.2 }\noutput", NONE),
    Edit(
        "grade in the pipeline", CHAIN + PIPELINE, "frame = carry", "frame = grade(carry, exposure = u)", NONE
    ),
    # --- from a moment on
    Edit("prompt", CHAIN, '"a forest"', '"a burning forest"', since(16)),
    Edit("prompt moved later", CHAIN, '2s: "a forest"', '2.5s: "a forest"', since(16)),
    Edit("prompt moved earlier", CHAIN, '2s: "a forest"', '1s: "a forest"', since(8)),
    Edit("prompt added", CHAIN, '"a forest"', '"a forest"\n  3s: "a city"', since(24)),
    Edit("curve from 3s on", CHAIN, "0s: 50%, 4s: 50%", "0s: 50%, 3s: 50%, 4s: 60%", since(25)),
    Edit("a jump at 3s", CHAIN, "0s: 50%, 4s: 50%", "0s: 50% hold, 3s: 60%", since(24)),
    Edit(
        "an effect that begins later",
        CHAIN,
        "noise = 2%",
        "noise = 2%; contrast = 0s: 1 hold, 3s: 1.1",
        since(24),
    ),
    Edit("sampler from 3s on", CHAIN, "steps = 8", 'steps = 8; sampler = 0s: "Euler", 3s: "DDIM"', ALL),
    Edit("longer", CHAIN, "length = 4s", "length = 5s", since(32, 40)),
    Edit("a negative prompt", CHAIN, "prompt {", 'prompt {\n  negative = "blur"', ALL),
    # --- all of it
    Edit("seed", CHAIN, "seed = 3", "seed = 4", ALL),
    Edit("size", CHAIN, "48x32", "64x32", ALL),
    Edit("colour", CHAIN, "color = lab", "color = rgb", since(1)),
    Edit("camera", CHAIN, "1.2 per s", "1.3 per s", since(1)),
    Edit("border", CHAIN, "1.2 per s", "1.2 per s; border = wrap", since(1)),
    # --- tweens hang on both of their ends
    Edit("tweens: prompt", TWEENED, '"a forest"', '"a burning forest"', since(16)),
    Edit("tweens: a jump at 3s", TWEENED, "0s: 50%, 4s: 50%", "0s: 50% hold, 3s: 60%", since(22)),
    Edit("tweens: comment", TWEENED, "fps = 8", "fps = 8 # slow", NONE),
    # --- frames that hang on none
    Edit("free: prompt", FREE, '"a forest"', '"a burning forest"', since(16, 24)),
    Edit("free: a curve", FREE, "0s: 7, 1s: 8", "0s: 7, 0.5s: 7, 1s: 8", since(1, 8)),
    Edit("free: a key moved", FREE, '3s: "a city"', '2.5s: "a city"', since(20, 24)),
    Edit("free: longer", FREE, "length = 4s", "length = 5s", since(32, 40)),
    # --- pictures
    Edit("image renamed", PHOTO, 'photo = "photo.png"\ninit = photo', 'a = "photo.png"\ninit = a', NONE),
    Edit("another image", PHOTO, "photo.png", "sky.png", ALL),
    # --- scenes, of 8 frames each
    Edit("scenes: renamed", SCENES, "scene two", "scene second", NONE),
    Edit("scenes: prompt", SCENES, '"a city"', '"a town"', since(8, 16)),
    Edit("scenes: a dip", SCENES, "scene two 1s {", "scene two 1s { transition = dip(500ms);", NONE),
    Edit(
        "scenes: a crossfade",
        SCENES,
        "scene two 1s {",
        "scene two 1s { transition = crossfade(500ms);",
        since(24, 28),
    ),
    Edit(
        "scenes: one more",
        SCENES,
        "scene three",
        'scene dusk 1s { prompt { 0s: "dusk" } }\nscene three',
        since(16, 24),
    ),
    Edit("scenes: one less", SCENES, 'scene two 1s { prompt { 0s: "a city" } }\n', "", NONE),
    Edit("scenes: one longer", SCENES, "scene two 1s", "scene two 2s", since(16, 24)),
    Edit(
        "scenes: own strength",
        SCENES,
        'prompt { 0s: "a city" }',
        'prompt { 0s: "a city" }; diffuse { strength = 0.6 }',
        since(9, 16),
    ),
)


def rendered(text: str, here: Path) -> frozenset[int]:
    """The frames that a render makes anew, by its journal."""
    film = compiled(text, here)
    assert film.plan is not None, film.diagnostics
    plan = film.plan.model_copy(update={"outputs": ()})
    done, events = run((plan, film.columns), here)
    assert done.exit_code == 0, done.message
    return frozenset(e.frame for e in events if isinstance(e, FrameDone) and e.how != "reused")


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.name)
def test_an_edit_renders_what_it_touches(edit: Edit, tmp_path: Path) -> None:
    stage(tmp_path)
    first = rendered(edit.film, tmp_path)
    assert first == frozenset(range(len(first)))
    changed = edit.film.replace(edit.old, edit.new)
    assert changed != edit.film
    assert rendered(changed, tmp_path) == edit.again


def test_the_same_picture_under_another_name_is_the_same(tmp_path: Path) -> None:
    stage(tmp_path)
    rendered(PHOTO, tmp_path)
    shutil.copy(tmp_path / "photo.png", tmp_path / "copy.png")
    assert rendered(PHOTO.replace("photo.png", "copy.png"), tmp_path) == NONE


def test_a_picture_that_was_painted_over_is_another(tmp_path: Path) -> None:
    stage(tmp_path)
    rendered(PHOTO, tmp_path)
    shutil.copy(tmp_path / "sky.png", tmp_path / "photo.png")
    assert rendered(PHOTO, tmp_path) == ALL


def test_audio_replaced_renders_from_where_it_sounds_different(tmp_path: Path) -> None:
    samples, _ = drums(120.0, 4.0, "rock", start=0.0)
    write(tmp_path / "song.wav", samples)
    rendered(SONG, tmp_path)
    # the level that features are relative to is the whole track's, so `bass` differs everywhere
    samples[2 * RATE :] *= 0.5
    write(tmp_path / "song.wav", samples)
    assert rendered(SONG, tmp_path) == since(24)


def test_a_louder_track_in_the_output_is_no_other_picture(tmp_path: Path) -> None:
    samples, _ = drums(120.0, 4.0, "rock", start=0.0)
    write(tmp_path / "song.wav", samples)
    rendered(SONG, tmp_path)
    louder = SONG.replace('audio song = "song.wav"', 'audio song = "song.wav" { gain = -6db }')
    assert rendered(louder, tmp_path) == NONE


STEADY = """\
size = 48x32; fps = 8; model = "null"; diffuse.seed_mode = fixed; camera CAMERA
scene one LENGTH { prompt = "a lake" }
scene two 1s { prompt = "a city" }
"""


@pytest.mark.parametrize(
    "camera",
    [
        "2d { zoom = 1.1 per s }",
        "2d { zoom = 1.07 per s; angle = 7deg per s; translation_x = 3px per s }",
        "3d { dolly = 10 per s; pan = 3deg per s }",
    ],
)
def test_a_steady_camera_moves_alike_wherever_its_scene_stands(camera: str, tmp_path: Path) -> None:
    seen = set()
    for eighths in range(8, 24):
        text = STEADY.replace("CAMERA", camera).replace("LENGTH", f"{eighths * 125}ms")
        film = compiled(text, tmp_path)
        assert film.plan is not None, film.diagnostics
        seen.add(frame_table(film.plan, film.columns).recipes[-8:])
    assert len(seen) == 1


def test_a_grade_changes_what_is_shown_and_nothing_else(tmp_path: Path) -> None:
    faded = SCENES
    for scene in ("two", "three"):
        faded = faded.replace(f"{scene} 1s {{", f"{scene} 1s {{ transition = crossfade(500ms);")
    graded = faded.replace('"a lake" } }', '"a lake" }; grade.exposure = 0.5 }')
    films = [compiled(text, tmp_path) for text in (faded, graded)]
    plain, other = (frame_table(film.plan, film.columns) for film in films if film.plan is not None)
    assert plain.recipes == other.recipes
    changed = {frame for frame in range(24) if plain.shown[frame] != other.shown[frame]}
    # of the scene itself, and where it still shows beneath the one after it
    assert changed == since(0, 12)


def test_variants_share_what_they_have_in_common(tmp_path: Path) -> None:
    two = '"a forest"', '"a burning forest"'
    first, second = (CHAIN.replace(two[0], text) for text in two)
    assert rendered(first, tmp_path) == ALL
    assert rendered(second, tmp_path) == since(16)


def test_an_edit_that_is_taken_back_costs_nothing(tmp_path: Path) -> None:
    rendered(CHAIN, tmp_path)
    rendered(CHAIN.replace("a forest", "a city"), tmp_path)
    assert rendered(CHAIN, tmp_path) == NONE


def test_frames_that_are_alike_are_rendered_once(tmp_path: Path) -> None:
    still = FREE.replace("cfg_scale = 0s: 7, 1s: 8", "cfg_scale = 7; seed_mode = fixed")
    assert rendered(still, tmp_path) == {0, 16, 24}
