"""Films that read videos, from text to pictures: the right frame at every moment, and what may be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.compiler.film_texts import compiled
from tests.runtime.running import run
from tests.runtime.video_files import level, video

from anim_compiler.plan import Columns, Plan
from anim_runtime.events import Failed, Warned
from anim_runtime.frames import Frames
from anim_runtime.job import Job, Tally

HEAD = 'size = 48x32; fps = 12; model = "null"\nprompt { 0s: "a" }\nvideo clip = "clip.mp4"%s\n'
#: without a step of the model a video stays what it is
SOURCE = "source = clip\ndiffuse { strength = 0 }\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    video(tmp_path / "clip.mp4", 24, 12)
    return tmp_path


def film(text: str, home: Path, block: str = "", **options: Any) -> tuple[Plan, Columns]:
    made = compiled(HEAD % block + text, home, **options)
    assert made.plan is not None, made.diagnostics
    return made.plan.model_copy(update={"outputs": ()}), made.columns


def shown(made: tuple[Plan, Columns], home: Path) -> NDArray[np.float64]:
    """What is shown at every frame: `[frames,H,W,3]`, 0..255."""
    done, _ = run(made, home)
    assert done.exit_code == 0, done.message
    job = Job(*made, home, home, home, "cpu", lambda event: None, lambda: False)
    frames = Frames(job, Tally())
    return np.stack([frames.shown(f) for f in range(made[0].frames)]) / 257.0


def numbers(pictures: NDArray[np.float64]) -> list[int]:
    return [round((float(picture.mean()) - 20.0) / 3.0) for picture in pictures]


def test_every_frame_shows_the_clip_s_own(home: Path) -> None:
    assert numbers(shown(film(SOURCE, home), home)) == list(range(24))


@pytest.mark.parametrize(
    ("block", "wanted"),
    [
        (" { start = 0.5s; end = 1s }", list(range(6, 12))),
        (" { start = 1s; speed = 50% }", [12 + f // 2 for f in range(24)]),
        (" { speed = -100% }", list(reversed(range(24)))),
        (" { speed = 200% }", list(range(0, 24, 2))),
    ],
)
def test_trims_and_speeds(home: Path, block: str, wanted: list[int]) -> None:
    assert numbers(shown(film(SOURCE, home, block), home)) == wanted


def test_a_clip_starts_again_and_turns_round(home: Path) -> None:
    looped = film(SOURCE + "length = 1s", home, " { start = 0.25s; end = 0.75s; loop = on }")
    assert numbers(shown(looped, home)) == [3 + f % 6 for f in range(12)]
    back = film(SOURCE + "length = 1s", home, " { speed = 0s: 100% hold, 0.5s: -100% }")
    assert numbers(shown(back, home)) == [0, 1, 2, 3, 4, 5, 6, 5, 4, 3, 2, 1]


def test_a_preview_shows_what_the_film_does(home: Path) -> None:
    part = film(SOURCE, home, frames=(7, 13))
    assert numbers(shown(part, home)) == list(range(7, 13))


def test_frames_made_together_equal_those_made_alone(home: Path) -> None:
    text = "source = clip\ndiffuse { strength = 50%%; steps = 4; batch = %d }\n"
    together, alone = (shown(film(text % size, home), home / f"{size}") for size in (4, 1) if _at(home, size))
    assert np.abs(together - alone).max() <= 1.0 / 257.0


def _at(home: Path, size: int) -> bool:
    """A folder of its own with the clip, so that nothing is found in a store."""
    folder = home / f"{size}"
    folder.mkdir()
    (folder / "clip.mp4").write_bytes((home / "clip.mp4").read_bytes())
    return True


def test_a_clip_by_its_name_and_as_a_mask(home: Path) -> None:
    def half(n: int) -> NDArray[np.uint8]:
        picture = np.zeros((48, 64, 3), np.uint8)
        picture[:, : 32 if n < 12 else 64] = 255
        return picture

    video(home / "half.mp4", 24, 12, pixels=half)
    text = """
    length = 2s
    mask there = "half.mp4"
    mask elsewhere = not there
    pipeline { frame = composite(grade(clip, exposure = -10), clip, mask = elsewhere) }
    """
    pictures = shown(film(text, home), home)
    assert pictures[0, :, :20].max() < 4
    assert abs(pictures[0, :, 28:].mean() - level(0)) < 2
    assert pictures[20].max() < 4


def test_a_tall_clip_is_cropped_or_framed(home: Path) -> None:
    def flag(n: int) -> NDArray[np.uint8]:
        picture = np.zeros((96, 54, 3), np.uint8)
        picture[:32], picture[32:64], picture[64:] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
        return picture

    video(home / "clip.mp4", 2, 12, size=(54, 96), pixels=flag, codec="libx264", pix_fmt="yuv444p")
    cropped = shown(film(SOURCE, home), home)[0]
    assert (cropped[4:-4, :, 1] > 240).all()
    framed = shown(film(SOURCE, home, " { fit = contain }"), home)[0]
    assert framed[:, :14].max() < 2
    assert framed[:, -14:].max() < 2
    assert framed[4, 24].argmax() == 0
    assert framed[16, 24].argmax() == 1
    assert framed[28, 24].argmax() == 2


HYBRID = """
length = 1s
diffuse { strength = 40%; steps = 4 }
coherence { flow = on; color = lab; reference = clip }
pipeline {
  moved  = follow(previous, clip)
  differ = difference_mask(moved, clip, low = 10%, high = 40%)
  mixed  = composite(moved, clip, opacity = (0s: 50%, 1s: 20%), mask = blur(differ, 4px))
  toned  = match_color(mixed)
  carry  = diffuse(toned)
  frame  = grade(carry)
}
"""


def test_a_hybrid_moves_with_its_video(home: Path) -> None:
    def square(n: int) -> NDArray[np.uint8]:
        yy, xx = np.mgrid[0:48, 0:64]
        picture = np.stack([40 + xx, 60 + yy, 90 + 0 * xx], -1).astype(np.uint8)
        picture[16:32, 4 + 2 * n : 20 + 2 * n] = (240, 220, 60)
        return picture

    video(home / "clip.mp4", 24, 12, pixels=square, codec="libx264", options={"crf": "10"})
    carried = shown(film(HYBRID, home), home)
    left = [picture[12:20, :, 0].mean(axis=0).argmax() for picture in (carried[1], carried[11])]
    assert left[1] - left[0] > 8
    masks = """
    length = 1s
    pipeline {
      moved = follow(previous, clip)
      far   = depth_mask(estimate_depth(clip), low = 30%, high = 70%)
      here  = composite(moved, clip, opacity = 30%, mask = far)
      frame = diffuse(mix(here, clip, 20%, mask = luma_mask(clip, low = 40%)))
    }
    """
    assert np.isfinite(shown(film(masks, home), home)).all()


# --- what is wrong ---


def test_a_clip_that_changed_is_told(home: Path) -> None:
    made = film(SOURCE, home)
    video(home / "clip.mp4", 23, 12)
    done, events = run(made, home)
    assert (done.exit_code, done.message) == (2, "`clip.mp4` changed since the film was planned")
    assert isinstance(events[-1], Failed)


def test_a_clip_that_broke_off_stops_the_render_where_it_does(home: Path) -> None:
    def noise(n: int) -> NDArray[np.uint8]:
        return np.random.default_rng(n).integers(0, 255, (48, 64, 3), dtype=np.uint8)

    path = home / "clip.mp4"
    video(path, 24, 12, codec="libx264", pixels=noise, file_options={"movflags": "faststart"})
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    done, _ = run(film(SOURCE, home), home)
    assert done.exit_code == 2
    assert done.message.startswith("`clip.mp4` cannot be decoded at ")
    assert "convert it" in done.hint


def test_a_clip_shorter_than_its_header_holds_and_warns_once(home: Path) -> None:
    path = video(home / "clip.mkv", 24, 12)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    text = HEAD.replace("clip.mp4", "clip.mkv") % "" + "length = 2s\n" + SOURCE
    made = compiled(text, home)
    assert made.plan is not None
    plan = made.plan.model_copy(update={"outputs": ()})
    done, events = run((plan, made.columns), home)
    assert done.exit_code == 0
    (only,) = [event.message for event in events if isinstance(event, Warned)]
    assert "before its header says" in only
