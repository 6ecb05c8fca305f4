"""Deforum's and FizzNodes' schedule strings as values of a film, keys and formulas as they are written.

`0:(1.0), 30:(1.2+0.1*sin(t/5)), 60:(1.0)` becomes `0: 1.0, 30: 1.2 + 0.1 * sin(t / 5), 60: 1.0`. The
values are the same at every frame, and that is not believed but computed: each translation is read as a
film reads it and compared with what Deforum makes of the string (`anim_dsl.schedule`). Where the words of
films cannot say it (bits of whole numbers, gaps that Deforum fills), the string stays in its quotes, which
a setting reads by Deforum's own rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.schedule import ScheduleKey, evaluate, evaluate_text, number, placed_keys
from anim_dsl.schedule_formula import FormulaError
from anim_studio.interchange.film_text import quoted
from anim_studio.interchange.formula_text import (
    NoWords,
    number_text,
    rebuilt,
    spelled,
    uses_frame,
    without_parentheses,
)
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.schedule_proof import film_values, says

#: how a value is written: one value, a key list, the string in its quotes (a setting takes it, a `let` does
#: not), or a key for each frame
Form: TypeAlias = Literal["value", "keys", "quoted", "baked"]

_BEYOND = "W1061"
_DRAWN = 20230129
"""A seed to prove a schedule with that is read with whatever seed a run draws."""

_Spelling: TypeAlias = Callable[[str, Mapping[str, str]], str]


@dataclass(frozen=True, slots=True)
class Translated:
    """A schedule as a value of a film: `text` is what stands behind `=`, "" where Deforum would crash, which
    the diagnostics tell (their places are in the schedule's own text).

    `keys` are the same, one by one, as time and value, for a list that is written as a block; empty for one
    value and for a quoted text. `values` are Deforum's at every frame, `words` those of a schedule of texts.
    """

    text: str
    form: Form = "value"
    keys: tuple[tuple[str, str], ...] = ()
    values: tuple[float, ...] = ()
    words: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether it is one value at all frames."""
        return len({*self.values, *self.words}) <= 1


def schedule_text(
    schedule: str,
    *,
    frames: int,
    seed: int,
    name: str = "schedule",
    max_f: int | None = None,
    keep_seed: bool = False,
    may_quote: bool = True,
) -> Translated:
    """A schedule of numbers as a value of a film of so many frames.

    `name` is what remarks call it. `max_f` is what formulas call so, the last frame unless given. `s` is
    written as the number that it is, unless `keep_seed` (in `seed`, where films have it too). Without
    `may_quote` (for a `let`) what has no words is written as a key for each frame.
    """
    values, findings = evaluate(schedule, frames=frames, seed=seed, max_f=max_f)
    if values is None:
        return Translated("", diagnostics=findings)
    names = {} if keep_seed else {"s": f"({seed})" if seed < 0 else str(seed)}
    if max_f is not None and max_f != frames - 1:
        names["max_f"] = str(max_f)
    placed = _placed(schedule, frames, seed, max_f)
    remarks = tuple(_remarks(name, schedule, findings, placed, frames))
    drawn, wanted = seed, values
    if keep_seed and seed < 0:  # each run draws one: what holds for one that is as good as any
        drawn = _DRAWN
        wanted = evaluate(schedule, frames=frames, seed=drawn, max_f=max_f)[0] or values
    for keys in _candidates(schedule, placed, names):
        text = _listed(keys)
        if _certain(placed, keys) or says(text, wanted, seed=drawn):
            form: Form = "keys" if len(keys) > 1 else "value"
            return Translated(text, form, keys if len(keys) > 1 else (), values, (), remarks, findings)
    if may_quote and max_f in (None, frames - 1) and (seed >= 0 or "s" not in names):
        return Translated(quoted(schedule.strip()), "quoted", (), values, (), remarks, findings)
    keys = tuple(_baked(values))
    return Translated(_listed(keys), "baked", keys, values, (), remarks, findings)


def words_text(schedule: str, *, frames: int, seed: int, name: str = "schedule") -> Translated:
    """A schedule of texts (samplers, models) as a value of a film: each holds until the next key."""
    words, findings = evaluate_text(schedule, frames=frames, seed=seed)
    if words is None:
        return Translated("", diagnostics=findings)
    placed = _placed(schedule, frames, seed, None)
    remarks = tuple(_remarks(name, schedule, findings, placed, frames))
    keys: list[tuple[str, str]] = []
    for key in placed:
        text = quoted(words[key.frame].strip())
        if not keys or keys[-1][1] != text:
            keys.append((str(key.frame), text))
    if len(keys) == 1:
        return Translated(keys[0][1], "value", (), (), words, remarks, findings)
    return Translated(_listed(tuple(keys)), "keys", tuple(keys), (), words, remarks, findings)


# --- keys --------------------------------------------------------------------------------------


def _placed(schedule: str, frames: int, seed: int, max_f: int | None) -> tuple[ScheduleKey, ...]:
    """The keys that count, by frame; a `max_f` of its own moves the keys that are written with it."""
    if max_f is None or max_f == frames - 1:
        return placed_keys(schedule, frames=frames, seed=seed)
    every = placed_keys(schedule, frames=max_f + 1, seed=seed)
    return tuple(key for key in every if key.frame < frames)


def _candidates(
    schedule: str, placed: tuple[ScheduleKey, ...], names: Mapping[str, str]
) -> Iterator[tuple[tuple[str, str], ...]]:
    """The ways to write the keys, the nearest to the string first."""
    for spelling in (spelled, rebuilt):
        for has_formulas in (True, False):
            try:
                yield tuple(
                    (_time(schedule, key, has_formulas=has_formulas), _value(key, placed, names, spelling))
                    for key in placed
                )
            except (NoWords, FormulaError):
                break


def _time(schedule: str, key: ScheduleKey, *, has_formulas: bool) -> str:
    """A key's time: its frame, or the formula for it, which films too take in quotes."""
    start = schedule.rfind(",", 0, key.span.start) + 1
    written = schedule[start : key.span.start].partition(":")[0].strip().strip("'\"() ")
    is_number = written.lstrip("+-").isdigit()
    return str(key.frame) if is_number or not has_formulas else f'"{spelled(written, {})}"'


def _value(
    key: ScheduleKey, placed: tuple[ScheduleKey, ...], names: Mapping[str, str], spelling: _Spelling
) -> str:
    """A key's value: a number as written, or a formula, which holds until the next key."""
    if number(key.value) is not None:
        return number_text(_bare(key.value))
    formula = spelling(without_parentheses(key.value), names)
    holds = key is not placed[-1] and not uses_frame(key.value)
    return f"{formula} hold" if holds else formula


def _bare(value: str) -> str:
    return "".join(char for char in value if char not in "'\"() ").strip()


def _certain(placed: tuple[ScheduleKey, ...], keys: tuple[tuple[str, str], ...]) -> bool:
    """Whether nothing needs to be computed: numbers at numbered frames mean the same in both."""
    return all(number(key.value) is not None for key in placed) and not any('"' in at for at, _ in keys)


def _listed(keys: tuple[tuple[str, str], ...]) -> str:
    if len(keys) == 1:
        return keys[0][1]
    return ", ".join(f"{at}: {value}" for at, value in keys)


def _baked(values: tuple[float, ...]) -> Iterator[tuple[str, str]]:
    """A key wherever the way of the values bends."""
    for frame, value in enumerate(values):
        around = values[max(0, frame - 1) : frame + 2]
        if len(around) < 3 or around[1] - around[0] != around[2] - around[1]:
            yield str(frame), repr(value)


# --- what is told ------------------------------------------------------------------------------


def _remarks(
    name: str, schedule: str, findings: tuple[Diagnostic, ...], placed: tuple[ScheduleKey, ...], frames: int
) -> Iterator[Remark]:
    """What stands in the string and does nothing."""
    for finding in findings:
        if finding.severity is Severity.WARNING and finding.code != _BEYOND:
            yield Remark(Fate.IGNORED, name, finding.message)
    heads = [piece.partition(":")[0].strip(" '\"()\n\t") for piece in schedule.split(",")]
    beyond = sum(head.isdecimal() and int(head) >= frames for head in heads)
    beyond = beyond or sum(finding.code == _BEYOND for finding in findings)
    if beyond:
        keys = "a key is" if beyond == 1 else f"{beyond} keys are"
        yield Remark(Fate.IGNORED, name, f"{keys} beyond the last frame, {frames - 1}: Deforum drops it")
    if len(heads) > len(placed) + beyond:
        says_so = "a key stands before frame 0, or at the frame of a later one, which counts alone"
        yield Remark(Fate.IGNORED, name, says_so)


__all__ = ["Form", "Translated", "film_values", "schedule_text", "words_text"]
