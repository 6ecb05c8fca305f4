"""What the model is told at each frame: texts with their numbers filled in, blended and morphed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeAlias

from anim_compiler.plan import ColumnRef, Columns, Morph, Prompts, TextPart, Weighted

if TYPE_CHECKING:
    import torch

Side: TypeAlias = Literal["prompt", "negative"]


def printed(value: float) -> str:
    """A number in a prompt: at most 4 decimals, no trailing zeros, never `-0`."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def text_at(parts: tuple[str | TextPart, ...], columns: Columns, frame: int) -> str:
    """A text with its numbers at that frame."""
    return "".join(p if isinstance(p, str) else printed(float(columns[p.column][frame])) for p in parts)


class Conditionings:
    """The conditionings of a film's frames, `[1, tokens, width]` each.

    `encode` is the engine's, which keeps every distinct text; `morph_at` says how a frame's scene mixes
    two conditionings. The last two results are kept here,
    because most frames of a film share theirs with the frame before.
    """

    def __init__(
        self,
        prompts: Prompts,
        columns: Columns,
        encode: Callable[[str], torch.Tensor],
        morph_at: Callable[[int], Morph],
    ) -> None:
        self._prompts = prompts
        self._morph_at = morph_at
        self._columns = columns
        self._encode = encode
        self._last: dict[Side, tuple[object, torch.Tensor]] = {}

    def at(self, frame: int, side: Side) -> torch.Tensor:
        """The conditioning of that side at the frame; a film without negative prompt has the empty one."""
        if f"{side}.from" not in self._columns:
            return self._encode("")
        start = self._parts(int(self._columns[f"{side}.from"][frame]), frame)
        end = self._parts(int(self._columns[f"{side}.to"][frame]), frame)
        amount = float(self._columns[f"{side}.mix"][frame])
        state = (start, end, amount, self._morph_at(frame))
        last = self._last.get(side)
        if last is not None and last[0] == state:
            return last[1]
        made = self._make(*state)
        self._last[side] = (state, made)
        return made

    def _parts(self, index: int, frame: int) -> tuple[tuple[str, float], ...]:
        return tuple(self._part(w, frame) for w in self._prompts.conditionings[index])

    def _part(self, part: Weighted, frame: int) -> tuple[str, float]:
        text = text_at(self._prompts.texts[part.text], self._columns, frame)
        if isinstance(part.weight, ColumnRef):
            return text, float(self._columns[part.weight.column][frame])
        return text, part.weight

    def _make(
        self,
        start: tuple[tuple[str, float], ...],
        end: tuple[tuple[str, float], ...],
        amount: float,
        how: Morph,
    ) -> torch.Tensor:
        from anim_runtime.diffusion.blend import morph, weighted_sum

        filler = self._encode("")
        first = weighted_sum([(self._encode(text), weight) for text, weight in start], filler)
        if start == end:
            return first
        second = weighted_sum([(self._encode(text), weight) for text, weight in end], filler)
        return morph(first, second, amount, how, filler)
