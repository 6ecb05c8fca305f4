"""W6100: a target that the camera neither orbits nor follows."""

from __future__ import annotations

from anim_compiler.advice.looking import always
from anim_compiler.film import Camera, Film
from anim_compiler.findings import Findings

_AROUND = frozenset({"orbit", "orbit_tilt", "orbit_distance"})


def idle_target(film: Film, findings: Findings) -> None:
    """`target = [0, 0, 300]` without `orbit`: what is where in the picture does not depend on it."""
    told = set()
    for shot in film.shots:
        for camera in (shot.camera, *shot.cameras.values()):
            target = camera.target if camera is not None and _idle(camera) else None
            span = next((axis.span for axis in target or () if axis.span is not None), None)
            if span is not None and span not in told:
                told.add(span)
                findings.warning(
                    "W6100",
                    span,
                    "`target` changes nothing: the camera does not go around it",
                    hint="write `orbit = 0s: 0deg, 10s: 90deg`, say, or remove it",
                )


def _idle(camera: Camera) -> bool:
    """Whether the target stands still, and the camera stays on its side of it; a camera follows a target
    that moves.
    """
    still = all(always(axis) is not None for axis in camera.target or ())
    return still and _AROUND.isdisjoint(camera.channels)
