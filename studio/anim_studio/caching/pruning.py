"""Chooses what may go from the cache folder, and lets it go."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from anim_studio.caching.holding import Held

#: a temporary file that was not touched for so many seconds belongs to nobody
STALE = 3600.0
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def parse_age(text: str) -> float | None:
    """`30d`, `12h`, `2w` in seconds; None if it is no age."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhdw])[a-z]*\s*", text.lower())
    return None if match is None else float(match[1]) * _UNITS[match[2]]


def to_prune(
    things: Iterable[Held], *, now: float, older: float | None = None, size: int | None = None
) -> tuple[Held, ...]:
    """What goes, the one not used for longest first: all that was not used for `older` seconds, and then so
    many more that no more than `size` bytes stay. Things in use must not be among them.
    """
    going: list[Held] = []
    staying: list[Held] = []
    for thing in sorted(things, key=lambda thing: (thing.used, thing.path)):
        age = now - thing.used
        old = (older is not None and age > older) or (thing.is_temporary and age > STALE)
        (going if old else staying).append(thing)
    left = sum(thing.bytes for thing in staying)
    for thing in staying:
        if size is None or left <= size:
            break
        if not thing.is_temporary:
            going.append(thing)
            left -= thing.bytes
    return tuple(going)


def remove(path: Path) -> None:
    """Removes a file, or a folder with all in it; nothing if it has gone already."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
