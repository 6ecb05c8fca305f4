"""What the model is told at each frame: texts with their numbers filled in, blended and morphed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from anim_compiler.plan import ColumnRef, Columns, Morph, Prompts, TextPart, Weighted

if TYPE_CHECKING:
    from anim_runtime.diffusion.setup import Setup
    from anim_runtime.diffusion.told import Conditioning, Spoken

#: results that are kept: frames that are made together come from several scenes
KEEP = 32


class Voice(NamedTuple):
    """By whom a text is encoded: the engine of a setup, and how it speaks."""

    setup: Setup
    spoken: Spoken


def printed(value: float) -> str:
    """A number in a prompt: at most 4 decimals, no trailing zeros, never `-0`."""
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def text_at(parts: tuple[str | TextPart, ...], columns: Columns, frame: int) -> str:
    """A text with its numbers at that frame."""
    return "".join(p if isinstance(p, str) else printed(float(columns[p.column][frame])) for p in parts)


class Conditionings:
    """The conditionings of a film's frames.

    `encode` is that of the engine that draws with a voice, which keeps every distinct text; `morph_at` says
    how a frame's scene mixes two conditionings. The latest results are kept here, because most frames of a
    film share theirs with the frame before. A track is `prompt`, `negative`, or one of an op that has prompts
    of its own.
    """

    def __init__(
        self,
        prompts: Prompts,
        columns: Columns,
        encode: Callable[[str, Voice], Conditioning],
        morph_at: Callable[[int], Morph],
    ) -> None:
        self._prompts = prompts
        self._morph_at = morph_at
        self._columns = columns
        self._encode = encode
        self._latest: OrderedDict[object, Conditioning] = OrderedDict()

    def at(self, frame: int, track: str, voice: Voice) -> Conditioning:
        """The conditioning of a track at the frame; a track that the film does not have is the empty text."""
        if f"{track}.from" not in self._columns:
            return self._encode("", voice)
        start, end = (self._parts(self._index(track, side, frame), frame) for side in ("from", "to"))
        state = (start, end, float(self._columns[f"{track}.mix"][frame]), self._morph_at(frame), voice)
        made = self._latest.get(state)
        if made is None:
            made = self._latest[state] = self._make(*state)
            if len(self._latest) > KEEP:
                self._latest.popitem(last=False)
        self._latest.move_to_end(state)
        return made

    def texts(self, frame: int, track: str) -> frozenset[str]:
        """The texts that the conditioning of a track is made of at the frame."""
        if f"{track}.from" not in self._columns:
            return frozenset({""})
        both = (self._parts(self._index(track, side, frame), frame) for side in ("from", "to"))
        return frozenset(text for parts in both for text, _ in parts)

    def text(self, frame: int, track: str) -> str:
        """The one text of a track whose texts are not blended, such as a layer's, at the frame."""
        ((text, _),) = self._parts(self._index(track, "from", frame), frame)
        return text

    def _index(self, track: str, side: str, frame: int) -> int:
        return int(self._columns[f"{track}.{side}"][frame])

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
        voice: Voice,
    ) -> Conditioning:
        from anim_runtime.diffusion.blend import blended, morphed

        filler = self._encode("", voice)
        first = blended([(self._encode(text, voice), weight) for text, weight in start], filler)
        if start == end:
            return first
        second = blended([(self._encode(text, voice), weight) for text, weight in end], filler)
        return morphed(first, second, amount, how, filler)
