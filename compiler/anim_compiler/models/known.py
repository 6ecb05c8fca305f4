"""The facts of the models that a film names: from its lock, from the library, or from a file's own header."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from anim_compiler.models.facts import KnownModels, ModelFacts

if TYPE_CHECKING:
    from anim_compiler.models.lock import ModelLock
    from anim_compiler.world import World

#: the models that come with the program: `null` draws nothing, so it has no family
_BUILT_IN = {
    "postcard": ModelFacts(
        "postcard", "checkpoint", "postcard", title="the built-in model", told_by="built in"
    ),
    "postcard-canny": ModelFacts(
        "postcard-canny",
        "controlnet",
        "postcard",
        title="the built-in model's ControlNet for hard edges",
        control="canny",
        told_by="built in",
    ),
    "null": ModelFacts("null", "checkpoint", title="no model", told_by="built in"),
}


class Known:
    """What is known of models in a film's world; each reference is asked for once.

    The lock comes first, so that a film means the same on every machine; then `library`, which knows what is
    on this one; then the header of a file under the film's root. Nothing is loaded and nothing is fetched.
    """

    def __init__(self, world: World, library: KnownModels) -> None:
        self._world = world
        self._library = library
        self._told: dict[str, ModelFacts | None] = {}
        #: whether the user knows that the lock is damaged
        self.is_fault_told = False

    def __call__(self, reference: str) -> ModelFacts | None:
        """The facts of a reference as the film keeps it; None if nothing is known of it."""
        if reference not in self._told:
            self._told[reference] = self._find(reference)
        return self._told[reference]

    def is_locked(self, reference: str) -> bool:
        """Whether the film's lock holds it, so that it need not be here."""
        return self.lock is not None and reference in self.lock.models

    @cached_property
    def lock(self) -> ModelLock | None:
        """The lock that holds for the film; None if there is none."""
        from anim_compiler.models.lock import NAME, ModelLock, lock_path, read_lock

        # one that is written later counts as well, for whoever watches the film
        for folder in (self._world.folder, self._world.root):
            self._world.see(folder / NAME)
        path = lock_path(self._world.folder, self._world.root)
        try:
            is_inside = path.resolve().is_relative_to(self._world.root.resolve())
        except (OSError, RuntimeError):
            # links in a circle
            is_inside = False
        return read_lock(path) if is_inside else ModelLock(fault="is a link out of the film's project")

    def _find(self, reference: str) -> ModelFacts | None:
        if reference in _BUILT_IN:
            return _BUILT_IN[reference]
        locked = self.lock.models.get(reference) if self.lock is not None else None
        if locked is not None:
            return locked.facts
        return self._library(reference) or self._by_header(reference)

    def _by_header(self, reference: str) -> ModelFacts | None:
        """The facts of a file or a folder under the root, by what it says of itself."""
        try:
            path = (self._world.root / reference).resolve()
            if not path.is_relative_to(self._world.root.resolve()) or not path.exists():
                return None
        except (OSError, ValueError, RuntimeError):
            return None
        return facts_at(path, reference)


def facts_at(path: Path, reference: str) -> ModelFacts | None:
    """The facts of the model at a path, by its header or, of a folder, by its JSON; None if it is no model.

    `sha256` is left out: it takes reading all of the file.
    """
    from anim_compiler.models.detect import detected
    from anim_compiler.models.folders import folder_facts
    from anim_compiler.models.header import Header, read_header

    if path.is_dir():
        found = folder_facts(path)
        if found is not None:
            return replace(found, reference=reference)
        # a repository of a LoRA holds its file alone
        files = [] if (path / "config.json").exists() else sorted(path.glob("*.safetensors"))
        return facts_at(files[0], reference) if len(files) == 1 and files[0].is_file() else None
    if path.suffix.lower() != ".safetensors":
        return None
    header = read_header(path)
    if not isinstance(header, Header):
        return None
    return replace(detected(header, path.name), reference=reference, size=path.stat().st_size)
