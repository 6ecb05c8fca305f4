"""Which frames ask the model: keys, scenes, beats; and what stands between them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.compiler.film_texts import compiled, film_of
from tests.compiler.graph_films import seen
from tests.compiler.statement_files import stage

from anim_compiler.asking import Asked
from anim_compiler.graph import Column, Graph, topological
from anim_compiler.ranges import read_ranges
from anim_compiler.world import World

HEAD = 'size = 64x64; fps = 10\nprompt { 0s: "a" }\n'


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stage(tmp_path_factory.mktemp("films"))


def kinds(text: str, home: Path) -> dict[str, list[int]]:
    """The frames of every kind, over all scenes."""
    made = compiled(text, home)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    found: dict[str, list[int]] = {}
    for scene in made.plan.scenes:
        for kind, template in scene.templates.items():
            found.setdefault(kind, []).extend(read_ranges(template.frames))
    return found


def diffused(text: str, home: Path) -> list[int]:
    """The frames that ask the model."""
    found = kinds(text, home)
    return sorted(f for kind, frames in found.items() if kind != "tween" for f in frames)


def template(graph: Graph, kind: str) -> str:
    """The ops of a template of the first scene, in a row."""
    return " ".join(node.op for node in graph.templates[0, kind].nodes)


# --- which frames ---


def test_prompt_keys_are_diffused_off_the_grid(home: Path) -> None:
    prompts = 'prompt { 0s: "a"; 0.55s: "b"; 1.3s: "c"; negative = 0s: "x", 1.7s: "y" }\n'
    text = f"size = 64x64; fps = 10; length = 2s\n{prompts}"
    assert diffused(f"{text}coherence.cadence = 5", home) == [0, 5, 6, 10, 13, 15, 17, 19]


def test_a_key_between_two_frames_is_the_one_after(home: Path) -> None:
    text = 'size = 64x64; fps = 10; length = 1s\nprompt { 0s: "a"; 0.41s: "b"; 0.7s: "c" }\n'
    assert diffused(f"{text}coherence.cadence = 50", home) == [0, 5, 7, 9]


@pytest.mark.parametrize("transition", ["cut", "continue", "dip(0.4s)"])
def test_scenes_start_and_end_diffused(transition: str, home: Path) -> None:
    text = f"{HEAD}coherence.cadence = 4\nscene one 1s {{ }}\nscene two 1s {{ transition = {transition} }}"
    assert diffused(text, home) == [0, 4, 8, 9, 10, 14, 18, 19]


def test_a_scene_that_runs_on_beneath_ends_diffused_twice(home: Path) -> None:
    """Where it is last shown alone, and where it is last shown at all."""
    text = (
        f"{HEAD}coherence.cadence = 50\nscene one 1s {{ }}\nscene two 1s {{ transition = crossfade(0.4s) }}"
    )
    made = compiled(text, home)
    assert made.plan is not None
    one = made.plan.scenes[0]
    assert one.tail == (20, 24)
    asked = [f for kind in ("first", "diffused") for f in read_ranges(one.templates[kind].frames)]
    assert asked == [0, 9, 23]


@pytest.mark.parametrize(
    ("trigger", "frames"),
    [
        ("on(every(1beat))", [0, 5, 10, 15, 20, 25, 29]),
        ("on(every(2beats))", [0, 10, 20, 29]),
        ("on(every(1bar))", [0, 20, 29]),
        ("on(pulse(1s, 50%))", [0, 10, 20, 29]),
    ],
)
def test_the_model_is_asked_on_beats(trigger: str, frames: list[int], home: Path) -> None:
    assert diffused(f"{HEAD}length = 3s; bpm = 120\ncoherence.cadence = {trigger}", home) == frames


@pytest.mark.parametrize("bpm", [87, 93.5, 128, 174])
def test_every_firing_of_a_trigger_is_diffused_and_nothing_else(bpm: float, home: Path) -> None:
    text = f"{HEAD}length = 4s; bpm = {bpm}\nlet hits = every(1beat)\ncoherence.cadence = on(hits)"
    hits = Asked(film_of(text, home), World(home, home)).curve("hits") > 0.5
    rises = np.flatnonzero(hits & ~np.concatenate([[False], hits[:-1]]))
    assert diffused(text, home) == sorted({0, 39, *rises.tolist()})


def test_beats_and_prompt_keys_both_count(home: Path) -> None:
    text = 'size = 64x64; fps = 10; length = 2s; bpm = 120\nprompt { 0s: "a"; 0.7s: "b" }\n'
    assert diffused(f"{text}coherence.cadence = on(every(2beats))", home) == [0, 7, 10, 19]


def test_beats_of_a_song_count_by_the_film_in_every_scene(home: Path) -> None:
    """A scene that starts between two beats is diffused at its start and then on the song's beats."""
    text = (
        f"{HEAD}bpm = 120\ncoherence.cadence = on(every(1beat))\nscene one 0.7s {{ }}\nscene two 1.3s {{ }}"
    )
    assert diffused(text, home) == [0, 5, 6, 7, 10, 15, 19]


