"""A film as a table: what the formats of plain numbers share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from anim_compiler.film import WordSchedule
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.to_prompts import BOTH, told_at


@dataclass(frozen=True, slots=True)
class Table:
    """One entry a frame in each column; `numbers` hold None where a scene does not have the curve."""

    frames: tuple[int, ...]
    times: tuple[float, ...]
    scenes: tuple[str, ...]
    numbers: dict[str, tuple[float | None, ...]]
    texts: dict[str, tuple[str, ...]]


def table(film: Exporting) -> Table:
    """The frames that were asked for. Numbers are those of the plan, at 12 digits."""
    rows = film.rows
    scenes = {f: scene.name for scene in film.plan.scenes for f in range(scene.start, scene.end)}
    seconds = [digits(float(frame / film.fps)) for frame in rows]
    texts = {name: tuple(film.words[name][f] for f in rows) for name in _changing(film)}
    for which in BOTH:
        texts[which] = tuple(one.text for one in told_at(film, which, rows))
    return Table(
        rows,
        tuple(seconds),
        tuple(scenes[f] for f in rows),
        {name: _numbers(film.columns[name], rows) for name in film.curves},
        texts,
    )


def digits(value: float) -> float:
    """A number at 12 significant digits, as every machine has it; no -0."""
    return float(f"{value:.12g}") + 0.0


def _numbers(
    column: np.ndarray[tuple[int], np.dtype[np.float64]], rows: tuple[int, ...]
) -> tuple[float | None, ...]:
    return tuple(digits(v) if np.isfinite(v) else None for v in column[np.asarray(rows)].tolist())


def _changing(film: Exporting) -> Iterator[str]:
    """The settings of words that a scene has as a list of keys."""
    if isinstance(film.film.model, WordSchedule):
        yield "model"
    for name in film.words:
        if any(isinstance(shot.words.get(name), WordSchedule) for shot in film.film.shots):
            yield name
