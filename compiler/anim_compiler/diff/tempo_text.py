"""How a tempo is named in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from anim_compiler.diff.where import short
from anim_compiler.tempo import Stretch, TempoMap

_MOST_KEYS = 4
"""Of a tempo with more keys the first and the last are named, and a digest of all."""


def tempo_text(bpm: float | None, given: TempoMap | None) -> str | None:
    """`120`, `93 at 0 s to 110 at 5 s`, `120 at 0 s, 60 at 1 s`, or `tapped` with a digest; None where
    nothing is said of it.
    """
    if given is None:
        return None if bpm is None else short(bpm)
    if given.begins:
        return f"tapped ({given.says[:6]})"
    keys = list(_keys(given))
    if len(keys) > _MOST_KEYS:
        return f"{keys[0]}, …{keys[-1]} ({given.says[:6]})"
    return "".join(keys)


def _keys(given: TempoMap) -> Iterator[str]:
    """Each tempo with its second, behind what leads to it: ` to ` for an even change, `, ` for a step."""
    rows = given.stretches
    yield _key(rows[0])
    for a, b in pairwise(rows):
        if a.second != b.second:
            yield f"{' to ' if a.slope else ', '}{_key(b)}"


def _key(row: Stretch) -> str:
    return f"{short(float(60 / row.length))} at {short(float(row.second))} s"
