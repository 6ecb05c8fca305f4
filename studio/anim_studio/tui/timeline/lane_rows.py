"""The lanes of a timeline as rows of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from anim_studio.draw.ticks import clock_text, tick_step
from anim_studio.live.board.lanes import KeyMark, Kind, Lane, Stretch
from anim_studio.live.board.music import LEVELS
from anim_studio.live.tier import OLD, Tier
from anim_studio.tui.cells import Cells
from anim_studio.tui.timeline.window import Window

#: a level from nothing to full, in eighths of a cell
BLOCKS = " ▁▂▃▄▅▆▇█"

#: the sign of a column by what its frames have: nothing, then by tier, some of them, older ones
TIER_SIGNS = (" ", "░", "▓", "█")
PARTLY, OLDER = "·", "▒"

#: signs that the playhead covers
BARE = frozenset((*BLOCKS, *TIER_SIGNS, PARTLY, OLDER, *"─┄╱━▏", ""))

_APART = 2
"""Columns from tick to tick under which they are thinned out."""

#: the styles that rows are drawn in, each a component class `timeline--NAME`
STYLES = (
    *("name", "name-chosen", "empty", "empty-chosen", "scene", "scene-other", "way", "prompt", "text", "key"),
    *("key-fixed", "key-chosen", "label", "beat", "bar", "mark", "final", "draft", "camera", "old"),
    *("head", "ruler", "place", "solo"),
    *LEVELS,
)


def lane_row(lane: Lane, window: Window, chosen: int | None = None, *, is_chosen: bool = False) -> Cells:
    """A lane over the frames of a window; `chosen` is the number of its chosen key."""
    cells = Cells(window.columns, "empty-chosen" if is_chosen else "empty")
    match lane.kind:
        case Kind.SCENES:
            _scenes(cells, lane.stretches, window)
        case Kind.PROMPTS:
            _texts(cells, lane, window)
            _signs(cells, lane.keys, window, chosen, "◆", "prompt")
        case Kind.KEYS:
            _values(cells, lane.keys, window)
            _signs(cells, lane.keys, window, chosen, "◇", "key")
        case Kind.BEATS:
            _ticks(cells, lane.ticks, window, "·", "beat")
            _ticks(cells, lane.strong, window, "▏", "bar")
        case Kind.MARKS:
            _marks(cells, lane.stretches, window)
        case Kind.LEVEL:
            _level(cells, lane, window)
        case _:
            assert_never(lane.kind)
    return cells


def _scenes(cells: Cells, stretches: Sequence[Stretch], window: Window) -> None:
    for number, scene in enumerate(stretches):
        begin, past = window.edge(scene.first), window.edge(scene.end)
        if past <= begin:
            continue
        style = "scene-other" if number % 2 else "scene"
        cells.fill(begin, past, "─", style)
        name = begin
        if scene.first >= window.first:
            cells.put(begin, "▏", style, past)
            name += 1
        lead = min(window.edge(scene.first + scene.lead), past) if scene.how else begin
        cells.fill(name, lead, "╱", "way")
        # the name stands behind the way in, or over it where that takes most of the scene
        after = cells.put(lead + 1 if begin < lead <= (begin + past) // 2 else name, scene.name, style, past)
        if after < past and after > name:
            cells.put(after, " ", style)


def _texts(cells: Cells, lane: Lane, window: Window) -> None:
    """Prompts where they begin to hold, each as far as the next one."""
    # of two at one frame the key that ends the scene before goes under
    rows = [(key.frame, not key.ends, key.label, "text") for key in lane.keys if key.is_read]
    rows += [(held.first, True, held.name, "label") for held in lane.stretches]
    rows.sort(key=lambda row: row[:2])
    before = [label for frame, _, label, _ in rows if frame < window.first]
    shown = [
        (column + 2, label, style)
        for frame, _, label, style in rows
        if (column := window.column(frame)) is not None
    ]
    if before and all(frame != window.first for frame, *_ in rows):
        shown.insert(0, (0, before[-1], "label"))
    for place, (column, label, style) in enumerate(shown):
        past = shown[place + 1][0] - 3 if place + 1 < len(shown) else window.columns
        if past - column >= min(len(label), 4):
            cells.put(column, label, style, past)


def _values(cells: Cells, keys: Sequence[KeyMark], window: Window) -> None:
    """Values beside keys that have room for them."""
    shown = [(column, key) for key in keys if (column := window.column(key.frame)) is not None]
    for place, (column, key) in enumerate(shown):
        past = shown[place + 1][0] - 1 if place + 1 < len(shown) else window.columns
        if key.is_read and len(key.label) <= past - column - 2:
            cells.put(column + 2, key.label, "label", past)


def _signs(
    cells: Cells, keys: Sequence[KeyMark], window: Window, chosen: int | None, sign: str, style: str
) -> None:
    """Keys where they stand; of several on one column the chosen one is seen."""
    for key in keys:
        column = window.column(key.frame)
        if column is not None:
            cells.put(column, sign, style if key.editable and key.is_read else "key-fixed")
    column = window.column(keys[chosen].frame) if chosen is not None and chosen < len(keys) else None
    if column is not None:
        cells.put(column, sign, "key-chosen")


def _ticks(cells: Cells, frames: NDArray[np.int64], window: Window, sign: str, style: str) -> None:
    """Ticks, or every second, fourth … of them where they would run together."""
    if not len(frames):
        return
    every = 1
    if len(frames) > 1:
        step = float(frames[-1] - frames[0]) / (len(frames) - 1) * window.columns / window.count
        while step * every < _APART:
            every *= 2
        if every > 1 and style == "beat":
            # bars alone say enough then
            return
    for column in window.columns_of(frames[::every]).tolist():
        cells.put(column, sign, style)


def _marks(cells: Cells, stretches: Sequence[Stretch], window: Window) -> None:
    for number, mark in enumerate(stretches):
        begin, past = window.edge(mark.first), max(window.edge(mark.end), window.edge(mark.first) + 1)
        following = stretches[number + 1].first if number + 1 < len(stretches) else window.end
        if mark.end < window.first or mark.first >= window.end:
            continue
        room = max(window.edge(following), begin + 1)
        name = begin
        if mark.first >= window.first:
            cells.put(begin, "▏", "mark")
            name += 1
        after = cells.put(name, mark.name, "text", room)
        cells.fill(after, min(past, room), "┄", "mark")


def _level(cells: Cells, lane: Lane, window: Window) -> None:
    if lane.levels is None or len(lane.levels) < window.end:
        return
    style = lane.name if lane.name in LEVELS else "energy"
    for column, eighths in enumerate(heights(lane.levels, window, 8).tolist()):
        if eighths:
            cells.put(column, BLOCKS[eighths], style)


def heights(levels: NDArray[np.float64], window: Window, most: int) -> NDArray[np.int64]:
    """The loudest of each column's frames, 0..`most`: int64[columns]."""
    if window.count > window.columns:
        loudest = np.asarray(np.maximum.reduceat(levels[: window.end], window.starts))
    else:
        loudest = levels[window.shown_frames]
    shares = np.clip(np.nan_to_num(loudest), 0.0, 1.0)
    return np.asarray(np.rint(shares * most), np.int64)


