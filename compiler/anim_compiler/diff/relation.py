"""How the values of a curve changed: by a constant, by a factor, around a point, or otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from anim_compiler.diff.amounts import Unit, factor_text
from anim_compiler.functions.registry import Array

RelationKind: TypeAlias = Literal["constant", "offset", "factor", "affine", "begins", "ends", "general"]

#: how exactly a rule must hold, as a share of the largest value: columns have 12 significant digits
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Relation:
    """The later values by the earlier: `constant` for two numbers, `offset` for `a + by`, `factor` for
    `a * by`, `affine` for `around + (a - around) * by`; `begins` and `ends` where only the later or the
    earlier one moves. `largest` is the place of the largest difference.
    """

    kind: RelationKind
    by: float
    around: float
    largest: int


def relation(a: Array, b: Array) -> Relation:
    """How b comes from a, float64[n] each, all of whose values differ."""
    largest = int(np.argmax(np.abs(b - a)))
    scale = _EXACT * max(float(np.abs(a).max()), float(np.abs(b).max()), 1e-12)

    def near(values: Array, wanted: Array | float) -> bool:
        return bool((np.abs(values - wanted) <= scale).all())

    still_a, still_b = near(a, a[0]), near(b, b[0])
    if still_a and still_b:
        return Relation("constant", 0.0, 0.0, largest)
    if near(b - a, b[0] - a[0]):
        return Relation("offset", float(np.median(b - a)), 0.0, largest)
    if still_a or still_b:
        return Relation("begins" if still_a else "ends", 0.0, 0.0, largest)
    at = int(np.argmax(np.abs(a)))
    by = float(b[at] / a[at])
    if near(b, a * by):
        return Relation("factor", by, 0.0, largest)
    low, high = int(np.argmin(a)), int(np.argmax(a))
    by = float((b[high] - b[low]) / (a[high] - a[low]))
    rest = float(b[low] - by * a[low])
    if by not in (0.0, 1.0) and len(np.unique(a)) > 2 and near(b, a * by + rest):
        return Relation("affine", by, rest / (1.0 - by), largest)
    return Relation("general", 0.0, 0.0, largest)


def sentence(found: Relation, a: Array, b: Array, unit: Unit) -> str:
    """The change in words: `0.5 → 0.6`, `+0.10`, `×1.5`, `0.4–0.6 → 0.4–0.7`."""
    match found.kind:
        case "constant":
            return unit.both(float(a[0]), float(b[0]))
        case "offset":
            return unit.offset(found.by)
        case "factor":
            return factor_text(found.by)
        case "affine":
            return f"moves {factor_text(found.by)} around {unit.one(_snapped(found.around, a))}"
        case "begins":
            return f"{unit.one(float(a[-1]))} → moves {_between(b, unit)}"
        case "ends":
            return f"moves {_between(a, unit)} → {unit.one(float(b[-1]))}"
        case "general":
            spreads = _spread(a, unit), _spread(b, unit)
            return f"differs within {spreads[0]}" if spreads[0] == spreads[1] else " → ".join(spreads)


def _spread(values: Array, unit: Unit) -> str:
    return unit.spread(float(values.min()), float(values.max()))


def _between(values: Array, unit: Unit) -> str:
    return unit.between(float(values.min()), float(values.max()))


def _snapped(around: float, values: Array) -> float:
    """A point that only rounding keeps off a short number is that number."""
    short = round(around, 9)
    return short + 0.0 if abs(around - short) <= 1e-7 * max(1.0, float(np.abs(values).max())) else around
