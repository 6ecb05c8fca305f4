"""Lines of journals."""

from __future__ import annotations

from anim_runtime.events import FrameDone, FrameStarted, Planned
from anim_runtime.journal import Journal


def planned(at: float, frames: int, reused: int = 0, name: str = "film") -> Planned:
    """How a render begins."""
    return Planned(
        at=at,
        name=name,
        frames=frames,
        width=64,
        height=64,
        fps="24",
        reused=reused,
        diffused=frames - reused,
        tweens=0,
        model="null",
        device="cpu",
    )


def frame(journal: Journal, at: float, number: int, took: float) -> None:
    """A frame that is begun and done."""
    journal.append(FrameStarted(at=at, frame=number))
    journal.append(FrameDone(at=at + took, frame=number, how="diffused", recipe="r", spent={"diffuse": took}))
