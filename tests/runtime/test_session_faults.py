from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.runtime.hand_films import film
from tests.runtime.killing import render_killed
from tests.runtime.running import objects, run

from anim_compiler.plan import Columns, Media, Plan
from anim_runtime.diffusion.null import NullEngine
from anim_runtime.digests import run_folder
from anim_runtime.events import Failed
from anim_runtime.locks import RunLock
from anim_runtime.pictures import save_png


def after(frames: int) -> Callable[[], bool]:
    asked = iter(range(1000))
    return lambda: next(asked) >= frames


@pytest.mark.parametrize("cadence", [1, 2, 3])
def test_stopped_anywhere_and_resumed_equals_undisturbed(tmp_path: Path, cadence: int) -> None:
    made = film(frames=9, cadence=cadence, starts=(0, 5))
    (tmp_path / "whole").mkdir()
    run(made, tmp_path / "whole")
    for stop_after in range(9):
        here = tmp_path / str(stop_after)
        here.mkdir()
        done, events = run(made, here, stop=after(stop_after))
        assert done.exit_code == 130
        assert len(objects(here)) == stop_after
        last = events[-1]
        assert isinstance(last, Failed)
        assert last.message == f"stopped with {stop_after} of 9 frames done"
        assert "again" in last.hint
        again, _ = run(made, here)
        assert (again.exit_code, again.reused, again.made) == (0, stop_after, 9 - stop_after)
        assert objects(here) == objects(tmp_path / "whole")


def thirty() -> tuple[Plan, Columns]:
    return film(frames=30, cadence=3, starts=(0, 17))


@pytest.mark.slow
def test_killed_at_any_moment_and_resumed_equals_undisturbed(tmp_path: Path) -> None:
    made = thirty()
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    run(made, tmp_path / "whole")
    rng = random.Random(4)
    for _ in range(5):
        # planned: from there on frames are made
        render_killed(thirty, tmp_path / "killed", seen="planned", after=rng.uniform(0.0, 0.06))
    killed = len(objects(tmp_path / "killed"))
    assert killed < 30
    done, _ = run(made, tmp_path / "killed")
    assert done.exit_code == 0
    assert done.made == 30 - killed
    assert objects(tmp_path / "killed") == objects(tmp_path / "whole")


def test_damaged_frame_is_rendered_again_to_the_same_bytes(tmp_path: Path) -> None:
    made = film(frames=6, cadence=2)
    run(made, tmp_path)
    whole = objects(tmp_path)
    path = sorted((tmp_path / "objects").glob("*/*.pic"))[2]
    path.write_bytes(path.read_bytes()[:-7])
    done, _ = run(made, tmp_path)
    assert (done.made, done.reused) == (1, 5)
    assert objects(tmp_path) == whole


def test_second_process_is_told_who_renders(tmp_path: Path) -> None:
    made = film(frames=3)
    with RunLock(run_folder(tmp_path, made[0]) / "lock") as lock:
        assert lock.acquire() is None
        done, events = run(made, tmp_path)
    assert done.exit_code == 6
    assert done.message.endswith("is rendering this film")
    assert [e.kind for e in events] == ["failed"]
    assert run(made, tmp_path)[0].exit_code == 0


@pytest.mark.parametrize(("name", "said"), [("gone.png", "is gone"), ("photo.png", "changed since")])
def test_photo_that_is_gone_or_changed_is_told(tmp_path: Path, name: str, said: str) -> None:
    save_png(np.zeros((8, 8, 3), dtype=np.uint8), tmp_path / "photo.png")
    media = Media(name="photo", kind="image", path=name, sha256="1" * 64)
    done, events = run(film(frames=2, photo=media), tmp_path)
    assert done.exit_code == 2
    assert said in done.message
    assert isinstance(events[-1], Failed)


def test_missing_model_is_told(tmp_path: Path) -> None:
    done, _ = run(film(frames=2, model="models/none"), tmp_path)
    assert done.exit_code == 7


def test_full_disk_is_told_and_the_run_goes_on_after(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = film(frames=6)
    from anim_runtime import store

    write = store.write_whole
    count = iter(range(100))

    def full(path: Path, data: bytes) -> None:
        if path.suffix == ".pic" and next(count) >= 2:
            raise OSError(28, "No space left on device")
        write(path, data)

    with monkeypatch.context() as patched:
        patched.setattr(store, "write_whole", full)
        done, events = run(made, tmp_path)
    assert done.exit_code == 4
    assert done.made == 2
    assert isinstance(events[-1], Failed)
    again, _ = run(made, tmp_path)
    assert (again.exit_code, again.reused, again.made) == (0, 2, 4)


def test_frame_that_does_not_fit_is_tried_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = NullEngine.draw
    fails = iter([True, False, False])

    def tight(self: NullEngine, *args: object, **named: object) -> list[torch.Tensor]:
        if next(fails, False):
            raise torch.OutOfMemoryError("no room")
        return draw(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(NullEngine, "draw", tight)
    assert run(film(frames=1), tmp_path)[0].exit_code == 0

    def never(self: NullEngine, *args: object, **named: object) -> list[torch.Tensor]:
        raise torch.OutOfMemoryError("no room")

    monkeypatch.setattr(NullEngine, "draw", never)
    done, _ = run(film(frames=1, seed=2), tmp_path)
    assert done.exit_code == 5


def test_sound_that_changed_is_told_before_the_first_frame(tmp_path: Path) -> None:
    (tmp_path / "song.wav").write_bytes(b"another song")
    song = Media(name="song", kind="audio", path="song.wav", sha256="1" * 64)
    plan, columns = film(frames=2, outputs=("film.mp4",))
    heard = tuple(output.model_copy(update={"audio": "song"}) for output in plan.outputs)
    done, _ = run((plan.model_copy(update={"media": (song,), "outputs": heard}), columns), tmp_path)
    assert done.exit_code == 2
    assert "`song.wav` changed" in done.message
    assert not objects(tmp_path)
    assert not (tmp_path / "film.mp4").exists()


def test_an_ending_that_cannot_be_written_is_told_before_the_first_frame(tmp_path: Path) -> None:
    done, _ = run(film(frames=2, outputs=("film.xyz",)), tmp_path)
    assert done.exit_code == 2
    assert "film.xyz" in done.message
    assert not objects(tmp_path)
