"""Loops close, morphs go from one scene into the next, tweens move: from text to shown pictures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.compiler.film_texts import compiled
from tests.runtime.moving import moving_square, psnr
from tests.runtime.running import objects, run
from tests.runtime.video_files import video

from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Warned
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally
from anim_runtime.loop_gap import Gap, difference, loop_gap

NULL = 'size = 64x64; fps = 8; seed = 3; model = "null"\n'
BUILT_IN = "size = 64x64; fps = 8; seed = 3; diffuse { steps = 4; strength = 0.4 }\n"
LOOP = 'loop = on; length = 4s\nprompt { 0s: "a lake" }\n'
CAMERA = "camera 2d { translation_x = 12px per s }\n"
SCENES = 'loop = on\nscene a 2s { prompt { 0s: "a lake" } }\nscene b 2s { prompt { 0s: "a city" } }\n'


def made(text: str, folder: Path | None = None) -> tuple[Plan, Columns]:
    film = compiled(text, folder)
    assert film.plan is not None, [d.message for d in film.diagnostics]
    return film.plan.model_copy(update={"outputs": ()}), film.columns


def pictures(film: tuple[Plan, Columns], here: Path) -> NDArray[np.uint16]:
    """What is shown at every frame: uint16 `[frames,H,W,3]`."""
    done, _ = run(film, here)
    assert done.exit_code == 0, done.message
    job = Job(*film, here, here, here, "cpu", lambda event: None, lambda: False)
    frames = Frames(job, Tally())
    return np.stack([frames.shown(f) for f in range(film[0].frames)])


def gap(shown: NDArray[np.uint16]) -> float:
    """The last frame against the first, as a multiple of the median of neighbours."""
    steps = [difference(a, b) for a, b in pairwise(shown)]
    return difference(shown[-1], shown[0]) / float(np.median(steps))


# --- loops ---


@pytest.mark.parametrize(
    "text",
    [
        f"{NULL}{LOOP}{CAMERA}diffuse.strength = 0.3",
        f"{NULL}{LOOP}{CAMERA}diffuse.strength = 0.3; coherence {{ flow = on; blend = 50%; cadence = 3 }}",
        f"{NULL}{SCENES}{CAMERA}diffuse.strength = 0.3",
        f"{BUILT_IN}{LOOP}{CAMERA}",
        f"{BUILT_IN}{LOOP}{CAMERA}coherence {{ flow = on; cadence = 2 }}",
    ],
    ids=["null", "null-flow", "scenes", "built-in", "built-in-flow"],
)
def test_loops_close(text: str, tmp_path: Path) -> None:
    assert gap(pictures(made(text), tmp_path)) < 1.5


def test_without_a_loop_the_same_film_jumps(tmp_path: Path) -> None:
    text = f"{NULL}{LOOP}{CAMERA}diffuse.strength = 0.3".replace("loop = on", "loop = off")
    assert gap(pictures(made(text), tmp_path)) > 2


def test_the_first_frame_of_a_loop_is_the_one_after_the_last(tmp_path: Path) -> None:
    """With no share of the beginning yet it is the last scene, running on."""
    looped = pictures(made(f"{NULL}{LOOP}{CAMERA}"), tmp_path)
    longer = f"{NULL}{LOOP}{CAMERA}".replace("loop = on; length = 4s", "length = 5s")
    assert np.array_equal(looped[0], pictures(made(longer), tmp_path)[32])


def test_a_loop_costs_the_frames_beneath_and_no_more(tmp_path: Path) -> None:
    text = f"{NULL}{LOOP}{CAMERA}loop_time = 500ms"
    run(made(text.replace("loop = on; ", "").replace("loop_time = 500ms", "")), tmp_path)
    done, _ = run(made(text), tmp_path)
    assert done.made == 4


def test_a_loop_that_was_stopped_goes_on_to_the_same_pictures(tmp_path: Path) -> None:
    film = made(f"{NULL}{SCENES}{CAMERA}coherence {{ flow = on; cadence = 3; blend = 50% }}")
    undisturbed = pictures(film, tmp_path / "whole")
    asked = 0

    def after_twenty() -> bool:
        nonlocal asked
        asked += 1
        return asked > 20

    stopped, _ = run(film, tmp_path / "stopped", stop=after_twenty)
    assert stopped.exit_code == 130
    assert np.array_equal(pictures(film, tmp_path / "stopped"), undisturbed)
    assert objects(tmp_path / "stopped") == objects(tmp_path / "whole")


def test_a_gap_is_measured_against_the_usual_step() -> None:
    levels = np.array([0, 2, 4, 6, 8], dtype=np.uint16) * 3000
    shown = [np.full((4, 4, 3), level, dtype=np.uint16) for level in levels]
    found = loop_gap(5, shown.__getitem__)
    assert found.usual == pytest.approx(6000 / 65535)
    assert found.gap == pytest.approx(24000 / 65535)
    assert found.is_wide
    assert not Gap(0.02, 0.015).is_wide
    # what nobody sees is no gap, however still the film is
    assert not Gap(0.003, 0.0).is_wide
    assert loop_gap(1, shown.__getitem__) == Gap(0.0, 0.0)


def test_a_loop_that_does_not_close_is_told(tmp_path: Path) -> None:
    text = f"{NULL}{LOOP}{CAMERA}diffuse.strength = 0.3\n"
    told = {}
    for way in ("loop_time = 0s", "loop_time = 1s"):
        _, events = run(made(text + way), tmp_path)
        told[way] = [event.message for event in events if isinstance(event, Warned)]
    assert "loop_time" in told["loop_time = 0s"][0]
    assert told["loop_time = 1s"] == []


# --- morphs ---


def test_a_morph_starts_with_the_old_scene_and_ends_in_the_new(tmp_path: Path) -> None:
    text = f'{NULL}{CAMERA}diffuse.strength = 0.3\nscene a 1s {{ prompt {{ 0s: "a lake" }} }}\n'
    second = 'scene b 1s {{ transition = {0}; prompt {{ 0s: "a city" }} }}\n'
    cut, morphed, faded = (
        pictures(made(text + second.format(way)), tmp_path)
        for way in ("cut", "morph(500ms)", "crossfade(500ms)")
    )
    assert np.array_equal(cut[:8], morphed[:8])
    assert np.array_equal(cut[12:], morphed[12:])
    assert np.array_equal(morphed[8], faded[8])
    assert not np.array_equal(morphed[10], faded[10])


# --- tweens ---


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a video of a square that goes 3 px right and 1 px down a frame."""

    def frame(number: int) -> NDArray[np.uint8]:
        picture = moving_square(float(number), (3.0, 1.0), 64)
        return np.asarray((picture[0].permute(1, 2, 0) * 255).round().to(torch.uint8).numpy())

    folder = tmp_path_factory.mktemp("clip")
    video(folder / "clip.mp4", 9, 8, size=(64, 64), pixels=frame)
    return folder


