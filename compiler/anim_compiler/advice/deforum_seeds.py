"""W6042: seeds that are keyed and counted on as well."""

from __future__ import annotations

from anim_compiler.advice.looking import shared
from anim_compiler.film import Film
from anim_compiler.findings import Findings

_DOES = {
    "iter": "adds one to them at each diffused frame",
    "random": "draws others from them at each diffused frame",
    "ladder": "adds a ladder to them, 0, 2, 1, 3 …",
    "alternate": "adds 1 to every other one",
}


def deforum_seeds(film: Film, findings: Findings) -> None:
    """`seed_schedule = 0: (7), 30: (8)` beside `seed_behavior = iter`: Deforum drops the schedule then."""
    for curve, shots in shared(film, "diffuse.seed"):
        modes = {str(shot.words.get("diffuse.seed_mode") or "") for shot in shots}
        mode = modes.pop() if len(modes) == 1 else ""
        if not curve.live or curve.span is None or mode not in _DOES:
            continue
        findings.warning(
            "W6042",
            curve.span,
            f"the seeds are keyed here, and `seed_mode = {mode}` {_DOES[mode]}",
            hint="write `seed_mode = fixed` for the seeds as they are keyed, or take the keys away",
            notes=("Deforum reads a `seed_schedule` only under `seed_behavior = schedule`",),
        )
