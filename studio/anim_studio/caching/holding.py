"""Everything that the cache folder holds: of what kind, how large, when it was used last."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from anim_compiler.whole_file import TEMPORARY
from anim_runtime.locks import holder_of

Kind: TypeAlias = Literal["frames", "previews", "audio", "texts", "runs", "queue", "logs"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""Stored frames, pictures of `anim live`, analyses of tracks, what large text encoders made of prompts,
journals with their plans, renders that were asked for, and logs.
"""

_FOLDERS: dict[Kind, str] = {"frames": "objects"}
#: kinds of which each thing lies in a folder of two letters
_DEEP: frozenset[Kind] = frozenset({"frames", "previews"})
_PART = re.escape(TEMPORARY) + ".+"
#: the names that anim gives, pictures with the folder of two letters that they lie in: whatever else is in
#: the folder, or is a link to somewhere else, is somebody's own
_NAMES: dict[Kind, re.Pattern[str]] = {
    "frames": re.compile(rf"(..)/(?:\1.*\.pic|{_PART})"),
    "previews": re.compile(rf"(..)/(?:\1.*\.pre|{_PART})"),
    "audio": re.compile(rf".+-.+-\d+\.(?:curves|json|npz)|{_PART}"),
    "texts": re.compile(rf"[0-9a-f]{{64}}\.run|{_PART}"),
    "logs": re.compile(rf"crash-.+\.log|(?:worker|painter|lsp)\.log(?:\.1)?|{_PART}"),
}
#: kinds of which each thing is a folder, and the files that anim writes into it
_INNER: dict[Kind, re.Pattern[str]] = {
    "runs": re.compile(rf"(?:plan|schedule)\.json|(?:journal|calls)\.jsonl|lock|{_PART}"),
    "queue": re.compile(rf"(?:entry|plan|started|ended)\.json|plan\.npz|log\.txt|lock|stop|{_PART}"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """A thing that is kept: a file, or a folder with all in it. `used` is seconds since the epoch."""

    kind: Kind
    path: Path
    bytes: int
    used: float

    @property
    def is_temporary(self) -> bool:
        """Whether it is a file that was never finished."""
        return self.path.name.startswith(TEMPORARY)


def held(cache: Path, kinds: tuple[Kind, ...] = KINDS) -> Iterator[Held]:
    """All that is kept of these kinds, and nothing that anim did not write."""
    for kind in kinds:
        for path in _own(kind, cache / _FOLDERS.get(kind, kind)):
            try:
                yield Held(kind, path, *_size_and_use(path))
            except OSError:
                continue  # another process removes things too


def _own(kind: Kind, folder: Path) -> Iterator[Path]:
    if kind in _INNER:
        for name in _folders(folder):
            if all(_INNER[kind].fullmatch(inner) for inner in _names(folder / name)):
                yield folder / name
        return
    within = [f"{two}/" for two in _folders(folder) if len(two) == 2] if kind in _DEEP else [""]
    for start in within:
        for name in _names(folder / start):
            if _NAMES[kind].fullmatch(start + name) and not (folder / start / name).is_symlink():
                yield folder / start / name


def _folders(folder: Path) -> list[str]:
    """Those in a folder that are no links."""
    return [name for name in _names(folder) if (folder / name).is_dir() and not (folder / name).is_symlink()]


def _names(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _size_and_use(path: Path) -> tuple[int, float]:
    about = path.lstat()
    if not path.is_dir():
        return about.st_size, about.st_mtime
    size, used = 0, 0.0
    for entry in os.scandir(path):
        inner = entry.stat(follow_symlinks=False)
        size, used = size + inner.st_size, max(used, inner.st_mtime)
    return size, used or about.st_mtime


def renders_since(cache: Path) -> float | None:
    """When the earliest render began that runs now; None if none runs.

    A render looks at every stored frame of its film when it begins, and that counts as use: so what was not
    used since then is none of its frames.
    """
    locks = (cache / "runs").glob("*/lock")
    holders = [holder for lock in locks if (holder := holder_of(lock)) is not None]
    return min((holder.since for holder in holders), default=None)


def is_in_use(thing: Held, since: float | None) -> bool:
    """Whether a render that runs, or waits for its turn, needs the thing; `since` as `renders_since` says."""
    match thing.kind:
        case "runs":
            return holder_of(thing.path / "lock") is not None
        case "queue":
            return holder_of(thing.path / "lock") is not None or not (thing.path / "ended.json").exists()
        case "logs":
            return False
        case _:
            # a second for file systems that keep whole ones
            return since is not None and thing.used >= since - 1.0
