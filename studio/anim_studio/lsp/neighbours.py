"""The films around a document, open or not: where else a name of it may be spoken of."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from anim_compiler.world import MOST_BYTES
from anim_dsl.source import Source
from anim_studio.lsp.desk import Desk

#: so many files are looked through at most, and folders that hold no films of anybody's are not
_MOST_FILES: Final = 2000
_MOST_FOLDERS: Final = 5000
_SKIPPED: Final = frozenset({"node_modules", "__pycache__", "venv", "build", "dist"})


def films_under(roots: tuple[Path, ...], desk: Desk) -> Iterator[Source]:
    """The text of every film below some folders (links followed), called by its whole path, links followed;
    an open one as it is in the editor.
    """
    done: set[Path] = set()
    for path in _paths(roots, desk):
        place = Path(os.path.realpath(path))
        # a link may lead out of them
        inside = any(place.is_relative_to(root) for root in roots)
        if inside and place not in done and len(done) < _MOST_FILES:
            done.add(place)
            text = _text(place, desk)
            if text is not None:
                yield Source(str(place), text)


def _paths(roots: tuple[Path, ...], desk: Desk) -> Iterator[Path]:
    yield from (path for path in desk.texts if any(path.is_relative_to(root) for root in roots))
    for root in roots:
        yield from _below(root)


def _below(root: Path) -> Iterator[Path]:
    for number, (folder, folders, files) in enumerate(os.walk(root)):
        if number >= _MOST_FOLDERS:
            return
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(files) if name.endswith(".anim"))


def _text(path: Path, desk: Desk) -> str | None:
    data = desk.texts.get(path)
    try:
        if data is None:
            if not path.is_file() or path.stat().st_size > MOST_BYTES:
                return None
            data = path.read_bytes()
        return data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
