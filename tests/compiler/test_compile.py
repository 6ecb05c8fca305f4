"""From text to plan: what the runtime is told."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.compiler.film_texts import compiled, frames_of

from anim_compiler.compile import Compiled
from anim_compiler.drawing.names import BUILT_IN_MODEL
from anim_compiler.plan import ColumnRef, Plan, TextPart

BASE = 'size = 64x64; fps = 10; length = 2s; prompt { 0s: "a" }\n'


def plan_of(made: Compiled) -> Plan:
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan


def ops(plan: Plan, kind: str) -> list[str]:
    return [node.op for k, t in plan.scenes[0].templates.items() if k == kind for node in t.nodes]


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Four seconds at 120 bpm: a short low thump on every beat, the first at 0.25 s."""
    rate = 22050
    samples = np.zeros(rate * 4)
    t = np.arange(3000) / rate
    for beat in np.arange(0.25, 3.8, 0.5):
        at = int(beat * rate)
        samples[at : at + 3000] += np.sin(2 * np.pi * 60 * t) * np.exp(-t * 25)
    soundfile.write(tmp_path / "song.wav", samples * 0.8, rate)
    return tmp_path


def test_a_film_without_anything_is_text_to_image_and_image_to_image() -> None:
    plan = plan_of(compiled(BASE))
    assert ops(plan, "first") == ["generate"]
    assert ops(plan, "diffused") == ["previous", "diffuse"]
    assert "tween" not in plan.scenes[0].templates
    assert plan.model.reference == BUILT_IN_MODEL
    assert [o.path for o in plan.outputs] == ["film.mp4"]


def test_the_model_is_asked_for_by_name(tmp_path: Path) -> None:
    asked: list[str] = []

    def sha(reference: str) -> str:
        asked.append(reference)
        return "f" * 64

    plan = plan_of(compiled(BASE + 'model = "dream.safetensors"', tmp_path, model_sha256=sha))
    assert asked == ["dream.safetensors"]
    assert plan.model.sha256 == "f" * 64


def test_tweens_mix_by_time() -> None:
    made = compiled(BASE + "coherence { cadence = 4 }")
    assert made.columns["tween.mix"][:8] == pytest.approx([0, 0.25, 0.5, 0.75, 0, 0.25, 0.5, 0.75])
    assert ops(plan_of(made), "tween") == ["previous", "next", "mix"]


def test_moves_go_from_the_last_diffused_frame() -> None:
    made = compiled(BASE + "camera 2d { zoom = 1.1 per f }\ncoherence { cadence = 3 }")
    zoom = made.columns["camera.from_previous"][:, 0]
    assert zoom[[0, 1, 2, 3, 4]] == pytest.approx([1, 1.1, 1.21, 1.331, 1.1])
    back = made.columns["camera.from_next"][:, 0]
    assert back[[1, 2, 3]] == pytest.approx([1.1**-2, 1.1**-1, 1])


def test_a_camera_that_stands_still_costs_nothing() -> None:
    assert ops(plan_of(compiled(BASE + "camera 3d { zoom = 1.3; fov = 50deg }")), "diffused") == [
        "previous",
        "diffuse",
    ]


def test_prompts_morph_between_keys() -> None:
    text = 'size = 64x64; fps = 10; length = 2s\nprompt { 0s: "a"\n 1s: "b"\n negative = "n" }'
    made = compiled(text)
    plan = plan_of(made)
    assert plan.prompts.texts == (("a",), ("b",), ("n",))
    assert made.columns["prompt.mix"][[0, 5, 10, 19]] == pytest.approx([0, 0.5, 0, 0])
    assert made.columns["prompt.from"][[0, 9, 10]].tolist() == [0, 0, 1]
    assert made.columns["prompt.to"][[0, 9, 10]].tolist() == [1, 1, 1]
    assert set(made.columns["negative.from"].tolist()) == {2}


