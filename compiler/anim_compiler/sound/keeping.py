"""Writing a small file so that nobody ever reads half of it."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4


def write(path: Path, data: bytes) -> None:
    """Writes a file under a name of its own first, then gives it its own. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def keep(path: Path, data: bytes) -> None:
    """Keeps a file in the cache; if that cannot be written, nothing is kept."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, data)
    except OSError:
        return
