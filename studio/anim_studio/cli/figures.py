"""What is measured of a film's frames, as a table and as curves under a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.figures import FIGURES
from anim_studio.cli.build import Built
from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.jobs import silent_job
from anim_studio.cli.load import Loaded

if TYPE_CHECKING:
    from anim_runtime.events import FigureSummary
    from anim_studio.draw.strips import Strip

_HEAD = ("figure", "mean", "95%", "most", "at frame")


def table(figures: Mapping[str, FigureSummary], fps: Fraction, begin: int = 0) -> str:
    """A row a figure: its mean, its 95th percentile, its largest value and the film's frame that has it;
    `begin` is the film's frame that the first one is.
    """
    rows: list[tuple[str, ...]] = [_HEAD]
    for name, found in figures.items():
        frame = begin + found.at
        at = f"{frame} ({float(frame / fps):.2f} s)"
        rows.append((name, f"{found.mean:.4f}", f"{found.p95:.4f}", f"{found.most:.4f}", at))
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEAD))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    name, *numbers = (
        part.ljust(w) if i == 0 else part.rjust(w)
        for i, (part, w) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(("", name, *numbers)).rstrip()


def of_film(
    built: Built, loaded: Loaded, environment: Environment, device: str
) -> dict[int, dict[str, float]]:
    """The figures of every frame of a rendered film. Raises `Stop` if one was not rendered yet."""
    from anim_compiler.frame_table import frame_table
    from anim_runtime.frames import Frames
    from anim_runtime.job import Tally
    from anim_runtime.journal import read_journal
    from anim_runtime.measuring import Measuring, known_of
    from anim_runtime.problems import RenderProblem
    from anim_runtime.watching import journal_of

    job = silent_job(built, loaded, environment, device)
    rows = frame_table(job.plan, job.columns)
    known = known_of(read_journal(journal_of(job.cache, job)), rows.shown)
    frames = Frames(job, Tally())
    made = Measuring(job.plan, job.columns, rows, frames.shown, lambda event: None, known)
    try:
        made.upto(job.plan.frames)
    except RenderProblem:
        hint = f"run `anim render {loaded.path}` first"
        raise Stop(Exit.USAGE, f"`{loaded.path}` is not rendered as it stands now", hint) from None
    return made.figures


def of_video(path: Path) -> dict[int, dict[str, float]]:
    """The figures of every frame of a video, whose motion is estimated. Raises `NotAVideo`."""
    import numpy as np
    from av.error import FFmpegError

    from anim_compiler.containers import opened
    from anim_runtime.measuring import figures_of_pictures
    from anim_studio.draw.video import NotAVideo

    try:
        with opened(path) as container:
            pictures = (
                frame.to_ndarray(format="rgb48").astype(np.uint16) for frame in container.decode(video=0)
            )
            return figures_of_pictures(pictures)
    except FFmpegError as error:
        raise NotAVideo(f"`{path}` is not a video that can be read") from error


def strips(figures: Mapping[int, Mapping[str, float]]) -> list[Strip]:
    """A curve for each figure that is not the same all along."""
    import numpy as np

    from anim_studio.draw.strips import Strip

    frames = max(figures, default=-1) + 1
    found: list[Strip] = []
    for name in FIGURES:
        values = np.array([figures.get(frame, {}).get(name, np.nan) for frame in range(frames)])
        if np.isfinite(values).any() and np.nanmax(values) > np.nanmin(values):
            found.append(Strip(name, values))
    return found
