"""Files that a text may name: below the film's root, by what their names end with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from anim_compiler.world import World
from anim_dsl.source import Span
from anim_studio.cli.values import format_bytes
from anim_studio.lsp.completing.candidate import Candidate, Rank, escaped

_MOST_SEEN = 2000
"""So many entries of folders are looked at for one answer."""

_DEEPEST = 3
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "out"})


def files(world: World, typed: str, place: Span, endings: tuple[str, ...]) -> Iterator[Candidate]:
    """What a path may go on with: files of the folder that is written, and of those in it."""
    folder, slash, _ = typed.rpartition("/")
    start = world.folder / folder if slash else world.folder
    try:
        inside = start.resolve().is_relative_to(world.root.resolve())
    except (OSError, ValueError, RuntimeError):
        return
    if not inside or "\0" in typed or not start.is_dir():
        return
    seen = 0
    waiting = [(start, folder + slash, 0)]
    while waiting and seen < _MOST_SEEN:
        here, prefix, deep = waiting.pop(0)
        for entry in _entries(here):
            seen += 1
            if entry.is_dir():
                yield from _folder(entry, prefix, place, deep)
                if deep < _DEEPEST:
                    waiting.append((Path(entry.path), f"{prefix}{entry.name}/", deep + 1))
            elif not endings or Path(entry.name).suffix.lower() in endings:
                yield _file(entry, prefix, place, deep)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What a folder holds, in order; hidden files and folders of other programs are left out."""
    try:
        found = [e for e in os.scandir(folder) if not e.name.startswith(".") and e.name not in _LEFT_OUT]
    except OSError:
        return []
    return sorted(found[:_MOST_SEEN], key=lambda entry: entry.name)


def _folder(entry: os.DirEntry[str], prefix: str, place: Span, deep: int) -> Iterator[Candidate]:
    if not deep and entry.name.isprintable():
        label = f"{prefix}{entry.name}/"
        yield Candidate(label, "folder", "", escaped(label), Rank.COMMON, replaces=place, goes_on=True)


def _file(entry: os.DirEntry[str], prefix: str, place: Span, deep: int) -> Candidate:
    label = f"{prefix}{entry.name}"
    try:
        size = format_bytes(entry.stat().st_size)
    except OSError:
        size = ""
    rank = Rank.WANTED if not deep else Rank.LIKELY
    written = label.replace("\\", "\\\\").replace('"', '\\"')
    return Candidate(label, "file", size, escaped(written), rank, replaces=place)
