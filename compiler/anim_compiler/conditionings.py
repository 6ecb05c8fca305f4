"""Prompt schedules as texts, conditionings and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.curves import Culprit, Evaluator, rounded
from anim_compiler.film import Conditioning, Prompting, PromptKey
from anim_compiler.functions.easings import ease
from anim_compiler.functions.registry import Array
from anim_compiler.memo import Memo
from anim_compiler.plan import ColumnRef, Columns, Prompts, TextPart, Weighted
from anim_compiler.typed import Moment, Typed


@dataclass(slots=True)
class Encoder:
    """Collects equal texts and equal conditionings of all scenes once; inserted numbers become columns.

    `frames` is how many rows the columns have; a scene fills the rows of its own frames. `culprits` are
    the expressions whose values are no numbers, each with what it stands in.
    """

    frames: int
    memo: Memo
    columns: Columns = field(default_factory=dict)
    culprits: list[tuple[str, Culprit]] = field(default_factory=list)
    _texts: dict[tuple[str | TextPart, ...], int] = field(default_factory=dict)
    _made: dict[tuple[Weighted, ...], int] = field(default_factory=dict)
    _numbers: int = 0

    def scene(self, prompting: Prompting, evaluator: Evaluator, rows: Sequence[int], begin: int = 0) -> None:
        """Adds a scene whose frames from `begin` on stand in those rows: the columns `prompt.*` and
        `negative.*`.
        """
        scene = _Scene(self, evaluator, np.asarray(rows, dtype=np.int64), begin, prompting)
        scene.schedule("prompt", prompting.positive)
        scene.schedule("negative", prompting.negative)

    def fixed(self, track: str, text: str, rows: Sequence[int]) -> None:
        """Adds a text that does not change at those rows, as the columns `track.from`, `.to` and `.mix`."""
        number = self.conditioning((Weighted(text=self.text((text,))),))
        for side in ("from", "to"):
            column = self.columns.setdefault(f"{track}.{side}", np.zeros(self.frames, dtype=np.int64))
            column[np.asarray(rows, dtype=np.int64)] = number
        self.columns.setdefault(f"{track}.mix", np.zeros(self.frames))

    def title(
        self, track: str, text: Conditioning, evaluator: Evaluator, rows: Sequence[int], begin: int = 0
    ) -> None:
        """Adds the text of a layer, of whose alternatives one stands at each row: the columns `track.from`,
        `track.to` and `track.mix`. Where none stands, it is the empty text.
        """
        scene = _Scene(self, evaluator, np.asarray(rows, dtype=np.int64), begin, Prompting((), ()), "text")
        scene.title(track, text)

    def prompts(self) -> Prompts:
        """The plan's prompts, once every scene is in."""
        return Prompts(texts=tuple(self._texts), conditionings=tuple(self._made))

    def text(self, parts: tuple[str | TextPart, ...]) -> int:
        """The number of a text."""
        return self._texts.setdefault(parts, len(self._texts))

    def conditioning(self, weighted: tuple[Weighted, ...]) -> int:
        """The number of a conditioning."""
        return self._made.setdefault(weighted, len(self._made))

    def numbered(self, kind: str) -> str:
        """A new name for a column of numbers that stand in prompts."""
        self._numbers += 1
        return f"prompt.{kind}.{self._numbers - 1}"


