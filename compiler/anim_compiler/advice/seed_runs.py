"""W6045: seeds that run from key to key."""

from __future__ import annotations

from anim_compiler.advice.looking import always, segments, shared
from anim_compiler.film import Film
from anim_compiler.findings import Findings

#: so many diffused frames should one seed last when seeds are mixed on purpose
_LASTS = 4.0


def seed_runs(film: Film, findings: Findings) -> None:
    """`seed = 0: 1, 48: 100`: between keys a number is interpolated, and a seed of 7.3 mixes two noises."""
    for curve, shots in shared(film, "diffuse.seed"):
        cadence = always(shots[0].numbers.get("coherence.cadence")) or 1.0
        for first, a, second, b, seconds in segments(curve.expr):
            eased = first.ease is not None and first.ease.name in ("hold", "steps")
            diffused = max(1.0, seconds * float(film.fps) / cadence)
            if eased or abs(b - a) * _LASTS <= diffused:
                continue
            findings.warning(
                "W6045",
                second.span,
                f"the seed runs from {a:g} to {b:g} here, through fractions that each mix two noises",
                hint=f"write `{a:g} hold` to change it at the key",
            )
            break
