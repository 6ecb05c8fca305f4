"""What a render's events add up to: counts, rate, time left, and where the time goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from anim_runtime.events import (
    Encoded,
    Encoding,
    Event,
    Failed,
    Finished,
    FrameDone,
    FrameStarted,
    Loaded,
    Measured,
    Planned,
    Unmet,
    Warned,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """The state of a render after some events; `after` gives the next one.

    `started` and `latest` are seconds since the epoch: the first frame's start and the latest frame's end.
    `drawn` is how many frames were begun by then: those that are made together are done together, though
    they reach the store one after the other. `spent` is seconds by stage over all frames made so far.
    """

    name: str = ""
    frames: int = 0
    fps: str = ""
    expected_reuse: int = 0
    reused: int = 0
    made: int = 0
    begun: int = 0
    drawn: int = 0
    started: float | None = None
    latest: float = 0.0
    spent: Mapping[str, float] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    encoding: Encoding | None = None
    encoded: tuple[Encoded, ...] = ()
    failed: Failed | None = None
    finished: Finished | None = None

    @property
    def done(self) -> int:
        """Frames that are in the store."""
        return self.made + self.reused

    @property
    def rate(self) -> float | None:
        """Frames made per second of work, without the ones that were reused; None before the first."""
        if self.started is None or not self.drawn or self.latest <= self.started:
            return None
        return self.drawn / (self.latest - self.started)

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the last frame at the present rate; None while there is no rate."""
        to_make = max(0, self.frames - self.drawn - max(self.expected_reuse, self.reused))
        return None if self.rate is None else to_make / self.rate

    def shares(self, count: int = 4) -> tuple[tuple[str, float], ...]:
        """The `count` stages that took most, with their share of all the time spent (0..1)."""
        total = sum(self.spent.values())
        if total <= 0:
            return ()
        ranked = sorted(self.spent.items(), key=lambda item: (-item[1], item[0]))
        return tuple((name, seconds / total) for name, seconds in ranked[:count])

    def after(self, event: Event) -> Tally:
        """The tally with one more event counted in."""
        match event:
            case Planned():
                return replace(
                    self, name=event.name, frames=event.frames, fps=event.fps, expected_reuse=event.reused
                )
            case FrameStarted():
                first = event.at if self.started is None else self.started
                return replace(self, started=first, begun=self.begun + 1)
            case FrameDone(how="reused"):
                return replace(self, reused=self.reused + 1)
            case FrameDone():
                spent, latest = _summed(self.spent, event.spent), max(self.latest, event.at)
                return replace(self, made=self.made + 1, drawn=self.begun, latest=latest, spent=spent)
            case Warned():
                return replace(self, warnings=(*self.warnings, event.message))
            case Measured() | Loaded():
                return self
            case Unmet():
                return replace(self, unmet=(*self.unmet, event))
            case Encoding():
                return replace(self, encoding=event)
            case Encoded():
                return replace(self, encoded=(*self.encoded, event))
            case Failed():
                return replace(self, failed=event)
            case Finished():
                return replace(self, finished=event)
            case _:
                assert_never(event)


def _summed(before: Mapping[str, float], spent: Mapping[str, float]) -> dict[str, float]:
    return {name: before.get(name, 0.0) + spent.get(name, 0.0) for name in (*before, *spent)}
