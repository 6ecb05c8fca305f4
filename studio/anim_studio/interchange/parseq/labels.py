"""Parseq's `info_match…`: keyframes whose label matches a pattern."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from anim_studio.interchange.parseq.evaluate import Made, Moment
from anim_studio.interchange.parseq.formula import Call, FormulaError, Text

_MOST_PATTERN = 80
#: steps that a pattern may take over all labels
_MOST_WORK = 2e7
#: what makes a pattern's work grow with each letter
_REPEATS = re.compile(r"[*+?{]")
#: repeated groups, references back and looks around: what their work is cannot be told beforehand
_UNTOLD = re.compile(r"\)[*+?{]|\\[1-9]|\(\?")


def labelled(call: Call) -> Made:
    """A function of labels, ready to be asked. Raises `FormulaError` for a pattern that is not read."""
    given = call.args[0][1]
    if not isinstance(given, Text):
        raise FormulaError("a pattern that is put together is not read", given.span, "write it in quotes")
    pattern = _pattern(given)
    held: dict[int, list[int]] = {}

    def frames(m: Moment) -> list[int]:
        key = id(m.setting)
        if key not in held:
            labels = m.setting.labels
            if _work(given.value, [len(label) for _, label in labels if label]) > _MOST_WORK:
                raise _too_much(given)
            held[key] = [frame for frame, label in labels if pattern.search(label)]
        return held[key]

    return lambda m, _: _matched(call.name, m, frames(m))


def _pattern(given: Text) -> re.Pattern[str]:
    """A regular expression whose work can be told."""
    text = given.value
    if len(text) > _MOST_PATTERN or _UNTOLD.search(text):
        raise _too_much(given)
    try:
        return re.compile(text)
    except (re.error, OverflowError, RecursionError):
        raise FormulaError("this pattern is not a regular expression", given.span) from None


def _too_much(given: Text) -> FormulaError:
    return FormulaError("this pattern is more than is read here", given.span, "write a plain word")


def _work(pattern: str, lengths: Sequence[int]) -> float:
    """How many steps the search of labels takes at most: each repeat may end at every letter, each group of
    choices may take every one of them.
    """
    groups = max(pattern.count("("), 1)
    choices = (pattern.count("|") / groups + 1.0) ** groups
    repeats = len(_REPEATS.findall(pattern))
    return choices * sum(float(length) ** min(repeats + 1, 20) for length in lengths)


def _matched(name: str, m: Moment, frames: Sequence[int]) -> float:
    count = bisect_right(frames, m.frame)
    last = frames[count - 1] if count else -1
    following = frames[count] if count < len(frames) else -1
    between = 0 < count < len(frames)
    match name.removeprefix("info_match"):
        case "":
            labels = m.setting.labels
            current = bisect_right(labels, m.frame, key=lambda label: label[0])
            return float(current > 0 and labels[current - 1][0] == last)
        case "_count":
            return float(count)
        case "_prev" | "_last":
            return float(last)
        case "_next":
            return float(following)
        case "_gap":
            return float(following - last) if between else -1.0
        case "_progress":
            return (m.frame - last) / (following - last) if between else -1.0
        case "_since":
            return float(m.frame - last) if count else -1.0
        case _:
            return float(following - m.frame) if following >= 0 else -1.0
