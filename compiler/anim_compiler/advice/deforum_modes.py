"""W6020: settings that Deforum's mode ignores and that act here."""

from __future__ import annotations

from anim_compiler.advice.looking import always, shared
from anim_compiler.advice.moving import FLIPS, active
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings

_OWN_LENS = "the 3d mode of Deforum ignores `zoom`; here it narrows the lens further at every frame"


def deforum_modes(film: Film, findings: Findings) -> None:
    """Under `motion = per_frame`: `zoom` of a 3d camera, translations beside a perspective flip."""
    for curve, shots in shared(film, "camera.zoom"):
        if curve.span is not None and all(_per_frame(shot, 3) for shot in shots) and always(curve) != 1.0:
            hint = "remove it to see what Deforum shows, or use `translation_z` to come nearer"
            findings.warning("W6020", curve.span, _OWN_LENS, hint=hint)
    for name in ("translation_x", "translation_y"):
        for curve, shots in shared(film, f"camera.{name}"):
            flipped = all(_per_frame(shot, 2) and active(shot, FLIPS) for shot in shots)
            if curve.span is None or not flipped or always(curve) == 0.0:
                continue
            message = f"beside a perspective flip Deforum drops `{name}`; here it moves the picture"
            findings.warning("W6020", curve.span, message, hint="remove it to see what Deforum shows")


def _per_frame(shot: Shot, axes: int) -> bool:
    return shot.camera is not None and shot.camera.per_frame and shot.camera.axes == axes
