"""Moves of true cameras and of the plane as Deforum's steps in 3D.

Its points stand on the square from -1 to 1 whatever the lens, and the picture is read from where a point is
less what the point moves by (see `anim_runtime.ops.warp_backward`). So a move is taken by what it does to a
flat scene: the place that is read in the middle of the picture comes out exactly, and without turns so does
the whole picture. What a turn does away from the middle is that of a square.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anim_compiler.camera import SCENE_UNIT, Path3d
from anim_compiler.camera_turns import about_x, about_y, about_z
from anim_studio.interchange.to_baked import Array


@dataclass(frozen=True, slots=True)
class _Read:
    """What a move reads in the middle of the picture: the place `x` and `y`, in half widths and half heights,
    and the `scale` of what is around it but for turns, below 1 where it comes nearer. float64[moves] each.
    """

    x: Array
    y: Array
    scale: Array


def space_steps(way: Path3d, aspect: float, *, is_backward: bool) -> dict[str, Array]:
    """Steps of the six axes between the frames of a path: float64[frames - 1] each, by Deforum's names.

    `is_backward` if the film itself moves by Deforum's warp, `aspect` is the width over the height.
    """
    count = len(way.focal)
    moves = way.move(np.arange(count - 1), np.arange(1, count))
    turn, before, focal = moves[:, :9].reshape(-1, 3, 3), moves[:, 12], way.focal[1:]
    # what a turn shifts goes by the lens, there by that of the frame that it leads to
    lens = before / focal
    wide, rolls = (1.0, lens) if is_backward else (aspect, 1.0 / focal)
    angles = (
        _stretched(np.arctan2(-turn[:, 2, 1], turn[:, 2, 2]), lens),
        _stretched(np.arcsin(np.clip(turn[:, 2, 0], -1.0, 1.0)), lens / wide),
        np.arctan2(-turn[:, 1, 0], turn[:, 0, 0]) * rolls,
    )
    read = _looked_up(moves) if is_backward else _pushed(moves, aspect)
    return _steps(angles, read, focal)


def in_space(plane: Mapping[str, Array], width: int, height: int, fov: float = 70.0) -> dict[str, Array]:
    """Steps in the plane as steps in 3D that move a flat scene alike: what a film needs that has both."""
    rest = np.zeros(len(next(iter(plane.values()))))
    focal = rest + 1.0 / np.tan(np.radians(fov) / 2.0)
    angle, scale = np.radians(plane.get("angle", rest)), 1.0 / plane.get("zoom", rest + 1.0)
    x = (plane.get("center_x", rest + 0.5) - 0.5) * width
    y = (plane.get("center_y", rest + 0.5) - 0.5) * height
    cos, sin = scale * np.cos(angle), scale * np.sin(angle)
    read = _Read(
        (x - cos * x + sin * y - plane.get("translation_x", rest)) * 2.0 / width,
        (y - sin * x - cos * y - plane.get("translation_y", rest)) * 2.0 / height,
        scale,
    )
    return _steps((rest, rest, angle / focal), read, focal)


def _stretched(angle: Array, factor: Array) -> Array:
    """The angle whose tangent is that many times as large."""
    return np.asarray(np.arctan2(factor * np.sin(angle), np.cos(angle)))


def _pushed(moves: Array, aspect: float) -> _Read:
    """What a true camera's moves read of a plane at distance 1."""
    plane = moves[:, :9].reshape(-1, 3, 3).copy()
    plane[:, :, 2] += moves[:, 9:12]
    back = np.linalg.inv(plane)
    before, after = moves[:, 12], moves[:, 13]
    x, y = (back[:, i, 2] / back[:, 2, 2] * before for i in (0, 1))
    return _Read(x / aspect, y, (1.0 + moves[:, 11]) * before / after)


def _looked_up(moves: Array) -> _Read:
    """What Deforum's own warp reads, with a lens that changes before it."""
    focal, lens = moves[:, 12], moves[:, 12] / moves[:, 13]
    point = moves[:, 2:9:3] + moves[:, 9:12]
    x, y = (-focal * point[:, i] / point[:, 2] for i in (0, 1))
    return _Read(x, y, lens * (1.0 + focal - focal / (1.0 + moves[:, 11])))


def _steps(angles: tuple[Array, Array, Array], read: _Read, focal: Array) -> dict[str, Array]:
    """Deforum's steps that turn by these angles (radians) and read what is to be read."""
    x, y, z = angles
    # its points are row vectors
    turn = about_x(x) @ about_y(y) @ about_z(z)
    ahead = 1.0 - focal / (1.0 + focal - read.scale)
    away = (turn[:, 2, 2] - ahead) / focal
    return {
        "translation_x": (read.x * away + turn[:, 2, 0]) / SCENE_UNIT,
        "translation_y": (-read.y * away - turn[:, 2, 1]) / SCENE_UNIT,
        "translation_z": ahead / SCENE_UNIT,
        **{f"rotation_3d_{axis}": np.degrees(a) for axis, a in zip("xyz", angles, strict=True)},
    }
