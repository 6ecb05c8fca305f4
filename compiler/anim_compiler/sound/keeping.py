"""Analyses and headers of tracks, kept in the cache."""

from __future__ import annotations

from pathlib import Path

from anim_compiler.whole_file import write_whole


def keep(path: Path, data: bytes) -> None:
    """Keeps a file in the cache; if that cannot be written, nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, data)
    except OSError:
        return
