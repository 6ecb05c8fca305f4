"""The moves of a camera from each frame to the next, as Deforum takes them.

There every value is a step: in 2D pixels, degrees and a factor about a centre; in 3D along the axes to which
the camera has turned. A film's poses become those steps exactly in 2D. In 3D Deforum's warp is not a
camera's: its points stand on a square whatever the lens (see `anim_runtime.ops.warp_backward`), so a move of
a true camera becomes what moves a flat scene alike (see `space`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from anim_compiler.camera import Path2d, path
from anim_compiler.film import Camera
from anim_studio.interchange.to_baked import Array
from anim_studio.interchange.to_deforum.space import space_steps

FLIPS = ("flip_theta", "flip_phi", "flip_gamma")
PIXELS = ("translation_x", "translation_y")
SPACE = ("translation_x", "translation_y", "translation_z", "rotation_3d_x", "rotation_3d_y", "rotation_3d_z")

_THERE = frozenset((*SPACE, *FLIPS, "zoom", "fov", "flip_fov", "near", "far"))
"""What Deforum's own steps in 3D are made of, and what does nothing among them."""

_ALIKE = 1e-9
_NOTHING = 1e-9
"""Steps below it are what 12 digits leave of a pose that stands still."""


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps to each frame from the one before, float64[frames] each, under Deforum's names.

    `own` are those whose values are the film's own, so that its text may stand; `lost` says what a step
    there cannot do.
    """

    columns: Mapping[str, Array]
    own: frozenset[str] = frozenset()
    lost: tuple[str, ...] = field(default=())


def steps(camera: Camera, channels: Mapping[str, Array], fps: float, width: int, height: int) -> Steps:
    """The steps of a camera whose channels are float64[frames] each; the first frame's are as the second's,
    and nothing reads them.
    """
    frames = len(next(iter(channels.values())))
    if camera.axes == 2 and camera.per_frame:
        lost = tuple(name for name in ("shear_x", "shear_y") if np.any(channels.get(name, 0.0)))
        names = frozenset(channels) - {"shear_x", "shear_y"}
        return Steps({name: channels[name] for name in names}, names, lost)
    upright = {name: column for name, column in channels.items() if name not in FLIPS}
    upright = upright or {"zoom": np.ones(frames)}
    way = path(camera, upright, 1.0 / fps, width, height)
    turns = _flips(camera, channels)
    if isinstance(way, Path2d):
        made = _plane(way, channels, width, height)
        return Steps({**made.columns, **turns}, frozenset(), made.lost)
    is_backward = camera.depth_warp == "backward"
    zooms = bool(np.any(channels.get("zoom", 1.0) != 1.0))
    if camera.per_frame and is_backward and not zooms and channels.keys() <= _THERE:
        own = {name: column for name, column in channels.items() if name in (*SPACE, *FLIPS)}
        return Steps(own, frozenset(own))
    axes = space_steps(way, width / height, is_backward=is_backward)
    return Steps({**{name: _first_as_second(column) for name, column in axes.items()}, **turns})


def _flips(camera: Camera, channels: Mapping[str, Array]) -> dict[str, Array]:
    """The perspective turns: how much more each frame is turned than the one before."""
    found = {name: channels[name] for name in FLIPS if name in channels}
    return found if camera.per_frame else {name: _first_as_second(np.diff(c)) for name, c in found.items()}


def _plane(way: Path2d, channels: Mapping[str, Array], width: int, height: int) -> Steps:
    """Steps of zoom, angle and shift about the film's own centre, in pixels."""
    count = len(way.poses)
    moves = way.move(np.arange(count - 1), np.arange(1, count)).reshape(-1, 3, 3)
    linear, shift = moves[:, :2, :2], moves[:, :2, 2]
    cross = linear[:, 0, 1] - linear[:, 1, 0], linear[:, 0, 0] + linear[:, 1, 1]
    zoom, angle = np.hypot(*cross) / 2.0, np.arctan2(*cross)
    cos, sin = zoom * np.cos(angle), zoom * np.sin(angle)
    turn = np.stack([np.stack([cos, sin], -1), np.stack([-sin, cos], -1)], -2)
    half = height / 2.0
    middle = np.stack(
        [
            (2.0 * channels.get("center_x", np.full(len(zoom) + 1, 0.5))[1:] - 1.0) * width / height,
            2.0 * channels.get("center_y", np.full(len(zoom) + 1, 0.5))[1:] - 1.0,
        ],
        -1,
    )
    before = np.linalg.solve(turn, (shift - middle)[..., None])[..., 0] + middle
    columns = {
        "zoom": zoom,
        "angle": np.degrees(angle),
        "translation_x": before[:, 0] * half,
        "translation_y": before[:, 1] * half,
    }
    whole = {name: _first_as_second(column) for name, column in columns.items()}
    whole |= {name: channels[name] for name in ("center_x", "center_y") if name in channels}
    is_alike = (
        np.abs(linear - turn).max(initial=0.0) < _ALIKE and np.abs(moves[:, 2, :2]).max(initial=0.0) < _ALIKE
    )
    return Steps(whole, lost=() if is_alike else ("shear",))


def _first_as_second(column: Array) -> Array:
    """Steps between frames as one a frame."""
    first = column[:1] if len(column) else np.zeros(1)
    found: Array = np.concatenate([first, column]) + 0.0
    return np.where(np.abs(found) < _NOTHING, 0.0, found)
