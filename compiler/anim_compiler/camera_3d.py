"""Poses of a camera in 3d: axes x to the right, y down, z forward; Deforum's scene unit is 1/200.

A camera stands where its orbit puts it, and goes on from there: its translations and turns are along the
axes of the camera on the orbit, which looks at the target. Without an orbit that is the scene's own.
"""

from __future__ import annotations

import numpy as np

from anim_compiler.camera_2d import flips
from anim_compiler.camera_turns import Reader, about_x, about_y, about_z, accumulated
from anim_compiler.film import Camera
from anim_compiler.functions.registry import Array

SCENE_UNIT = 1.0 / 200.0
"""A film's unit of translation in units of the flat scene's depth (Disco Diffusion's, Deforum's)."""

TARGET = (0.0, 0.0, 200.0)
"""The point that a camera orbits if the film does not say: x right, y up, z ahead, in scene units; in a flat
scene the middle of the picture."""

TARGETS = ("target_x", "target_y", "target_z")
"""The channels of the target."""

_ORBIT = frozenset({"orbit", "orbit_tilt", "orbit_distance", *TARGETS})
FLIPS = frozenset({"flip_theta", "flip_phi", "flip_gamma"})
"""The channels of a perspective turn."""
_LEAST_FOV = 1.0


def places(camera: Camera, read: Reader, written: frozenset[str], step: float) -> tuple[Array, Array]:
    """World to camera at each frame, X_camera = R · X + T: float64[frames, 3, 3] and float64[frames, 3].

    `written` are the channels that the film has, `step` is the seconds of a frame.
    """
    turned = _turned(camera, read)
    place = np.stack([read("translation_x"), -read("translation_y"), read("translation_z")], -1) * SCENE_UNIT
    if camera.per_frame:
        turned, place = _driven(turned, place)
    elif camera.speeds:
        place = _flown(turned, place * step)
    if written & _ORBIT:
        around, stands = _orbit(camera, read, written)
        place = stands + np.einsum("nij,nj->ni", around, place)
        turned = around @ turned
    rotations = turned.transpose(0, 2, 1)
    return rotations, -np.einsum("nij,nj->ni", rotations, place)


def lenses(camera: Camera, read: Reader) -> tuple[Array, Array]:
    """The focal length cot(fov / 2) and the lens's magnification at each frame: float64[frames] each."""
    fov = read("fov")
    # a schedule may pass 0 on its way to a negative angle: no lens is that long
    fov = np.where(np.abs(fov) < _LEAST_FOV, np.where(fov < 0, -_LEAST_FOV, _LEAST_FOV), fov)
    zoom = read("zoom")
    if camera.per_frame:
        zoom = np.asarray(np.concatenate([np.ones(1), np.cumprod(zoom[1:])]), dtype=np.float64)
    return 1.0 / np.tan(np.radians(fov) / 2.0), zoom


def flip_poses(camera: Camera, read: Reader, written: frozenset[str], aspect: float) -> Array | None:
    """The perspective turns of the picture, which come before the camera's move; None without any."""
    if not written & FLIPS:
        return None
    found = flips(read, aspect)
    return accumulated(found) if camera.per_frame else found


def flip_steps(camera: Camera, read: Reader, written: frozenset[str], aspect: float) -> Array | None:
    """The perspective turns from each frame to the next, where they are given so; None elsewhere."""
    return flips(read, aspect) if camera.per_frame and written & FLIPS else None


def _turned(camera: Camera, read: Reader) -> Array:
    """Camera to world: yaw right, then pitch up, then roll clockwise, which turns the picture back.

    A step of Deforum's is `euler_angles_to_matrix("XYZ")`, which turns in another order.
    """
    pitch, yaw, roll = (np.radians(read(f"rotation_3d_{axis}")) for axis in "xyz")
    if camera.per_frame:
        return about_x(pitch) @ about_y(yaw) @ about_z(roll)
    return about_y(yaw) @ about_x(pitch) @ about_z(roll)


def _flown(turned: Array, moves: Array) -> Array:
    """Places of a camera that moves by `moves[f]` along its own axes from frame f to the next."""
    steps = np.einsum("nij,nj->ni", turned[:-1], moves[:-1])
    return np.concatenate([np.zeros((1, 3)), np.cumsum(steps, axis=0)])


def _driven(turned: Array, moves: Array) -> tuple[Array, Array]:
    """Turns (camera to world) and places of increments: each frame turns and then moves on from the one
    before, along the axes that it has turned to.
    """
    turns, places = np.empty_like(turned), np.zeros_like(moves)
    turns[0] = np.eye(3)
    for f in range(1, len(turned)):
        turns[f] = turns[f - 1] @ turned[f]
        places[f] = places[f - 1] + turns[f] @ moves[f]
    return turns, places


def _orbit(camera: Camera, read: Reader, written: frozenset[str]) -> tuple[Array, Array]:
    """Turns (camera to world) and places of a camera on a sphere about its target, which it looks at."""
    around, up = np.radians(read("orbit")), np.radians(read("orbit_tilt"))
    if camera.per_frame:
        around, up = (np.concatenate([np.zeros(1), np.cumsum(a[1:])]) for a in (around, up))
    x, y, z = (read(name) * SCENE_UNIT for name in TARGETS)
    target = np.stack([x, -y, z], -1)
    distance = np.full(len(x), np.linalg.norm(target[0]))
    if "orbit_distance" in written:
        distance = read("orbit_distance") * SCENE_UNIT
    # to the right of the target it looks left, above it down
    turned = about_y(-around) @ about_x(-up)
    return turned, target - distance[:, None] * turned[:, :, 2]
