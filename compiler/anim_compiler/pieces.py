"""The parts of takes that a plan holds: a preview's, or all of them; put together as columns of the plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.clip_times import clip_columns
from anim_compiler.curves import rounded
from anim_compiler.frames import Chain, Frames, Placed, joined, part
from anim_compiler.functions.registry import Array
from anim_compiler.graph import Graph
from anim_compiler.lower import CUT, Scene
from anim_compiler.lowering.arguments import camera_of
from anim_compiler.lowering.bases import moves_read
from anim_compiler.lowering.paths import OWN_CAMERA, Base, flip_column, move_column
from anim_compiler.memo import Memo
from anim_compiler.moves import Moves
from anim_compiler.plan import Column, Columns
from anim_compiler.seeds import stored
from anim_compiler.takes import Take, chained, seeds


@dataclass(frozen=True, slots=True)
class Piece:
    """A take from its frame `begin` on; the first `own` frames of `chain` are the film's.

    `columns` have one row a frame of `chain`. It `goes_on` from the piece before.
    """

    take: Take
    chain: Chain
    begin: int
    own: int
    goes_on: bool
    columns: Columns


def pieces(made: Sequence[Take], start: int, end: int, memo: Memo) -> tuple[Piece, ...]:
    """What lies in the film's frames from `start` to `end` (excluded). A preview's first frame starts a
    chain of its own; its values are those that it has in the whole film.
    """
    found: list[Piece] = []
    older = 0
    # a film that loops does so as a whole: a part of it has no end that could come back
    loops = bool(made) and start == 0 and end >= made[-1].clock.first + made[-1].own
    for take in made:
        whole, first = chained(take, memo), take.clock.first
        columns = take.columns | seeds(take, whole, older, memo)
        older += take.own - whole.kinds[: take.own].count("tween")
        begin, stop = max(start - first, 0), min(end - first, take.own)
        if begin >= stop:
            continue
        # where the preview ends inside the overlap, so does what lies beneath
        stays = loops and take is made[-1]
        tail = max(0, (len(whole.kinds) if stays else min(len(whole.kinds), end - first)) - take.own)
        last = stop + tail
        kept = memo.recall(partial(part, whole, begin, last), "part", whole, begin, last)
        cut = {name: _cut(column, begin, last, memo) for name, column in columns.items()}
        if not found and not loops:
            count = len(kept.kinds)
            cut["transition.reveal"] = memo.recall(partial(np.ones, count), "revealed", count)
        cut["tween.mix"] = memo.recall(partial(_tween_mix, kept), "tween.mix", kept)
        cut |= clip_columns(take, kept, begin, memo)
        found.append(Piece(take, kept, begin, stop - begin, take.goes_on and bool(found), cut))
    return tuple(found)


def _cut(column: Column, begin: int, end: int, memo: Memo) -> Column:
    """The rows of a column from `begin` to `end`; the column itself if those are all."""
    if (begin, end) == (0, len(column)):
        return column
    return memo.recall(lambda: column[begin:end], "cut", column, begin, end)


def moving(found: Sequence[Piece], scenes: Sequence[Scene], graph: Graph, memo: Memo) -> tuple[Piece, ...]:
    """The pieces with the columns of the camera moves that their scene of the film's graph reads."""
    read = moves_read(graph)
    return tuple(
        replace(piece, columns=piece.columns | _moves(piece, scene, read.get(index, frozenset()), memo))
        for index, (piece, scene) in enumerate(zip(found, scenes, strict=True))
    )


def _moves(piece: Piece, scene: Scene, read: Collection[tuple[str, Base]], memo: Memo) -> Columns:
    columns: Columns = {}
    for name in sorted({name for name, _ in read}):
        camera = camera_of(scene.shot, name)
        if camera is None:
            continue
        bases: set[Base] = {base for camera_name, base in read if camera_name == name}
        if "previous" in bases and "tween" in piece.chain.kinds:
            bases.add("next")
        moves = Moves(piece.take, piece.chain, piece.begin, (name, camera), memo)
        suffix = scene.suffix if name == OWN_CAMERA else ""
        columns |= {move_column(name, base, suffix): moves.since(base) for base in sorted(bases)}
        if moves.flips:
            columns |= {flip_column(name, base, suffix): moves.flips_since(base) for base in sorted(bases)}
    return columns


def _tween_mix(how: Chain) -> Array:
    """How far each tween is from its diffused frame before to the one after: float64[frames]."""
    before, after = np.array(how.before), np.array(how.after)
    between = (before >= 0) & (after >= 0)
    way = (np.arange(len(before)) - before) / np.where(between, after - before, 1)
    return rounded(np.where(between, way, 0.0))


def placed(found: Sequence[Piece], memo: Memo) -> Frames:
    """The frames of the plan."""
    chains = tuple((piece.chain, piece.own, piece.goes_on) for piece in found)
    return memo.recall(lambda: joined([Placed(*one) for one in chains]), "frames", chains)


def scenes(found: Sequence[Piece], scale: float = 1.0, models: tuple[str, ...] = ()) -> tuple[Scene, ...]:
    """The shots of the pieces as they are to be lowered; `scale` is pixels of the picture that is made per
    pixel of the film's size, `models` are those that the film changes between.
    """
    leaving = [following.take.arrives for _, following in pairwise(found)]
    loops = bool(found) and len(found[-1].chain.kinds) > found[-1].own
    shapes = {piece.take.shot.camera.in_plane for piece in found if piece.take.shot.camera is not None}
    return tuple(
        Scene(
            shot=piece.take.shot,
            goes_on=piece.goes_on,
            arrives=piece.take.arrives if index or loops else CUT,
            leaves=leaves,
            # moves in a plane and by depth are not of one shape
            suffix=f"@{index}" if len(shapes) > 1 else "",
            scale=scale,
            clips={clip.name: clip.fit for clip in piece.take.film.clips},
            models=models,
        )
        for index, (piece, leaves) in enumerate(zip(found, [*leaving, CUT], strict=True))
    )


def spread(found: Sequence[Piece], how: Frames, memo: Memo) -> Columns:
    """Columns with one row a frame of the plan; where a scene lacks one, it is 0 there."""
    names = dict.fromkeys(name for piece in found for name in piece.columns)
    columns: Columns = {}
    for name in names:
        parts = tuple((i, piece.columns[name]) for i, piece in enumerate(found) if name in piece.columns)
        columns[name] = memo.recall(partial(_spread, name, parts, how), "spread", name, parts, how)
    return columns


def _spread(name: str, parts: Sequence[tuple[int, Column]], how: Frames) -> Column:
    (_, first), *_ = parts
    column: NDArray[Any]
    if len(how.scenes) == 1:
        column = np.ascontiguousarray(first)
    else:
        column = np.zeros((len(how.kinds), *first.shape[1:]), dtype=first.dtype)
        for scene, values in parts:
            column[list(how.scenes[scene])] = values
    is_seed = name == "diffuse.seed" or (name.startswith("pipeline.") and name.endswith(".seed"))
    return stored(column) if is_seed else column
