"""The prompts of a film as texts with weights, frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from anim_compiler.plan import ColumnRef
from anim_compiler.texts import format_number
from anim_studio.interchange.exported import Exporting

Which: TypeAlias = Literal["prompt", "negative"]

BOTH: tuple[Which, ...] = ("prompt", "negative")
"""The two schedules of a film."""

Mix: TypeAlias = tuple[tuple[str, float], ...]
"""Texts and the shares that they have in what is asked for; the shares add up to 1."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a frame is told: from one mix of texts to another, `way` of 0 to 1.

    `key` tells which of the film's the first one is, whatever numbers stand in it.
    """

    a: Mix
    b: Mix
    way: float
    key: int

    @property
    def mix(self) -> Mix:
        """The texts of both, with their shares at this frame; no text twice."""
        if self.a == self.b or self.way == 0.0:
            return self.a
        shares: dict[str, float] = {}
        for mix, part in ((self.a, 1.0 - self.way), (self.b, self.way)):
            for text, share in mix:
                shares[text] = shares.get(text, 0.0) + share * part
        return tuple((text, share) for text, share in shares.items() if share)

    @property
    def text(self) -> str:
        """It as one text for people: `a`, or `40% a + 60% b`."""
        if len(self.mix) == 1:
            return self.mix[0][0]
        return " + ".join(f"{share:.4g} * {text}" for text, share in self.mix)


def told_at(film: Exporting, which: Which, rows: Sequence[int]) -> tuple[Told, ...]:
    """What those frames are told."""
    starts, ends = (film.columns[f"{which}.{side}"].astype(int) for side in ("from", "to"))
    ways = film.columns[f"{which}.mix"]
    found = []
    for row in rows:
        way = float(ways[row])
        begun = _mix(film, int(starts[row]), row)
        towards = _mix(film, int(ends[row]), row) if way else begun
        found.append(Told(begun, towards, way, int(starts[row])))
    return tuple(found)


def morphs(film: Exporting) -> bool:
    """Whether prompts melt into each other anywhere in what is asked for."""
    rows = np.asarray(film.rows)
    return any(
        bool(
            (
                (film.columns[f"{which}.mix"][rows] > 0.0)
                & (film.columns[f"{which}.from"][rows] != film.columns[f"{which}.to"][rows])
            ).any()
        )
        for which in BOTH
    )


def _mix(film: Exporting, conditioning: int, frame: int) -> Mix:
    """A conditioning at a frame, its inserted numbers printed as the film prints them."""
    made = film.plan.prompts
    parts: list[tuple[str, float]] = []
    for part in made.conditionings[conditioning]:
        text = "".join(
            p if isinstance(p, str) else format_number(float(film.columns[p.column][frame]))
            for p in made.texts[part.text]
        )
        weight = part.weight
        parts.append(
            (text, float(film.columns[weight.column][frame] if isinstance(weight, ColumnRef) else weight))
        )
    whole = sum(weight for _, weight in parts)
    if len(parts) == 1 or not whole:
        return tuple((text, 1.0 / len(parts)) for text, _ in parts)
    return tuple((text, weight / whole) for text, weight in parts if weight)
