"""What is measured of shown frames, and what a film expects of them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from tests.compiler.film_texts import compiled
from tests.runtime.running import run

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Event, Finished, FrameDone, Measured, Unmet
from anim_runtime.journal import read_journal
from anim_runtime.measure import BLACK, drift, looked_at, sharpness
from anim_runtime.measuring import figures_of_pictures, known_of
from anim_runtime.movement import Movement
from anim_runtime.pictures import save_png

Pixels = NDArray[np.uint16]


def even(red: float, green: float, blue: float, height: int = 64) -> Pixels:
    colour = (np.array([red, green, blue]) * 65535).round().astype(np.uint16)
    return np.broadcast_to(colour, (height, height, 3)).copy()


def texture(seed: int, height: int = 96, width: int = 128) -> NDArray[np.uint8]:
    """Detail of about 8 px, which a bilinear look-up hardly changes."""
    coarse = np.random.default_rng(seed).random((height // 8, width // 8, 3)).astype(np.float32)
    large = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray((np.clip(large, 0, 1) * 255).round(), dtype=np.uint8)


# --- one frame ---


def test_figures_of_even_pictures() -> None:
    _, grey = looked_at(even(0.5, 0.5, 0.5))
    assert grey["luma"] == pytest.approx(0.5, abs=1e-4)
    assert (grey["contrast"], grey["saturation"], grey["black"], grey["sharpness"]) == (0, 0, 0, 0)
    _, red = looked_at(even(0.8, 0.2, 0.2))
    assert red["luma"] == pytest.approx(0.2126 * 0.8 + 0.7874 * 0.2, abs=1e-4)
    assert red["saturation"] == pytest.approx(0.75, abs=1e-3)
    _, dark = looked_at(even(BLACK / 2, BLACK / 2, BLACK / 2))
    assert dark["black"] == 1


def test_black_and_white_halves_have_all_contrast() -> None:
    picture = even(0, 0, 0, 256)
    picture[:128] = 65535
    _, found = looked_at(picture)
    assert found["contrast"] == pytest.approx(1.0, abs=0.01)
    assert found["black"] == pytest.approx(0.5, abs=0.01)


def test_a_blur_takes_sharpness() -> None:
    fine = (np.random.default_rng(1).random((200, 200, 3)) * 65535).astype(np.uint16)
    found = [sharpness(fine)] + [
        sharpness(cv2.GaussianBlur(fine, (0, 0), deviation)) for deviation in (1.0, 3.0, 8.0)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.8
    assert found[-1] < 0.25


def test_figures_hardly_depend_on_the_size() -> None:
    small = texture(3, 128, 128)
    large = cv2.resize(small, (512, 512), interpolation=cv2.INTER_CUBIC)
    one, other = (looked_at(p.astype(np.uint16) * 257)[1] for p in (small, large))
    for name in ("luma", "contrast", "saturation", "black"):
        assert one[name] == pytest.approx(other[name], abs=0.02), name


def test_drift_is_the_distance_of_mean_colours() -> None:
    black, white = looked_at(even(0, 0, 0))[0], looked_at(even(1, 1, 1))[0]
    assert drift(black, black) == 0
    assert drift(white, black) == pytest.approx(1.0, abs=0.01)


def test_a_picture_of_one_pixel_is_measured() -> None:
    found = figures_of_pictures([even(0.2, 0.4, 0.6, 1)])
    assert all(np.isfinite(list(found[0].values())))


# --- a film ---

STILL = "pipeline { carry = warp(previous, camera); frame = carry }"


def film(here: Path, text: str, frames: int = 6) -> tuple[Plan, Columns]:
    save_png(texture(1), here / "photo.png")
    save_png(texture(2), here / "other.png")
    head = (
        f'size = 128x96; fps = 10; length = {frames}f; model = "null"; seed = 1\nprompt {{ 0s: "a" }}\n'
        'image photo = "photo.png"\nimage other = "other.png"\ninit = photo\n'
    )
    made = compiled((head if "scene" not in text else head.replace(f"length = {frames}f; ", "")) + text, here)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made.plan, made.columns


def measured(events: list[Event], name: str) -> list[float]:
    rows = sorted((e.frame, e.figures[name]) for e in events if isinstance(e, Measured))
    assert [frame for frame, _ in rows] == list(range(len(rows)))
    return [value for _, value in rows]


@pytest.mark.parametrize(
    ("camera", "unmoved"),
    [
        ("camera 2d { translation_x = 30px per s; angle = 10deg per s; zoom = 1.1 per s }", 0.02),
        ("camera 3d { translation_x = 8 per s; translation_z = 10 per s; roll = 8deg per s }", 0.02),
        ("camera 2d { truck = 20px per s }\ncoherence { cadence = 3 }", 0.02),
    ],
)
def test_a_move_is_no_flicker(camera: str, unmoved: float, tmp_path: Path) -> None:
    plan, columns = film(tmp_path, f"{camera}\n{STILL}")
    _, events = run((plan, columns), tmp_path)
    found = measured(events, "flicker")
    assert found[0] == 0
    assert 0 < max(found) < 0.006
    assert min(measured(events, "motion")[1:]) > 0.005
    # without the camera's move the same frames differ a lot
    still = [value["flicker"] for value in _unmoved(plan, columns, tmp_path)]
    assert max(still) > unmoved


def _unmoved(plan: Plan, columns: Columns, cache: Path) -> list[dict[str, float]]:
    from anim_runtime.frames import Frames
    from anim_runtime.job import Job, Tally
    from anim_runtime.measure import difference

    job = Job(plan, columns, cache, cache, cache, "cpu", lambda event: None, lambda: False)
    frames = Frames(job, Tally())
    looks = [looked_at(frames.shown(f))[0].small for f in range(plan.frames)]
    return [{"flicker": difference(b, a)} for a, b in pairwise(looks)]


def test_a_flickering_lamp_is_seen(tmp_path: Path) -> None:
    camera = "camera 2d { truck = 20px per s }\n"
    lamp = "pipeline { carry = warp(previous, camera); frame = grade(carry, exposure = 0.5 * (t % 2)) }"
    found: list[float] = []
    for name, body in (("calm", STILL), ("lamp", lamp)):
        here = tmp_path / name
        here.mkdir()
        found.append(max(measured(run(film(here, camera + body), here)[1], "flicker")))
    assert found[1] > 10 * found[0]
    assert found[1] > 0.05


def test_a_cut_is_no_flicker_and_begins_a_new_drift(tmp_path: Path) -> None:
    text = f"{STILL}\nscene a 3f {{ }}\nscene b 3f {{ init = other }}\n"
    _, events = run(film(tmp_path, text), tmp_path)
    assert measured(events, "flicker") == [0] * 6
    assert measured(events, "drift") == [0] * 6


@pytest.mark.parametrize("way", ["crossfade(2f)", "wipe(2f, left)", "dip(4f)"])
def test_a_transition_is_no_flicker_and_no_drift(way: str, tmp_path: Path) -> None:
    text = f"{STILL}\nscene a 5f {{ }}\nscene b 6f {{ init = other; transition = {way} }}\n"
    plan, columns = film(tmp_path, text)
    _, events = run((plan, columns), tmp_path)
    assert max(measured(events, "flicker")) < 1e-4
    assert max(measured(events, "drift")) < 1e-4
    # what is shown does change there
    looks = [value["flicker"] for value in _unmoved(plan, columns, tmp_path)]
    assert sum(value > 0.01 for value in looks) >= 2


def test_moves_since_the_last_frame_are_the_same_with_any_cadence(tmp_path: Path) -> None:
    camera = "camera 3d { translation_x = 20 * u; rotation_3d_y = 0s: 0deg, 1s: 12deg; zoom = 1 + 0.3 * u }\n"
    body = "coherence { cadence = %d }\ndiffuse { strength = 0.5 }\n"
    ways = []
    for cadence in (1, 3):
        plan, columns = film(tmp_path, camera + body % cadence, 8)
        movement = Movement(plan, columns, frame_table(plan, columns))
        ways.append([movement.since_last(frame) for frame in range(1, 8)])
    for one, other in zip(*ways, strict=True):
        assert one is not None
        assert other is not None
        assert np.allclose(one, other, atol=1e-6)


def test_every_frame_is_measured_once_whatever_the_files_show(tmp_path: Path) -> None:
    text = f'{STILL}\noutput "slow.mkv" {{ fps = 5 }}\n'
    made = film(tmp_path, text)
    done, events = run(made, tmp_path)
    assert len(measured(events, "luma")) == 6
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert finished.figures["luma"].mean == pytest.approx(np.mean(measured(events, "luma")), abs=1e-5)
    _, later = run(made, tmp_path)
    assert [e for e in later if isinstance(e, Measured)] == []
    assert isinstance(later[-1], Finished)
    assert later[-1].figures == finished.figures
    shown = frame_table(*made).shown
    assert sorted(known_of(read_journal(done.journal), shown)) == list(range(6))
    assert known_of(read_journal(done.journal), ("another",) * 6) == {}


# --- expectations ---


def test_what_is_not_met_is_told_at_once_and_ends_in_1(tmp_path: Path) -> None:
    text = (
        f'{STILL}\ncamera 2d {{ angle = 8deg per s }}\noutput "film.mkv" {{ }}\n'
        "expect luma between 10% and 90%\nexpect flicker < 1e-6 if t > 2\nexpect saturation > 2 * u\n"
    )
    made = film(tmp_path, text)
    done, events = run(made, tmp_path)
    assert done.exit_code == 1
    assert (tmp_path / "film.mkv").exists()
    unmet = {e.figure: e for e in events if isinstance(e, Unmet)}
    assert sorted(unmet) == ["flicker", "saturation"]
    assert (unmet["flicker"].frame, unmet["flicker"].line) == (3, 10)
    assert "film.anim:10: expect flicker < 1e-6 if t > 2: flicker is " in unmet["flicker"].message
    # at once: before the last frame was made
    order = [type(e) for e in events]
    assert order.index(Unmet) < len(order) - 1 - order[::-1].index(FrameDone)
    finished = events[-1]
    assert isinstance(finished, Finished)
    assert len(finished.unmet) == 2
    assert "not at 3 frames" in next(s for s in finished.unmet if "flicker" in s)
    again, _ = run(made, tmp_path)
    assert (again.exit_code, again.unmet) == (1, done.unmet)


def test_what_is_not_met_in_a_part_is_told_by_the_films_frames(tmp_path: Path) -> None:
    film(tmp_path, "")
    head = 'size = 32x24; fps = 10; length = 8f; model = "null"\nprompt { 0s: "a" }\n'
    text = f"{head}expect luma < 1% if t >= 4\n"
    made = compiled(text, tmp_path, frames=(3, 6))
    assert made.plan is not None
    done, events = run((made.plan, made.columns), tmp_path)
    (unmet,) = (event for event in events if isinstance(event, Unmet))
    assert (unmet.frame, unmet.seconds) == (1, 0.1), "events count from the plan's own first frame"
    assert "at frame 4 (0.40 s); not at 2 frames, worst at frame" in done.unmet[0]


def test_what_is_met_changes_nothing(tmp_path: Path) -> None:
    made = film(tmp_path, f"{STILL}\nexpect luma > 1%; expect drift < 50%\n")
    done, events = run(made, tmp_path)
    assert (done.exit_code, done.unmet) == (0, ())
    assert not any(isinstance(e, Unmet) for e in events)


def test_a_scene_expects_what_it_says_and_what_the_film_says(tmp_path: Path) -> None:
    text = f"{STILL}\nexpect luma > 1%\nscene a 3f {{ }}\nscene b 3f {{ expect luma > 99% }}\n"
    plan, columns = film(tmp_path, text)
    assert [len(scene.expectations) for scene in plan.scenes] == [1, 2]
    _, events = run((plan, columns), tmp_path)
    assert [e.frame for e in events if isinstance(e, Unmet)] == [3]


def test_expecting_changes_no_recipe(tmp_path: Path) -> None:
    plain, expecting = (film(tmp_path, STILL + more) for more in ("", "\nexpect luma > 0.1 + 0.1 * u"))
    assert frame_table(*plain).recipes == frame_table(*expecting).recipes
    assert frame_table(*plain).shown == frame_table(*expecting).shown
