"""Camera poses as moves between frames.

2d: homographies of the plane in centred coordinates (unit: half the frame's height, x right, y
down). 3d: camera axes x right, y down, z forward; a translation of 1 in a film is 1/200 here.
Signs are Deforum's (deforum-stable-diffusion, `animation.py`): in 2d the picture moves, in 3d the
camera; a positive angle turns the picture counter-clockwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anim_compiler import camera_2d, camera_3d
from anim_compiler.camera_3d import SCENE_UNIT, TARGET, TARGETS
from anim_compiler.camera_turns import Rows, exact_identity, plane_moves
from anim_compiler.film import Camera
from anim_compiler.functions.registry import Array

__all__ = ["SCENE_UNIT", "Path2d", "Path3d", "Rows", "path"]

_DEFAULTS = {
    "zoom": 1.0,
    "center_x": 0.5,
    "center_y": 0.5,
    "flip_fov": 53.0,
    "fov": 70.0,
    **dict(zip(TARGETS, TARGET, strict=True)),
}


@dataclass(frozen=True, slots=True)
class Path2d:
    """`poses[f]` maps the plane as the scene's first camera sees it to frame f: float64[frames, 3, 3]. Where
    they are products of moves per frame, `steps[f]` is that from frame f - 1.
    """

    poses: Array
    steps: Array | None = None

    def move(self, source: Sequence[int] | Rows, dest: Sequence[int] | Rows) -> Array:
        """Homographies from frames `source` to frames `dest`, row-major: float64[n, 9]."""
        return plane_moves(self.poses, source, dest, self.steps)


@dataclass(frozen=True, slots=True)
class Path3d:
    """World to camera at each frame: X_camera = rotation · X + translation, and the lens.

    `rotations` float64[frames, 3, 3], `translations` float64[frames, 3], `focal` float64[frames]: cot(fov /
    2), fov being vertical, and `zoom` float64[frames], the lens's magnification. With `forgets`, as Deforum
    has it, a change of `fov` magnifies nothing: a move is made with the lens of the frame that it leads to.
    `flips` float64[frames, 3, 3] are the picture's own perspective turns, which come before a move; of turns
    per frame `flip_steps` are those of each frame.
    """

    rotations: Array
    translations: Array
    focal: Array
    zoom: Array
    forgets: bool = False
    flips: Array | None = None
    flip_steps: Array | None = None

    def move(self, source: Sequence[int] | Rows, dest: Sequence[int] | Rows) -> Array:
        """Rotation (9, row-major), translation (3), both focal lengths: float64[n, 14]."""
        a, b = np.asarray(source, dtype=np.int64), np.asarray(dest, dtype=np.int64)
        rotation = self.rotations[b] @ self.rotations[a].transpose(0, 2, 1)
        rotation = exact_identity(rotation, a == b)
        shift = self.translations[b] - np.einsum("nij,nj->ni", rotation, self.translations[a])
        before, after = self.focal[a] * self.zoom[a], self.focal[b] * self.zoom[b]
        if self.forgets:
            before, after = self.focal[b], self.focal[b] * self.zoom[b] / self.zoom[a]
        return np.concatenate(
            [rotation.reshape(-1, 9), shift, before[:, None], np.where(a == b, before, after)[:, None]],
            axis=1,
        )

    def flip(self, source: Sequence[int] | Rows, dest: Sequence[int] | Rows) -> Array:
        """The homographies of the perspective turns from frames `source` to `dest`: float64[n, 9].

        The turns of all frames between them, which all come before the move.
        """
        poses = np.tile(np.eye(3), (len(self.focal), 1, 1)) if self.flips is None else self.flips
        return plane_moves(poses, source, dest, self.flip_steps)


def path(
    camera: Camera, columns: Mapping[str, Array], step: float, width: int, height: int
) -> Path2d | Path3d:
    """The camera's path from its channels' columns, float64[frames] each, in base units.

    `step` is seconds a frame; `width` and `height` are those that the film declares, which pixels
    are relative to. The target's are `target_x`, `target_y` and `target_z`.
    """
    frames = len(next(iter(columns.values()))) if columns else 1

    def read(name: str) -> Array:
        found = columns.get(name)
        return np.full(frames, _DEFAULTS.get(name, 0.0)) if found is None else found

    if camera.axes == 2:
        steps = camera_2d.steps(camera, read, width, height)
        return Path2d(camera_2d.poses(camera, read, step, width, height), steps)
    written = frozenset(columns)
    rotations, translations = camera_3d.places(camera, read, written, step)
    focal, zoom = camera_3d.lenses(camera, read)
    flips = camera_3d.flip_poses(camera, read, written, width / height)
    turns = camera_3d.flip_steps(camera, read, written, width / height)
    return Path3d(rotations, translations, focal, zoom, camera.per_frame, flips, turns)
