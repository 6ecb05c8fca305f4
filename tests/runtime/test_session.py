from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.runtime.hand_films import film
from tests.runtime.running import objects, run

from anim_compiler.frame_table import frame_table
from anim_compiler.plan import Columns, Media, Plan, PlanNode
from anim_runtime.digests import run_folder
from anim_runtime.events import Encoded, Event, Finished, FrameDone, FrameStarted, Planned
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally
from anim_runtime.journal import read_journal
from anim_runtime.models.library import file_sha256
from anim_runtime.pictures import save_png
from anim_runtime.store import unpack
from anim_runtime.working import working_order


def done_frames(events: list[Event]) -> list[tuple[int, str]]:
    return [(e.frame, e.how) for e in events if isinstance(e, FrameDone)]


def test_every_kind_of_frame_in_an_order_that_serves_tweens(tmp_path: Path) -> None:
    done, events = run(film(frames=8, cadence=3), tmp_path)
    assert done.exit_code == 0
    assert (done.frames, done.made, done.reused) == (8, 8, 0)
    assert done_frames(events) == [
        (0, "first"),
        (3, "diffused"),
        (1, "tween"),
        (2, "tween"),
        (6, "diffused"),
        (4, "tween"),
        (5, "tween"),
        (7, "diffused"),
    ]
    planned = events[0]
    assert isinstance(planned, Planned)
    assert (planned.diffused, planned.tweens, planned.reused) == (4, 4, 0)
    assert isinstance(events[-1], Finished)
    assert len(objects(tmp_path)) == 8


def test_working_order_of_scenes_and_cadence_one() -> None:
    two, one = film(frames=7, cadence=3, starts=(0, 4)), film(frames=5)
    assert working_order(two[0], frame_table(*two)) == (0, 3, 1, 2, 4, 6, 5)
    assert working_order(one[0], frame_table(*one)) == (0, 1, 2, 3, 4)


def test_events_are_in_the_journal_as_they_were_told(tmp_path: Path) -> None:
    made = film(frames=4)
    done, events = run(made, tmp_path)
    assert done.journal == run_folder(tmp_path, made[0]) / "journal.jsonl"
    assert read_journal(done.journal) == tuple(events)
    stages = {stage for e in events if isinstance(e, FrameDone) for stage in e.spent}
    assert {"diffuse", "warp", "color", "noise", "blend", "write"} <= stages


def test_second_run_renders_nothing_and_loads_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = film(frames=6, cadence=2)
    run(made, tmp_path)
    before = objects(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a model was loaded for frames that are stored")

    monkeypatch.setattr("anim_runtime.frames.load_engine", refuse)
    done, events = run(made, tmp_path)
    assert (done.made, done.reused) == (0, 6)
    assert not [e for e in events if isinstance(e, FrameStarted)]
    assert done_frames(events) == [(f, "reused") for f in range(6)]
    assert objects(tmp_path) == before


def test_same_film_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    made = film(frames=6, cadence=2)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        run(made, tmp_path / name)
    assert objects(tmp_path / "a") == objects(tmp_path / "b")
    other = film(frames=6, cadence=2, seed=8)
    (tmp_path / "c").mkdir()
    run(other, tmp_path / "c")
    assert not set(objects(tmp_path / "a").values()) & set(objects(tmp_path / "c").values())


def test_cut_forgets_what_was_before(tmp_path: Path) -> None:
    with_cut = film(frames=6, starts=(0, 3))
    run(with_cut, tmp_path)
    plan, columns = with_cut
    assert frame_table(plan, columns).kinds[3] == "first"
    changed = {**columns, "diffuse.strength": columns["diffuse.strength"].copy()}
    changed["diffuse.strength"][:3] = 0.9
    other = tmp_path / "other"
    other.mkdir()
    run((plan, changed), other)
    same = {k for k, v in objects(tmp_path).items() if objects(other)[k] == v}
    assert len(same) == 4  # frame 0, drawn from noise alone, and all that comes after the cut


def test_first_frame_comes_from_the_photo(tmp_path: Path) -> None:
    photo = np.zeros((48, 64, 3), dtype=np.uint8)
    photo[:, :, 0] = 200
    save_png(photo, tmp_path / "photo.png")
    media = Media(name="photo", kind="image", path="photo.png", sha256=file_sha256(tmp_path / "photo.png"))
    plan, columns = film(frames=1, photo=media)
    columns = {**columns, "diffuse.strength": np.array([0.0])}
    done, _ = run((plan, columns), tmp_path)
    assert done.exit_code == 0
    (stored,) = objects(tmp_path).values()
    pixels = unpack(stored)
    assert pixels.shape == (24, 32, 3)
    assert set(np.unique(pixels[..., 0])) == {round(200 / 255 * 65535)}
    assert not pixels[..., 1:].any()


def test_outputs_hold_every_frame_and_are_written_again_from_the_store(tmp_path: Path) -> None:
    made = film(frames=5, outputs=("out/film.mkv",))
    done, events = run(made, tmp_path)
    assert done.outputs == (tmp_path / "out" / "film.mkv",)
    encoded = [e for e in events if isinstance(e, Encoded)]
    assert [e.frames for e in encoded] == [5]
    assert encoded[0].seconds == pytest.approx(5 / 12)
    first = done.outputs[0].read_bytes()
    done.outputs[0].unlink()
    again, _ = run(made, tmp_path)
    assert again.made == 0
    assert again.outputs[0].read_bytes() == first


def test_grade_is_shown_and_never_carried(tmp_path: Path) -> None:
    plan, columns = film(frames=3)
    graded = {}
    for kind, template in plan.scenes[0].templates.items():
        noise = PlanNode(op="add_noise", inputs=(template.carry,), args={"amount": 0.5, "seed": 1})
        nodes = (*template.nodes, noise)
        update = {"nodes": nodes, "frame": len(nodes) - 1, "releases": ()}
        graded[kind] = template.model_copy(update=update)
    scene = plan.scenes[0].model_copy(update={"templates": graded})
    shown = plan.model_copy(update={"scenes": (scene,)})
    for name, which in (("plain", plan), ("graded", shown)):
        (tmp_path / name).mkdir()
        run((which, columns), tmp_path / name)
    assert objects(tmp_path / "plain") == objects(tmp_path / "graded")
    plain, noisy = (frames_of(which, columns, tmp_path / "plain").shown(1) for which in (plan, shown))
    assert any(np.array_equal(plain, unpack(data)) for data in objects(tmp_path / "plain").values())
    assert float(np.abs(plain.astype(int) - noisy).mean()) > 1000


def frames_of(plan: Plan, columns: Columns, here: Path) -> Frames:
    job = Job(plan, columns, here, here, here, "cpu", lambda _: None, lambda: False)
    return Frames(job, Tally())
