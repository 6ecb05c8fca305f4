"""How each frame is made: which are diffused, which are tweens, from what, and in which scene."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anim_compiler.plan import FrameKind


@dataclass(frozen=True, slots=True)
class Chain:
    """The frames of one scene, numbered from its first.

    `before[f]` and `after[f]` are the diffused frames that f is made from, -1 for none.
    """

    kinds: tuple[FrameKind, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def diffused(self) -> tuple[int, ...]:
        """Every frame that is not a tween, in order."""
        return tuple(f for f, kind in enumerate(self.kinds) if kind != "tween")


@dataclass(frozen=True, slots=True)
class Frames(Chain):
    """The frames of a film.

    `scenes` are the frames of every scene in order. A scene that still shows under the next one has
    its last frames there behind the film's own; `under[f]` is the one that shows under f, -1 for none.
    """

    scenes: tuple[tuple[int, ...], ...]
    under: tuple[int, ...]

    @property
    def shown(self) -> int:
        """How many frames the film has."""
        return len(self.under)


def chain(count: int, cadence: Sequence[float], always: Sequence[int] = ()) -> Chain:
    """The frames of one scene: the first, every `cadence[f]`-th after f, those in `always` (prompt
    keys), and the last are diffused; the others tween between their neighbours.

    A frame in `always` does not move the grid: the count goes on from the scene's first frame.
    """
    chosen = {0, count - 1, *(f for f in always if 0 <= f < count)}
    f = 0
    while f < count:
        chosen.add(f)
        f += max(1, round(cadence[f]))
    diffused = np.zeros(count, dtype=bool)
    diffused[list(chosen)] = True
    places = np.flatnonzero(diffused)
    # how many diffused frames stand before each frame; the last is one, so each tween has one after it
    older = np.searchsorted(places, np.arange(count), side="left")
    before = np.where(older > 0, places[older - 1], -1)
    after = np.where(diffused, -1, places[older])
    kinds = np.where(diffused, "diffused", "tween").tolist()
    kinds[0] = "first"
    return Chain(tuple(kinds), tuple(before.tolist()), tuple(after.tolist()))


def begun_again(scene: Chain, every: int) -> Chain:
    """The chain of a preview: each `every`-th frame goes on from the scene's first one."""
    before = (0 if f and f % every == 0 else older for f, older in enumerate(scene.before))
    return Chain(scene.kinds, tuple(before), scene.after)


def part(scene: Chain, start: int, end: int) -> Chain:
    """The frames of a preview of one scene: `start` begins a chain of its own, the last is diffused."""
    if (start, end) == (0, len(scene.kinds)):
        return scene
    count = end - start
    return chain(count, [float(count)] * count, [f - start for f in scene.diffused if start <= f < end])


@dataclass(frozen=True, slots=True)
class Placed:
    """A scene's chain: its first `own` frames are the film's, the others show under the next scene.

    A scene that `goes_on` starts from the last own frame of the one before.
    """

    chain: Chain
    own: int
    goes_on: bool = False


def joined(scenes: Sequence[Placed]) -> Frames:
    """Scenes one after the other.

    Two scenes of three frames, the first with one more under the second: scenes 0 1 2 6 and 3 4 5,
    under = -1 -1 -1 6 -1 -1. The frames that the last scene has more show under the first.
    """
    shown, total = sum(scene.own for scene in scenes), sum(len(scene.chain.kinds) for scene in scenes)
    kinds: list[FrameKind] = ["first"] * total
    before, after, under = np.full(total, -1), np.full(total, -1), [-1] * shown
    places: list[tuple[int, ...]] = []
    start, behind = 0, shown
    for scene in scenes:
        tail = len(scene.chain.kinds) - scene.own
        frames = np.array([*range(start, start + scene.own), *range(behind, behind + tail)])
        places.append(tuple(frames.tolist()))
        for f, kind in zip(places[-1], scene.chain.kinds, strict=True):
            kinds[f] = kind
        before[frames], after[frames] = _moved(scene.chain.before, frames), _moved(scene.chain.after, frames)
        if scene.goes_on and start:
            before[start] = start - 1
        start += scene.own
        # what runs on after the end of a film that loops shows under its beginning
        under[start % shown : start % shown + tail] = range(behind, behind + tail)
        behind += tail
    made = (tuple(kinds), tuple(before.tolist()), tuple(after.tolist()))
    return Frames(*made, tuple(places), tuple(under))


def _moved(chain: Sequence[int], frames: NDArray[np.int64]) -> NDArray[np.int64]:
    """A scene's frames by their places in the film, -1 staying -1."""
    own = np.asarray(chain)
    return np.where(own < 0, -1, frames[own])
