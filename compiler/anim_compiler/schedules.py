"""Deforum's schedule strings as columns: the rules of `anim_dsl.schedule`, a whole formula at once."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from anim_compiler.clock import FilmClock
from anim_compiler.formulas import NotColumnarError, formula_column
from anim_compiler.functions.registry import Array
from anim_dsl.diagnostic import Severity
from anim_dsl.schedule import evaluate, number, placed_keys
from anim_dsl.schedule_formula import FormulaError, compile_formula


def schedule_column(text: str, clock: FilmClock) -> Array:
    """A schedule at every frame of the clock, float64[frames], counted in frames of the rate that the film
    is written at; ValueError says why it cannot be read.
    """
    frames = int(clock.value("max_f")[0]) + 1
    values = schedule_values(text, frames, clock.seed)
    places = clock.value("t")
    numbers = np.arange(frames, dtype=np.float64)
    return values if np.array_equal(places, numbers) else np.interp(places, numbers, values)


def schedule_values(text: str, frames: int, seed: int) -> Array:
    """A schedule at Deforum's frames 0 … frames - 1, float64[frames]; ValueError as above.

    Where a formula holds something that columns do not have, or is no number somewhere, it is computed frame
    by frame, which tells what Deforum would do.
    """
    found = _columnar(text, frames, seed)
    if found is not None:
        return found
    values, findings = evaluate(text, frames=frames, seed=seed)
    if values is None:
        wrong = [finding.message for finding in findings if finding.severity is Severity.ERROR]
        raise ValueError(wrong[0] if wrong else "it is no schedule")
    return np.asarray(values, dtype=np.float64)


def _columnar(text: str, frames: int, seed: int) -> Array | None:
    keys = placed_keys(text, frames=frames, seed=seed)
    if not keys:
        return None
    values = np.full(frames, np.nan)
    ends = [*(key.frame for key in keys[1:]), frames]
    names = {"max_f": frames - 1, "s": seed}
    for key, end in zip(keys, ends, strict=True):
        written = number(key.value)
        if written is not None:
            values[key.frame] = written
            continue
        try:
            part = formula_column(compile_formula(key.value), names, key.frame, end)
        except (FormulaError, NotColumnarError):
            return None
        if not np.isfinite(part).all():
            return None
        values[key.frame : end] = part
    return _filled(values, [(key.frame, end) for key, end in zip(keys, ends, strict=True)])


def _filled(values: Array, spans: list[tuple[int, int]]) -> Array:
    """The gaps along straight lines, the last value held to the end."""
    for (begin, end), (following, _) in pairwise(spans):
        if end - begin > 1 and np.isnan(values[begin + 1]):
            slope = (values[following] - values[begin]) / (following - begin)
            values[begin + 1 : end] = slope * np.arange(1.0, end - begin) + values[begin]
    begin, end = spans[-1]
    if end - begin > 1 and np.isnan(values[begin + 1]):
        values[begin + 1 : end] = values[begin]
    return values
