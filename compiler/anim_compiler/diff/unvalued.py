"""Numbers that cannot be compared value by value: without a default in one film, or without values at all."""

from __future__ import annotations

from anim_compiler.diff.amounts import unit_of
from anim_compiler.diff.change import Change
from anim_compiler.diff.number import Number
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.side import column
from anim_compiler.diff.where import ranges
from anim_compiler.film import Curve
from anim_compiler.takes import Take


def one_sided(
    pair: Pair, number: Number, scene: Matched, before: Curve | None, after: Curve | None
) -> Change | None:
    """A setting without a default that is written in one film only."""
    if before is None and after is None:
        return None
    side, curve, take = (pair.b, after, scene.b) if before is None else (pair.a, before, scene.a)
    assert curve is not None
    text = side.written(curve) or _value(number, take, curve)
    frames = pair.seen(scene.frames)
    if not len(frames):
        return None
    return Change(
        number.area,
        "added" if before is None else "removed",
        number.path,
        number.subject,
        f"set to {text}" if before is None else f"no longer set (was {text})",
        pair.words(frames),
        scene.b.shot.name if pair.in_scenes else "",
        ranges(frames),
        "" if before is None else text,
        text if before is None else "",
    )


def _value(number: Number, take: Take, curve: Curve) -> str:
    values = column(take, number.path, curve)
    return "" if values is None else unit_of(number.kind, (), number.unit).one(float(values[0]))


def unknown(pair: Pair, number: Number, scene: Matched, before: Curve, after: Curve) -> Change:
    """A change whose values cannot be had, as what is written."""
    texts = pair.a.written(before) or "default", pair.b.written(after) or "default"
    where = pair.words(pair.seen(scene.frames))
    return Change(
        number.area, "changed", number.path, number.subject, " → ".join(texts), where, "", (), *texts
    )
