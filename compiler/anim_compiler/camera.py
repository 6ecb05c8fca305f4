"""Camera poses as moves between frames.

2d: homographies of the plane in centred coordinates (unit: half the frame's height, x right, y
down). 3d: camera axes x right, y down, z forward; a translation of 1 in a film is 1/200 here.
Signs are Deforum's (deforum-stable-diffusion, `animation.py`): in 2d the picture moves, in 3d the
camera; a positive angle turns the picture counter-clockwise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.film import Camera
from anim_compiler.functions.registry import Array

SCENE_UNIT = 1.0 / 200.0
"""A film's unit of translation in units of the flat scene's depth (Disco Diffusion's, Deforum's)."""

Rows: TypeAlias = NDArray[np.int64]

_DEFAULTS = {"zoom": 1.0, "center_x": 0.5, "center_y": 0.5, "flip_fov": 53.0, "fov": 70.0}


@dataclass(frozen=True, slots=True)
class Path2d:
    """`poses[f]` maps the plane as the scene's first camera sees it to frame f: float64[frames, 3, 3]."""

    poses: Array

    def move(self, source: Sequence[int] | Rows, dest: Sequence[int] | Rows) -> Array:
        """Homographies from frames `source` to frames `dest`, row-major: float64[n, 9]."""
        a, b = np.asarray(source, dtype=np.int64), np.asarray(dest, dtype=np.int64)
        moves = self.poses[b] @ np.linalg.inv(self.poses[a])
        moves = moves / moves[:, 2:3, 2:3]
        return _exact_identity(moves, a == b).reshape(-1, 9)


@dataclass(frozen=True, slots=True)
class Path3d:
    """World to camera at each frame: X_camera = rotation · X + translation, and the lens.

    `rotations` float64[frames, 3, 3], `translations` float64[frames, 3], `focal` float64[frames]:
    cot(fov / 2) times zoom, fov being vertical.
    """

    rotations: Array
    translations: Array
    focal: Array

    def move(self, source: Sequence[int] | Rows, dest: Sequence[int] | Rows) -> Array:
        """Rotation (9, row-major), translation (3), both focal lengths: float64[n, 14]."""
        a, b = np.asarray(source, dtype=np.int64), np.asarray(dest, dtype=np.int64)
        rotation = self.rotations[b] @ self.rotations[a].transpose(0, 2, 1)
        rotation = _exact_identity(rotation, a == b)
        shift = self.translations[b] - np.einsum("nij,nj->ni", rotation, self.translations[a])
        parts = [rotation.reshape(-1, 9), shift, self.focal[a][:, None], self.focal[b][:, None]]
        return np.concatenate(parts, axis=1)


def _exact_identity(moves: Array, same: Array) -> Array:
    """The moves, those from a frame to itself without the inverse's rounding."""
    return np.where(np.asarray(same)[:, None, None], np.eye(3), moves)


Reader = Callable[[str], Array]


def path(
    camera: Camera, columns: Mapping[str, Array], step: float, width: int, height: int
) -> Path2d | Path3d:
    """The camera's path from its channels' columns, float64[frames] each, in base units.

    `step` is seconds a frame; `width` and `height` are those that the film declares, which pixels
    are relative to.
    """
    frames = len(next(iter(columns.values()))) if columns else 1

    def read(name: str) -> Array:
        found = columns.get(name)
        return np.full(frames, _DEFAULTS.get(name, 0.0)) if found is None else found

    if camera.axes == 2:
        return _path_2d(camera, read, frames, step, width, height)
    return _path_3d(camera, read, frames, step)


# --- 2d ---


def _path_2d(camera: Camera, read: Reader, frames: int, step: float, width: int, height: int) -> Path2d:
    half = height / 2.0
    shift = _translations_2d(read("translation_x") / half, read("translation_y") / half)
    turn = _turns_2d(read, width / height)
    if camera.per_frame:
        return Path2d(_accumulated(turn @ shift))
    if not camera.speeds:
        return Path2d(turn @ shift)
    # a speed moves along the screen's own axes: shift what is seen, then turn on to the next pose
    own = _translations_2d(read("translation_x") * step / half, read("translation_y") * step / half)
    poses = np.empty((frames, 3, 3))
    poses[0] = turn[0]
    for f in range(1, frames):
        poses[f] = turn[f] @ np.linalg.inv(turn[f - 1]) @ own[f - 1] @ poses[f - 1]
    return Path2d(poses)


def _accumulated(moves: Array) -> Array:
    """The product of all moves up to each frame, the first frame's left out: it has no frame before."""
    poses = np.empty_like(moves)
    poses[0] = np.eye(3)
    for f in range(1, len(moves)):
        poses[f] = moves[f] @ poses[f - 1]
    return poses


def _stack(rows: Sequence[Sequence[Array | float]], frames: int) -> Array:
    """Matrices from rows of columns: float64[frames, rows, columns]."""
    stacked = np.stack([np.stack([np.broadcast_to(v, frames) for v in row], -1) for row in rows], -2)
    return np.asarray(stacked, dtype=np.float64)


