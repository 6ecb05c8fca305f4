"""Films with depth, from text to stored pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from tests.runtime.depth.test_depth_transformer import dpt
from tests.runtime.running import objects, run
from tests.runtime.test_pipelines import compiled, pictures
from tests.runtime.video_files import video

from anim_runtime.depth.record import parted
from anim_runtime.store import unpack

torch.set_num_threads(1)

HEAD = 'size = 64x48; fps = 8; length = 1s; seed = 3; model = "null"\nprompt { 0s: "a lake" }\n'
MOVING = "translation_x = 0s: 0, 1s: 60; translation_z = 0s: 0, 1s: 30"


def flying(says: str) -> str:
    """A film in which the camera moves."""
    return f"{HEAD}diffuse {{ steps = 10; strength = 0.3 }}\ncamera 3d {{ {MOVING}; {says} }}\n"


def depths(cache: Path, height: int = 48) -> int:
    """How many stored pictures have their depth with them."""
    return sum(parted(unpack(data), height)[1] is not None for data in objects(cache).values())


@pytest.mark.parametrize("cadence", [1, 3])
def test_a_resumed_film_is_the_same_to_the_bit(tmp_path: Path, cadence: int) -> None:
    """What is kept of the depth is stored with the picture, and read back as it was used."""
    text = flying("depth = estimated") + f"coherence.cadence = {cadence}\n"
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    made = compiled(text, tmp_path)
    run(made, whole)
    assert depths(whole) > 0
    asked = iter(range(100))
    run(made, broken, stop=lambda: next(asked) >= 4)
    assert 0 < len(objects(broken)) < len(objects(whole))
    run(made, broken)
    assert objects(broken) == objects(whole)


def test_depth_is_kept_only_where_it_is_estimated_and_the_camera_moves(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "far.png"), np.full((48, 64), 128, np.uint8))
    for number, (says, count) in enumerate(
        (
            ("depth = estimated", 7),
            ("depth = estimated; depth_smooth = 0%", 0),
            ("depth = flat", 0),
            ("depth = far", 0),
        )
    ):
        here = tmp_path / str(number)
        here.mkdir()
        shutil.copy(tmp_path / "far.png", here)
        named = 'image far = "far.png"\n' if "= far" in says else ""
        run(compiled(named + flying(says), here), here)
        assert depths(here) == count, says


def test_depth_of_a_picture_moves_near_things_more(tmp_path: Path) -> None:
    """White is near: the lower half of the picture, nearer, shifts further than the upper."""
    ramp = np.where(np.arange(48)[:, None] < 24, 0, 65535).astype(np.uint16).repeat(64, 1)
    cv2.imwrite(str(tmp_path / "far.png"), ramp)
    drawn = np.zeros((48, 64, 3), np.uint8)
    drawn[:, 30:34] = 255
    cv2.imwrite(str(tmp_path / "bar.png"), drawn)
    media = 'image far = "far.png"\nimage bar = "bar.png"\ninit = bar\n'
    camera = "camera 3d { depth = far; near = 100; far = 400; translation_x = 0s: 0, 1s: -24 }\n"
    says = "diffuse { strength = 0 }\n" + camera
    shown = pictures(compiled(HEAD + media + says, tmp_path), tmp_path)[-1].astype(float).mean(-1)
    columns = np.arange(64)
    above, below = (float((rows.sum(0) * columns).sum() / rows.sum()) for rows in (shown[4:20], shown[28:44]))
    assert below - 31.5 > 2.5 * (above - 31.5) > 2.5


def test_a_depth_picture_of_16_bits_keeps_its_precision(tmp_path: Path) -> None:
    """Steps far below one of 256 levels still slope."""
    steps = np.linspace(30000, 30400, 64).astype(np.uint16)[None].repeat(48, 0)
    cv2.imwrite(str(tmp_path / "far.png"), steps)
    text = HEAD + (
        'image far = "far.png"\ncamera 3d { depth = far }\n'
        "pipeline { frame = mix(previous, depth_mask(far, low = 53.5%, high = 54.5%), weight = 100%) }"
    )
    shown = pictures(compiled(text, tmp_path), tmp_path)[-1]
    assert len(np.unique(shown)) > 40


def test_near_and_far_are_curves(tmp_path: Path) -> None:
    def last(says: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint16]]:
        return pictures(compiled(flying(f"depth = estimated; {says}"), tmp_path), tmp_path)

    usual, same, moved = last(""), last("near = 200; far = 400"), last("far = 0s: 400, 1s: 3000")
    assert np.array_equal(usual, same)
    assert np.array_equal(usual[0], moved[0])
    assert not np.array_equal(usual[-1], moved[-1])


def test_a_film_with_a_depth_model_renders_and_another_model_is_another_film(tmp_path: Path) -> None:
    dpt(tmp_path / "dpt")
    made = compiled(flying('depth = "dpt"'), tmp_path)
    first, _ = run(made, tmp_path)
    assert (first.exit_code, first.made) == (0, 8)
    again, _ = run(made, tmp_path)
    assert again.reused == 8
    config = tmp_path / "dpt" / "preprocessor_config.json"
    config.write_text(config.read_text().replace("0.5", "0.4"))
    other, _ = run(made, tmp_path)
    assert other.reused == 0


def test_a_missing_depth_model_stops_before_anything_is_drawn(tmp_path: Path) -> None:
    done, _ = run(compiled(flying('depth = "nobody/nothing"'), tmp_path), tmp_path)
    assert done.exit_code == 7
    assert not objects(tmp_path)


def standing(says: str, strength: str) -> str:
    """A film whose camera moves, stands still and moves on."""
    moves = "translation_x = 0s: 0, 0.3s: 20, 0.6s: 20, 1s: 50"
    return (
        f"{HEAD}diffuse {{ steps = 10; strength = 0s: 30%, 0.7s: {strength}, 1s: 30% }}\n"
        f"camera 3d {{ {moves}; depth = estimated; {says} }}\n"
    )


@pytest.mark.parametrize(
    ("says", "strength"),
    [
        ("depth_smooth = 0s: 60%, 0.4s: 60%, 0.45s: 90%", "30%"),
        ("depth_smooth = 0s: 60%, 0.1s: 0%, 0.8s: 0%, 1s: 60%", "30%"),
        ("near = 0s: 200, 0.3s: 200, 0.5s: 100", "30%"),
        ("far = 0s: 400, 0.8s: 400, 1s: 900", "30%"),
        ("", "100%"),
        ("", "0%"),
    ],
)
def test_an_edited_film_is_what_it_would_be_alone(tmp_path: Path, says: str, strength: str) -> None:
    """Frames taken from the store go on as those that are made, also where the camera stands still."""
    used, alone = tmp_path / "used", tmp_path / "alone"
    used.mkdir()
    alone.mkdir()
    run(compiled(standing("", "30%"), tmp_path), used)
    edited = compiled(standing(says, strength), tmp_path)
    again, _ = run(edited, used)
    assert again.reused > 0
    run(edited, alone)
    fresh = objects(alone)
    assert {key: objects(used)[key] for key in fresh} == fresh


def test_depth_of_a_video_goes_along_with_it(tmp_path: Path) -> None:
    """White is near: while the video is white a picture shifts further than while it is black."""

    def grey(number: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
        return np.full((48, 64, 3), 255 if number < 4 else 0, np.uint8)

    video(tmp_path / "far.mp4", 8, 8, pixels=grey)
    drawn = np.zeros((48, 64, 3), np.uint8)
    drawn[:, 30:34] = 255
    cv2.imwrite(str(tmp_path / "bar.png"), drawn)
    media = 'video far = "far.mp4"\nimage bar = "bar.png"\ninit = bar\n'
    camera = "camera 3d { depth = far; near = 100; far = 400; translation_x = -40 per s }\n"
    text = HEAD + media + "diffuse { strength = 0 }\n" + camera
    frames = pictures(compiled(text, tmp_path), tmp_path).astype(float).mean(-1).sum(1)
    middles = (frames * np.arange(64)).sum(1) / frames.sum(1)
    steps = np.diff(middles)
    # frame f moves the picture of frame f - 1, and so by the depth of that one
    assert steps[:4].min() > 2.5 * steps[4:].max() > 0
