"""What a journal tells of the latest render of a film: its figures, its time, its troubles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anim_runtime.events import Event, Failed, Finished, FrameDone, Measured, Planned, Unmet, Warned

#: stages that a run pays once
_ONCE = frozenset({"model", "prompt"})


@dataclass(frozen=True, slots=True)
class Found:
    """`figures` are float64[frames] by name, NaN at frames that were not measured. `spent` is seconds by
    stage over `made` frames that were made, `took` the seconds of the whole render, `files` those of writing
    files. `fewer` tells each time that a group of frames did not fit in memory.
    """

    figures: Mapping[str, NDArray[np.float64]]
    device: str
    made: int
    spent: Mapping[str, float]
    took: float
    files: float
    fewer: tuple[str, ...]
    failed: Failed | None
    unmet: tuple[Unmet, ...]

    @property
    def seconds_a_frame(self) -> float:
        """Seconds that a frame took, without what is paid once; 0 if none was made."""
        work = sum(seconds for stage, seconds in self.spent.items() if stage not in _ONCE)
        return work / self.made if self.made else 0.0

    def share(self, *stages: str) -> float:
        """The share of the work on frames that stages took, 0..1."""
        work = sum(seconds for stage, seconds in self.spent.items() if stage not in _ONCE)
        return sum(self.spent.get(stage, 0.0) for stage in stages) / work if work > 0 else 0.0

    def figure(self, name: str) -> NDArray[np.float64]:
        """The measured values of a figure; empty if there are none."""
        values = self.figures.get(name, np.zeros(0))
        return values[np.isfinite(values)]


def found_in(events: Iterable[Event], frames: int) -> Found:
    """What the events come to. Figures count whenever they were measured, the rest of the latest render
    only.
    """
    figures: dict[str, NDArray[np.float64]] = {}
    latest: list[Event] = []
    everything: list[FrameDone] = []
    for event in events:
        if isinstance(event, Planned):
            latest = []
        latest.append(event)
        if isinstance(event, FrameDone) and event.spent:
            everything.append(event)
        if isinstance(event, Measured) and 0 <= event.frame < frames:
            for name, value in event.figures.items():
                figures.setdefault(name, np.full(frames, np.nan))[event.frame] = value
    # one that reused all its frames tells nothing of how long they take
    done = [e for e in latest if isinstance(e, FrameDone) and e.spent] or everything
    return Found(
        figures=figures,
        device=next((e.device for e in latest if isinstance(e, Planned)), ""),
        made=len(done),
        spent=_summed(done),
        took=next((e.seconds for e in latest if isinstance(e, Finished)), 0.0),
        files=next((e.spent.get("video", 0.0) for e in latest if isinstance(e, Finished)), 0.0),
        fewer=tuple(e.message for e in latest if isinstance(e, Warned) and "not enough memory" in e.message),
        failed=next((e for e in reversed(latest) if isinstance(e, Failed)), None),
        unmet=tuple(e for e in latest if isinstance(e, Unmet)),
    )


def _summed(done: Iterable[FrameDone]) -> dict[str, float]:
    spent: dict[str, float] = {}
    for event in done:
        for stage, seconds in event.spent.items():
            spent[stage] = spent.get(stage, 0.0) + seconds
    return spent
