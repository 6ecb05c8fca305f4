"""Frames that pass the model together, from plan to store."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.compiler.film_texts import compiled
from tests.runtime.hand_films import film
from tests.runtime.killing import render_killed
from tests.runtime.running import objects, run
from tests.runtime.test_session_faults import after

from anim_compiler.plan import Columns, Plan
from anim_runtime.batches import ON_A_PROCESSOR, fitting, room
from anim_runtime.diffusion.engine import Engine
from anim_runtime.diffusion.null import NullEngine
from anim_runtime.diffusion.request import Request
from anim_runtime.digests import run_folder
from anim_runtime.events import Event, FrameDone, FrameStarted, Planned, Warned
from anim_runtime.store import unpack

#: what another size of batch may change in pictures of 0..1: in any pixel of a free frame (measured 2e-5);
#: on average in a frame of a chain, which hands on what was changed (measured 1e-4 in chains of 4 to 24)
FREE, CHAINED = 1e-4, 5e-4


def postcards() -> tuple[Plan, Columns]:
    """Two chains and frames from noise alone, with the built-in model."""
    made = film(frames=14, starts=(0, 7), model="postcard", size=(40, 32), batch=0, fresh=(3, 10))
    made[1]["diffuse.strength"][:] = 0.3
    return made


def started(events: Sequence[Event]) -> list[tuple[int, ...]]:
    """The frames of each group, in the order of work."""
    found: list[list[int]] = []
    told: list[float] = []
    for event in events:
        if isinstance(event, FrameStarted):
            if not told or told[-1] != event.at:
                found.append([])
            found[-1].append(event.frame)
            told.append(event.at)
    return [tuple(group) for group in found]


def apart(a: Path, b: Path) -> tuple[float, float]:
    """How far the pictures of two stores are apart, of 0..1: the worst pixel, the worst frame's mean."""
    first, second = objects(a), objects(b)
    assert first.keys() == second.keys()
    apart = [np.abs(unpack(first[k]).astype(np.float64) - unpack(second[k])) / 65535 for k in first]
    return max(float(d.max()) for d in apart), max(float(d.mean()) for d in apart)


def homes(here: Path, *names: str) -> list[Path]:
    for name in names:
        (here / name).mkdir()
    return [here / name for name in names]


def test_free_frames_go_in_batches_and_are_the_same_ones(tmp_path: Path) -> None:
    single, batched = homes(tmp_path, "single", "batched")
    done, events = run(film(frames=11, free=True, batch=4), batched)
    assert done.made == 11
    assert started(events) == [(0, 1, 2, 3), (4, 5, 6, 7), (8, 9, 10)]
    run(film(frames=11, free=True, batch=1), single)
    assert objects(single) == objects(batched)


def test_three_scenes_advance_together_and_equal_the_ones_made_one_by_one(tmp_path: Path) -> None:
    alone, side_by_side = homes(tmp_path, "alone", "side by side")
    one, events = run(film(frames=12, starts=(0, 4, 8)), alone)
    assert started(events) == [(f,) for f in range(12)]
    _, events = run(film(frames=12, starts=(0, 4, 8), batch=0), side_by_side)
    assert started(events) == [(0, 4, 8), (1, 5, 9), (2, 6, 10), (3, 7, 11)]
    assert one.made == 12
    assert objects(alone) == objects(side_by_side)


def test_tweens_come_between_the_groups(tmp_path: Path) -> None:
    _, events = run(film(frames=8, starts=(0, 4), cadence=3, batch=0), tmp_path)
    assert started(events) == [(0, 4), (3, 7), (1,), (2,), (5,), (6,)]


def test_a_frame_from_noise_alone_splits_its_chain(tmp_path: Path) -> None:
    whole, parts = homes(tmp_path, "whole", "parts")
    _, events = run(film(frames=9, fresh=(3, 6), batch=0), parts)
    assert started(events) == [(0, 3, 6), (1, 4, 7), (2, 5, 8)]
    assert [e.how for e in events if isinstance(e, FrameDone)][:3] == ["first", "fresh", "fresh"]
    run(film(frames=9, fresh=(3, 6)), whole)
    assert objects(whole) == objects(parts)


