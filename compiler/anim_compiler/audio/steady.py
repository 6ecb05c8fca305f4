"""The even grid under beats that were found one by one, where there is one; else the same beats, calmer."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STRAY: Final = 0.014  # seconds that most beats may stray from a grid for the grid to be the truth
_MOST: Final = 0.7  # of the sure beats
_OTHER: Final = 0.015  # part of a tempo by which another one differs
_NEXT: Final = 8  # beats that a tempo is heard over
_SETTLED: Final = 6  # beats in a row on a grid: those of another tempo cross it faster
_MET: Final = 3  # beats in a row on a grid that show that it has been met
_LEAST: Final = 12  # beats that a grid must hold where the tempo changes
_SURE: Final = 0.4  # of how surely the clear beats were heard, four fifths of the way up: less is a guess
_MENDED: Final = 0.25  # of its misfit a line keeps at most where a cut is worth it
_CLOSEST: Final = 0.1  # seconds between two beats
_CALM: Final = 4  # beats on either side that one found alone is weighed against


def steadied(times: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Beats float64 `[k]` in seconds, the same ones but for slips, on as few even grids as they allow.

    `weights` `[k]` ≥ 0 say how surely each was heard. A track of one tempo gets one grid without jitter; one
    whose tempo jumps a grid from jump to jump; beats on no grid are set where a curve through their
    neighbours has them.
    """
    if times.size < 4:
        return times
    whole = _grid(times, weights)
    if whole is not None:
        whole = _but_beginning(whole, times, weights)
        return -_but_beginning(-whole[::-1], -times[::-1], weights[::-1])[::-1]
    return _joined([_grid_or_calm(times[part], weights[part]) for part in _parts(times, weights)])


