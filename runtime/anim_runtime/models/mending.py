"""An index that cannot be read is made again from what is on the disk, by one process at a time."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from anim_compiler.models.detect_words import plain
from anim_runtime.locks import RunLock
from anim_runtime.models.index import NAME, Damaged, Index
from anim_runtime.models.scan import scan
from anim_runtime.models.sidecar import SUFFIX

#: what it is called while it is made, and what SQLite puts beside a file
_PART: Final = f".part-{NAME}"
_ENDINGS: Final = ("", "-wal", "-shm")
#: seconds that a process waits for another that is mending
_PATIENCE: Final = 120.0


def is_lost(folder: Path, places: Sequence[Path]) -> bool:
    """Whether there is no index, or an empty one, where there was one: the first of `places` is of what anim
    fetched, the others are folders that were looked through.
    """
    path = folder / NAME
    if path.is_file() and path.stat().st_size:
        return False
    return len(places) > 1 or next(places[0].rglob(f"*{SUFFIX}"), None) is not None


def opened(folder: Path, places: Sequence[Path]) -> tuple[Index, str]:
    """The index of the library in a folder; one that is damaged or lost is made again of all models in
    `places`, which is told. Raises sqlite3.Error and OSError where the disk refuses.
    """
    try:
        return _whole(folder, places), ""
    except Damaged:
        return _made_again(folder, places)


def _whole(folder: Path, places: Sequence[Path]) -> Index:
    if is_lost(folder, places):
        raise Damaged("it is gone")
    return Index(folder)


def _made_again(folder: Path, places: Sequence[Path]) -> tuple[Index, str]:
    """Makes it, unless another process has done so meanwhile. The damaged one stays beside it."""
    with RunLock(folder / "mending.lock") as lock:
        if not lock.wait(_PATIENCE):
            raise OSError(f"another process has been mending the index in {folder} for minutes")
        try:
            return _whole(folder, places), ""
        except Damaged as problem:
            return _made(folder, places, str(problem))


def _made(folder: Path, places: Sequence[Path], why: str) -> tuple[Index, str]:
    path, part = folder / NAME, folder / _PART
    kept = path.with_name(f"{NAME}.damaged")
    _gone(part)
    # it gets its name when it is whole: meanwhile others find the torn one, and wait
    with Index(folder, _PART) as index:
        count = sum(len(scan(index, place).new) for place in places if place.is_dir())
    aside = f", and the old one is kept as `{kept.name}`" if path.exists() else ""
    for ending in _ENDINGS:
        with suppress(FileNotFoundError):
            Path(f"{path}{ending}").replace(f"{kept}{ending}")
    part.replace(path)
    return Index(folder), (
        f"the index of the library could not be read ({plain(why)}): it was made again from {count} models "
        f"on the disk{aside}"
    )


def _gone(path: Path) -> None:
    """Takes away what a process left that died while it mended."""
    for ending in _ENDINGS:
        Path(f"{path}{ending}").unlink(missing_ok=True)