def test_full_strength_in_a_text_splits_the_chain_too(tmp_path: Path) -> None:
    text = """
    size = 48x32; fps = 8; length = 3s; seed = 3; model = "null"
    prompt { 0s: "a lake" }
    camera 2d { zoom = 1.2 per s }
    diffuse { strength = 1 if every(1s) > 0.5 else 0.5; batch = BATCH }
    """
    single, batched = homes(tmp_path, "single", "batched")
    for home, batch in ((single, "1"), (batched, "8")):
        compiled_film = compiled(text.replace("BATCH", batch))
        assert compiled_film.plan is not None, compiled_film.diagnostics
        plan = compiled_film.plan.model_copy(update={"outputs": ()})
        _, events = run((plan, compiled_film.columns), home)
        sizes = [len(group) for group in started(events)]
        assert sizes == ([1] * 24 if batch == "1" else [3] * 8)
    assert objects(single) == objects(batched)


def test_planned_says_how_many_and_frames_share_the_time(tmp_path: Path) -> None:
    _, events = run(film(frames=8, free=True, batch=0), tmp_path)
    planned = events[0]
    assert isinstance(planned, Planned)
    assert planned.batch == 8
    spent = [e.spent["diffuse"] for e in events if isinstance(e, FrameDone)]
    assert len(set(spent)) == 1


def test_frames_that_are_one_picture_are_made_once(tmp_path: Path) -> None:
    plan, columns = film(frames=9, cadence=2, starts=(0, 4), batch=0)
    columns["frames.recipe"][4] = columns["frames.recipe"][0]
    columns["frames.recipe"][6] = columns["frames.recipe"][2]
    done, events = run((plan, columns), tmp_path)
    assert (done.exit_code, done.made, done.reused) == (0, 9, 0)
    # 4 is 0, 6 is 2; 5 is a tween of 4 and 6
    assert started(events) == [(0,), (2,), (1,), (5,), (3, 8), (7,)]
    assert {e.frame for e in events if isinstance(e, FrameDone) and e.how == "reused"} == {4, 6}
    assert len(objects(tmp_path)) == 7
    assert sorted(e.frame for e in events if isinstance(e, FrameDone)) == list(range(9))
    again, _ = run((plan, columns), tmp_path)
    assert (again.made, again.reused) == (0, 9)


@pytest.mark.parametrize(
    ("options", "batch"),
    [
        ({"frames": 9}, 1),
        ({"frames": 9, "starts": (0, 3, 6)}, 3),
        ({"frames": 9, "fresh": (3, 5)}, 3),
        ({"frames": 9, "free": True}, 8),
    ],
)
def test_planned_promises_no_more_than_the_film_can_do(
    tmp_path: Path, options: dict[str, Any], batch: int
) -> None:
    _, events = run(film(batch=0, **options), tmp_path)
    assert isinstance(events[0], Planned)
    assert events[0].batch == batch == max(map(len, started(events)))


@pytest.mark.parametrize("scenes", [(0,), (0, 6)])
def test_stopped_between_any_groups_and_resumed_equals_undisturbed(
    tmp_path: Path, scenes: tuple[int, ...]
) -> None:
    made = film(frames=12, starts=scenes, fresh=(4, 9), batch=3, cadence=2)
    (whole,) = homes(tmp_path, "whole")
    run(made, whole)
    for stop in range(6):
        (here,) = homes(tmp_path, str(stop))
        assert run(made, here, stop=after(stop))[0].exit_code == 130
        assert run(made, here)[0].exit_code == 0
        assert objects(here) == objects(whole)


@pytest.mark.slow
def test_killed_in_a_batch_and_resumed_equals_undisturbed(tmp_path: Path) -> None:
    whole, killed = homes(tmp_path, "whole", "killed")
    run(postcards(), whole)
    source = random.Random(3)
    for _ in range(3):
        render_killed(postcards, killed, seen="frame_started", after=source.uniform(0.0, 0.5))
    assert len(objects(killed)) < 14
    assert run(postcards(), killed)[0].exit_code == 0
    assert objects(killed) == objects(whole)


