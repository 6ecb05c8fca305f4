"""Room on the disk, which is asked for before any bytes come."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from anim_runtime.models.net.problems import NetProblem

#: bytes of the disk that a download leaves free
_RESERVE: Final = 64 * 2**20


def free_of(folder: Path) -> int:
    """Bytes that the disk of a folder has left, whether the folder is there yet or not."""
    return shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.is_dir())).free


def ask_room(name: str, needed: int, free: int) -> None:
    """Raises `NetProblem` if a disk with so many bytes left has no room for so many of `name`."""
    if needed + _RESERVE > free:
        raise NetProblem(
            "disk",
            f"`{name}` needs {_gigabytes(needed)}, and the disk has {_gigabytes(free)} left",
            "make room, then run the same command: it goes on from there",
        )


def _gigabytes(amount: int) -> str:
    return f"{amount / 1e9:.1f} GB" if amount >= 10**8 else f"{amount / 1e6:.1f} MB"
