"""Whose turn it is: who works off a device's queue, and what comes next in it."""

from __future__ import annotations

from pathlib import Path

from anim_studio.renders.entry import Entry, entries, queue_folder


def worker_lock(cache: Path, device: str) -> Path:
    """Held by the worker of a device."""
    return queue_folder(cache) / f"worker-{device}.lock"


def next_of(cache: Path, device: str) -> tuple[Path, Entry] | None:
    """The next render of a device that nobody has begun."""
    return next(((f, e) for f, e in entries(cache) if e.device == device and is_queued(f)), None)


def is_queued(folder: Path) -> bool:
    """Whether nobody has begun with an entry, nor stopped it."""
    return not any((folder / name).exists() for name in ("started.json", "ended.json", "stop"))
