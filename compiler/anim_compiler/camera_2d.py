"""Poses of a camera in 2d: homographies of the plane in centred coordinates.

The unit is half the frame's height, x to the right, y down. The picture moves: a positive `translation_x`
takes it to the right, a positive angle turns it counter-clockwise (Deforum's signs).
"""

from __future__ import annotations

import numpy as np

from anim_compiler.camera_turns import Reader, about_x, about_y, about_z, accumulated, stack
from anim_compiler.film import Camera
from anim_compiler.functions.registry import Array


def steps(camera: Camera, read: Reader, width: int, height: int) -> Array | None:
    """What maps the picture of the frame before to each frame, as Deforum moves it: float64[frames, 3, 3];
    None for a camera whose values are poses or speeds.
    """
    if not camera.per_frame:
        return None
    half = height / 2.0
    shift = _shifts(read("translation_x") / half, read("translation_y") / half)
    return np.asarray(_turns(read, width / height) @ shift)


def poses(camera: Camera, read: Reader, step: float, width: int, height: int) -> Array:
    """What maps the plane as the scene's first camera sees it to each frame: float64[frames, 3, 3].

    The plane is shifted, then zoomed, turned and sheared about the centre, then flipped in perspective.
    """
    half = height / 2.0
    shift = _shifts(read("translation_x") / half, read("translation_y") / half)
    turn = _turns(read, width / height)
    if camera.per_frame:
        return accumulated(turn @ shift)
    if not camera.speeds:
        return turn @ shift
    # a speed moves along the screen's own axes: shift what is seen, then turn on to the next pose
    own = _shifts(read("translation_x") * step / half, read("translation_y") * step / half)
    found = np.empty_like(turn)
    found[0] = turn[0]
    for f in range(1, len(turn)):
        found[f] = turn[f] @ np.linalg.inv(turn[f - 1]) @ own[f - 1] @ found[f - 1]
    return found


def _shifts(x: Array, y: Array) -> Array:
    return stack([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]], len(x))


def _turns(read: Reader, aspect: float) -> Array:
    """Zoom, angle, shear about the centre, then the perspective turn: float64[frames, 3, 3]."""
    angle, zoom = np.radians(read("angle")), read("zoom")
    cx, cy = (2.0 * read("center_x") - 1.0) * aspect, 2.0 * read("center_y") - 1.0
    cos, sin = np.cos(angle) * zoom, np.sin(angle) * zoom
    zero = np.zeros_like(zoom)
    # y points down, so this turns the picture counter-clockwise
    turn = stack([[cos, sin, zero], [-sin, cos, zero], [zero, zero, zero + 1.0]], len(zoom))
    shear = stack(
        [[zero + 1.0, read("shear_x"), zero], [read("shear_y"), zero + 1.0, zero], [zero, zero, zero + 1.0]],
        len(zoom),
    )
    about = _shifts(cx, cy) @ turn @ shear @ _shifts(-cx, -cy)
    return flips(read, aspect) @ about


def flips(read: Reader, aspect: float) -> Array:
    """The perspective turn: the plane turned about its centre, seen by a camera of `flip_fov`.

    Deforum's `warpMatrix`: R = Rx(phi) Ry(gamma) Rz(theta), distance d / (2 sin(fov / 2)) with d the
    picture's diagonal, scaled so that no turn is the identity: float64[frames, 3, 3].
    """
    theta, phi, gamma = (np.radians(read(f"flip_{name}")) for name in ("theta", "phi", "gamma"))
    distance = np.sqrt(aspect**2 + 1.0) / np.sin(np.radians(read("flip_fov")) / 2.0)
    turned = about_x(phi) @ about_y(gamma) @ about_z(theta)
    zero = np.zeros_like(distance)
    return stack(
        [
            [turned[:, 0, 0], turned[:, 0, 1], zero],
            [turned[:, 1, 0], turned[:, 1, 1], zero],
            [-turned[:, 2, 0] / distance, -turned[:, 2, 1] / distance, zero + 1.0],
        ],
        len(distance),
    )
