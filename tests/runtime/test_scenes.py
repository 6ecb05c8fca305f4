"""Films of several scenes, from text to stored pictures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.compiler.film_texts import compiled
from tests.runtime.running import objects, run

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import Columns, Plan
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally
from anim_runtime.working import working_order

HEAD = """
size = 48x32; fps = 8; seed = 3; model = "null"
camera 2d { zoom = 1.2 per s }
coherence { cadence = 3; color = lab; noise = 2% }
diffuse { strength = 0.5 }
"""
ONE = 'scene one 1s { prompt { 0s: "a lake" } }\n'
THREE = 'scene three 500ms { transition = continue; prompt { 0s: "a forest" } }\n'


def made(transition: str, text: str = "", **options: Any) -> tuple[Plan, Columns]:
    two = f'scene two 1s {{ transition = {transition}; prompt {{ 0s: "a city" }} }}\n'
    film = compiled(text or HEAD + ONE + two + THREE, **options)
    assert film.plan is not None, film.diagnostics
    # outputs are another test's business
    return film.plan.model_copy(update={"outputs": ()}), film.columns


def pictures(film: tuple[Plan, Columns], here: Path) -> NDArray[np.uint16]:
    """What is shown at every frame: uint16 `[frames,H,W,3]`."""
    done, _ = run(film, here)
    assert done.exit_code == 0, done.message
    job = Job(*film, here, here, here, "cpu", lambda event: None, lambda: False)
    frames = Frames(job, Tally())
    return np.stack([frames.shown(f) for f in range(film[0].frames)])


def difference(a: NDArray[np.uint16], b: NDArray[np.uint16]) -> float:
    return float(np.abs(a.astype(np.float64) - b.astype(np.float64)).mean() / 65535)


@pytest.mark.parametrize(
    "transition", ["cut", "continue", "crossfade(500ms)", "wipe(500ms, up)", "dip(500ms)"]
)
def test_a_film_that_was_stopped_goes_on_to_the_same_pictures(tmp_path: Path, transition: str) -> None:
    film = made(transition)
    undisturbed = pictures(film, tmp_path / "whole")
    asked = 0

    def after_nine() -> bool:
        nonlocal asked
        asked += 1
        return asked > 9

    stopped, _ = run(film, tmp_path / "stopped", stop=after_nine)
    assert stopped.exit_code == 130
    assert 0 < stopped.made < film[0].made
    assert np.array_equal(pictures(film, tmp_path / "stopped"), undisturbed)
    assert objects(tmp_path / "stopped") == objects(tmp_path / "whole")


def test_a_cut_jumps_and_continue_does_not(tmp_path: Path) -> None:
    cut, goes_on = pictures(made("cut"), tmp_path), pictures(made("continue"), tmp_path)
    assert np.array_equal(cut[:8], goes_on[:8])
    assert difference(cut[7], cut[8]) > difference(goes_on[7], goes_on[8]) * 1.5


def test_a_crossfade_starts_with_the_old_scene_and_ends_in_the_new(tmp_path: Path) -> None:
    cut, faded = pictures(made("cut"), tmp_path), pictures(made("crossfade(500ms)"), tmp_path)
    assert np.array_equal(cut[:8], faded[:8])
    assert np.array_equal(cut[12:], faded[12:])
    assert difference(faded[8], cut[8]) > difference(faded[11], cut[11]) > 0


def test_a_wipe_shows_both_scenes_side_by_side(tmp_path: Path) -> None:
    cut, wiped = pictures(made("cut"), tmp_path), pictures(made("wipe(500ms, right)"), tmp_path)
    assert np.array_equal(cut[10][:, :23], wiped[10][:, :23])
    assert not np.array_equal(cut[10][:, 25:], wiped[10][:, 25:])


def test_a_dip_is_its_colour_at_the_cut(tmp_path: Path) -> None:
    dipped = pictures(made("dip(500ms, white)"), tmp_path)
    assert (dipped[8] == 65535).all()
    assert dipped[7].mean() > dipped[6].mean() > dipped[5].mean()


def test_transitions_cost_no_diffusion_of_their_own(tmp_path: Path) -> None:
    pictures(made("cut"), tmp_path)
    done, _ = run(made("dip(500ms)"), tmp_path)
    assert done.made == 0
    done, _ = run(made("crossfade(500ms)"), tmp_path)
    assert done.made == 4  # those beneath


def test_an_edit_of_one_scene_renders_that_scene(tmp_path: Path) -> None:
    pictures(made("cut"), tmp_path)
    two = 'scene two 1s { transition = cut; prompt { 0s: "a village" } }\n'
    done, _ = run(made("cut", HEAD + ONE + two + THREE.replace("continue", "cut")), tmp_path)
    assert done.made == 8 + 4


def test_a_scene_is_made_before_what_shows_through_it_ends() -> None:
    plan, columns = made("crossfade(500ms)")
    table = frame_table(plan, columns)
    order = working_order(plan, table)
    assert sorted(order) == list(range(plan.made))
    places = {f: i for i, f in enumerate(order)}
    for f in range(plan.made):
        for needed in (table.before[f], table.after[f]):
            assert needed < 0 or places[needed] < places[f]


def test_a_sampler_that_changes_is_used(tmp_path: Path) -> None:
    text = """
    size = 48x32; fps = 8; length = 1s; seed = 3; model = "postcard"
    prompt { 0s: "a lake" }
    diffuse { steps = 3; strength = 1; sampler = 0s: "Euler", 0.5s: "DDIM" }
    """
    same = text.replace(', 0.5s: "DDIM"', "")
    changing, steady = (pictures(made("", t), tmp_path) for t in (text, same))
    assert np.array_equal(changing[:4], steady[:4])
    assert not np.array_equal(changing[4], steady[4])


def test_between_two_seeds_lies_a_picture_between_theirs(tmp_path: Path) -> None:
    text = """
    size = 48x32; fps = 8; length = 5f; model = "null"
    prompt { 0s: "a lake" }
    diffuse { strength = 1; seed = 0f: 7, 4f: 8; seed_mode = fixed }
    """
    shown = pictures(made("", text), tmp_path)
    steps = [difference(a, b) for a, b in pairwise(shown)]
    assert min(steps) > 0
    assert max(steps) < difference(shown[0], shown[4])


GRADED = """size = 48x32; fps = 8; seed = 3; model = "null"
scene one 1s { prompt { 0s: "a lake" }; grade.exposure = 0 }
scene two 1s { transition = crossfade(500ms); prompt { 0s: "a city" } }
"""


@pytest.mark.parametrize("transition", ["crossfade(500ms)", "wipe(500ms, up)"])
def test_what_shows_beneath_is_graded_as_before(tmp_path: Path, transition: str) -> None:
    text = GRADED.replace("crossfade(500ms)", transition)
    plain = pictures(made("", text), tmp_path)
    black = pictures(made("", text.replace("exposure = 0", "gain = 0")), tmp_path)
    assert not black[:8].any()
    if transition.startswith("crossfade"):
        # the scene above comes in over black, without anything of the bare picture beneath
        film = made("", text)
        over = pictures(made("", text.replace(f"transition = {transition}; ", "")), tmp_path)[8:12]
        reveal = film[1]["transition.reveal"][8:12, None, None, None]
        assert np.abs(black[8:12] - over * reveal).max() <= 2.0
    assert difference(black[8:12], plain[8:12]) > 0.02
    assert np.array_equal(black[12:], plain[12:])
