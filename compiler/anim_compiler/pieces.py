"""The parts of takes that a plan holds: a preview's, or all of them; put together as columns of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.curves import rounded
from anim_compiler.frames import Chain, Frames, Placed, joined, part
from anim_compiler.functions.registry import Array
from anim_compiler.lower import CUT, Scene
from anim_compiler.plan import Columns
from anim_compiler.seeds import stored
from anim_compiler.takes import Take, chained, moves, seeds


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


def pieces(made: Sequence[Take], start: int, end: int) -> tuple[Piece, ...]:
    """What lies in the film's frames from `start` to `end` (excluded). A preview's first frame starts a
    chain of its own; its values are those that it has in the whole film.
    """
    found: list[Piece] = []
    older = 0
    for take in made:
        whole, first = chained(take), take.clock.first
        columns = {**take.columns, "diffuse.seed": seeds(take, whole, older)}
        older += sum(f < take.own for f in whole.diffused)
        begin, stop = max(start - first, 0), min(end - first, take.own)
        if begin >= stop:
            continue
        # where the preview ends inside the overlap, so does what lies beneath
        tail = max(0, min(len(whole.kinds), end - first) - take.own)
        kept = part(whole, begin, stop + tail)
        cut = {name: column[begin : stop + tail] for name, column in columns.items()}
        if not found:
            cut["transition.reveal"] = np.ones(len(kept.kinds))
        goes_on = take.goes_on and bool(found)
        found.append(Piece(take, kept, begin, stop - begin, goes_on, cut | _made_from(take, kept, begin)))
    return tuple(found)


def _made_from(take: Take, kept: Chain, begin: int) -> Columns:
    """What depends on the frames that a frame is made from: the camera's moves and the tweens' mix."""
    columns: Columns = {"tween.mix": _tween_mix(kept)}
    ways = moves(take, kept, begin)
    if ways is not None:
        columns["camera.from_previous"] = ways[0]
        if "tween" in kept.kinds:
            columns["camera.from_next"] = ways[1]
    return columns


def _tween_mix(how: Chain) -> Array:
    """How far each tween is from its diffused frame before to the one after: float64[frames]."""
    rows = zip(range(len(how.kinds)), how.before, how.after, strict=True)
    return rounded(np.array([0.0 if b < 0 or a < 0 else (f - b) / (a - b) for f, b, a in rows]))


def placed(found: Sequence[Piece]) -> Frames:
    """The frames of the plan."""
    return joined([Placed(piece.chain, piece.own, piece.goes_on) for piece in found])


def scenes(found: Sequence[Piece]) -> tuple[Scene, ...]:
    """The shots of the pieces as they are to be lowered."""
    leaving = [following.take.arrives for _, following in pairwise(found)]
    return tuple(
        Scene(
            shot=piece.take.shot,
            goes_on=piece.goes_on,
            arrives=piece.take.arrives if index else CUT,
            leaves=leaves,
            moves=(_named(found, "camera.from_previous", index), _named(found, "camera.from_next", index)),
        )
        for index, (piece, leaves) in enumerate(zip(found, [*leaving, CUT], strict=True))
    )


def spread(found: Sequence[Piece], how: Frames) -> Columns:
    """Columns with one row a frame of the plan; where a scene lacks one, it is 0 there."""
    columns: dict[str, NDArray[Any]] = {}
    for index, piece in enumerate(found):
        rows = list(how.scenes[index])
        for name, values in piece.columns.items():
            known = _named(found, name, index)
            empty = np.zeros((len(how.kinds), *values.shape[1:]), dtype=values.dtype)
            columns.setdefault(known, empty)[rows] = values
    columns["diffuse.seed"] = stored(columns["diffuse.seed"])
    return columns


def _named(found: Sequence[Piece], name: str, index: int) -> str:
    """The plan's name for a scene's column: moves of 2d and of 3d cameras are not of one shape."""
    if not name.startswith("camera.from_"):
        return name
    axes = {piece.take.shot.camera.axes for piece in found if piece.take.shot.camera is not None}
    return name if len(axes) < 2 else f"{name}@{index}"
