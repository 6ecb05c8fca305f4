"""Shows a file or a folder to the user with what the desktop has for it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def open_path(path: Path) -> bool:
    """Opens it beside this program; False where there is no desktop, or no program for it."""
    if sys.platform == "win32":
        try:
            os.startfile(path)
        except OSError:
            return False
        return True
    opener = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if opener is None or (sys.platform != "darwin" and not _has_desktop()):
        return False
    start_beside((opener, str(path)))
    return True


def start_beside(argv: Sequence[str]) -> None:
    """Starts a program with a window of its own, which stays when this terminal goes. Raises OSError."""
    subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _has_desktop() -> bool:
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