def test_morph_time_fills_the_end_of_a_segment() -> None:
    text = 'size = 64x64; fps = 10; length = 2s\nprompt { 0s: "a"\n 1s: "b"\n morph_time = 500ms }'
    assert compiled(text).columns["prompt.mix"][[0, 5, 6, 9]] == pytest.approx([0, 0, 0.2, 0.8])


def test_hold_and_cut_do_not_morph() -> None:
    for held in ('0s: "a" hold\n 1s: "b"', '0s: "a"\n 1s: "b"\n morph = cut'):
        made = compiled(f"size = 64x64; fps = 10; length = 2s\nprompt {{ {held} }}")
        assert not made.columns["prompt.mix"].any()


def test_prompt_keys_are_diffused() -> None:
    text = 'size = 64x64; fps = 10; length = 2s\nprompt { 0s: "a"\n 0.5s: "b" }\ncoherence { cadence = 4 }'
    kinds = frames_of(compiled(text)).kinds
    assert [f for f, kind in enumerate(kinds) if kind != "tween"] == [0, 4, 5, 8, 12, 16, 19]


def test_numbers_in_texts_and_weights_are_columns() -> None:
    text = BASE.replace('"a"', '"(rain:{t / 3})" * u + "sun" * (1 - u)')
    made = compiled(text)
    plan = plan_of(made)
    part = plan.prompts.texts[0][1]
    assert isinstance(part, TextPart)
    assert made.columns[part.column][[1, 2]].tolist() == [0.3333, 0.6667]
    weights = [row.weight for row in plan.prompts.conditionings[0]]
    assert all(isinstance(weight, ColumnRef) for weight in weights)


def test_seeds_count_diffused_frames() -> None:
    made = compiled(BASE + "seed = 7\ncoherence { cadence = 5 }")
    assert made.columns["diffuse.seed"][[0, 5, 10, 19]].tolist() == [7, 8, 9, 11]


def test_a_drawn_seed_is_recorded_and_stays() -> None:
    first, second = (compiled(BASE + "seed = -1" + more) for more in ("", "  # again"))
    assert plan_of(first).seed == plan_of(second).seed >= 0
    assert frames_of(first).recipes == frames_of(second).recipes


@pytest.mark.parametrize(
    ("trigger", "diffused"),
    [
        ("on(every(5f))", [0, 5, 10, 15, 19]),
        ("on(t >= 7)", [0, 7, 19]),
        ("on(t % 6 == 2 or t % 6 == 3)", [0, 2, 8, 14, 19]),
    ],
)
def test_a_cadence_on_a_trigger_diffuses_where_it_fires(trigger: str, diffused: list[int]) -> None:
    kinds = frames_of(compiled(BASE + f"coherence {{ cadence = {trigger} }}")).kinds
    assert [f for f, kind in enumerate(kinds) if kind != "tween"] == diffused


def test_a_cadence_of_the_film_fires_by_the_films_clock_and_starts_anew_in_scenes() -> None:
    text = BASE.replace("length = 2s", "") + "coherence { cadence = on(every(4f)) }\n"
    kinds = frames_of(compiled(text + "scene a 6f { }\nscene b 8f { }")).kinds
    assert [f for f, kind in enumerate(kinds) if kind != "tween"] == [0, 4, 5, 6, 8, 12, 13]


def test_a_scheduled_seed_is_taken_as_it_stands() -> None:
    made = compiled(BASE + "seed = 5\ndiffuse { seed = 0: (s) hold, 10: (s + 100) }")
    assert made.columns["diffuse.seed"][[0, 9, 10, 19]].tolist() == [5, 5, 105, 105]


def test_options_override() -> None:
    made = compiled(BASE + "diffuse { steps = 20 }", size=(128, 96), fps=Fraction(5), steps=4, seed=9)
    plan = plan_of(made)
    assert (plan.width, plan.height, plan.fps, plan.frames, plan.seed) == (128, 96, "5", 10, 9)
    assert all(node.args.get("steps", 4) == 4 for t in plan.scenes[0].templates.values() for node in t.nodes)


