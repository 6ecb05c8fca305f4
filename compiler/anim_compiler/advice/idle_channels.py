"""W6021: a camera setting that nothing needs, so that it changes nothing."""

from __future__ import annotations

from anim_compiler.advice.looking import always, shared
from anim_compiler.advice.moving import FLIPS, REST, SHIFTS, TURNS, moves
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings

_ABOUT_CENTRE = frozenset({"zoom", "angle", "roll", "shear_x", "shear_y"})

#: setting: how many dimensions, what it needs, what is said of it
_ROWS = (
    ("center_x", 2, _ABOUT_CENTRE, "nothing zooms or turns about it", "zoom = 0s: 1, 10s: 1.5"),
    ("center_y", 2, _ABOUT_CENTRE, "nothing zooms or turns about it", "zoom = 0s: 1, 10s: 1.5"),
    ("flip_fov", 2, FLIPS, "nothing is flipped in perspective", "flip_phi = 0s: 0deg, 10s: 30deg"),
    ("flip_fov", 3, FLIPS, "nothing is flipped in perspective", "flip_phi = 0s: 0deg, 10s: 30deg"),
    (
        "fov",
        3,
        TURNS | SHIFTS | {"orbit_tilt", "orbit_distance", "zoom"},
        "the camera does not move",
        "translation_z = 0s: 0, 10s: 50",
    ),
)


def idle_channels(film: Film, findings: Findings) -> None:
    """`center_x` without zoom or turn, `fov` of a camera that does not move."""
    for name, axes, needs, why, write in _ROWS:
        for curve, shots in shared(film, f"camera.{name}"):
            if always(curve) in (None, REST[name]) or curve.span is None:
                continue
            if all(_idle(shot, axes, needs) for shot in shots):
                message = f"`{name}` changes nothing: {why}"
                findings.warning("W6021", curve.span, message, hint=f"remove it, or write `{write}`, say")


def _idle(shot: Shot, axes: int, needs: frozenset[str] | set[str]) -> bool:
    """A named camera is left alone: it may be one of several that scenes choose from."""
    camera = shot.camera
    return camera is not None and not camera.name and camera.axes == axes and not moves(shot, needs)
