"""The prompts of a film as Deforum's: cuts at keys, or texts that melt where there is nothing but prompts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_prompts import BOTH, Told, morphs, told_at
from anim_studio.interchange.to_texts import (
    full,
    is_apart,
    is_straight,
    joined,
    key_frames,
    listed,
    lora_tags,
    runs,
)

_WEIGHED = re.compile(r":\s*[-+]?(?:\d+\.?|\d*\.\d+)\s*$")
"""How the weight of a whole prompt is written in A1111."""

_MELTS = "texts melt at one speed between their keys, and numbers in them stand meanwhile"


@dataclass(frozen=True, slots=True)
class Prompts:
    """Deforum's `prompts` and what they do not say."""

    keys: dict[str, str]
    remarks: tuple[Remark, ...]


def prompts(film: Exporting, *, melts: bool) -> Prompts:
    """The prompts of what was asked for; with `melts` as Deforum's Interpolation mode has them."""
    rows = film.rows
    positive, negative = (told_at(film, which, rows) for which in BOTH)
    tags = lora_tags(film)
    loras = [tags[row] for row in rows]
    if melts:
        keys = {
            frame: full(
                listed(mix), listed(negative[min(frame, len(rows) - 1)].a), loras[min(frame, len(rows) - 1)]
            )
            for frame, mix in key_frames(positive)
        }
    else:
        texts = zip(positive, negative, loras, strict=True)
        keys = dict(runs([full(joined(p.a), joined(n.a), lora) for p, n, lora in texts]))
    remarks = tuple(_remarks(film, positive, negative, melts=melts))
    return Prompts({str(frame): text for frame, text in keys.items()}, remarks)


def _remarks(
    film: Exporting, positive: Sequence[Told], negative: Sequence[Told], *, melts: bool
) -> Iterator[Remark]:
    if any(len(one.mix) > 1 for one in (*positive, *negative) if one.way == 0.0):
        says = "`AND` mixes what each text would draw, where a film mixes what they say"
        if melts:
            # Deforum joins what melts by `AND`, and one within another is cut apart
            says = "texts that are blended stand in one prompt with weights"
        yield Remark(Fate.CHANGED, "prompts with weights", says)
    if any(_WEIGHED.search(text) for one in positive for text, _ in one.mix):
        says = (
            "A1111 reads the number after the last `:` as how much the whole prompt counts: end it otherwise"
        )
        yield Remark(Fate.CHANGED, "a prompt that ends as in `16:9`", says)
    if melts and not is_straight(positive):
        yield Remark(Fate.CHANGED, "prompt", _MELTS)
    if melts and is_apart(negative, positive):
        yield Remark(Fate.CHANGED, "prompt.negative", "it changes at the keys of the prompt")
    if not melts and morphs(film):
        says = "texts change at their keys; they melt into each other only in a film without a camera"
        yield Remark(Fate.CHANGED, "prompt.morph", says)
