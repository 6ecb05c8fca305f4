"""A camera's moves to the frames of a part of a shot, since whatever the pictures are from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from anim_compiler.camera import Path2d, Path3d, Rows, path
from anim_compiler.curves import rounded
from anim_compiler.film import Camera, Sketch
from anim_compiler.frames import Chain
from anim_compiler.functions.registry import Array
from anim_compiler.lowering.bases import flips
from anim_compiler.lowering.paths import Base, camera_prefix
from anim_compiler.memo import Memo
from anim_compiler.takes import Take

if TYPE_CHECKING:
    from anim_compiler.tiers.flattened import FlatPath

Way: TypeAlias = "Path2d | Path3d | FlatPath"

_PLACES = 12
"""Digits behind the point of a move, whose numbers are about 1: turns, and shifts by parts of a picture."""


class Moves:
    """The moves of a take's camera to the frames of a part of it, which begins at its frame `begin`."""

    def __init__(self, take: Take, made: Chain, begin: int, named: tuple[str, Camera], memo: Memo) -> None:
        name, self._camera = named
        prefix = camera_prefix(name)
        self._channels = {n: take.columns[f"{prefix}.{n}"] for n in self._camera.curves}
        self._take = take
        self._made = made
        self._begin = begin
        self._memo = memo

    def since(self, base: Base) -> Array:
        """The moves since `base`; none where there is nothing such: float64[frames, 9 or 14]."""
        parts = ("moves", base, self._begin, self._made, *self._says)
        return self._memo.recall(lambda: self._since(base), *parts)

    @property
    def flips(self) -> bool:
        """Whether it is a camera in 3d with perspective turns of the picture's own."""
        return flips(self._camera)

    def flips_since(self, base: Base) -> Array:
        """Those perspective turns since `base`: float64[frames, 9]."""
        parts = ("flips", base, self._begin, self._made, *self._says)
        return self._memo.recall(lambda: self._flips_since(base), *parts)

    @property
    def _says(self) -> tuple[object, ...]:
        """What the camera's path depends on."""
        film, camera = self._take.film, replace(self._camera, channels={}, target=None)
        channels = tuple(sorted(self._channels.items()))
        return (
            repr(camera),
            channels,
            self._take.clock.fps,
            self._take.clock.frames,
            film.width,
            film.height,
            repr(self._sketch),
        )

    def _from(self, base: Base) -> tuple[Rows, Rows]:
        """The frames that pictures are of, and those that they are moved to."""
        here = self._begin + np.arange(len(self._made.kinds))
        match base:
            case "previous":
                source = self._other(self._made.before, here)
                if self._sketch is not None and self._sketch.every is not None:
                    # where a chain begins again from the first picture, that is moved by one frame
                    source = np.where(source < here, here - 1, source)
            case "next":
                source = self._other(self._made.after, here)
            case "first" if self._sketch is not None:
                source = self._begin + self._memo.recall(self._renewed, "renewed", self._begin, *self._says)
            case "first":
                source = np.full(len(here), self._begin)
            case "start":
                source = np.zeros(len(here), dtype=np.int64)
        return source, here

    @property
    def _sketch(self) -> Sketch | None:
        return self._take.shot.sketch

    def _renewed(self) -> Rows:
        """The frame since which a preview's moves are counted, for each frame, from `begin`."""
        from anim_compiler.tiers.renewed import renewed

        film = self._take.film
        way = self._memo.recall(self._path, "path", *self._says)
        part = slice(self._begin, self._begin + len(self._made.kinds))
        return renewed(way, part, film.width / film.height, self._camera.border)

    def _flips_since(self, base: Base) -> Array:
        source, here = self._from(base)
        way = self._memo.recall(self._path, "path", *self._says)
        assert isinstance(way, Path3d)
        return _fixed(way.flip(source, here))

    def _since(self, base: Base) -> Array:
        source, here = self._from(base)
        way = self._memo.recall(self._path, "path", *self._says)
        # where nothing moves only the lens says anything
        moved = source != here
        made = way.move(here[:1], here[:1]).repeat(len(here), axis=0)
        made[moved] = _fixed(way.move(source[moved], here[moved]))
        if isinstance(way, Path3d):
            lens = way.focal if way.forgets else way.focal * way.zoom
            made[~moved, 12:] = _fixed(lens[here[~moved]])[:, None]
        return made

    def _path(self) -> Way:
        frames, film = self._take.clock.frames, self._take.film
        channels = {n: np.asarray(column, dtype=np.float64) for n, column in self._channels.items()}
        way = channels or {"zoom": np.ones(frames)}
        made = path(self._camera, way, float(1 / self._take.clock.fps), film.width, film.height)
        if self._camera.flattens and isinstance(made, Path3d):
            from anim_compiler.tiers.flattened import flattened

            return flattened(made, self._camera.depth_warp, film.width / film.height)
        return made

    def _other(self, frames: tuple[int, ...], here: Rows) -> Rows:
        other = self._memo.recall(lambda: np.asarray(frames, dtype=np.int64), "rows", frames)
        return np.where(other >= 0, self._begin + other, here)


def _fixed(moves: Array) -> Array:
    """Numbers at `_PLACES` digits behind the point, and at 12 altogether where they are above 1."""
    found = np.round(moves, _PLACES) + 0.0
    above = np.abs(found) > 1.0
    found[above] = rounded(moves[above])
    return found
