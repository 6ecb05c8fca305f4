"""Prompts from rendered frames: equal texts become one key, and numbers that change become curves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from anim_studio.interchange.parseq.named import TABLE
from anim_studio.interchange.parseq.pieces import pieced
from anim_studio.interchange.parseq.prompt_parts import spelled, summed, terms
from anim_studio.interchange.parseq.prompt_words import Prompts
from anim_studio.interchange.parseq.writing import NoWords, figure

_NUMBER = re.compile(r"(?<![\w.])(-?\d+\.\d+|-?\d+)(?![\w.])")
#: Parseq writes five digits
_ROUNDED = 6e-6
#: a number that changes is written as keys up to so many, else it becomes a column of the table
MOST_KEYS = 40
_MOST_TEXTS = 2000


@dataclass(frozen=True, slots=True)
class _Run:
    """Frames in a row whose texts differ in numbers only."""

    first: int
    words: tuple[str, ...]
    numbers: tuple[tuple[float, ...], ...]


def prompts_of_frames(texts: Sequence[str], columns: dict[str, tuple[float, ...]]) -> Prompts:
    """The prompts of all frames; `columns` gets what the film's table must hold. Raises `NoWords` if every
    frame has a text of its own.
    """
    made = Prompts()
    runs = _runs(texts)
    if len(runs) > _MOST_TEXTS:
        raise NoWords
    for run in runs:
        text = _text(run, len(texts), made, columns)
        positive, _, negative = text.partition("--neg")
        for keys, part in ((made.positive, positive), (made.negative, negative)):
            if part.strip():
                value = summed(list(terms(part.strip(), made.inserts)), made.inserts)
            else:
                value = spelled("", made.inserts)
            if not keys or keys[-1][1] != value:
                keys.append((run.first, value))
    return made


def _runs(texts: Sequence[str]) -> list[_Run]:
    split = [tuple(_NUMBER.split(text.replace("\n", " "))) for text in texts]
    runs: list[_Run] = []
    frame = 0
    for words, group in groupby(split, key=lambda parts: (parts[::2], len(parts))):
        rows = [tuple(map(float, parts[1::2])) for parts in group]
        runs.append(_Run(frame, words[0], tuple(rows)))
        frame += len(rows)
    return runs


def _text(run: _Run, frames: int, made: Prompts, columns: dict[str, tuple[float, ...]]) -> str:
    pieces = [run.words[0]]
    for place, word in enumerate(run.words[1:]):
        values = tuple(row[place] for row in run.numbers)
        if len(set(values)) == 1:
            pieces.append(figure(values[0]).text)
        else:
            pieces.append(made.inserts.hold(_curve(values, run.first, frames, made, columns)))
        pieces.append(word)
    return "".join(pieces)


def _curve(
    values: tuple[float, ...], first: int, frames: int, made: Prompts, columns: dict[str, tuple[float, ...]]
) -> str:
    """What a number that changes is called: a `let` of a few keys, or a column of the table."""
    found = pieced(values, first, tolerance=_ROUNDED)
    if found.count <= MOST_KEYS:
        return made.named.name("prompt_number", found.text)
    whole = (values[0],) * first + values
    whole += (values[-1],) * (frames - len(whole))
    for name, column in columns.items():
        if column == whole:
            return f"{TABLE}.{name}"
    name = f"prompt_{len(columns) + 1}"
    columns[name] = whole
    return f"{TABLE}.{name}"
