"""Which channels of a camera move it."""

from __future__ import annotations

from anim_compiler.advice.looking import always
from anim_compiler.film import Curve, Shot

#: where the camera is when nothing is written, for channels that are not 0 then
REST = {"zoom": 1.0, "center_x": 0.5, "center_y": 0.5, "flip_fov": 53.0, "fov": 70.0}

#: channels that are about how it looks, not about where it is
LENS = frozenset({"center_x", "center_y", "flip_fov", "fov", "near", "far", "orbit_distance"})

TURNS = frozenset({"rotation_3d_x", "rotation_3d_y", "rotation_3d_z", "pan", "tilt", "roll", "orbit"})
SHIFTS = frozenset({"translation_x", "translation_y", "translation_z", "truck", "pedestal", "dolly"})
FLIPS = frozenset({"flip_theta", "flip_phi", "flip_gamma"})


def channels(shot: Shot) -> dict[str, Curve]:
    """The camera's channels by the names that they are written with."""
    return {
        path.removeprefix("camera."): curve
        for path, curve in shot.numbers.items()
        if path.startswith("camera.")
    }


def moves(shot: Shot, names: frozenset[str] | set[str] | None = None) -> bool:
    """Whether one of these channels moves the picture; under `motion = per_frame` any that is not at rest."""
    if shot.camera is None:
        return False
    for name, curve in channels(shot).items():
        if names is not None and name not in names:
            continue
        value = always(curve)
        if value is None or (shot.camera.per_frame and name not in LENS and value != REST.get(name, 0.0)):
            return True
    return False


def active(shot: Shot, names: frozenset[str] | set[str]) -> bool:
    """Whether one of these channels is anywhere but at rest."""
    found = channels(shot)
    return any(always(found[name]) != REST.get(name, 0.0) for name in names if name in found)