def shown_of(text: str, folder: Path, here: Path) -> list[torch.Tensor]:
    """What a video-to-video film of that clip shows: its source frames where it is diffused, for none is."""
    head = f'{NULL}length = 1s\nprompt {{ 0s: "a" }}\nvideo clip = "clip.mp4"\nsource = clip\n'
    film = made(f"{head}diffuse.strength = 0\ncoherence {{ {text} }}", folder)
    done = run((film[0], film[1]), here) if here == folder else None
    assert done is None or done[0].exit_code == 0, done
    job = Job(*film, folder, folder, here, "cpu", lambda event: None, lambda: False)
    frames = Frames(job, Tally())
    frames.make()
    found = [torch.from_numpy(frames.shown(f).astype(np.float32) / 65535) for f in range(film[0].frames)]
    return [picture.permute(2, 0, 1).unsqueeze(0) for picture in found]


@pytest.mark.parametrize("way", ["tween = flow", "flow = on; blend = 1", "flow = on; tween = mix; blend = 1"])
def test_tweens_that_move_do_not_ghost(way: str, clip: Path, tmp_path: Path) -> None:
    """What moves in the picture is where it is in the source's own frames; a plain mix shows it twice."""
    truth = shown_of("cadence = 1", clip, tmp_path)
    mixed, moved = (shown_of(f"cadence = 4; {said}", clip, tmp_path) for said in ("tween = mix", way))
    if "blend" not in way:
        assert torch.equal(moved[4], truth[4])
    for frame in (1, 2, 3):
        assert psnr(moved[frame], truth[frame]) > psnr(mixed[frame], truth[frame]) + 3, frame
