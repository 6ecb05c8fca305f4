"""Starts processes that outlive the one that starts them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

#: below what answers keys, above what runs only when nothing else does
NICE = 10


def start_detached(module: str, arguments: tuple[str, ...], log: Path) -> subprocess.Popen[bytes]:
    """Run a module of ours with this Python, out of reach of this terminal's Ctrl-C and of its end.

    What it prints is added to `log`. Its priority is low: a render must not keep a window from its keys.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    # -P: the folder it is started in holds data, and no module may come from there
    words = [sys.executable, "-P", "-m", module, *arguments]
    with log.open("ab") as out:
        if sys.platform == "win32":
            flags = (
                subprocess.DETACHED_PROCESS
                | subprocess.CREATE_NEW_PROCESS_GROUP
                | subprocess.BELOW_NORMAL_PRIORITY_CLASS
            )
            return subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, creationflags=flags, cwd=log.parent
            )
        return subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, cwd=log.parent
        )


def give_way() -> None:
    """Lower this process's priority, and so that of those it starts."""
    if sys.platform != "win32":  # there it is said when the process is made
        os.nice(max(0, NICE - os.nice(0)))
