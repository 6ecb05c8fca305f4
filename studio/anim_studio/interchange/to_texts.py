"""Prompts in the words of A1111: `a --neg b`, weights, `AND`, `<lora:name:0.6>`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import numpy as np

from anim_compiler.film import Lora
from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.to_prompts import Mix, Told

_LORA_DIGITS = 3


def joined(mix: Mix) -> str:
    """One text, or several with their shares, which A1111 mixes by the noise that each one predicts."""
    if len(mix) == 1:
        return mix[0][0]
    return " AND ".join(f"{text} :{share:.4g}" for text, share in mix)


def listed(mix: Mix) -> str:
    """One text, or several with weights about 1 in one prompt, for tools that mix no noise."""
    if len(mix) == 1:
        return mix[0][0]
    return ", ".join(f"({text}:{share * len(mix):.3g})" for text, share in mix)


def full(positive: str, negative: str, loras: str = "") -> str:
    """A prompt as Deforum has it, always with `--neg`: without it Deforum stops between two prompts."""
    return f"{' '.join(part for part in (positive, loras) if part)} --neg {negative}".rstrip()


def lora_tags(film: Exporting) -> tuple[str, ...]:
    """The LoRAs of every frame with their weights, as they stand in a prompt."""
    found = [""] * film.plan.frames
    for lora in dict.fromkeys(lora for shot in film.film.shots for lora in shot.loras):
        name, column = file_name(lora), film.columns.get(f"lora.{lora.name}.weight")
        if column is None:
            continue
        for frame, weight in enumerate(column.tolist()):
            if np.isfinite(weight) and round(weight, _LORA_DIGITS):
                tag = f"<lora:{name}:{round(weight, _LORA_DIGITS):g}>"
                found[frame] = f"{found[frame]} {tag}" if found[frame] and tag not in found[frame] else tag
    return tuple(found)


def file_name(lora: Lora) -> str:
    """What A1111 and ComfyUI call a LoRA: its file without the ending; else as the film calls it."""
    path = urlsplit(lora.reference).path if "://" in lora.reference else lora.reference
    name = PurePosixPath(path.rpartition(":")[2]).name
    return name.removesuffix(".safetensors") if name.endswith(".safetensors") else lora.name


def runs(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The frames at which a text changes, each with the text from there on."""
    frame = 0
    for text, same in groupby(texts):
        yield frame, text
        frame += len(list(same))


def key_frames(told: Sequence[Told]) -> tuple[tuple[int, Mix], ...]:
    """The keys of prompts that melt straight into each other: frames, which may lie behind the last one, and
    what is told there.

    A text that holds has a key where it begins and one where it begins to melt. What begins on its way from
    one text to the next begins with both.
    """
    keys: dict[int, Mix] = {}
    for frame, now in enumerate(told):
        before = told[frame - 1] if frame else None
        if before is None:
            keys[frame] = now.mix
        elif now.key != before.key or (now.a != before.a and now.way == before.way == 0.0):
            # a text that has not begun to melt stands until the frame before
            keys |= {frame - 1: before.a} if before.way == 0.0 else {}
            keys[frame] = now.a
        elif now.way > 0.0 and before.way == 0.0:
            keys[frame - 1] = before.a
    last = told[-1]
    if last.way > 0.0:
        keys[_end(told)] = last.b
    return tuple(sorted(keys.items()))


def is_apart(negative: Sequence[Told], positive: Sequence[Told]) -> bool:
    """Whether a negative prompt changes anywhere but at the keys of the prompt that it stands behind."""
    keys = {frame for frame, _ in key_frames(positive)}
    return any(a.a != b.a and frame not in keys for frame, (a, b) in enumerate(pairwise(negative), 1))


def _end(told: Sequence[Told]) -> int:
    """The frame behind the last one at which its texts have melted: where the line leads, else the next."""
    ways = [one.way for one in told[-3:] if one.a == told[-1].a]
    steps = [after - before for before, after in pairwise(ways)]
    if not steps or steps[-1] <= 0 or max(steps) - min(steps) > 1e-6:
        return len(told)
    return len(told) - 1 + max(1, round((1.0 - ways[-1]) / steps[-1]))


def is_straight(told: Sequence[Told]) -> bool:
    """Whether prompts melt at one speed between their keys, and stay what they are, as in these tools."""
    if any(b.way and a.way and a.key == b.key and a.a != b.a for a, b in pairwise(told)):
        return False
    keys = key_frames(told)
    for (start, mix), (end, following) in pairwise(keys):
        for frame in range(start + 1, min(end, len(told))):
            way = (frame - start) / (end - start) if mix != following else 0.0
            if abs(told[frame].way - way) > 1.0 / (end - start):
                return False
    return True
