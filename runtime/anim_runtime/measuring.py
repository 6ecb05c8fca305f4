"""Measures every frame that is shown, in order, each once; what an earlier run measured is taken from it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from anim_compiler.frame_table import FrameTable
from anim_compiler.plan import Columns, Plan, SceneRun
from anim_compiler.transitions import DIPS
from anim_runtime.events import Event, Measured
from anim_runtime.measure import VERSION, Look, difference, drift, looked_at, moved, travel
from anim_runtime.movement import Movement

Shown = Callable[[int], NDArray[np.uint16]]
"""The picture that is shown at a frame, uint16 `[H,W,3]`, RGB."""


def known_of(events: Iterable[Event], shown: tuple[str, ...]) -> dict[int, Measured]:
    """What was measured already, by frame, of pictures that are still what is shown there."""
    return {
        event.frame: event
        for event in events
        if isinstance(event, Measured)
        and event.version == VERSION
        and 0 <= event.frame < len(shown)
        and event.shown == shown[event.frame]
    }


class Measuring:
    """The figures of one film's shown frames. `tell` hears of those that are measured now."""

    def __init__(
        self,
        plan: Plan,
        columns: Columns,
        table: FrameTable,
        shown: Shown,
        tell: Callable[[Measured], None],
        known: Mapping[int, Measured],
    ) -> None:
        self._plan = plan
        self._table = table
        self._shown = shown
        self._tell = tell
        self._movement = Movement(plan, columns, table)
        self._joins = _joins(plan, columns, table)
        self._starts = {f: start for scene in plan.scenes for f, start in self._rows(scene)}
        #: figures by frame
        self.figures: dict[int, dict[str, float]] = {f: dict(event.figures) for f, event in known.items()}
        self._looks: dict[int, Look] = {}
        self._pass_known()

    @property
    def next(self) -> int:
        """The first frame that is not measured."""
        return self._next

    def see(self, frame: int, picture: NDArray[np.uint16]) -> None:
        """Takes a shown picture that is there anyway; measured if it is the next one's."""
        if frame != self._next or frame >= self._plan.frames:
            return
        look, figures = looked_at(picture)
        start = self._starts[frame]
        self._looks[frame] = look
        figures |= {"drift": 0.0, "flicker": 0.0, "motion": 0.0}
        if frame > start and frame not in self._joins:
            figures["drift"] = drift(look, self._look(start))
            if frame - 1 not in self._joins:
                figures |= self._since_last(frame, look)
        self._looks = {f: self._looks[f] for f in (start, frame) if f in self._looks}
        told = {name: round(value, 6) for name, value in figures.items()}
        self.figures[frame] = told
        self._tell(
            Measured(
                at=time.time(), frame=frame, shown=self._table.shown[frame], version=VERSION, figures=told
            )
        )
        self._pass_known()

    def upto(self, end: int) -> None:
        """Measures every frame before `end` that is not measured."""
        while self._next < end:
            self.see(self._next, self._shown(self._next))

    def _rows(self, scene: SceneRun) -> Iterator[tuple[int, int]]:
        """A scene's frames, each with the first one that shows nothing but the scene: colours count by it."""
        frames = range(scene.start, scene.end)
        start = next((f for f in frames if f not in self._joins), scene.end)
        return ((f, start) for f in frames)

    def _pass_known(self) -> None:
        """Goes on to the first frame without figures."""
        self._next = next((f for f in range(self._plan.frames) if f not in self.figures), self._plan.frames)

    def _look(self, frame: int) -> Look:
        if frame not in self._looks:
            self._looks[frame], _ = looked_at(self._shown(frame))
        return self._looks[frame]

    def _since_last(self, frame: int, look: Look) -> dict[str, float]:
        """How the frame differs from the one before, which is moved as the picture moves."""
        earlier = self._look(frame - 1).small
        if self._table.shown[frame] == self._table.shown[frame - 1]:
            return {"flicker": 0.0, "motion": 0.0}
        way = self._movement.since_last(frame)
        if way is None:
            return _along_flow(look.small, earlier)
        height, width = earlier.shape[:2]
        if np.array_equal(way, np.eye(3)):
            return {"flicker": difference(look.small, earlier), "motion": 0.0}
        made, seen = moved(earlier, way)
        return {"flicker": difference(look.small, made, seen), "motion": travel(way, width, height)}


def _joins(plan: Plan, columns: Columns, table: FrameTable) -> frozenset[int]:
    """The frames that show two scenes, or the colour that a scene dips in."""
    dips = [columns[name] for name in DIPS if name in columns]
    return frozenset(
        f for f in range(plan.frames) if table.under[f] >= 0 or any(share[f] > 0 for share in dips)
    )


def figures_of_pictures(pictures: Iterable[NDArray[np.uint16]]) -> dict[int, dict[str, float]]:
    """The figures of pictures in order, uint16 `[H,W,3]`, of whose making nothing is known: how they move is
    estimated, and the first one is what colours drift from.
    """
    found: dict[int, dict[str, float]] = {}
    first: Look | None = None
    last: Look | None = None
    for number, picture in enumerate(pictures):
        look, figures = looked_at(picture)
        if first is None or last is None:
            first, figures["drift"] = look, 0.0
            figures |= {"flicker": 0.0, "motion": 0.0}
        else:
            figures["drift"] = drift(look, first)
            figures |= _along_flow(look.small, last.small)
        found[number], last = figures, look
    return found


def _along_flow(later: NDArray[np.float32], earlier: NDArray[np.float32]) -> dict[str, float]:
    """The same where pixels go their own ways: along the optical flow between both."""
    import cv2

    greys = [(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) * 255.0).round().astype(np.uint8) for p in (later, earlier)]
    flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST).calc(
        greys[0], greys[1], np.zeros((*greys[0].shape, 2), np.float32)
    )
    height, width = greys[0].shape
    x = np.arange(width, dtype=np.float32) + flow[..., 0]
    y = np.arange(height, dtype=np.float32)[:, None] + flow[..., 1]
    made = cv2.remap(earlier, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    inside = ((x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)).astype(np.float32)
    way = float(np.minimum(np.hypot(flow[..., 0], flow[..., 1]) / height, 1.0).mean())
    return {"flicker": difference(later, np.asarray(made, dtype=np.float32), inside), "motion": way}
