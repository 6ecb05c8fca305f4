"""Which estimator a film means."""

from __future__ import annotations

from pathlib import Path

import torch

from anim_compiler.film import DEPTH_MODEL
from anim_runtime.depth.protocol import Estimator


def estimator(method: str, root: Path | None, device: torch.device, library: Path | None = None) -> Estimator:
    """The estimator of a method: `estimated`, or `model:` and a reference, paths from the film's root, others
    in the user's `library`.

    RenderProblem (exit code 7) if the model is not here or cannot be read; ValueError for another method.
    """
    if method == "estimated":
        from anim_runtime.depth.builtin import built_in

        return built_in(device)
    if method.startswith(DEPTH_MODEL):
        from anim_runtime.depth.library import loaded

        return loaded(method.removeprefix(DEPTH_MODEL), root, device, library)
    raise ValueError(f"no depth estimator is called {method!r}")
