"""How long a render would take, by what earlier ones took."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Literal, TypeAlias

import numpy as np

from anim_studio.estimate.history import FrameTaken, Run, nearest
from anim_studio.estimate.sampling import Counts

How: TypeAlias = Literal["first", "diffused", "fresh", "tween"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds that a render would take: the middle, and where half of all renders would be within.

    It comes from `frames` frames of `runs` renders; `pixels` is their size where it is another than the
    film's, else 0. `parts` are the seconds of each part of the middle.
    """

    seconds: float
    low: float
    high: float
    frames: int
    runs: int
    pixels: int
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame to make: how, and the pictures that go through the denoiser for it."""

    how: str
    passes: int


def estimate(frames: Sequence[Frame], pixels: int, written: int, runs: Sequence[Run]) -> Estimate | None:
    """The time for some frames of so many pixels, and for files of `written` frames in all.

    None if no earlier render tells: with the model, if it is asked, on this device.
    """
    near = nearest([run for run in runs if _tells(run, frames)], pixels)
    past = [frame for run in near for frame in run.frames]
    if frames and not past:
        return None
    if not frames and not near:
        near = nearest(runs, pixels)
    scale = pixels / near[0].pixels if near else 1.0
    rates = _Rates(past)
    drawing = sum(rates.drawing(frame) for frame in frames) * scale
    others = sum(rates.others(frame) for frame in frames) * scale
    video = written * scale * _middle(_video(near))
    fixed = _middle(run.fixed for run in near if run.fixed is not None) if frames else 0.0
    low, high = rates.spread()
    moving = drawing + others
    return Estimate(
        seconds=moving + video + fixed,
        low=moving * low + video + fixed,
        high=moving * high + video + fixed,
        frames=len(past),
        runs=len(near),
        pixels=near[0].pixels if near and near[0].pixels != pixels else 0,
        parts={"start": fixed, "denoiser": drawing, "other steps": others, "files": video},
    )


def _tells(run: Run, frames: Iterable[Frame]) -> bool:
    """Whether a render says how long the denoiser takes, if that is to be known."""
    return any(frame.passes for frame in run.frames) or not any(frame.passes for frame in frames)


def _video(runs: Iterable[Run]) -> Iterable[float]:
    """Seconds a written frame."""
    return (run.video / run.written for run in runs if run.video is not None and run.written)


def _middle(values: Iterable[float]) -> float:
    found = list(values)
    return median(found) if found else 0.0


class _Rates:
    """Seconds a pass of the denoiser and a frame, by how frames were made."""

    def __init__(self, past: Sequence[FrameTaken]) -> None:
        self._past = past
        self._drawing = self._by_how(lambda f: f.drawing / f.passes if f.passes else None)
        self._others = self._by_how(lambda f: f.others)

    def drawing(self, frame: Frame | FrameTaken) -> float:
        """Seconds that the denoiser takes for a frame."""
        return frame.passes * self._drawing.get(frame.how, self._drawing.get("", 0.0))

    def others(self, frame: Frame | FrameTaken) -> float:
        """Seconds that all else takes for it."""
        return self._others.get(frame.how, self._others.get("", 0.0))

    def spread(self) -> tuple[float, float]:
        """Between which factors of what is expected of them half of the frames took."""
        taken = [
            (frame.drawing + frame.others) / expected
            for frame in self._past
            if (expected := self.drawing(frame) + self.others(frame)) > 0
        ]
        if len(taken) < 2:
            return 1.0, 1.0
        low, _, high = quantiles(taken, n=4, method="inclusive")
        return min(1.0, low), max(1.0, high)

    def _by_how(self, rate: Callable[[FrameTaken], float | None]) -> dict[str, float]:
        """The middle rate of each kind of frame, and of all of them under an empty name."""
        found: dict[str, list[float]] = {}
        for frame in self._past:
            value = rate(frame)
            if value is not None:
                found.setdefault(frame.how, []).append(value)
                found.setdefault("", []).append(value)
        return {how: median(values) for how, values in found.items()}


def frames_to_make(kinds: Sequence[str], missing: Iterable[int], passes: Counts) -> tuple[Frame, ...]:
    """The frames of some rows; `passes` is int64[rows]."""
    whole = np.asarray(passes)
    return tuple(Frame(kinds[row], int(whole[row])) for row in missing)
