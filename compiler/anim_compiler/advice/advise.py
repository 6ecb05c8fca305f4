"""Advice on a whole checked film: every check of this package, in this order."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from anim_compiler.advice.amounts import huge_zoom, leaps, radians
from anim_compiler.advice.beyond import beyond
from anim_compiler.advice.deforum_modes import deforum_modes
from anim_compiler.advice.deforum_prompts import deforum_prompts
from anim_compiler.advice.deforum_seeds import deforum_seeds
from anim_compiler.advice.equal_keys import equal_keys
from anim_compiler.advice.first_prompt import first_prompt
from anim_compiler.advice.grid import endless_cadence, prompts_in_one_frame, unread_keys
from anim_compiler.advice.idle_channels import idle_channels
from anim_compiler.advice.idle_fill import idle_fill
from anim_compiler.advice.idle_guide import idle_guide
from anim_compiler.advice.idle_target import idle_target
from anim_compiler.advice.increments import increments
from anim_compiler.advice.key_units import key_units
from anim_compiler.advice.never import nothing_carried, nothing_new, unheard_negative
from anim_compiler.advice.quoted import quoted
from anim_compiler.advice.seed_runs import seed_runs
from anim_compiler.advice.short_clip import short_clip
from anim_compiler.advice.still_camera import still_camera
from anim_compiler.advice.weights import weights
from anim_compiler.advice.zero import zero
from anim_compiler.film import Film
from anim_compiler.findings import Findings

Advice: TypeAlias = Callable[[Film, Findings], None]

ADVICE: tuple[Advice, ...] = (
    still_camera,
    idle_channels,
    idle_target,
    idle_fill,
    idle_guide,
    deforum_modes,
    increments,
    deforum_seeds,
    deforum_prompts,
    huge_zoom,
    radians,
    leaps,
    equal_keys,
    key_units,
    quoted,
    first_prompt,
    prompts_in_one_frame,
    unread_keys,
    endless_cadence,
    nothing_new,
    nothing_carried,
    unheard_negative,
    seed_runs,
    short_clip,
    weights,
    zero,
    beyond,
)


def advise(film: Film, findings: Findings) -> None:
    """Reports what the film says that was surely not meant."""
    for advice in ADVICE:
        advice(film, findings)
