"""The words of a song one by one: `words.word`, `words.sung` and `words.word_progress`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Final, TypeAlias

from anim_compiler.film import Alternative
from anim_compiler.lyrics import Line
from anim_compiler.standing import standing
from anim_compiler.typed import Apply, Clock, Const, Ease, KeyCurve, Moment, TimedKey, Typed
from anim_compiler.values import NumberValue, TextValue, Value
from anim_dsl.source import Span

WORDS: Final = ("word", "sung", "word_progress")
"""What is sung at the moment, the line up to its end, and how far it is through."""

LAST: Final = Fraction(5)
"""Seconds that the last line counts as, if the file does not tell where it ends."""

Spoken: TypeAlias = tuple[Fraction, Fraction, str, str]
"""From when to when a word is sung, the line up to its end, and the word."""


def words_of(lines: Sequence[Line], later: Fraction) -> Iterator[Spoken]:
    """The words of lines, so many seconds later; what would be over before the film begins is left out."""
    for line in lines:
        end = line.end if line.end is not None else max(line.start, *_starts(line)) + LAST
        rows = sorted(line.words, key=lambda word: word[0]) or tuple(_shared(line, end))
        for (start, sung, word), (following, _, _) in pairwise((*rows, (end, "", ""))):
            begin, over = max(start, line.start, -later), min(following, end)
            if over > begin:
                yield begin + later, over + later, sung, word


def _starts(line: Line) -> tuple[Fraction, ...]:
    return tuple(start for start, _, _ in line.words) or (line.start,)


def _shared(line: Line, end: Fraction) -> Iterator[tuple[Fraction, str, str]]:
    """The words of a line of which the file tells no times: each has its time by how long it is written."""
    found = list(re.finditer(r"\S+", line.text))
    letters = sum(len(word[0]) + 1 for word in found)
    passed = 0
    for word in found:
        yield line.start + (end - line.start) * passed / letters, line.text[: word.end()], word[0]
        passed += len(word[0]) + 1


def value(words: Sequence[Spoken], which: str, span: Span) -> Value:
    """The one of WORDS that is asked for, by the film's time."""
    if which == "word_progress":
        return NumberValue(_progress(words, span), "plain", live=True)
    rows: list[tuple[Fraction, str]] = [(Fraction(0), "")]
    for at, end, sung, word in words:
        if rows[-1][0] >= at:
            rows.pop()
        rows += [(at, word if which == "word" else sung), (end, "")]
    said = [(Moment(at), TextValue((Alternative((text,)),))) for at, text in rows]
    return TextValue(standing(said, span))


def _progress(words: Sequence[Spoken], span: Span) -> Typed:
    """`clamp((time - begin) / length, 0, 1)` of the word that is sung; 1 where none is."""
    sung = [(at, end, word) for at, end, _, word in words if word]
    if not sung:
        return Const(1.0, span)
    begins = steps([(at, end, float(at)) for at, end, _ in sung], -1e9, span)
    lengths = steps([(at, end, float(end - at)) for at, end, _ in sung], 1.0, span)
    way = Apply("div", (Apply("sub", (Clock("time", span), begins), span), lengths), span)
    return Apply("clamp", (way, Const(0.0, span), Const(1.0, span)), span)


def steps(rows: Sequence[tuple[Fraction, Fraction | None, float]], between: float, span: Span) -> Typed:
    """A value that each row holds from its start to its end, another between them."""
    keys: list[tuple[Fraction, float]] = [] if rows[0][0] <= 0 else [(Fraction(0), between)]
    for (at, end, value), (following, _, _) in pairwise((*rows, (Fraction(10**9), None, 0.0))):
        keys.append((at, value))
        if end is not None and end < following:
            keys.append((end, between))
    return KeyCurve(
        tuple(TimedKey(Moment(at), Const(v, span), Ease("hold"), False, span) for at, v in keys), False, span
    )
