"""A camera's moves to the frames of a part of a shot, since whatever the pictures are from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from anim_compiler.camera import Path2d, Path3d, path
from anim_compiler.curves import rounded
from anim_compiler.film import Camera
from anim_compiler.frames import Chain
from anim_compiler.functions.registry import Array
from anim_compiler.lowering.paths import Base, camera_prefix
from anim_compiler.memo import Memo
from anim_compiler.takes import Take


class Moves:
    """The moves of a take's camera to the frames of a part of it, which begins at its frame `begin`."""

    def __init__(self, take: Take, made: Chain, begin: int, named: tuple[str, Camera], memo: Memo) -> None:
        name, self._camera = named
        prefix = camera_prefix(name)
        self._channels = {n: take.columns[f"{prefix}.{n}"] for n in self._camera.channels}
        self._take = take
        self._made = made
        self._begin = begin
        self._memo = memo

    def since(self, base: Base) -> Array:
        """The moves since `base`; none where there is nothing such: float64[frames, 9 or 14]."""
        parts = ("moves", base, self._begin, self._made, *self._says)
        return self._memo.recall(lambda: self._since(base), *parts)

    @property
    def _says(self) -> tuple[object, ...]:
        """What the camera's path depends on."""
        film, camera = self._take.film, replace(self._camera, channels={})
        channels = tuple(sorted(self._channels.items()))
        return (
            repr(camera),
            channels,
            self._take.clock.fps,
            self._take.clock.frames,
            film.width,
            film.height,
        )

    def _since(self, base: Base) -> Array:
        here = [self._begin + f for f in range(len(self._made.kinds))]
        match base:
            case "previous":
                source = self._other(self._made.before, here)
            case "next":
                source = self._other(self._made.after, here)
            case "first":
                source = [self._begin] * len(here)
            case "start":
                source = [0] * len(here)
        return rounded(self._memo.recall(self._path, "path", *self._says).move(source, here))

    def _path(self) -> Path2d | Path3d:
        frames, film = self._take.clock.frames, self._take.film
        channels = {n: np.asarray(column, dtype=np.float64) for n, column in self._channels.items()}
        way = channels or {"zoom": np.ones(frames)}
        return path(self._camera, way, float(1 / self._take.clock.fps), film.width, film.height)

    def _other(self, frames: Sequence[int], here: Sequence[int]) -> list[int]:
        return [self._begin + f if f >= 0 else h for f, h in zip(frames, here, strict=True)]
