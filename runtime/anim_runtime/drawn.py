"""What a `generate` or `diffuse` node's arguments say at a frame of how it is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

import torch

from anim_compiler.drawing.extras import control_arg, hints_of, lora_arg
from anim_runtime.diffusion.request import Hint, Large, Sampling
from anim_runtime.diffusion.setup import Setup
from anim_runtime.diffusion.told import PLAIN, Spoken
from anim_runtime.ops.kernel import Arguments, number


def sampling(args: Arguments) -> Sampling:
    """The sampling; steps round to a whole number, at least 1."""
    how = Sampling(
        steps=max(1, round(number(args, "steps"))),
        cfg_scale=number(args, "cfg_scale"),
        sampler=str(args["sampler"]),
        seed=number(args, "seed"),
    )
    if "eta" in args:
        how = replace(how, eta=number(args, "eta"))
    if "noise_multiplier" in args:
        how = replace(how, noise_multiplier=number(args, "noise_multiplier"))
    if "large" in args:
        how = replace(how, large=_large(args["large"]))
    return how


def _large(said: object) -> Large:
    """The word of that spelling; the compiler lets no other pass."""
    return next(word for word in get_args(Large) if word == said)


def lora_weights(args: Arguments, setup: Setup) -> tuple[float, ...]:
    """The weights of an engine's LoRAs, in its order; 0 of those that the frame does not have."""
    names = (lora_arg(lora.name) for lora in setup.loras)
    return tuple(number(args, name) if name in args else 0.0 for name in names)


def spoken(args: Arguments, setup: Setup) -> Spoken:
    """How the texts of a frame are encoded."""
    skip = max(1, round(number(args, "clip_skip"))) if "clip_skip" in args else PLAIN.clip_skip
    weights = lora_weights(args, setup)
    return Spoken(skip, weights if any(weights) else PLAIN.loras)


def acting_hints(args: Arguments) -> tuple[str, ...]:
    """The controls that act at a frame."""
    return tuple(name for name in hints_of(args) if number(args, control_arg(name, "weight")) != 0.0)


def hints(shown: Sequence[torch.Tensor], args: Arguments) -> tuple[Hint, ...]:
    """What the controls that act at a frame are shown, of the pictures of all, float32 `[1,3,H,W]`."""
    pictures = dict(zip(hints_of(args), shown, strict=True))
    return tuple(
        Hint(
            name,
            pictures[name],
            *(number(args, control_arg(name, which)) for which in ("weight", "start", "end")),
        )
        for name in acting_hints(args)
    )
