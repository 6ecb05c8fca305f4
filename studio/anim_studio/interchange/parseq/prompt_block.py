"""The block of a film's prompts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from anim_dsl.visible import escaped
from anim_studio.interchange.film_text import Block, Item, Setting, Statement
from anim_studio.interchange.imported import Fate
from anim_studio.interchange.parseq.prompt_words import Prompts
from anim_studio.interchange.parseq.truth import Curve

_SUMS = (
    "texts with weights are one sum, whose weights are divided by their total; "
    "Deforum weighs what each of them draws, by itself"
)


def block_of(made: Prompts | None, say: Callable[[Fate, str, str], None]) -> Block | None:
    """The block of a film's prompts; what is to be told of them goes to `say`."""
    if made is None or not made.positive:
        return None
    if made.inserts.has_sums:
        say(Fate.CHANGED, "prompts", _SUMS)
    if made.inserts.values:
        say(Fate.MAPPED, "${…}", "a number stands in a text with four digits, there with five")
    if made.inserts.loras:
        names = ", ".join(f"`{escaped(name)}`" for name in made.inserts.loras)
        say(Fate.CHANGED, "<lora:…>", f"{names}: the lines to take them in stand in the film as comments")
    for remark in dict.fromkeys(made.inserts.remarks):
        say(remark.fate, remark.what, remark.says)
    items: list[Item] = [Statement(f"{frame}: {text}") for frame, text in made.positive]
    if any(text != '""' for _, text in made.negative):
        keys = tuple((str(frame), text) for frame, text in made.negative)
        whole = keys[0][1] if len(keys) == 1 else ", ".join(f"{at}: {text}" for at, text in keys)
        items.append(Setting("negative", whole, keys=keys if len(keys) > 1 else ()))
    if len(made.positive) > 1 or len(made.negative) > 1:
        items.append(Setting("morph", "cut"))
    return Block("prompt", tuple(items))


def read_by(made: Prompts, curves: Sequence[Curve]) -> set[str]:
    """The fields that prompts refer to."""
    texts = [text for _, text in made.positive + made.negative]
    whole = " ".join([*texts, *made.texts.values(), *made.named.lets.values(), *made.inserts.values])
    return {curve.name for curve in curves} & set(re.findall(r"\w+", whole))