@dataclass(slots=True)
class _Scene:
    """One scene on its way into the columns."""

    encoder: Encoder
    evaluator: Evaluator
    rows: NDArray[np.int64]
    begin: int
    prompting: Prompting
    what: str = "prompt"
    _named: dict[bytes, str] = field(default_factory=dict)

    def schedule(self, name: str, keys: Sequence[PromptKey]) -> None:
        """The columns that say which two conditionings each frame morphs between, and how far it is."""
        clock = self.evaluator.clock
        rows = sorted(((clock.stands(k.at), k) for k in keys), key=lambda row: row[0])
        numbers = np.array([self._conditioning(key.value) for _, key in rows], dtype=np.int64)
        places = np.array([place for place, _ in rows])
        at = np.arange(clock.frames, dtype=np.float64)
        index = np.clip(np.searchsorted(places - 1e-9, at, side="right") - 1, 0, len(rows) - 1)
        following = np.minimum(index + 1, len(rows) - 1)
        self._fill(f"{name}.from", numbers[index])
        self._fill(f"{name}.to", numbers[following])
        self._fill(f"{name}.mix", rounded(self._mix(rows, index, at)))

    def title(self, track: str, text: Conditioning) -> None:
        """The columns that say which text of a layer stands at each frame."""
        frames = self.evaluator.clock.frames
        none = self.encoder.conditioning((Weighted(text=self._text(("",))),))
        chosen = np.full(frames, none, dtype=np.int64)
        free = np.ones(frames, dtype=bool)
        for row in text:
            stands = free if row.weight is None else free & (self._values(row.weight) != 0.0)
            if stands.any():
                chosen[stands] = self.encoder.conditioning((Weighted(text=self._text(row.parts)),))
            free = free & ~stands
        self._fill(f"{track}.from", chosen)
        self._fill(f"{track}.to", chosen)
        self._fill(f"{track}.mix", np.zeros(frames))

    def _fill(self, name: str, values: NDArray[np.int64] | Array) -> None:
        """Puts the scene's part into a column, which is 0 in other scenes until they fill theirs."""
        empty: NDArray[Any] = np.zeros(self.encoder.frames, dtype=values.dtype)
        column = self.encoder.columns.setdefault(name, empty)
        column[self.rows] = values[self.begin :][: len(self.rows)]

    def _mix(self, rows: Sequence[tuple[float, PromptKey]], index: NDArray[np.int64], at: Array) -> Array:
        """How far each frame is towards the next key: float64[frames], 0..1."""
        mix = np.zeros(len(at))
        if self.prompting.morph == "cut":
            return mix
        clock, within = self.evaluator.clock, self.prompting.morph_time
        for i, ((start, key), (end, _)) in enumerate(pairwise(rows)):
            inside = (index == i) & (at >= start - 1e-9)
            width = end - start
            if within is not None:
                width = min(width, clock.width(within, end))
            if width <= 0:
                continue
            p = np.clip((at[inside] - (end - width)) / width, 0.0, 1.0)
            mix[inside] = ease(key.ease.name, key.ease.arguments, p)
        return np.clip(mix, 0.0, 1.0)

    def _conditioning(self, conditioning: Conditioning) -> int:
        return self.encoder.conditioning(
            tuple(Weighted(text=self._text(a.parts), weight=self._weight(a.weight)) for a in conditioning)
        )

    def _text(self, parts: Sequence[str | Typed]) -> int:
        made = tuple(p if isinstance(p, str) else TextPart(column=self._number(p, "text")) for p in parts)
        return self.encoder.text(made)

    def _weight(self, weight: Typed | None) -> float | ColumnRef:
        if weight is None:
            return 1.0
        values = self._values(weight)
        if (values == values[0]).all():
            return float(values[0])
        return ColumnRef(column=self._number(weight, "weight"))

    def _values(self, expr: Typed) -> Array:
        found = self.encoder.memo.curve(lambda: self._finite(expr), self.evaluator, expr, "number")
        return rounded(self.evaluator.column(expr)) if found is None else found

    def _finite(self, expr: Typed) -> Array | None:
        """An expression's values; None, and it is among the culprits, if they are no numbers."""
        culprit = self.evaluator.culprit(expr)
        if culprit is None:
            return rounded(self.evaluator.column(expr))
        self.encoder.culprits.append((self.what, culprit))
        return None

    def _number(self, expr: Typed, kind: str) -> str:
        """The name of the column that holds an expression's values; equal values share one."""
        values = self._values(expr)
        if kind == "text":
            # a text shows 4 decimals: values that print alike are one text, encoded once
            values = np.round(values, 4) + 0.0
        key = values.tobytes()
        if key not in self._named:
            self._named[key] = self.encoder.numbered(kind)
            self._fill(self._named[key], values)
        return self._named[key]


def says(prompting: Prompting, evaluator: Evaluator, memo: Memo) -> tuple[object, ...] | None:
    """All that a scene's prompts say, as plain values; None if what an expression says cannot be told."""
    told: list[object] = [prompting.morph, _moment(prompting.morph_time), memo.place(evaluator)]
    for schedule in (prompting.positive, prompting.negative):
        for key in schedule:
            told += [_moment(key.at), key.ease.name, key.ease.arguments]
            for alternative in key.value:
                parts = [*alternative.parts, *(() if alternative.weight is None else (alternative.weight,))]
                known = [
                    part if isinstance(part, str) else memo.expression(evaluator, part) for part in parts
                ]
                if None in known:
                    return None
                told.append((len(alternative.parts), *known))
        told.append("and")
    return tuple(told)


def title_says(text: Conditioning, evaluator: Evaluator, memo: Memo) -> tuple[object, ...] | None:
    """All that the text of a layer says, as plain values; None if what an expression says cannot be told."""
    told: list[object] = [memo.place(evaluator)]
    for row in text:
        parts = [*row.parts, *(() if row.weight is None else (row.weight,))]
        known = [part if isinstance(part, str) else memo.expression(evaluator, part) for part in parts]
        if None in known:
            return None
        told.append((len(row.parts), *known))
    return tuple(told)


def _moment(moment: Moment | None) -> tuple[object, ...]:
    return () if moment is None else (moment.seconds, moment.beats, moment.start, moment.from_second)
