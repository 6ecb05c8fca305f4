"""What earlier renders on this machine took, from their journals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anim_runtime.events import Encoded, Event, Finished, FrameDone, Planned
from anim_runtime.journal import read_journal

#: the newest renders that are looked at, and how many frames of them are enough
MOST_RUNS, ENOUGH_FRAMES = 40, 2000
#: stages that a run pays once, however many frames it makes
ONCE = frozenset({"model", "prompt"})


@dataclass(frozen=True, slots=True)
class FrameTaken:
    """A frame that was made: how, the pictures that went through the denoiser for it, seconds by stage."""

    how: str
    passes: int
    spent: dict[str, float]

    @property
    def drawing(self) -> float:
        """Seconds in the denoiser."""
        return self.spent.get("diffuse", 0.0)

    @property
    def others(self) -> float:
        """Seconds in all that is done at every frame besides."""
        return sum(s for stage, s in self.spent.items() if stage not in ONCE and stage != "diffuse")


@dataclass(slots=True)
class Run:
    """One render of a size in px with one model on one device, as far as its journal tells.

    `fixed` are seconds before the first frame, such as loading the model; `video` seconds of writing files;
    both are None if the render did not end by itself. `batch` is how many frames passed the model at once.
    """

    model: str
    device: str
    pixels: int
    batch: int
    frames: list[FrameTaken] = field(default_factory=list[FrameTaken])
    written: int = 0
    fixed: float | None = None
    video: float | None = None


def past_runs(cache: Path, model: str, device: str) -> tuple[Run, ...]:
    """The newest renders with this model on this kind of device that made a frame, newest first."""
    journals = sorted((cache / "runs").glob("*/journal.jsonl"), key=_changed, reverse=True)
    found: list[Run] = []
    for path in journals[:MOST_RUNS]:
        runs = [run for run in _runs(read_journal(path)) if (run.model, run.device) == (model, device)]
        found.extend(run for run in reversed(runs) if run.frames)
        if sum(len(run.frames) for run in found) >= ENOUGH_FRAMES:
            break
    return tuple(found)


def nearest(runs: Sequence[Run], pixels: int) -> tuple[Run, ...]:
    """The runs of the size that is nearest to so many pixels, by ratio."""
    if not runs:
        return ()
    size = min((run.pixels for run in runs), key=lambda other: max(other, pixels) / min(other, pixels))
    return tuple(run for run in runs if run.pixels == size)


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _runs(events: Sequence[Event]) -> Iterator[Run]:
    """The renders of one journal: one begins wherever frames are planned."""
    run: Run | None = None
    for event in events:
        match event:
            case Planned():
                if run is not None:
                    yield run
                run = Run(event.model, event.device, event.width * event.height, event.batch)
            case FrameDone() if run is not None and event.how != "reused" and event.spent:
                run.frames.append(FrameTaken(event.how, event.passes, event.spent))
            case Encoded() if run is not None:
                run.written += event.frames
            case Finished() if run is not None:
                _end(run, event)
            case _:
                pass
    if run is not None:
        yield run


def _end(run: Run, finished: Finished) -> None:
    run.video = finished.spent.get("video", 0.0)
    at_frames = sum(frame.drawing + frame.others for frame in run.frames)
    run.fixed = max(0.0, finished.seconds - at_frames - run.video)
