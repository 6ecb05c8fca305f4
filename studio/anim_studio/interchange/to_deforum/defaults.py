"""Deforum's settings with what each is if nobody touches it, as its extension for A1111 saves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from anim_studio.interchange.deforum.param import Param
from anim_studio.interchange.deforum.params import GROUPS

Setting: TypeAlias = "bool | int | float | str | Mapping[str, str]"

COMMIT = "eb16c856"
"""The version of Deforum whose settings these are."""

UNITS = 5
"""How many ControlNets there are."""

#: saved otherwise than the table has it: addresses of sample media left empty, a choice as its place, texts
#: that look like numbers
_SAVED: Mapping[str, Setting] = {
    "init_image": "",
    "mask_file": "",
    "fill": 1,
    "resume_timestring": "",
    "diffusion_redo": "0",
    "video_init_path": "",
    "video_mask_path": "",
    "soundtrack_path": "",
    "parseq_manifest": "",
    "init_images": '{"0": ""}',
}
#: of the screen alone
_UNSAVED = frozenset({"init_image_box", "image_path", "prompts"})


def defaults() -> dict[str, Setting]:
    """Every setting: of the run, the prompts, the animation, five ControlNets."""
    animation, hybrid, run, control = (
        GROUPS[name]
        for name in (
            "Animation",
            "Hybrid video",
            "Run, masks, guided images, Parseq, output",
            "ControlNet, for each unit",
        )
    )
    names = (
        "positive_prompts",
        "negative_prompts",
        "animation_prompts_positive",
        "animation_prompts_negative",
    )
    prompts: dict[str, Setting] = {"prompts": {}, **dict.fromkeys(names, "")}
    one = _typed(control)
    units = {name.replace("cn_1_", f"cn_{i}_", 1): one[name] for i in range(1, UNITS + 1) for name in one}
    return {**_typed(run), **prompts, **_typed(animation), **_typed(hybrid), **units}


def _typed(rows: Iterable[Param]) -> dict[str, Setting]:
    return {row.name: _SAVED.get(row.name, _value(row.default)) for row in rows if row.name not in _UNSAVED}


def _value(text: str) -> Setting:
    """`False`, `120` and `0.5` as what they are, everything else as text."""
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
