"""Prompts as ComfyUI's conditioning: texts that are encoded and mixed as the film mixes them."""

from __future__ import annotations

import re

from anim_studio.interchange.exported import Exporting
from anim_studio.interchange.to_comfyui.workflow import Link, Workflow
from anim_studio.interchange.to_prompts import Mix

_WEAKENED = re.compile(r"(?<!\\)\[([^\[\]]*)(?<!\\)\]")


def encoded(flow: Workflow, film: Exporting, clip: Link, mix: Mix, title: str) -> Link:
    """The conditioning of a mix: one text, or several, averaged two by two with the shares that they have."""
    (first, share), *others = mix
    made = (flow.add("CLIPTextEncode", title, text=worded(first, film), clip=clip), 0)
    for text, more in others:
        following = (flow.add("CLIPTextEncode", title, text=worded(text, film), clip=clip), 0)
        share += more
        made = (
            flow.add(
                "ConditioningAverage",
                f"{title}, mixed",
                conditioning_to=following,
                conditioning_from=made,
                conditioning_to_strength=round(more / share, 4) if share else 0.0,
            ),
            0,
        )
    return made


def worded(text: str, film: Exporting) -> str:
    """A text as ComfyUI reads it: `[word]` as a weight, embeddings by their prefix."""
    text = _WEAKENED.sub(r"(\1:0.909)", text)
    for one in film.film.embeddings:
        text = re.sub(rf"(?<![\w:]){re.escape(one.name)}(?!\w)", f"embedding:{one.name}", text)
    return text


def weighs(texts: list[str]) -> bool:
    """Whether a word in them has a weight."""
    return any(re.search(r"(?<!\\)[(\[]", text) for text in texts)
