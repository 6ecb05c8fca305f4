"""The process that started the server: without it the server has nobody to answer."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable
from threading import Thread
from typing import Final

#: seconds between looks, where the system does not tell of the end of a process
_PAUSE: Final = 2.0


def when_gone(pid: int, act: Callable[[], None]) -> None:
    """Calls `act`, from a thread, once the process is gone. One that is not there to begin with is of another
    machine, or of another container: it is not waited for.
    """
    if not is_alive(pid):
        return
    Thread(target=_wait, args=(pid, act), name="parent", daemon=True).start()


def _wait(pid: int, act: Callable[[], None]) -> None:
    if not _waited(pid):
        while is_alive(pid):
            time.sleep(_PAUSE)
    act()


def _waited(pid: int) -> bool:
    """Waits as long as a process lives; False where the system cannot be asked to tell."""
    if not hasattr(os, "pidfd_open"):
        return False
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    except OSError:
        # an old kernel, or one that forbids it
        return False
    try:
        select.select([descriptor], [], [])
    finally:
        os.close(descriptor)
    return True


def is_alive(pid: int) -> bool:
    """Whether there is a process of that number; on Windows, where asking would end it, always."""
    if sys.platform == "win32" or pid <= 0:
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
