"""The prompts: texts by frame, negatives apart, LoRAs as statements of their own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from anim_dsl.diagnostic import Diagnostic, Severity
from anim_dsl.schedule_formula import FormulaError, compile_formula
from anim_dsl.source import Span
from anim_studio.interchange.deforum.given import Settings
from anim_studio.interchange.deforum.prompt_words import Crash, Lora, Words, words
from anim_studio.interchange.deforum.tolerant import Found
from anim_studio.interchange.film_text import Block, Item, Setting, Statement
from anim_studio.interchange.imported import Fate, Remark

_NEG = "--neg"
_BRACKETS = re.compile(r"\([^()]*\)|<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Key:
    """A prompt: the frame that it begins at, what it asks for and what it must not show."""

    frame: int
    positive: str
    negative: str
    place: Span


@dataclass(frozen=True, slots=True)
class Prompts:
    """The film's prompts: their block, and the LoRAs that they name with the weight at each key."""

    block: Block
    loras: tuple[tuple[str, str, tuple[tuple[int, str], ...]], ...]


def prompts(settings: Settings) -> Prompts:
    """The prompts of a file, as Deforum shows them."""
    keys = shown(settings, read_keys(settings))
    made = [(key, _words(settings, key, key.positive)) for key in keys]
    bad = [_words(settings, key, key.negative) for key in keys]
    items: list[Item] = [Statement(f"{key.frame}: {found.value}") for key, found in made]
    negative = _negative([(key.frame, found.value) for key, found in zip(keys, bad, strict=True)])
    items += [] if negative is None else [negative]
    if len(keys) > 1:
        items.append(Setting("morph", "linear" if settings.mode == "I" else "cut"))
        if settings.mode == "I":
            says = "between two keys Deforum joins both texts by `AND`; here their encodings are mixed"
            settings.say(Fate.CHANGED, "prompts", says)
    _between(settings, keys)
    every = (*(found for _, found in made), *bad)
    for change in dict.fromkeys(change for found in every for change in found.changed):
        settings.remarks.append(Remark(Fate.CHANGED, settings.written.get("prompts", "prompts"), change))
    if _is_weighed(settings, keys):
        says = "`word:0.5` weighs a part of a prompt in the notebook; write `(word:0.5)`, or a sum of texts"
        settings.say(Fate.LOST, "prompts", says)
    settings.mapped("prompts")
    loras = _loras([(key.frame, found.loras) for key, found in made])
    return Prompts(Block("prompt", tuple(items)), loras)


def _between(settings: Settings, keys: list[Key]) -> None:
    """Keeps that a film diffuses the frames of its prompts' keys as well, and the seed goes on there."""
    cadence = max(1, settings.whole("diffusion_cadence"))
    late = [str(key.frame) for key in keys if key.frame % cadence]
    if settings.mode in "23" and late:
        shown = ", ".join(late[:5]) + (" …" if late[5:] else "")
        says = f"frame {shown}, where a prompt begins, is diffused as well; Deforum waits for the next one"
        settings.say(Fate.CHANGED, "diffusion_cadence", says)


def _is_weighed(settings: Settings, keys: list[Key]) -> bool:
    """Whether prompts of a notebook, where alone it counts, weigh their parts."""
    if not settings.is_oldest:
        return False
    outside = (_BRACKETS.sub("", key.positive) for key in keys)
    return any(re.search(r"\w:-?[0-9.]+(?:\s|$)", text) for text in outside)


def read_keys(settings: Settings) -> list[Key]:
    """All prompts with their frames, in the file's order; the words for every prompt are put in."""
    before, behind = (settings.text(f"animation_prompts_{word}") for word in ("positive", "negative"))
    behind = behind.replace(_NEG, "").strip()
    found: list[Key] = []
    for text_key, value in _pairs(settings):
        if not isinstance(value.value, str):
            continue
        frame = _frame(settings, text_key, value)
        if frame is None:
            continue
        positive, *rest = value.value.split(_NEG)
        negative = " ".join(" ".join(rest).split())
        positive = " ".join(positive.split())
        if before and not positive.startswith(before):
            positive = f"{before} {positive}"
        if behind and not negative.endswith(behind):
            negative = f"{negative} {behind}".strip()
        elif behind:
            says = "it stands at the end of the prompts already, as newer versions save them"
            settings.say(Fate.MAPPED, "animation_prompts_negative", says)
        found.append(Key(frame, positive, negative, value.span))
    settings.mapped(*(f"animation_prompts_{w}" for w in ("positive", "negative") if not settings.is_told(w)))
    return found


