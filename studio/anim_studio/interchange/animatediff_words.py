"""The words of an AnimateDiff prompt travel, and what there is for them here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from anim_studio.interchange.formula_text import number_text
from anim_studio.interchange.imported import Fate
from anim_studio.interchange.recipe import Recipe, last_part

CONTROLS: Mapping[str, str] = {
    "tile": "tile",
    "lineart_anime": "lineart",
    "lineart": "lineart",
    "openpose": "pose",
    "softedge": "softedge",
    "depth": "depth",
    "canny": "canny",
    "normalbae": "normal",
    "scribble": "scribble",
}
"""Its ControlNets by our names for them."""

OBSOLETE: Mapping[str, str] = {
    "name": "the output is called like the film",
    "compile": "the engine decides",
    "unet_batch_size": "the engine decides",
    "context_schedule": "frames are drawn one by one",
    "apply_lcm_lora": 'write `sampler = "LCM"` and a LoRA for it',
    "result": "of the tool's own windows",
}
"""Words with nothing to do here, and why."""

HANDLED = frozenset(
    {"path", "seed", "scheduler", "steps", "guidance_scale", "clip_skip", "prompt_fixed_ratio"}
    | {"head_prompt", "prompt_map", "tail_prompt", "n_prompt", "lora_map", "controlnet_map", "output"}
    | {"tensor_interpolation_slerp", "vae_path", "motion_module"}
)
"""Words that the importer reads."""


def moves(frames: list[int], ratio: float) -> Iterator[tuple[int, int]]:
    """Until when each prompt holds, and when the next one is there."""
    for start, stop in pairwise(frames):
        held = start + round((stop - start) * ratio)
        yield (held - 1 if held == stop else held), stop


def scheduled(weights: Mapping[str, object], recipe: Recipe, file: str) -> tuple[str, str]:
    """A weight that changes over time, by frame."""
    keys = [
        (int(at), value) for at, value in weights.items() if at.isdecimal() and isinstance(value, int | float)
    ]
    what = f"lora_map.{last_part(file)}"
    if not keys:
        recipe.say(Fate.LOST, what, "its weights cannot be read")
        return "1", what
    text = ", ".join(f"{at}: {number_text(f'{value:g}')}" for at, value in sorted(keys))
    return (text if len(keys) > 1 else number_text(f"{keys[0][1]:g}")), what


def of_control(control: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Our settings of a ControlNet that are not what they are without it."""
    for ours, theirs, usual in (
        ("weight", "controlnet_conditioning_scale", 1.0),
        ("start", "control_guidance_start", 0.0),
        ("end", "control_guidance_end", 1.0),
    ):
        value = control.get(theirs)
        if isinstance(value, int | float) and value != usual:
            yield ours, number_text(f"{value:g}")
