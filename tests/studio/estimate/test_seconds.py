"""How long a render would take, by what others took."""

from __future__ import annotations

from pathlib import Path

import pytest

from anim_runtime.events import Encoded, Finished, FrameDone, Planned
from anim_runtime.journal import Journal
from anim_studio.estimate.history import FrameTaken, Run, nearest, past_runs
from anim_studio.estimate.seconds import Frame, estimate


def run(*frames: FrameTaken, pixels: int = 4096, **given: object) -> Run:
    made = Run("postcard", "cpu", pixels, 1, list(frames))
    for name, value in given.items():
        setattr(made, name, value)
    return made


def drawn(seconds: float, passes: int = 2, how: str = "diffused", **others: float) -> FrameTaken:
    return FrameTaken(how, passes, {"diffuse": seconds, **others})


def test_seconds_are_those_of_the_passes_and_of_all_else() -> None:
    past = [run(drawn(2.0, 2, decode=0.5, encode=0.25), drawn(4.0, 4, decode=0.75))]
    guess = estimate([Frame("diffused", 3), Frame("diffused", 1)], 4096, 0, past)
    assert guess is not None
    assert guess.parts["denoiser"] == pytest.approx(4.0)
    assert guess.parts["other steps"] == pytest.approx(1.5)
    assert guess.seconds == pytest.approx(5.5)
    assert (guess.frames, guess.runs, guess.pixels) == (2, 1, 0)


def test_kinds_of_frames_have_their_own_rates_and_borrow_others() -> None:
    past = [run(drawn(1.0, 1, "first", decode=1.0), FrameTaken("tween", 0, {"warp": 0.125}))]
    tweens = estimate([Frame("tween", 0)] * 8, 4096, 0, past)
    fresh = estimate([Frame("fresh", 2)], 4096, 0, past)
    assert tweens is not None
    assert tweens.seconds == pytest.approx(1.0)
    assert fresh is not None
    assert fresh.parts["denoiser"] == pytest.approx(2.0)


def test_another_size_is_scaled_by_pixels_and_the_nearest_one_is_taken() -> None:
    small, large = run(drawn(1.0, 1), pixels=100), run(drawn(30.0, 1), pixels=1000)
    assert nearest([small, large], 200) == (small,)
    assert nearest([small, large], 400) == (large,)
    guess = estimate([Frame("diffused", 1)], 200, 0, [small, large])
    assert guess is not None
    assert guess.seconds == pytest.approx(2.0)
    assert guess.pixels == 100


def test_what_a_run_pays_once_is_paid_if_a_frame_is_made() -> None:
    past = [run(drawn(1.0, 1, model=9.0, prompt=1.0), fixed=5.0, video=2.0, written=10)]
    made = estimate([Frame("diffused", 1)], 4096, 5, past)
    only_written = estimate([], 4096, 5, past)
    assert made is not None
    assert made.seconds == pytest.approx(1.0 + 5.0 + 1.0)
    assert only_written is not None
    assert only_written.seconds == pytest.approx(1.0)


def test_the_spread_is_that_of_the_middle_half_of_frames() -> None:
    past = [run(*(drawn(seconds, 1) for seconds in (1.0, 2.0, 3.0, 4.0, 5.0)))]
    guess = estimate([Frame("diffused", 1)] * 2, 4096, 0, past)
    assert guess is not None
    assert (guess.low, guess.seconds, guess.high) == pytest.approx((4.0, 6.0, 8.0))


def test_nothing_is_said_where_nothing_is_known() -> None:
    frames = [Frame("diffused", 2)]
    assert estimate(frames, 4096, 24, []) is None
    # a render that made tweens only does not say how long the model takes
    assert estimate(frames, 4096, 24, [run(FrameTaken("tween", 0, {"warp": 1.0}))]) is None


def planned(**given: object) -> Planned:
    facts = {
        "at": 1.0,
        "name": "film",
        "frames": 2,
        "width": 64,
        "height": 64,
        "fps": "24",
        "reused": 1,
        "diffused": 1,
        "tweens": 0,
        "model": "postcard",
        "device": "cpu",
        "batch": 4,
    }
    return Planned.model_validate({**facts, **given})


def journal(cache: Path, name: str, *events: object) -> None:
    with Journal(cache / "runs" / name / "journal.jsonl") as file:
        for event in events:
            file.append(event)  # type: ignore[arg-type]


def test_journals_are_read(tmp_path: Path) -> None:
    done = FrameDone(
        at=2.0, frame=1, how="diffused", recipe="", spent={"diffuse": 1.5, "model": 3.0}, passes=8
    )
    journal(
        tmp_path,
        "a",
        planned(),
        FrameDone(at=2.0, frame=0, how="reused", recipe=""),
        done,
        Encoded(at=3.0, path="x.mp4", frames=2, seconds=0.1, bytes=1, codec="h264"),
        Finished(at=3.0, frames=2, reused=1, seconds=6.0, spent={"video": 0.5}),
        planned(device="cuda"),
        done,
        planned(width=128),
    )
    journal(tmp_path, "b", planned(model="other"), done)
    (found,) = past_runs(tmp_path, "postcard", "cpu")
    assert (found.pixels, found.batch, found.written, found.video) == (4096, 4, 2, 0.5)
    assert found.frames == [FrameTaken("diffused", 8, {"diffuse": 1.5, "model": 3.0})]
    assert found.fixed == pytest.approx(4.0)
    assert past_runs(tmp_path / "empty", "postcard", "cpu") == ()