def _pairs(settings: Settings) -> Iterable[tuple[str, Found]]:
    """Keys and texts, whatever the prompts stand in: an object, a list, or JSON in a text."""
    found = settings.values.get("prompts")
    if found is None:
        return []
    if isinstance(found.value, dict):
        return list(found.value.items())
    if isinstance(found.value, list):
        return [(str(i), each) for i, each in enumerate(found.value)]
    if isinstance(found.value, str):
        try:
            inner = json.loads(found.value)
        except ValueError:
            inner = found.value
        pairs = inner.items() if isinstance(inner, dict) else (("0", inner),)
        return [(str(at), Found(str(text), found.span)) for at, text in pairs]
    return []


def _frame(settings: Settings, text: str, value: Found) -> int | None:
    """The frame of a prompt's key. Names stand in it only where prompts are interpolated."""
    if text.isdecimal():
        return int(text)
    names = {"max_f": settings.frames} if settings.mode == "I" else {}
    try:
        return int(compile_formula(text)(names))
    except (FormulaError, ValueError, OverflowError) as error:
        is_name = isinstance(error, FormulaError) and error.kind == "name"
        message = f"the prompt at `{text}`: {error}"
        hint = "a prompt stands at a whole frame"
        if is_name and "max_f" in text:
            message = f"the prompt at `{text}`: Deforum knows no `max_f` in the keys of prompts"
            hint = f"the last frame is {settings.frames - 1}: write the number"
        code = "E1064" if is_name else "E1062"
        settings.diagnostics.append(
            Diagnostic(code, Severity.ERROR, settings.source, value.span, message, hint=hint)
        )
        return None


def shown(settings: Settings, keys: list[Key]) -> list[Key]:
    """The prompts that are seen, by frame: the last one of a frame, and none beyond the end.

    The first one is shown from the beginning, wherever its key is.
    """
    inside = {key.frame: key for key in keys if 0 <= key.frame < settings.frames}
    name = settings.written.get("prompts", "prompts")
    for key in keys:
        if key.frame not in inside and inside:
            says = f"the prompt at frame {key.frame} is not seen: the film has {settings.frames} frames"
            settings.remarks.append(Remark(Fate.IGNORED, name, says))
    if inside:
        return [inside[frame] for frame in sorted(inside)]
    return [Key(0, keys[0].positive, keys[0].negative, keys[0].place)] if keys else []


def _words(settings: Settings, key: Key, text: str) -> Words:
    try:
        return words(text, settings.frames - 1)
    except Crash as crash:
        found = Diagnostic(
            crash.code, Severity.ERROR, settings.source, key.place, crash.message, hint=crash.hint
        )
        settings.diagnostics.append(found)
        return Words('""', (), ())


def _negative(keys: list[tuple[int, str]]) -> Setting | None:
    """`negative`, with a key wherever it changes."""
    kept: list[tuple[str, str]] = []
    for frame, value in keys:
        if not kept or kept[-1][1] != value:
            kept.append((str(frame), value))
    if not kept or (len(kept) == 1 and kept[0][1] == '""'):
        return None
    if len(kept) == 1:
        return Setting("negative", kept[0][1])
    return Setting("negative", ", ".join(f"{at}: {value}" for at, value in kept), keys=tuple(kept))


def _loras(
    keys: list[tuple[int, tuple[Lora, ...]]],
) -> tuple[tuple[str, str, tuple[tuple[int, str], ...]], ...]:
    """Each LoRA once, with its weight at every prompt's key: 0 where the prompt does not name it."""
    names = dict.fromkeys((lora.kind, lora.name) for _, loras in keys for lora in loras)
    found = []
    for kind, name in names:
        weights: list[tuple[int, str]] = []
        for frame, loras in keys:
            own = [lora.weight for lora in loras if (lora.kind, lora.name) == (kind, name)]
            weight = " + ".join(own) or "0"
            if not weights or weights[-1][1] != weight:
                weights.append((frame, weight))
        found.append((kind, name, tuple(weights)))
    return tuple(found)