def _grid_or_calm(times: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    found = _grid(times, weights) if times.size >= _LEAST else None
    return _calmed(times, weights) if found is None else found


def _grid(times: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The grid that most sure beats lie on, from the first beat to the last; None if they lie on none."""
    sure = _sure(weights)
    if sure.sum() < 4:
        return None
    start, step = _fitted(times[sure], weights[sure], _typical(times))
    stray = np.abs(_strays(times[sure], start, step))
    on, between = stray <= _STRAY, stray >= 0.5 * step - _STRAY
    if between.sum() > on.sum():  # the beats in the middle were the ones that slipped
        start, on, between = start + 0.5 * step, between, on
    # beats may have slipped to the offbeats in a part of the track, but not run at another tempo there
    if on.mean() < 0.5 or (on | between).mean() < _MOST or _has_another(times[sure], step, on | between):
        return None
    first, last = np.rint((times[0] - start) / step), np.rint((times[-1] - start) / step)
    return np.asarray(start + step * np.arange(first, last + 1), np.float64)


def _but_beginning(
    grid: NDArray[np.float64], times: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The grid, but the beats themselves where they come to it from a tempo of their own, as players do.

    Backwards: where they leave it, as at an ending that slows down.
    """
    step = float(grid[1] - grid[0])
    met = np.abs(_strays(times, float(grid[0]), step)) <= _STRAY
    if met.size < _LEAST:
        return grid
    settled = np.lib.stride_tricks.sliding_window_view(met, _MET).all(axis=1)
    count = int(settled.argmax())
    if count < _NEXT or _sure(weights)[:count].mean() < _MOST:
        return grid
    number, first = np.arange(_NEXT), times[:_NEXT]
    stray = np.abs(first - np.polyval(np.polyfit(number, first, 2), number))
    if abs(float(first[-1] - first[0]) / (step * number[-1]) - 1.0) <= _OTHER or np.median(stray) > _STRAY:
        return grid
    own = _calmed(times[: count + 1], weights[: count + 1])[:count]
    return np.asarray(np.concatenate([own, grid[grid > own[-1] + 0.5 * step]]), np.float64)


def _has_another(times: NDArray[np.float64], step: float, is_met: NDArray[np.bool_]) -> bool:
    """Whether many beats in a row have another tempo; `is_met` `[k]`: which are on the grid or between."""
    if times.size < 2 * _LEAST:
        return False
    number = np.concatenate([[0.0], np.cumsum(np.maximum(np.rint(np.diff(times) / step), 1.0))])
    local = (times[_NEXT:] - times[:-_NEXT]) / (number[_NEXT:] - number[:-_NEXT])
    # where beats slip to the offbeats and back the tempo errs for a while, but they meet the grid all along
    settled = np.lib.stride_tricks.sliding_window_view(is_met, _SETTLED)[: local.size].all(axis=1)
    same = np.concatenate([[True], (np.abs(local / step - 1.0) <= _OTHER) | settled, [True]])
    return bool(np.diff(np.flatnonzero(same)).max() > _NEXT + _LEAST // 2)


def _sure(weights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which beats were heard about as surely as the surest ones."""
    return np.asarray(weights >= _SURE * float(np.quantile(weights, 0.8)), np.bool_)


def _typical(times: NDArray[np.float64]) -> float:
    """Seconds a beat, over as many beats at once as a few slips allow."""
    many = max(1, min(times.size // 3, 64))
    return float(np.median(times[many:] - times[:-many])) / many


def _fitted(times: NDArray[np.float64], weights: NDArray[np.float64], step: float) -> tuple[float, float]:
    """Start and step of the grid through most of the beats, from the middle outwards, slips and all."""
    middle, reach = times.size // 2, 8
    turns = np.exp(2j * np.pi * (times[max(0, middle - reach) : middle + reach + 1] - times[middle]) / step)
    start = float(times[middle] + np.angle(turns.mean()) / (2 * np.pi) * step)
    while True:
        part = slice(max(0, middle - reach), middle + reach + 1)
        for gate in (0.2 * step, 0.1 * step, 2 * _STRAY, 1.5 * _STRAY):
            start, step = _closer(times[part], weights[part], start, step, gate)
        if reach > times.size:
            return start, step
        reach *= 2


def _closer(
    times: NDArray[np.float64], weights: NDArray[np.float64], start: float, step: float, gate: float
) -> tuple[float, float]:
    """A grid laid anew, by least squares, through the beats that stray from it by `gate` seconds at most."""
    number = np.rint((times - start) / step)
    stray = times - start - step * number
    near = np.abs(stray) <= gate
    if near.sum() < 3 or np.ptp(number[near]) < 2:
        return start, step
    slope, offset = np.polyfit(number[near], stray[near], 1, w=np.sqrt(weights[near]))
    return start + float(offset), step + float(slope)


def _strays(times: NDArray[np.float64], start: float, step: float) -> NDArray[np.float64]:
    return np.asarray(times - start - step * np.rint((times - start) / step), np.float64)


def _parts(times: NDArray[np.float64], weights: NDArray[np.float64]) -> list[slice]:
    """Where the tempo jumps: the beats cut so that straight lines fit them best, into few parts."""
    cuts, open_ = [0, times.size], [(0, times.size)]
    while open_:
        first, last = open_.pop()
        cut = _best_cut(times[first:last], weights[first:last])
        if cut is None:
            continue
        cuts.append(first + cut)
        open_ += [(first, first + cut), (first + cut, last)]
    cuts.sort()
    return [slice(first, last) for first, last in pairwise(cuts)]


def _best_cut(times: NDArray[np.float64], weights: NDArray[np.float64]) -> int | None:
    """The beat from which on another line fits; None where one line fits or no cut mends it."""
    if times.size < 2 * _LEAST or _grid(times, weights) is not None:
        return None
    ahead = _misfit(times, weights)
    behind = _misfit(-times[::-1], weights[::-1])[::-1]
    places = np.arange(_LEAST, times.size - _LEAST + 1)
    both = ahead[places - 1] + behind[places]
    best = int(places[both.argmin()])
    return best if both.min() < _MENDED * ahead[-1] else None


def _misfit(times: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The squared distance of the first beats from the line through them, for each number of beats."""
    x, y = np.arange(times.size, dtype=np.float64), times - times[0]
    sums = [np.cumsum(weights * value) for value in (np.ones(times.size), x, y, x * x, x * y, y * y)]
    one, sx, sy, sxx, sxy, syy = (np.maximum(sums[0], 1e-9), *sums[1:])
    varied = np.maximum(sxx - sx * sx / one, 1e-9)
    return np.asarray(np.maximum(syy - sy * sy / one - (sxy - sx * sy / one) ** 2 / varied, 0.0), np.float64)


def _calmed(times: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each beat where a parabola through its neighbours has it, as surely as they were heard."""
    if times.size < 5:
        return times
    moved = times.copy()
    for index in range(times.size):
        part = slice(max(0, index - _CALM), index + _CALM + 1)
        number = np.arange(part.start, min(part.stop, times.size)) - index
        weight = np.sqrt(weights[part] + 1e-3)
        curve = np.polyfit(number, times[part], 2, w=weight)
        off = np.abs(times[part] - np.polyval(curve, number))
        near = off <= max(2.0 * float(np.median(off)), 0.006)
        if near.sum() >= 5:
            curve = np.polyfit(number[near], times[part][near], 2, w=weight[near])
        moved[index] = curve[-1]
    return moved


def _joined(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """The parts' beats in a row; where two come too close, at a seam mostly, the later one goes."""
    times = parts[0]
    for part in parts[1:]:
        gap = float(np.median(np.diff(times[-9:]))) if times.size > 1 else 0.0
        times = np.concatenate([times, part[part > times[-1] + 0.6 * gap]])
    times = np.maximum.accumulate(times)
    return np.asarray(times[np.concatenate([[True], np.diff(times) > _CLOSEST])], np.float64)