def _translations_2d(x: Array, y: Array) -> Array:
    return _stack([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]], len(x))


def _turns_2d(read: Reader, aspect: float) -> Array:
    """Zoom, angle, shear about the centre, then the perspective turn: float64[frames, 3, 3]."""
    angle, zoom = np.radians(read("angle")), read("zoom")
    cx, cy = (2.0 * read("center_x") - 1.0) * aspect, 2.0 * read("center_y") - 1.0
    cos, sin = np.cos(angle) * zoom, np.sin(angle) * zoom
    zero = np.zeros_like(zoom)
    # y points down, so this turns the picture counter-clockwise
    turn = _stack([[cos, sin, zero], [-sin, cos, zero], [zero, zero, zero + 1.0]], len(zoom))
    shear = _stack(
        [[zero + 1.0, read("shear_x"), zero], [read("shear_y"), zero + 1.0, zero], [zero, zero, zero + 1.0]],
        len(zoom),
    )
    about = _translations_2d(cx, cy) @ turn @ shear @ _translations_2d(-cx, -cy)
    return _flips(read, aspect) @ about


def _flips(read: Reader, aspect: float) -> Array:
    """The perspective turn: the plane turned about its centre, seen by a camera of `flip_fov`.

    Deforum's `warpMatrix`: R = Rx(phi) Ry(gamma) Rz(theta), distance d / (2 sin(fov / 2)) with d the
    picture's diagonal, scaled so that no turn is the identity.
    """
    theta, phi, gamma = (np.radians(read(f"flip_{name}")) for name in ("theta", "phi", "gamma"))
    distance = np.sqrt(aspect**2 + 1.0) / np.sin(np.radians(read("flip_fov")) / 2.0)
    turned = _about_x(phi) @ _about_y(gamma) @ _about_z(theta)
    zero = np.zeros_like(distance)
    return _stack(
        [
            [turned[:, 0, 0], turned[:, 0, 1], zero],
            [turned[:, 1, 0], turned[:, 1, 1], zero],
            [-turned[:, 2, 0] / distance, -turned[:, 2, 1] / distance, zero + 1.0],
        ],
        len(distance),
    )


# --- 3d ---


def _about_x(a: Array) -> Array:
    c, s, o = np.cos(a), np.sin(a), np.zeros_like(a)
    return _stack([[o + 1, o, o], [o, c, -s], [o, s, c]], len(a))


def _about_y(a: Array) -> Array:
    c, s, o = np.cos(a), np.sin(a), np.zeros_like(a)
    return _stack([[c, o, s], [o, o + 1, o], [-s, o, c]], len(a))


def _about_z(a: Array) -> Array:
    c, s, o = np.cos(a), np.sin(a), np.zeros_like(a)
    return _stack([[c, -s, o], [s, c, o], [o, o, o + 1]], len(a))


def _path_3d(camera: Camera, read: Reader, frames: int, step: float) -> Path3d:
    focal = 1.0 / np.tan(np.radians(read("fov")) / 2.0) * read("zoom")
    # camera to world: yaw right, then pitch up, then roll clockwise (which turns the picture back)
    yaw, pitch, roll = (np.radians(read(f"rotation_3d_{axis}")) for axis in "yxz")
    turned = _about_y(yaw) @ _about_x(pitch) @ _about_z(roll)
    place = np.stack([read("translation_x"), -read("translation_y"), read("translation_z")], -1) * SCENE_UNIT
    if camera.per_frame:
        return _driven(turned, place, _lens(read))
    if camera.speeds:
        place = _flown(turned, place * step)
    rotations = turned.transpose(0, 2, 1)
    return Path3d(rotations, -np.einsum("nij,nj->ni", rotations, place), focal)


def _lens(read: Reader) -> Array:
    """Focal lengths where every zoom is a factor a frame."""
    zoom = read("zoom").copy()
    zoom[0] = 1.0
    return np.asarray(np.cumprod(zoom) / np.tan(np.radians(read("fov")) / 2.0))


def _flown(turned: Array, moves: Array) -> Array:
    """Places of a camera that moves by `moves[f]` along its own axes from frame f to the next."""
    steps = np.einsum("nij,nj->ni", turned[:-1], moves[:-1])
    return np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])


def _driven(turned: Array, moves: Array, focal: Array) -> Path3d:
    """A path of increments: each frame turns and moves on from the one before, along its own axes."""
    frames = len(turned)
    rotations, translations = np.empty((frames, 3, 3)), np.zeros((frames, 3))
    rotations[0] = np.eye(3)
    for f in range(1, frames):
        step = turned[f].T
        rotations[f] = step @ rotations[f - 1]
        translations[f] = step @ translations[f - 1] - moves[f]
    return Path3d(rotations, translations, focal)