def test_a_preview_has_the_films_own_values() -> None:
    text = BASE + "let x = smooth(noise(2hz, 1), 500ms)\ndiffuse { strength = 0.5 + x * 0.3 }"
    whole, part = compiled(text), compiled(text, frames=(8, 14))
    assert plan_of(part).frames == 6
    assert frames_of(part).kinds[0] == "first"
    for name, column in part.columns.items():
        if name.startswith(("diffuse.", "prompt.")):
            assert np.array_equal(column, whole.columns[name][8:14]), name


def test_beats_fall_on_the_songs_beats(song: Path) -> None:
    text = (
        'size = 64x64; fps = 20\naudio song = "song.wav" { bpm = 120 }\nprompt { 0s: "a" }\n'
        "diffuse { strength = 0.2 + 0.5 * beat; cfg_scale = 1beat: 1 hold, 3beats: 9 }\n"
    )
    made = compiled(text, song)
    plan = plan_of(made)
    assert plan.frames == 80
    assert np.flatnonzero(made.columns["diffuse.strength"] > 0.5)[:3].tolist() == pytest.approx(
        [5, 15, 25], abs=1
    )
    # the grid beat nearest time 0 stands at 0.25 s (or at -0.25 s, as near)
    changes = int(np.flatnonzero(made.columns["diffuse.cfg_scale"] > 5)[0])
    assert changes in (25, 35)
    assert [m.name for m in plan.media] == ["song"]
    assert plan.outputs[0].audio == "song"


def test_bass_pulses_with_the_kick(song: Path) -> None:
    head = 'size = 64x64; fps = 20\naudio song = "song.wav"\nprompt { 0s: "a" }\n'
    text = head + "camera 2d { zoom = bass * 0.2 + 1 }"
    film = compiled(text, song)
    moves = film.columns["camera.from_previous"][:, 0]
    assert moves.max() > 1.03
    assert moves.min() < 0.99


def test_the_init_image_is_a_medium(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("RGB", (30, 20)).save(tmp_path / "coast.png")
    plan = plan_of(compiled(BASE + 'image photo = "coast.png"\ninit = photo', tmp_path))
    assert ops(plan, "first") == ["init", "diffuse"]
    assert [(m.name, m.kind, m.path) for m in plan.media] == [("photo", "image", "coast.png")]


@pytest.mark.parametrize(
    ("line", "code", "frame"),
    [
        ("camera 2d { zoom = 1 / (t - 3) }", "E5001", 3),
        ("camera 2d { zoom = 1 + log(2 - t) }", "E5001", 2),
        ("diffuse { strength = t / 10 }", "E5002", 11),
        ("camera 2d { zoom = 0 - t }", "E5002", 0),
    ],
)
def test_values_that_cannot_be_used_are_told_with_their_frame(line: str, code: str, frame: int) -> None:
    made = compiled(BASE + line)
    assert made.plan is None
    found = next(d for d in made.diagnostics if d.code == code)
    assert f"at frame {frame}" in found.message


def test_infinity_names_its_inputs() -> None:
    found = compiled(BASE + "let a = t - 3\ncamera 2d { zoom = 1 / a }").diagnostics[0]
    assert found.notes
    assert "is 0" in found.notes[0]
    assert found.source.slice(found.span) == "1 / a"


def test_a_preview_inside_a_cadence_moves_from_its_own_first_frame() -> None:
    """Frames 4 to 9 of a cadence of 3: frame 4 begins, so frame 5's move is from there."""
    text = BASE + "camera 2d { zoom = 1.1 per f }\ncoherence { cadence = 3 }"
    part = compiled(text, frames=(4, 10))
    assert frames_of(part).before == (-1, 0, 0, 2, 2, 2)
    assert part.columns["camera.from_previous"][:, 0] == pytest.approx([1, 1.1, 1.21, 1.1, 1.21, 1.331])
    assert part.columns["camera.from_next"][[1, 3], 0] == pytest.approx([1.1**-1, 1.1**-2])
    assert part.columns["tween.mix"] == pytest.approx([0, 0.5, 0, 1 / 3, 2 / 3, 0])