def test_the_model_is_asked_on_the_beats_of_a_song(tmp_path: Path) -> None:
    """Each beat is diffused in the frame whose interval holds it; what is found is what the curve says."""
    rate = 22050
    samples, thump = np.zeros(rate * 4), np.arange(3000) / rate
    for beat in np.arange(0.3, 3.8, 0.6):
        at = int(beat * rate)
        samples[at : at + 3000] += np.sin(2 * np.pi * 60 * thump) * np.exp(-thump * 25)
    soundfile.write(tmp_path / "song.wav", samples * 0.8, rate)
    text = f'{HEAD}length = 4s\naudio song = "song.wav"\ncoherence.cadence = on(beat)'
    beats = np.flatnonzero(Asked(film_of(text, tmp_path), World(tmp_path, tmp_path)).curve("beat"))
    assert len(beats) >= 5
    assert diffused(text, tmp_path) == sorted({0, 39, *beats.tolist()})


def test_a_curve_is_read_where_the_count_stands(home: Path) -> None:
    text = f"{HEAD}length = 2s\ncoherence.cadence = 0s: 2 hold, 1s: 5"
    assert diffused(text, home) == [0, 2, 4, 6, 8, 10, 15, 19]


@pytest.mark.parametrize("cadence", range(1, 12))
def test_the_last_frame_is_always_there(cadence: int, home: Path) -> None:
    frames = diffused(f"{HEAD}length = 2.3s\ncoherence.cadence = {cadence}", home)
    assert frames == sorted({*range(0, 23, cadence), 22})


# --- what stands between ---


def test_tweens_are_split_off_and_nothing_is_lost(home: Path) -> None:
    graph = seen(f"{HEAD}length = 1s\ncoherence.cadence = 3", home).last
    frames = {kind: t.frames for (_, kind), t in graph.templates.items()}
    assert frames == {"first": (0,), "diffused": (3, 6, 9), "tween": (1, 2, 4, 5, 7, 8)}


def test_without_tweens_nothing_changes(home: Path) -> None:
    made = dict(seen(f"{HEAD}length = 1s", home).graphs)
    before, after = made["expand"], made["cadence"]
    assert {k: t.frames for k, t in before.templates.items()} == {
        k: t.frames for k, t in after.templates.items()
    }


def test_a_diffused_frame_is_shown_whole_at_its_time(home: Path) -> None:
    """Its `frame` is made of its own carry, and no tween has all of a neighbour."""
    graph = seen(f"{HEAD}length = 2s\ncamera 2d {{ zoom = 2 per s }}\ncoherence.cadence = 7", home).last
    between, asked = graph.templates[0, "tween"], graph.templates[0, "diffused"]
    mix = graph.columns["tween.mix"]
    assert ((mix[list(between.frames)] > 0) & (mix[list(between.frames)] < 1)).all()
    assert asked.results["frame"] is asked.results["carry"]
    assert "next" not in template(graph, "diffused")