def tier_row(tiers: NDArray[np.uint8] | None, window: Window) -> Cells:
    """How good the pictures of each column's frames are: the worst of them counts."""
    cells = Cells(window.columns, "empty")
    if tiers is None or len(tiers) < window.end:
        return cells
    signs, styles = ((" ", *row) for row in (TIER_SIGNS[1:], ("camera", "draft", "final")))
    fresh = np.where(tiers < OLD, tiers, 0)[: window.end]
    kept = (tiers & (OLD - 1))[: window.end]
    if window.count > window.columns:
        starts = window.starts
        worst, least = np.minimum.reduceat(fresh, starts), np.minimum.reduceat(kept, starts)
        best = np.maximum.reduceat(kept, starts)
    else:
        shown = window.shown_frames
        worst, least, best = fresh[shown], kept[shown], kept[shown]
    rows = zip(worst.tolist(), least.tolist(), best.tolist(), strict=True)
    for column, (now, all_kept, any_kept) in enumerate(rows):
        if now:
            cells.put(column, signs[min(now, Tier.FINAL)], styles[min(now, Tier.FINAL)])
        elif any_kept:
            cells.put(column, OLDER if all_kept else PARTLY, "old")
    return cells


def ruler_row(
    window: Window, fps: float, solo: tuple[int, int] | None, taken: tuple[int, int] = (0, 0)
) -> Cells:
    """Seconds where they stand, and the range that plays; the columns `taken` stay empty."""
    cells = Cells(window.columns, "empty")
    seconds = window.count / fps
    step = tick_step(seconds)
    while seconds / step * 9 > window.columns:
        step *= 2
    free = 0
    for number in range(int(np.ceil(window.first / fps / step - 1e-9)), int(window.end / fps / step) + 1):
        column = window.column(round(number * step * fps))
        text = clock_text(number * step, step)
        if column is None or (column < taken[1] and column + len(text) > taken[0]):
            continue
        if free <= column <= len(cells) - len(text):
            free = cells.put(column, text, "ruler") + 2
    if solo is not None:
        begin, past = window.edge(solo[0]), window.edge(solo[1])
        cells.fill(begin, past, "━", "solo")
        cells.fill(*taken, " ", "empty")
    return cells
