"""`loop = on` and `morph`: which frames lie beneath which, and how much of them is shown."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from tests.compiler.film_texts import codes, compiled, film_of, frames_of
from tests.compiler.graph_films import seen

from anim_compiler.graph import Graph, topological

HEAD = 'size = 64x64; fps = 8\nprompt { 0s: "a" }\n'
LOOP = f"{HEAD}loop = on\n"
HOME = Path("nowhere")


def ways(graph: Graph) -> dict[int, str]:
    """By scene, how it is revealed."""
    return {
        scene: str(node.arg("way"))
        for (scene, _), template in graph.templates.items()
        for node in topological(template.results)
        if node.op == "reveal"
    }


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("length = 8s", Fraction(1)),
        ("length = 2s", Fraction(1, 2)),
        ("length = 8s; loop_time = 2s", Fraction(2)),
        ("length = 8s; loop_time = 4f", Fraction(1, 2)),
        ("length = 8s; bpm = 120; loop_time = 2beats", Fraction(1)),
        ("length = 8s; loop_time = 0s", Fraction(0)),
        ("scene a 500ms { }\nscene b 8s { }", Fraction(1, 2)),
    ],
)
def test_how_long_a_loop_takes(text: str, seconds: Fraction) -> None:
    assert film_of(LOOP + text).loop_time == seconds
    assert film_of(HEAD + text).loop_time == 0


def test_the_end_runs_on_beneath_the_beginning() -> None:
    made = compiled(f"{LOOP}length = 4s; loop_time = 500ms")
    table = frames_of(made)
    assert made.plan is not None
    assert (made.plan.frames, made.plan.made, made.plan.scenes[0].tail) == (32, 36, (32, 36))
    assert table.under == (32, 33, 34, 35, *(-1,) * 32)
    assert table.before[32] == 31
    assert made.columns["transition.reveal"][:6].tolist() == [0, 0.25, 0.5, 0.75, 1, 1]
    assert made.columns["transition.reveal"][6:].min() == 1


def test_of_several_scenes_the_last_shows_beneath_the_first() -> None:
    text = f"{LOOP}loop_time = 250ms\nscene a 1s {{ }}\nscene b 1s {{ transition = crossfade(500ms) }}"
    made = compiled(text)
    table = frames_of(made)
    assert made.plan is not None
    assert [scene.tail for scene in made.plan.scenes] == [(16, 20), (20, 22)]
    assert table.under[:16] == (20, 21, *(-1,) * 6, 16, 17, 18, 19, *(-1,) * 4)
    assert ways(seen(text, HOME).expanded) == {0: "fade", 1: "fade"}


def test_what_lies_beneath_is_part_of_what_is_shown_and_of_nothing_else() -> None:
    plain, loops = (frames_of(compiled(f"{head}length = 4s")) for head in (HEAD, LOOP))
    assert plain.recipes == loops.recipes[:32]
    assert plain.shown[8:32] == loops.shown[8:32]
    assert not set(plain.shown[:8]) & set(loops.shown[:8])


def test_the_last_frame_is_no_end() -> None:
    """With a cadence it is made as any other, so that nothing jumps where the film comes back."""
    text = "length = 4s; loop_time = 500ms; coherence { cadence = 3 }"
    assert frames_of(compiled(HEAD + text)).kinds[31] == "diffused"
    assert frames_of(compiled(LOOP + text)).kinds[31] == "tween"


def test_a_part_of_a_film_does_not_loop() -> None:
    for frames in ((0, 16), (8, 32), (0, 31)):
        made = compiled(f"{LOOP}length = 4s", frames=frames)
        assert made.plan is not None
        assert made.plan.made == made.plan.frames
        assert set(frames_of(made).under) == {-1}
    whole = compiled(f"{LOOP}length = 4s", frames=(0, 32))
    assert whole.plan is not None
    assert whole.plan.made == 40


def test_curves_go_on_past_the_end() -> None:
    made = compiled(f"{LOOP}length = 1s; loop_time = 500ms\ncamera 2d {{ translation_x = 32px per s }}")
    moves = made.columns["camera.from_previous"]
    assert moves.shape == (12, 9)
    assert np.allclose(moves[8:], moves[7])


def test_with_flow_the_way_back_is_a_morph() -> None:
    text = f"{LOOP}length = 2s\ncoherence {{ flow = on }}"
    assert ways(seen(text, HOME).expanded) == {0: "morph"}
    assert ways(seen(f"{LOOP}length = 2s", HOME).expanded) == {0: "fade"}


def test_a_morph_shows_both_scenes_as_a_crossfade_does() -> None:
    text = HEAD + "scene a 1s { }\nscene b 1s { transition = morph(500ms) }"
    morph, fade = compiled(text), compiled(text.replace("morph", "crossfade"))
    assert frames_of(morph).under == frames_of(fade).under
    assert frames_of(morph).recipes == frames_of(fade).recipes
    assert frames_of(morph).shown != frames_of(fade).shown
    assert ways(seen(text, HOME).expanded) == {1: "morph"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{LOOP}length = 2s; loop_time = 3s", ["E5041"]),
        (f"{LOOP}loop_time = 2s\nscene a 1s {{ }}\nscene b 4s {{ }}", ["E5041"]),
        (f"{HEAD}length = 2s; loop_time = 1s", ["W6110"]),
        (f"{HEAD}length = 2s; loop = off; loop_time = 1s", ["W6110"]),
        (f"{LOOP}length = 2s; loop_time = 2s", []),
    ],
)
def test_times_that_a_loop_cannot_take(text: str, found: list[str]) -> None:
    assert codes(text) == found
