"""A setting that is a number: its columns in both films, and one change for one edit of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anim_compiler.diff.amounts import Unit, unit_of
from anim_compiler.diff.canon import canon
from anim_compiler.diff.causes import causes, follows_time, stretched
from anim_compiler.diff.change import SEEN, Change, Drawn
from anim_compiler.diff.keys import key_edits
from anim_compiler.diff.number import Number
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.relation import Relation, relation, sentence
from anim_compiler.diff.side import column
from anim_compiler.diff.unvalued import one_sided, unknown
from anim_compiler.diff.where import ranges
from anim_compiler.film import Curve
from anim_compiler.functions.registry import Array

MOST_SCENES = 4
"""A setting that changed differently in more scenes than this is told in one line."""


@dataclass(frozen=True, slots=True)
class Row:
    """The values of both films in one scene where they differ: float64[n] at `frames` of b; `whole` are
    those of all frames of the scene.
    """

    scene: Matched
    curves: tuple[Curve, Curve]
    frames: NDArray[np.int64]
    a: Array
    b: Array
    whole: tuple[Array, Array]
    causes: tuple[str, ...] = ()


def changes(pair: Pair, number: Number) -> tuple[Change, ...]:
    """Every edit of one setting in the scenes of both films."""
    rows: dict[tuple[str, ...], list[Row]] = {}
    told: list[Change] = []
    for scene in pair.matched:
        curves = _curves(number, scene)
        if curves is None:
            continue
        row = _row(pair, number, scene, curves)
        if isinstance(row, Row):
            rows.setdefault(row.causes, []).append(row)
        elif row is not None:
            told.append(row)
    for found in rows.values():
        told += _told(pair, number, found)
    return tuple(told)


def _curves(number: Number, scene: Matched) -> tuple[Curve | None, Curve | None] | None:
    """The curve of each film, its default where it says nothing; None if neither says anything."""
    before, after = (number.find_before or number.find)(scene.a), number.find(scene.b)
    if before is None and after is None:
        return None
    return before or number.default, after or number.default


def _row(
    pair: Pair, number: Number, scene: Matched, curves: tuple[Curve | None, Curve | None]
) -> Row | Change | None:
    """Where the values differ; a change of its own where there are no values; None if nothing differs."""
    before, after = curves
    if before is None or after is None:
        return one_sided(pair, number, scene, before, after)
    a, b = column(scene.a, number.path, before), column(scene.b, number.path, after)
    frames = scene.frames
    if a is None or b is None:
        same = canon(before.expr) == canon(after.expr)
        return None if same else unknown(pair, number, scene, before, after)
    a, b = a[: len(frames)], b[: len(frames)]
    differs = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    differs &= np.isin(frames, pair.seen(frames)) & np.isfinite(a) & np.isfinite(b)
    if not differs.any():
        return None
    if stretched(pair, scene, number.path, before, after):
        return _kept_shape(pair, number, scene)
    found = Row(scene, (before, after), frames[differs], a[differs], b[differs], (a, b))
    return replace(found, causes=number.blame(scene) or causes(pair, scene, before, after))


def _kept_shape(pair: Pair, number: Number, scene: Matched) -> Change:
    """A curve that only follows the length of its scene."""
    name = scene.b.shot.name
    return Change(
        number.area,
        "changed",
        number.path,
        number.subject,
        "keeps its shape over the new length",
        "",
        name if pair.in_scenes else "",
        ranges(pair.seen(scene.frames)),
        causes=(f"scene {name}", "length"),
    )


def _told(pair: Pair, number: Number, rows: Sequence[Row]) -> Iterator[Change]:
    """One change if one rule holds in all scenes, else one a scene, alike ones together."""
    whole = _joined(rows)
    found = relation(whole.a, whole.b)
    unit = _unit(pair, number, rows)
    if len(rows) == 1 or found.kind in ("constant", "offset", "factor"):
        yield _change(pair, number, rows, unit)
        return
    alike: dict[str, list[Row]] = {}
    for row in rows:
        alike.setdefault(_sentence(pair, row, relation(row.a, row.b), unit), []).append(row)
    if len(alike) > MOST_SCENES:
        yield _change(pair, number, rows, unit)
        return
    for group in alike.values():
        yield _change(pair, number, group, unit)


def _joined(rows: Sequence[Row]) -> Row:
    return replace(
        rows[0],
        frames=np.concatenate([row.frames for row in rows]),
        a=np.concatenate([row.a for row in rows]),
        b=np.concatenate([row.b for row in rows]),
        whole=(
            np.concatenate([row.whole[0] for row in rows]),
            np.concatenate([row.whole[1] for row in rows]),
        ),
    )


def _change(pair: Pair, number: Number, rows: Sequence[Row], unit: Unit) -> Change:
    whole = _joined(rows)
    found = relation(whole.a, whole.b)
    before, after = (_written(pair, rows, place) for place in (0, 1))
    # two curves that cross are equal there for a moment: that is no end of the change
    bridged = max(2, len(whole.frames) // 20)
    where = ranges(np.sort(whole.frames), bridged)
    words = _sentence(pair, whole, found, unit)
    placed = pair.timeline.words(where)
    if words != sentence(found, *_shown(whole), unit):
        placed = SEEN + placed  # it tells of keys
    elif found.kind == "general" and follows_time(whole.causes):
        scene = _scene(pair, rows)
        words, placed = "follows" + _largest(whole, found, unit), f"in scene `{scene}`" if scene else ""
    elif found.kind == "general":
        words += _largest(whole, found, unit)
    return Change(
        number.area,
        "changed",
        number.path,
        number.subject,
        words,
        placed,
        _scene(pair, rows),
        where,
        before,
        after,
        whole.causes,
        drawn=_drawn(pair, rows),
    )


def _drawn(pair: Pair, rows: Sequence[Row]) -> Drawn:
    """The curve over the whole film."""
    columns = np.full((2, pair.b.clock.frames), np.nan)
    for row in rows:
        for column_of, values in zip(columns, row.whole, strict=True):
            column_of[row.scene.frames] = values
    return Drawn(columns[0], columns[1])


def _sentence(pair: Pair, row: Row, found: Relation, unit: Unit) -> str:
    if found.kind in ("general", "affine"):
        before, after = (curve.expr for curve in row.curves)
        edits = key_edits((row.scene.a, before), (row.scene.b, after), unit, pair.tempo)
        if edits:
            return edits
    return sentence(found, *_shown(row), unit)


def _shown(row: Row) -> tuple[Array, Array]:
    """The values that a sentence speaks of: those that changed, or all where nearly all did."""
    return row.whole if len(row.frames) > 0.8 * len(row.whole[0]) else (row.a, row.b)


def _largest(row: Row, found: Relation, unit: Unit) -> str:
    """Where the difference is largest, if there are several frames to choose from."""
    if len(row.frames) < 2:
        return ""
    by = float(row.b[found.largest] - row.a[found.largest])
    return f" (most {unit.offset(by, 3)} on frame {row.frames[found.largest]})"


def _written(pair: Pair, rows: Sequence[Row], place: int) -> str:
    """What is written in one film, if it is the same in all these scenes."""
    side = (pair.a, pair.b)[place]
    texts = {side.written(row.curves[place]) for row in rows}
    return texts.pop() if len(texts) == 1 else ""


def _unit(pair: Pair, number: Number, rows: Sequence[Row]) -> Unit:
    written = [side.written(row.curves[i]) for row in rows for i, side in enumerate((pair.a, pair.b))]
    return unit_of(number.kind, written, number.unit)


def _scene(pair: Pair, rows: Sequence[Row]) -> str:
    names = {row.scene.b.shot.name for row in rows}
    return names.pop() if pair.in_scenes and len(names) == 1 else ""
