"""Addresses of documents and the files that they stand for."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

_DRIVE: Final = re.compile(r"^/[A-Za-z]:")
_FOREIGN: Final = re.compile(r"[^\w.-]+")


def file_of(uri: str) -> Path | None:
    """The file of a `file:` address, None for any other: `untitled:`, `git:`, `vscode-vfs:`."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or not path or "\0" in path:
        return None
    if os.name == "nt":
        path = f"//{parts.netloc}{path}" if parts.netloc else path
        path = path[1:] if _DRIVE.match(path) else path
    return Path(os.path.abspath(path))


def stand_in(uri: str, folder: Path) -> Path:
    """Where a document without a file counts its paths from: a name of its own in a folder."""
    name = _FOREIGN.sub("-", unquote(uri.rpartition(":")[2]).rpartition("/")[2]).strip("-.")
    return folder / f"{name[:80] or 'untitled'}.anim".replace(".anim.anim", ".anim")


def uri_of(path: Path) -> str:
    """The address of a file."""
    return path.absolute().as_uri()


def paths_of(path: Path) -> tuple[Path, ...]:
    """What a file may be called by whoever reads it: its own path, and where its links lead."""
    return tuple(dict.fromkeys((Path(os.path.abspath(path)), Path(os.path.realpath(path)))))
