"""The part of a film that is exported: its rows, its shots, and its curves as schedules."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from anim_compiler.film import Curve, Shot
from anim_studio.cli.exits import Exit, Stop
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.to_baked import Array
from anim_studio.interchange.to_schedule import Clock, schedule


@dataclass(slots=True)
class Part:
    """Frames `first <= f < end` of a film, and the names of the schedules that had to become numbers."""

    film: Exporting
    first: int
    end: int
    baked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, film: Exporting, format: str) -> Part:
        """The one range of frames that was asked for. Raises `Stop` if there are several."""
        if len(film.ranges) > 1:
            raise Stop(
                Exit.USAGE, f"`{format}` takes one range of frames", "write one, such as `--frames 0-47`"
            )
        first, end = film.ranges[0] if film.ranges else (0, film.plan.frames)
        return cls(film, first, end)

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return self.end - self.first

    @property
    def shots(self) -> tuple[tuple[Shot, int, int], ...]:
        """The shots that it shows, each with its frames, counted from the part's first."""
        by_name = {shot.name: shot for shot in self.film.film.shots}
        return tuple(
            (
                by_name[scene.name],
                max(scene.start, self.first) - self.first,
                min(scene.end, self.end) - self.first,
            )
            for scene in self.film.plan.scenes
            if scene.start < self.end and scene.end > self.first
        )

    @property
    def clock(self) -> Clock:
        """What its schedules are read by."""
        return Clock(self.frames, self.film.fps, self.film.plan.seed)

    def column(self, name: str, default: float = 0.0) -> Array:
        """A curve at every frame, a default where a scene has none."""
        found = self.film.columns.get(name)
        if found is None:
            return np.full(self.frames, default)
        part: Array = found[self.first : self.end]
        return np.where(np.isfinite(part), part, default)

    def written(self, name: str) -> Curve | None:
        """What the film says of a setting, if it says the same of all that is shown."""
        shots = self.shots
        return shots[0][0].numbers.get(name) if len(shots) == 1 else None

    def schedule(
        self, key: str, name: str, default: float, *, scale: float = 1.0, is_whole: bool = False
    ) -> str:
        """A setting as a schedule; strength is taken off 1 (`scale` -1)."""
        values = self.column(name, default)
        taken = 1.0 - values if scale == -1 else values * scale
        return self.said(key, taken, self.written(name), scale=scale, is_whole=is_whole)

    def said(
        self,
        key: str,
        values: Array,
        curve: Curve | None = None,
        *,
        scale: float = 1.0,
        is_whole: bool = False,
    ) -> str:
        """Values as a schedule, as `curve` says them if that says the same."""
        found = schedule(values, self.clock, curve, self.film.film, scale=scale, is_whole=is_whole)
        if found.is_baked:
            self.baked.append(key)
        return found.text