def test_frames_lost_from_the_middle_of_batches_come_back_as_they_were(tmp_path: Path) -> None:
    made = postcards()
    _, events = run(made, tmp_path)
    assert max(map(len, started(events))) == 4
    whole = objects(tmp_path)
    for place, path in enumerate(sorted((tmp_path / "objects").glob("*/*.pic"))):
        if place % 3:
            path.unlink()
    done, _ = run(made, tmp_path)
    assert done.reused == 5
    assert objects(tmp_path) == whole


def test_free_frames_of_a_model_are_the_unbatched_ones_within_tolerance(tmp_path: Path) -> None:
    single, batched = homes(tmp_path, "single", "batched")
    for home, batch in ((single, 1), (batched, 8)):
        run(film(frames=9, free=True, model="postcard", size=(48, 40), batch=batch), home)
    worst, _ = apart(single, batched)
    assert 0 < worst < FREE


def test_chains_of_a_model_are_the_unbatched_ones_within_tolerance(tmp_path: Path) -> None:
    single, batched = homes(tmp_path, "single", "batched")
    for home, batch in ((single, 1), (batched, 8)):
        run(film(frames=12, starts=(0, 4, 8), model="postcard", size=(48, 40), batch=batch), home)
    _, mean = apart(single, batched)
    assert 0 < mean < CHAINED


def test_what_was_planned_on_another_machine_does_not_count(tmp_path: Path) -> None:
    made = film(frames=6, free=True, batch=3)
    run(made, tmp_path)
    path = run_folder(tmp_path, made[0]) / "schedule.json"
    kept = json.loads(path.read_text())
    assert kept["groups"] == [[0, 1, 2], [3, 4, 5]]
    for spoilt in ("{", json.dumps({**kept, "where": "there", "groups": [[5]]}), '{"groups": [[99]]}'):
        path.write_text(spoilt)
        for stored in (tmp_path / "objects").glob("*/*.pic"):
            stored.unlink()
        assert run(made, tmp_path)[0].made == 6
        assert json.loads(path.read_text()) == kept


def test_a_batch_that_does_not_fit_is_halved_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = NullEngine.draw
    sizes: list[int] = []

    def tight(self: NullEngine, requests: Sequence[Request], pad_to: int = 0) -> list[torch.Tensor]:
        sizes.append(len(requests))
        if len(requests) > 2:
            raise torch.OutOfMemoryError("no room")
        return draw(self, requests, pad_to)

    monkeypatch.setattr(NullEngine, "draw", tight)
    made = film(frames=16, free=True, batch=8)
    done, events = run(made, tmp_path)
    assert (done.exit_code, done.made) == (0, 16)
    assert sizes == [8, 4, *[2] * 8]
    assert [e.message for e in events if isinstance(e, Warned)] == [
        "there is not enough memory for 8 frames at once: they are drawn 4 at a time from here on",
        "there is not enough memory for 4 frames at once: they are drawn 2 at a time from here on",
    ]
    planned = json.loads((run_folder(tmp_path, made[0]) / "schedule.json").read_text())
    assert {len(group) for group in planned["groups"]} == {2}


def test_what_does_not_fit_even_alone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: NullEngine, *args: object, **named: object) -> list[torch.Tensor]:
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr(NullEngine, "draw", never)
    done, _ = run(film(frames=4, free=True, batch=4), tmp_path)
    assert done.exit_code == 5
    assert "memory" in done.message


def test_room_on_a_processor_goes_by_area() -> None:
    def unasked() -> Engine:
        raise AssertionError("the engine is not needed to know that")

    cpu = torch.device("cpu")
    sizes = [room(cpu, side, side, unasked) for side in (64, 256, 257, 384, 512, 2000)]
    assert sizes == sorted(sizes, reverse=True)
    assert (sizes[0], sizes[1], sizes[-1]) == (ON_A_PROCESSOR[0][1], ON_A_PROCESSOR[0][1], 1)


@pytest.mark.parametrize(
    ("free", "one", "two", "count"),
    [(1000, 100, 150, 16), (700, 100, 200, 7), (150, 100, 200, 1), (50, 100, 200, 1), (10**9, 0, 0, 16)],
)
def test_room_elsewhere_is_what_fits(free: int, one: int, two: int, count: int) -> None:
    assert fitting(free, one, two) == count
