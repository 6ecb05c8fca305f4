"""FizzNodes: a batch prompt schedule, and a value schedule for every number that moves."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import numpy as np

from anim_dsl.visible import json_escaped
from anim_studio.interchange.exported import Exported, Exporting
from anim_studio.interchange.imported import Fate, Remark
from anim_studio.interchange.to_deforum.part import Part
from anim_studio.interchange.to_prompts import BOTH, Told, told_at
from anim_studio.interchange.to_texts import is_apart, is_straight, key_frames, listed


def write(film: Exporting) -> Exported:
    """`film.prompts.txt` for BatchPromptSchedule, whose texts melt straight into each other as there, and
    `film.camera.zoom.txt` and the like for BatchValueSchedule; `max_frames` of each is the film's length.
    """
    part = Part.of(film, "fizznodes")
    positive, negative = (told_at(film, which, film.rows) for which in BOTH)
    files = {f"{film.stem}.prompts.txt": _prompts(positive, negative)}
    for name in film.curves:
        values = part.column(name, film.rests.get(name, 0.0))
        if np.ptp(values) > 0.0 and _is_written(film, name):
            files[f"{film.stem}.{name}.txt"] = part.said(name, values, part.written(name)) + "\n"
    remarks = tuple(_remarks(film, part, positive, negative))
    return Exported({name: text.encode() for name, text in files.items()}, remarks)


def _is_written(film: Exporting, name: str) -> bool:
    """Whether the film itself says it: seeds that are counted on are not."""
    found = [shot.numbers[name] for shot in film.film.shots if name in shot.numbers]
    return not found or any(curve.span is not None for curve in found)


def _prompts(positive: Sequence[Told], negative: Sequence[Told]) -> str:
    """The keys, one a line, as they are pasted into the node."""
    says_no = any(text for one in negative for text, _ in one.mix)
    lines = []
    for frame, mix in key_frames(positive):
        text = listed(mix)
        if says_no:
            text = f"{text} --neg {listed(negative[min(frame, len(negative) - 1)].a)}"
        lines.append(f'"{frame}": {json_escaped(json.dumps(text, ensure_ascii=False))}')
    return ",\n".join(lines) + "\n"


def _remarks(
    film: Exporting, part: Part, positive: Sequence[Told], negative: Sequence[Told]
) -> Iterator[Remark]:
    says = f"give every node `max_frames` {part.frames}"
    yield Remark(Fate.CHANGED, "length", says)
    if any(len(one.a) > 1 for one in (*positive, *negative)):
        says = "texts that are blended stand in one prompt with weights"
        yield Remark(Fate.CHANGED, "prompts with weights", says)
    if not is_straight(positive):
        says = "texts melt at one speed between their keys, and numbers in them stand meanwhile"
        yield Remark(Fate.CHANGED, "prompt", says)
    if any(shot.prompts.morph == "slerp" for shot, _, _ in part.shots) and len(key_frames(positive)) > 1:
        yield Remark(Fate.CHANGED, "prompt.morph", "conditionings are mixed straight, not along the arc")
    if is_apart(negative, positive):
        yield Remark(Fate.CHANGED, "prompt.negative", "it changes at the keys of the prompt")
    if part.baked:
        says = "numbers in place of the film's curve, which has no formula there"
        yield Remark(Fate.CHANGED, ", ".join(part.baked), says)
    if film.film.tracks:
        yield Remark(Fate.LOST, "audio", "put the sound on the video that you save")
