"""Where a model is loaded to: onto its device, or beside it where that has no room for all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

import torch

from anim_compiler.plan import Precision
from anim_runtime.diffusion.families.loaded import Loaded
from anim_runtime.diffusion.families.precision import formats
from anim_runtime.diffusion.fast.quick import Free, Quick, free_on
from anim_runtime.diffusion.fast.recorded import CudaRecorder
from anim_runtime.diffusion.fast.ways import module_bytes
from anim_runtime.diffusion.setup import Setup
from anim_runtime.speed import Speed

#: loads a model onto a device
Load: TypeAlias = Callable[[Setup, torch.device], Loaded]

_WORDS: dict[torch.dtype, Precision] = {torch.float16: "float16", torch.bfloat16: "bfloat16"}


def placed(
    load: Load, setup: Setup, family: Callable[[], str], device: torch.device, speed: Speed, pixels: int
) -> Quick:
    """The model, quick on its device; `family` is asked where its number format has to be told."""
    loaded = _on_device(load, setup, device, speed)
    is_there = loaded is not None
    if loaded is None:
        # in the number format of the device, wherever it is loaded to
        word = _WORDS.get(formats(family(), setup.precision, device).denoiser, "float32")
        loaded = load(replace(setup, precision=word), torch.device("cpu"))
    free = free_on(device)
    if free is not None and is_there:
        own = (loaded.denoiser.model, getattr(loaded.codec, "vae", loaded.codec))
        free = Free(free.bytes + sum(map(module_bytes, own)), free.total)
    recorder = CudaRecorder() if device.type == "cuda" and speed.graphs else None
    return Quick(loaded, device, speed, is_there=is_there, pixels=pixels, free=free, recorder=recorder)


def _on_device(load: Load, setup: Setup, device: torch.device, speed: Speed) -> Loaded | None:
    """The model on its device; None if that has no room for all of it."""
    if device.type != "cpu" and speed.memory in ("parts", "layers"):
        return None
    try:
        return load(setup, device)
    except torch.OutOfMemoryError:
        if device.type == "cpu":
            raise
    # what was loaded of it is free by now
    if device.type == "cuda":
        torch.cuda.empty_cache()
    return None
