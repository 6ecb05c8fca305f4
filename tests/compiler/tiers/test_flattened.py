"""Moves through a scene without depth, put together, go as far as the film's own from frame to frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.compiler.film_texts import compiled, film_of

from anim_compiler.compile import CompileOptions, compile_film
from anim_compiler.plan import Columns, Plan
from anim_compiler.tiers import camera_film
from anim_compiler.world import World
from anim_runtime.ops.kernel import FrameContext
from anim_runtime.ops.warp import warp2d, warp3d

WIDTH, HEIGHT = 96, 64
FILM = f'size = {WIDTH}x{HEIGHT}; fps = 12; length = 2s\nprompt = "a lake"\n'


def previewed(text: str) -> tuple[Plan, Columns]:
    made = compile_film(camera_film(film_of(text)), World(Path(), Path()), CompileOptions())
    assert made.plan is not None, made.diagnostics
    return made.plan, made.columns


def places() -> torch.Tensor:
    """A picture whose first two channels say where each pixel was, in px over 100."""
    x, y = torch.meshgrid(torch.arange(WIDTH), torch.arange(HEIGHT), indexing="xy")
    return torch.stack([x, y, x * 0]).float().unsqueeze(0) / 100.0


def frame(number: int) -> FrameContext:
    return FrameContext(number, WIDTH, HEIGHT, torch.device("cpu"), number)


def by_steps(camera: str, last: int) -> NDArray[Any]:
    """Where pixels come from if the film's own warps are made one after the other."""
    columns = compiled(FILM + camera).columns
    moves, flips = columns["camera.from_previous"], columns.get("camera.flip.from_previous")
    way = "backward" if "per_frame" in camera else "splat"
    picture, depth = places(), torch.ones(1, 1, 1, 1).expand(1, 1, HEIGHT, WIDTH)
    for f in range(1, last + 1):
        if flips is not None:
            picture = warp2d([picture], {"move": flips[f], "border": "replicate"}, frame(f))
        picture = warp3d([picture, depth], {"move": moves[f], "border": "replicate", "way": way}, frame(f))
    return picture[0, :2].numpy() * 100.0


@pytest.mark.parametrize(
    "camera",
    [
        "camera 3d { dolly = 0s: 0, 2s: 60; rotation_3d_y = 6deg * u }",
        "camera 3d { dolly = 40 per s; truck = 5 per s; rotation_3d_z = 10deg * u }",
        "camera 3d { fov = 0s: 50deg, 2s: 40deg; pedestal = 8 * u; zoom = 1 + 0.2 * u }",
        "camera 3d { motion = per_frame; dolly = 2; rotation_3d_z = 0.5deg }",
        "camera 3d { dolly = 0s: 0, 2s: 40; flip_theta = 5deg * u }",
        "camera 3d { motion = per_frame; truck = 1; rotation_3d_x = 0.2deg; zoom = 1.005 }",
    ],
)
def test_the_moves_of_a_preview_go_as_far_as_those_of_the_film(camera: str) -> None:
    plan, columns = previewed(FILM + camera)
    assert [node.op for node in plan.scenes[0].templates["diffused"].nodes] == ["first", "warp2d"]
    move = columns["camera.from_first"][23]
    seen = warp2d([places()], {"move": move, "border": "replicate"}, frame(23))[0, :2].numpy() * 100.0
    # what came in at the sides is made up, and spreads to the middle
    middle = (slice(None), slice(16, -16), slice(24, -24))
    moved = np.abs(by_steps(camera, 23) - places()[0, :2].numpy() * 100.0)[middle]
    assert moved.max() > 4.0
    assert np.abs(seen - by_steps(camera, 23))[middle].max() < 0.6


def test_a_flight_that_never_ends_is_steady_and_stays_in_view() -> None:
    text = FILM.replace("length = 2s", "length = 10000f")
    _, columns = previewed(text + "camera 3d { motion = per_frame; dolly = 2 }")
    scale = columns["camera.from_first"][:, 0]
    assert scale.max() < 4.0
    steps = scale[1:] / scale[:-1]
    onward = steps[steps > 1.0]
    assert onward.max() == pytest.approx(onward.min(), rel=1e-6)
    assert np.isfinite(columns["camera.from_first"]).all()


@pytest.mark.parametrize(
    "steps",
    [
        # a still world is flown through in the film as well
        "carry = diffuse(warp(previous, camera)); frame = mix(carry, warp(first, camera))",
        # the depth is that of a picture
        "carry = diffuse(warp(previous, camera, depth = previous)); frame = carry",
    ],
)
def test_what_the_film_does_not_flatten_keeps_its_depth(steps: str) -> None:
    plan, _ = previewed(FILM + f"camera 3d {{ dolly = 20 * u }}\npipeline {{ {steps} }}\n")
    assert "warp3d" in {node.op for node in plan.scenes[0].templates["diffused"].nodes}


def test_scenes_of_flat_and_deep_cameras_stand_side_by_side() -> None:
    scene = 'scene {0} 1s {{ prompt = "a lake"; camera 3d {{ dolly = 20 * u; depth = {1} }} }}\n'
    head = FILM.replace("; length = 2s", "").replace('prompt = "a lake"\n', "")
    plan, columns = previewed(head + scene.format("one", "flat") + scene.format("two", "estimated"))
    ops = [{node.op for node in one.templates["diffused"].nodes} for one in plan.scenes]
    assert ["warp2d" in ops[0], "warp3d" in ops[1]] == [True, True]
    shapes = {name: column.shape[1:] for name, column in columns.items() if "from_first" in name}
    assert sorted(shapes.values()) == [(9,), (14,)]
