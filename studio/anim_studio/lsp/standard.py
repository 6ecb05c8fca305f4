"""The standard library's files, which an editor opens to be read."""

from __future__ import annotations

from pathlib import Path

import anim_grammar
from anim_compiler.findings import STANDARD


def standard_path(name: str) -> Path | None:
    """The file of `std:shake`; None if there is none, or the package lies in an archive."""
    module = name.removeprefix(STANDARD)
    if not module.isidentifier():
        return None
    path = Path(anim_grammar.__file__ or "").parent / "std" / f"{module}.anim"
    return path if path.is_file() else None


def standard_name(path: Path) -> str | None:
    """`std:shake` for a file of the standard library, None for any other."""
    folder = Path(anim_grammar.__file__ or "").parent / "std"
    return f"{STANDARD}{path.stem}" if path.parent == folder and path.suffix == ".anim" else None
