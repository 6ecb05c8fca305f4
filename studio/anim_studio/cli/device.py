"""Where the model runs."""

from __future__ import annotations

from anim_studio.cli.exits import Exit, Stop


def chosen_device(wanted: str) -> str:
    """`cpu`, `cuda` or `mps`; `auto` takes the fastest that is here. Raises `Stop` for one that is not."""
    if wanted == "cpu":
        return wanted
    import torch

    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next((device for device, found in here.items() if found), "cpu")
    if not here[wanted]:
        raise Stop(Exit.USAGE, f"this machine has no `{wanted}` device", "`anim doctor` shows what it has")
    return wanted
