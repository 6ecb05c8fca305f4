"""Prompt schedules as texts, conditionings and columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from anim_compiler.curves import Evaluator, rounded
from anim_compiler.film import Conditioning, Prompting, PromptKey
from anim_compiler.functions.easings import ease
from anim_compiler.functions.registry import Array
from anim_compiler.plan import ColumnRef, Columns, Prompts, TextPart, Weighted
from anim_compiler.typed import Typed


@dataclass(slots=True)
class Encoder:
    """Collects equal texts and equal conditionings once; inserted numbers become columns."""

    evaluator: Evaluator
    columns: Columns = field(default_factory=dict)
    _texts: dict[tuple[str | TextPart, ...], int] = field(default_factory=dict)
    _made: dict[tuple[Weighted, ...], int] = field(default_factory=dict)
    _named: dict[bytes, str] = field(default_factory=dict)

    def prompts(self, prompting: Prompting) -> Prompts:
        """The plan's prompts; the columns `prompt.*` and `negative.*` are put into `columns`."""
        self._schedule("prompt", prompting.positive, prompting)
        self._schedule("negative", prompting.negative, prompting)
        return Prompts(texts=tuple(self._texts), conditionings=tuple(self._made), morph=prompting.morph)

    def _schedule(self, name: str, keys: Sequence[PromptKey], prompting: Prompting) -> None:
        clock = self.evaluator.clock
        rows = sorted(((clock.place(k.at), k) for k in keys), key=lambda row: row[0])
        numbers = [self._conditioning(key.value) for _, key in rows]
        places = np.array([place for place, _ in rows])
        at = np.arange(clock.frames, dtype=np.float64)
        index = np.clip(np.searchsorted(places - 1e-9, at, side="right") - 1, 0, len(rows) - 1)
        following = np.minimum(index + 1, len(rows) - 1)
        self.columns[f"{name}.from"] = np.array(numbers, dtype=np.int64)[index]
        self.columns[f"{name}.to"] = np.array(numbers, dtype=np.int64)[following]
        self.columns[f"{name}.mix"] = rounded(self._mix(rows, index, at, prompting))

    def _mix(
        self,
        rows: Sequence[tuple[float, PromptKey]],
        index: NDArray[np.int64],
        at: Array,
        prompting: Prompting,
    ) -> Array:
        """How far each frame is towards the next key: float64[frames], 0..1."""
        mix = np.zeros(len(at))
        if prompting.morph == "cut":
            return mix
        clock = self.evaluator.clock
        for i, ((start, key), (end, _)) in enumerate(pairwise(rows)):
            inside = (index == i) & (at >= start - 1e-9)
            width = end - start
            if prompting.morph_time is not None:
                moment = prompting.morph_time
                seconds = float(moment.seconds) + float(moment.beats) * (
                    clock.grid.beat if clock.grid else 0.0
                )
                width = min(width, seconds * float(clock.fps))
            if width <= 0:
                continue
            p = np.clip((at[inside] - (end - width)) / width, 0.0, 1.0)
            mix[inside] = ease(key.ease.name, key.ease.arguments, p)
        return np.clip(mix, 0.0, 1.0)

    def _conditioning(self, conditioning: Conditioning) -> int:
        weighted = tuple(
            Weighted(text=self._text(a.parts), weight=self._weight(a.weight)) for a in conditioning
        )
        return self._made.setdefault(weighted, len(self._made))

    def _text(self, parts: Sequence[str | Typed]) -> int:
        made = tuple(p if isinstance(p, str) else TextPart(column=self._number(p, "text")) for p in parts)
        return self._texts.setdefault(made, len(self._texts))

    def _weight(self, weight: Typed | None) -> float | ColumnRef:
        if weight is None:
            return 1.0
        values = rounded(self.evaluator.column(weight))
        if (values == values[0]).all():
            return float(values[0])
        return ColumnRef(column=self._number(weight, "weight"))

    def _number(self, expr: Typed, kind: str) -> str:
        """The name of the column that holds an expression's values; equal values share one."""
        values = rounded(self.evaluator.column(expr))
        if kind == "text":
            # a text shows 4 decimals: values that print alike are one text, encoded once
            values = np.round(values, 4) + 0.0
        key = values.tobytes()
        if key not in self._named:
            self._named[key] = f"prompt.{kind}.{len(self._named)}"
            self.columns[self._named[key]] = values
        return self._named[key]