def test_what_is_behind_carry_is_read_at_every_frame(home: Path) -> None:
    """`grade` of a tween has the tween's own numbers; the diffusion's are those of its frames."""
    text = f"{HEAD}length = 1s\ngrade.gain = 1 + u\ndiffuse.strength = 0.5 + 0.4 * u\ncoherence.cadence = 3"
    graph = seen(text, home).last
    tween = graph.templates[0, "tween"]
    assert template(graph, "tween") == "previous next mix grade"
    assert tween.results["frame"].arg("gain") == Column("grade.gain")
    assert graph.columns["grade.gain"] == pytest.approx(1 + np.arange(10) / 10)
    assert graph.columns["diffuse.strength"][[3, 6, 9]] == pytest.approx([0.62, 0.74, 0.86])


def test_tweens_of_frames_that_nothing_moves_only_mix(home: Path) -> None:
    text = f"{HEAD}length = 1s\ncamera 2d {{ zoom = 2 per s }}\ncoherence.cadence = 3\n"
    assert template(seen(text + "pipeline { frame = generate() }", home).last, "tween") == "previous next mix"
    still = text + "pipeline { frame = diffuse(warp(first, camera)) }"
    assert template(seen(still, home).last, "tween") == "previous next mix"


def test_moves_of_the_pipelines_own_are_not_of_the_camera(home: Path) -> None:
    steps = "frame = diffuse(transform(previous, x = 2px))"
    text = f"{HEAD}length = 1s\ncoherence.cadence = 3\npipeline {{ {steps} }}"
    assert template(seen(text, home).last, "tween") == "previous next mix"


def test_depth_of_a_tween_is_that_of_the_picture_it_moves(home: Path) -> None:
    text = (
        f"{HEAD}length = 1s\ncamera 3d {{ dolly = 9 per s; depth = estimated }}\ncoherence.cadence = 3\n"
        "pipeline { far = blur(estimate_depth(previous))\n"
        "frame = diffuse(warp(sharpen(previous), camera, depth = far)) }"
    )
    tween = seen(text, home).last.templates[0, "tween"]
    before, after = tween.results["carry"].inputs
    looked = ["first", "depth_range", "depth", "warp3d"]
    assert [n.op for n in topological({"c": before})] == ["previous", *looked]
    assert [n.op for n in topological({"c": after})] == ["next", *looked]
    assert before.inputs[1].arg("method") == "estimated"


def test_depth_that_is_no_estimate_is_made_of_the_picture_as_written(home: Path) -> None:
    text = (
        f"{HEAD}length = 1s\ncamera 3d {{ dolly = 9 per s }}\ncoherence.cadence = 3\n"
        "pipeline { frame = diffuse(warp(previous, camera, depth = luma_mask(previous, low = 20%))) }"
    )
    _, after = seen(text, home).last.templates[0, "tween"].results["carry"].inputs
    assert [n.op for n in topological({"c": after})] == ["next", "luma_mask", "as_depth", "warp3d"]


def test_a_model_behind_carry_is_asked_in_every_frame(home: Path) -> None:
    steps = "carry = diffuse(previous); frame = diffuse(carry)"
    text = f"{HEAD}length = 1s\ncoherence.cadence = 3\npipeline {{ {steps} }}"
    graph = seen(text, home).last
    assert template(graph, "tween") == "previous next mix diffuse"


def test_what_the_model_makes_on_the_way_to_carry_is_the_tween_where_it_is_shown(home: Path) -> None:
    text = (
        f"{HEAD}length = 1s\ncoherence.cadence = 3\n"
        "pipeline { fresh = diffuse(previous); carry = blend(fresh, previous, 30%)\n"
        "frame = sharpen(fresh, 0.5) }"
    )
    tween = seen(text, home).last.templates[0, "tween"]
    assert tween.results["frame"].inputs == (tween.results["carry"],)
