"""W6037: a camera that never moves, because its values are poses and Deforum's are moves per frame."""

from __future__ import annotations

from anim_compiler.advice.looking import always, shared
from anim_compiler.advice.moving import LENS, REST, channels, moves
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings


def still_camera(film: Film, findings: Findings) -> None:
    """`camera 2d { zoom = 1.02 }` is a place; without anything that changes the picture stands still."""
    names = sorted({name for shot in film.shots for name in channels(shot)} - LENS)
    for name in names:
        for curve, shots in shared(film, f"camera.{name}"):
            value = always(curve)
            if value is None or value == REST.get(name, 0.0) or not all(map(_stands, shots)):
                continue
            if curve.span is None:
                continue
            findings.warning(
                "W6037",
                curve.span,
                f"`{name}` is where the camera is, and it never changes: nothing moves",
                hint=f"write `{_per_frame(name, findings.text(curve.span))}` for a speed, or keys",
                notes=("in Deforum such a number is a move at every frame",),
            )
            return


def _stands(shot: Shot) -> bool:
    return shot.camera is not None and not shot.camera.per_frame and not moves(shot)


def _per_frame(name: str, written: str) -> str:
    inner = written.rpartition(":")[2].strip().strip("()")
    return f"{name} = {inner} per f"
