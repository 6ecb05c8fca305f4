"""Recipes: a machine-free digest of everything that a frame's carry depends on, and of what is shown of it.

Two frames with one recipe have the same carry on one machine. A recipe holds op versions, argument values
at the frame, conditionings, hashes of media and model, the size, and the recipes of the frames that
the frame is made from; no positions, names of columns or output settings. An op that changes nothing
with its values is left out, so that an effect that begins later does not touch the frames before.

They are made from the *plain* graph, which says what each frame is, not from the optimised one, which says
how it is worked out: what a pass does must never make a film that is there already be made again. What a
pass may change in the last bits its own tolerance tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from anim_compiler import row_bytes
from anim_compiler.chained_digests import Chained, Links, chained
from anim_compiler.frames import Frames
from anim_compiler.graph import Graph, Template
from anim_compiler.memo import Memo
from anim_compiler.recipe_rows import BENEATH, CARRY, Common, Group, Shift, grouped
from anim_compiler.row_bytes import Bytes
from anim_compiler.row_facts import Rows


@dataclass(frozen=True, slots=True)
class Cast:
    """The rows of a plan: how they are made, and the film's second that each stands at: float64 `[rows]`."""

    frames: Frames
    seconds: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipes:
    """The digests of every row, uint8 `[rows, 16]`: `recipe` of its carry, `shown` of what is shown, which
    are equal where that is the carry. `carries` and `pictures` are what they were made of.
    """

    recipe: Bytes
    shown: Bytes
    carries: Chained
    pictures: Chained


def recipes(graph: Graph, cast: Cast, common: Common, old: Recipes | None = None) -> Recipes:
    """The recipes of every row. `graph` is by kernel ops, and nothing in it is optimised. `old` are those of
    an earlier version of the film: what did not change is taken from them.
    """
    frames = cast.frames
    rows = len(frames.kinds)
    links, under = common.memo.recall(partial(_ways, frames), "links", frames)
    worked = list(_worked(graph, cast, under >= 0, common.memo))

    groups = [
        group for template, shift in worked for group in grouped(template.results["carry"], shift, common)
    ]
    nothing = np.zeros((rows, row_bytes.WIDTH), dtype=np.uint8)
    order = common.memo.recall(partial(_order, frames), "order", frames)
    carries = chained(groups, order, Links(links, {}), nothing, None if old is None else old.carries)
    recipe = carries.digests

    seen = [
        group
        for template, shift in worked
        for group in grouped(template.results["frame"], shift, common, template.results["carry"])
    ]
    reads = Links(links | {BENEATH: under, "reveal": under}, dict.fromkeys((*links, BENEATH), recipe))
    done = [group for group in seen if not group.is_carry]
    pictures = chained(done, _last_first(done), reads, nothing, None if old is None else old.pictures)
    make = partial(_shown, pictures.digests, recipe, seen)
    shown = common.memo.recall(make, "shown", pictures, carries, tuple(seen))
    return Recipes(recipe, shown, carries, pictures)


def _shown(pictures: Bytes, recipe: Bytes, seen: Sequence[Group]) -> Bytes:
    """What is done to a carry and the carry, two digests in one: the first stays when the carry changes."""
    shown = pictures.copy()
    for group in seen:
        if CARRY in group.leaves:
            shown[group.rows] ^= recipe[group.rows]
    return shown


def _ways(frames: Frames) -> tuple[dict[str, Rows], Rows]:
    """The rows that every row goes on from, by leaf, and the one beneath it; -1 for none."""
    before, after = (np.asarray(way, dtype=np.int64) for way in (frames.before, frames.after))
    first, under = np.zeros(len(before), dtype=np.int64), np.full(len(before), -1)
    for scene in frames.scenes:
        first[list(scene)] = scene[0]
    under[: frames.shown] = frames.under
    return {"previous": before, "next": after, "first": first}, under


def _order(frames: Frames) -> Rows:
    """The rows so that each comes after those it is made from: tweens after what they lie between."""
    tween = np.array([kind == "tween" for kind in frames.kinds])
    return np.concatenate([np.flatnonzero(~tween), np.flatnonzero(tween)])


def _last_first(groups: Sequence[Group]) -> Rows:
    """The rows of groups: what lies beneath stands behind the film's frames, and is done before them."""
    rows = [group.rows for group in groups]
    return np.sort(np.concatenate([np.empty(0, dtype=np.int64), *rows]))[::-1].copy()


def _worked(
    graph: Graph, cast: Cast, covers: NDArray[np.bool_], memo: Memo
) -> Iterator[tuple[Template, Shift]]:
    """The templates that make some rows, with those rows."""
    for template in graph.templates.values():
        if template.frames:
            make = partial(_shift, template.frames, cast, covers)
            yield template, memo.recall(make, "shift", template.frames, cast.frames, cast.seconds)


def _shift(frames: Sequence[int], cast: Cast, covers: NDArray[np.bool_]) -> Shift:
    places = np.zeros(len(covers), dtype=np.int64)
    for scene in cast.frames.scenes:
        places[list(scene)] = np.arange(len(scene))
    rows = np.array(frames, dtype=np.int64)
    return Shift(rows, places[rows], cast.seconds[rows], covers[rows])


def rows_digest(recipe: Bytes, rows: Rows) -> str:
    """The digest (hex) of the recipes of some rows, in order."""
    return row_bytes.digest(recipe[rows].tobytes()).hex()
