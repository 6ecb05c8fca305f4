"""What the model is told at each row, as bytes: the conditionings of a track of prompts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler import row_bytes
from anim_compiler.curves import rounded
from anim_compiler.drawing.words import marked
from anim_compiler.plan import ColumnRef, Morph, Prompts, TextPart, Weighted
from anim_compiler.row_bytes import Bytes
from anim_compiler.texts import format_number

MORPHS: tuple[Morph, ...] = ("slerp", "linear", "cut")
"""How conditionings are mixed, by number."""

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Told:
    """The prompts of a plan with the columns that they read; `morphs` are the numbers of the ways in which
    rows mix conditionings, uint8 `[rows]`. `words` are what the film's embeddings are called, with the
    digests of their files: a text is another one if one of them is said in it.
    """

    prompts: Prompts
    columns: Mapping[str, NDArray[Any]]
    morphs: NDArray[np.uint8]
    words: Mapping[str, str] = field(default_factory=dict)
    _tracks: dict[str, Bytes] = field(default_factory=dict)

    def track(self, name: str) -> Bytes:
        """What a track (`prompt`, `negative`) says at every row: uint8 `[rows, 16]`, the digest of the two
        conditionings, how far between them it is, and how they are mixed.

        An end that has no share in it is left out, and so is how they would be mixed. A track that no column
        tells of says nothing.
        """
        if name not in self._tracks:
            self._tracks[name] = self._track(name)
        return self._tracks[name]

    def _track(self, name: str) -> Bytes:
        rows = np.arange(len(self.morphs))
        if f"{name}.from" not in self.columns:
            return np.zeros((len(rows), row_bytes.WIDTH), dtype=np.uint8)
        start, end = (self.columns[f"{name}.{side}"] for side in ("from", "to"))
        mix = np.asarray(self.columns[f"{name}.mix"], dtype=np.float64)
        alone = np.where(mix == 1.0, end, start)
        mixed = (start != end) & (mix != 0.0) & (mix != 1.0)
        made = self._conditionings(np.where(mixed, start, alone), rows)
        towards = self._conditionings(np.where(mixed, end, alone), rows)
        how = np.where(mixed, 1 + self.morphs, 0).astype(np.uint8)
        parts = (made, towards, row_bytes.numbers(np.where(mixed, mix, 0.0)), how[:, None])
        return row_bytes.digests(row_bytes.joined(parts, len(rows)))

    def _conditionings(self, numbers: NDArray[Any], rows: Rows) -> Bytes:
        """The digest of the conditioning of that number at each row: uint8 `[rows, 16]`."""
        made = np.empty((len(rows), row_bytes.WIDTH), dtype=np.uint8)
        for number in np.unique(numbers).tolist():
            here = np.flatnonzero(numbers == number)
            made[here] = self._conditioning(self.prompts.conditionings[number], rows[here])
        return made

    def _conditioning(self, weighted: tuple[Weighted, ...], rows: Rows) -> Bytes:
        """One conditioning at some rows; `[1, 16]` if it does not change."""
        if not any(self._changes(row) for row in weighted):
            rows = rows[:1]
        weights = np.array([self._weights(row.weight, rows) for row in weighted])
        shares = _shares(weights)
        total_is_0 = _total(weights) == 0.0
        kept = (shares != 0.0) | total_is_0 if len(weighted) > 1 else np.ones(shares.shape, dtype=bool)
        texts = [self._texts(row.text, rows) for row in weighted]
        made = np.empty((len(rows), row_bytes.WIDTH), dtype=np.uint8)
        patterns, inverse = _patterns(kept)
        for number, pattern in enumerate(patterns.T):
            here = np.flatnonzero(inverse.reshape(-1) == number)
            parts: list[Bytes] = []
            for which in np.flatnonzero(pattern):
                said = texts[which]
                parts += [said if len(said) == 1 else said[here], row_bytes.numbers(shares[which][here])]
            made[here] = row_bytes.digests(row_bytes.joined(parts, len(here)))
        return made

    def _changes(self, row: Weighted) -> bool:
        parts = self.prompts.texts[row.text]
        return isinstance(row.weight, ColumnRef) or any(isinstance(part, TextPart) for part in parts)

    def _weights(self, weight: float | ColumnRef, rows: Rows) -> NDArray[np.float64]:
        if isinstance(weight, ColumnRef):
            return np.asarray(self.columns[weight.column][rows], dtype=np.float64)
        return np.full(len(rows), weight)

    def _texts(self, number: int, rows: Rows) -> Bytes:
        """The digests of a text with its numbers: uint8 `[rows, 16]`, `[1, 16]` if it has none."""
        parts = self.prompts.texts[number]
        columns = [self.columns[part.column][rows] for part in parts if isinstance(part, TextPart)]
        if not columns:
            return row_bytes.texts([marked("".join(str(part) for part in parts), self.words)])
        values, inverse = np.unique(np.stack(columns, axis=1), axis=0, return_inverse=True)
        said = (marked(_printed(parts, row.tolist()), self.words) for row in values)
        return row_bytes.texts(said)[inverse.reshape(-1)]


def _patterns(kept: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """The different columns of a table, bool `[texts, patterns]`, and which of them each column is."""
    if (kept == kept[:, :1]).all():
        return kept[:, :1], np.zeros(kept.shape[1], dtype=np.int64)
    found, inverse = np.unique(kept, axis=1, return_inverse=True)
    return found, inverse


def _total(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The sum of weights `[texts, rows]` over the texts, in their order."""
    total = np.zeros(weights.shape[1])
    for row in weights:
        total = total + row
    return total


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each text's share of the whole, `[texts, rows]`; where the weights add up to 0, the weights."""
    total = _total(weights)
    divided = weights / np.where(total == 0.0, 1.0, total)
    if len(weights) == 1:
        divided = np.ones_like(weights)
    return np.where(total == 0.0, weights, rounded(divided))


def _printed(parts: tuple[str | TextPart, ...], values: list[float]) -> str:
    """A text with its numbers filled in, in their order."""
    left = iter(values)
    return "".join(part if isinstance(part, str) else format_number(float(next(left))) for part in parts)
