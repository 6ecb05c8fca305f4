"""The picture of a difference: every curve that changed, both versions over each other."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anim_studio.draw.chart import Boundary, Chart
from anim_studio.draw.overlay import Changed, Overlay, overlay_png, overlay_svg

if TYPE_CHECKING:
    from anim_compiler.diff import Change, Difference

MOST_CURVES = 16
"""More curves than this are no picture that can be read; the first are drawn."""


def draw(difference: Difference, labels: tuple[str, str], path: Path) -> int:
    """Writes a .svg or .png; how many curves are in it, and no file if there are none."""
    curves = changed_curves(difference)[:MOST_CURVES]
    if not curves:
        return 0
    pair = difference.pair
    timeline = pair.timeline
    grid = timeline.grid
    beats = () if grid is None else grid.between(Fraction(0), timeline.frames / timeline.fps)
    scenes = tuple(Boundary(scene.name, scene.first) for scene in timeline.scenes)
    chart = Chart(
        title=pair.b.film.title or pair.b.film.name,
        fps=float(timeline.fps),
        curves=(),
        beats=beats,
        scenes=scenes if len(scenes) > 1 else (),
    )
    overlay = Overlay(chart, curves, *labels)
    path.parent.mkdir(parents=True, exist_ok=True)
    (overlay_svg if path.suffix == ".svg" else overlay_png)(overlay).save(path)
    return len(curves)


def changed_curves(difference: Difference) -> tuple[Changed, ...]:
    """A curve a setting; scenes that were told one by one are put together again."""
    found: dict[str, Changed] = {}
    for change in _every(difference.changes):
        if change.drawn is None:
            continue
        drawn = Changed(change.subject.replace("`", ""), change.drawn.before, change.drawn.after)
        known = found.get(change.path)
        if known is not None:
            before = np.where(np.isnan(known.before), drawn.before, known.before)
            after = np.where(np.isnan(known.after), drawn.after, known.after)
            drawn = Changed(drawn.name, before, after)
        found[change.path] = drawn
    return tuple(found.values())


def _every(changes: tuple[Change, ...]) -> Iterator[Change]:
    for change in changes:
        yield change
        yield from _every(change.effects)
