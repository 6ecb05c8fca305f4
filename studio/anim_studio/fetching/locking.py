"""The lock beside a film, read and written by one process at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anim_studio.cli.exits import Exit, Stop

if TYPE_CHECKING:
    from anim_compiler.models.lock import ModelLock
    from anim_compiler.world import World
    from anim_runtime.models.entry import Entry

#: seconds that a process waits for another that writes the same lock
_PATIENCE: Final = 20.0


def lock_of(film: Path) -> tuple[Path, ModelLock]:
    """The lock that holds for a film, whether it is there or not. Raises `Stop` if there is no film, or if
    the lock cannot be used.
    """
    from anim_compiler.world import World

    if not film.is_file():
        raise Stop(Exit.USAGE, f"there is no film `{film}`", "write the path of a `.anim` file")
    return lock_in(World.open(film))


def lock_in(world: World) -> tuple[Path, ModelLock]:
    """Where the lock of a film's folder lies, and what it holds. Raises `Stop` for one that is damaged."""
    from anim_compiler.models.lock import lock_path

    path = lock_path(world.folder, world.root)
    return path, _read(path)


def rewrite(path: Path, cache: Path, change: Callable[[ModelLock], ModelLock]) -> tuple[ModelLock, bool]:
    """Makes of a lock what `change` does, as it is by then, and says whether that was something new; what
    keeps other processes from it lies in the `cache`. Raises `Stop`.
    """
    from anim_compiler.models.lock import lock_text
    from anim_compiler.whole_file import write_over
    from anim_runtime.locks import RunLock

    called = hashlib.sha256(str(path.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:32]
    try:
        with RunLock(cache / "locks" / f"{called}.lock") as held:
            if not held.wait(_PATIENCE):
                raise Stop(
                    Exit.USAGE, f"another process writes `{shown(path)}`", "try again when it has ended"
                )
            before = _read(path)
            after = change(before)
            if path.is_file() and lock_text(before) == lock_text(after):
                return after, False
            write_over(path, lock_text(after).encode())
            return after, True
    except OSError as problem:
        reason = (problem.strerror or "it cannot be written").lower()
        raise Stop(Exit.USAGE, f"`{shown(path)}` cannot be written: {reason}") from None


def hold(film: Path, entry: Entry, cache: Path) -> Path:
    """Writes what a model is under its reference into the lock of a film, and leaves the other lines; where
    that is. Raises `Stop`.
    """
    from anim_compiler.models.lock import LockedModel

    path, _ = lock_of(film)
    if not entry.facts.reference:
        hint = "put it into the film's folder: a file there needs no library, and is held by its path"
        raise Stop(Exit.USAGE, f"`{entry.path.name}` has no reference that others could fetch it by", hint)
    model = LockedModel(entry.facts, entry.source, entry.revision)
    rewrite(path, cache, lambda lock: lock.with_models([model]))
    return path


def shown(path: Path) -> Path:
    """A path as the user would write it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _read(path: Path) -> ModelLock:
    from anim_compiler.models.lock import ModelLock, read_lock

    found = read_lock(path) or ModelLock()
    if found.fault:
        raise Stop(Exit.USAGE, f"`{shown(path)}` {found.fault}", found.remedy)
    return found
