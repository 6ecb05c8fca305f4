"""What a film expects of its frames, looked at as they are measured."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from anim_compiler.plan import ColumnRef, Columns, Expectation, Plan
from anim_runtime.events import Unmet

_HOLDS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
)


@dataclass(slots=True)
class _Broken:
    """An expectation that did not hold: the first time, how often, and the worst."""

    first: Unmet
    frames: int = 1
    worst: float = 0.0
    worst_at: int = 0


class Expecting:
    """The expectations of one plan. `tell` hears of each the first time that it does not hold."""

    def __init__(self, plan: Plan, columns: Columns, tell: Callable[[Unmet], None]) -> None:
        self._plan = plan
        self._columns = columns
        self._tell = tell
        self._of = {f: s.expectations for s in plan.scenes for f in range(s.start, s.end) if s.expectations}
        self._broken: dict[tuple[str, int, str, str, str], _Broken] = {}

    @property
    def any(self) -> bool:
        """Whether the film expects anything."""
        return bool(self._of)

    def look(self, frame: int, figures: Mapping[str, float]) -> None:
        """Holds the figures of a shown frame against what is expected there."""
        for expected in self._of.get(frame, ()):
            if expected.when is not None and self._columns[expected.when.column][frame] == 0:
                continue
            bound, value = self._bound(expected, frame), figures[expected.figure]
            if not _HOLDS[expected.op](value, bound):
                self._miss(expected, frame, value, bound)

    def summary(self) -> tuple[str, ...]:
        """A sentence for each expectation that did not hold, in the order in which they first did not.

        They speak of the film's frames, also where the plan is a part of it.
        """
        return tuple(self._sentence(broken) for broken in self._broken.values())

    def _bound(self, expected: Expectation, frame: int) -> float:
        if isinstance(expected.bound, ColumnRef):
            return float(self._columns[expected.bound.column][frame])
        return expected.bound

    def _miss(self, expected: Expectation, frame: int, value: float, bound: float) -> None:
        key = (expected.file, expected.line, expected.says, expected.figure, expected.op)
        away = abs(value - bound)
        broken = self._broken.get(key)
        if broken is None:
            seconds = float(frame / Fraction(self._plan.fps))
            unmet = Unmet(
                at=time.time(),
                frame=frame,
                seconds=round(seconds, 6),
                figure=expected.figure,
                value=round(value, 6),
                op=expected.op,
                bound=bound,
                says=expected.says,
                file=expected.file,
                line=expected.line,
            )
            self._broken[key] = _Broken(unmet, 1, away, frame)
            self._tell(unmet)
            return
        broken.frames += 1
        if away > broken.worst:
            broken.worst, broken.worst_at = away, frame

    def _sentence(self, broken: _Broken) -> str:
        begin = self._plan.begin
        told = broken.first.told(begin, Fraction(self._plan.fps))
        if broken.frames == 1:
            return told
        return f"{told}; not at {broken.frames} frames, worst at frame {begin + broken.worst_at}"
