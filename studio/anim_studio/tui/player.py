"""The clock of playback: which frame is due now. It shows nothing and knows no terminal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Player:
    """Plays `first <= frame < end` at `fps`; every control gives another player, and none reads a clock.

    Times are seconds of `time.monotonic()`. While it plays, the frame that is due follows from the time
    alone, so that a slow screen drops frames instead of slowing the film, and rounding never adds up. Without
    `loop` the last frame stays and the player rests there.
    """

    fps: Fraction
    first: int
    end: int
    head: int = 0
    loop: bool = True
    #: when `head` was due; None while it rests
    since: float | None = None

    @property
    def plays(self) -> bool:
        """Whether time moves the head; at the end of a film without a loop `rested` tells that it no longer
        does.
        """
        return self.since is not None

    def at(self, now: float) -> int:
        """The frame that is due."""
        return self._within(self.head + self._passed(now))

    def wait(self, now: float) -> float | None:
        """Seconds until another frame is due, never below 0; None if none will be."""
        if self.since is None or self.end - self.first <= 1 or self._is_over(now):
            return None
        due = Fraction(self._passed(now) + 1) / self.fps
        return max(0.0, self.since + float(due) - now)

    def played(self, now: float) -> Player:
        """Playing from the head on; from the start of the range if the head is at its end or outside it."""
        at = self.at(now)
        if not self.first <= at < self.end or (not self.loop and at == self.end - 1):
            at = self.first
        return replace(self, head=at, since=now)

    def paused(self, now: float) -> Player:
        """Resting at the frame that is due."""
        return replace(self, head=self.at(now), since=None)

    def toggled(self, now: float) -> Player:
        """The other of playing and resting; one that came to the end plays again from the start."""
        return self.paused(now) if self.plays and not self._is_over(now) else self.played(now)

    def rested(self, now: float) -> Player:
        """Itself; or at rest on the last frame, once a film without a loop came to its end."""
        return self.paused(now) if self._is_over(now) else self

    def sought(self, frame: int, now: float) -> Player:
        """At another frame, playing on from there if it plays; outside the range it rests there."""
        inside = self.first <= frame < self.end
        return replace(self, head=frame, since=now if self.plays and inside else None)

    def over(self, first: int, end: int, now: float) -> Player:
        """Over another range, as of a scene; one that plays goes on from its start if the head is outside."""
        if end <= first:
            raise ValueError(f"no frames from {first} to {end}")
        at = self.at(now)
        if self.plays and not first <= at < end:
            at = first
        return replace(self, first=first, end=end, head=at, since=now if self.plays else None)

    def looped(self, loop: bool, now: float) -> Player:
        """Going round at the end of the range, or stopping there."""
        return replace(self, head=self.at(now), loop=loop, since=now if self.plays else None)

    def _passed(self, now: float) -> int:
        """Frames since the head was due. Binary times are exact fractions, so a frame is due at its time and
        not a rounding before it; what `wait` promised is met, for a sleep never ends too early by more than
        it rounds.
        """
        if self.since is None:
            return 0
        return max(0, floor(_seconds(now - self.since) * self.fps))

    def _is_over(self, now: float) -> bool:
        return self.plays and not self.loop and self.head + self._passed(now) >= self.end - 1

    def _within(self, frame: int) -> int:
        if self.since is None:
            return frame
        if self.loop:
            return self.first + (frame - self.first) % (self.end - self.first)
        return min(frame, self.end - 1)


def _seconds(time: float) -> Fraction:
    """A time in whole nanoseconds, up: `since + 1 / fps` in binary may be a bit too early for its frame."""
    return Fraction(ceil(time * 1_000_000_000), 1_000_000_000)
