"""The digest of a model that a film names: from its lock, or from what is on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anim_studio.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from anim_compiler.world import World


def model_digest(reference: str, world: World, cache: Path, library: Path) -> str:
    """The sha256 of a model, by the film's lock if that holds it: then it need not be here.

    Raises `Stop` (exit code 7) if neither the lock nor this machine has it.
    """
    from anim_runtime.models.library import MissingModel, digest, locate

    facts = world.models(reference)
    if facts is not None and facts.told_by == "lock":
        return facts.sha256
    found = locate(reference, world.root, library)
    if isinstance(found, MissingModel):
        raise Stop(Exit.MODEL_MISSING, found.message, found.hint)
    return digest(found, cache)
