"""W6101: `fill_strength` where the model fills nothing."""

from __future__ import annotations

from anim_compiler.advice.looking import shared
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings


def idle_fill(film: Film, findings: Findings) -> None:
    """`fill_strength = 80%` without `fill = diffuse`, or where no camera uncovers anything."""
    for curve, shots in shared(film, "coherence.fill_strength"):
        if curve.span is None or not all(map(_fills_nothing, shots)):
            continue
        still = all(shot.camera is None for shot in shots)
        why = "no camera uncovers anything" if still else "the model fills nothing"
        hint = "remove it, or write a `camera` that moves" if still else "write `fill = diffuse` beside it"
        findings.warning("W6101", curve.span, f"`fill_strength` changes nothing: {why}", hint=hint)


def _fills_nothing(shot: Shot) -> bool:
    """Of a scene with a pipeline of its own nothing is said: its `diffuse` may have holes of another kind."""
    if shot.pipeline is not None:
        return False
    return shot.words.get("coherence.fill") != "diffuse" or shot.camera is None
