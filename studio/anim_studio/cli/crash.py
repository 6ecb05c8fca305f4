"""What happens when a command ends in a way nobody meant: one sentence, and a log that holds the rest."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from anim_runtime.exhausted import is_out_of_memory
from anim_studio.cli.exits import Exit, Stop


def explain(error: BaseException) -> Stop | None:
    """The sentence for an exception that is not our mistake; None if it is."""
    if isinstance(error, Stop):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Stop(Exit.INTERRUPTED, "stopped", "the same command goes on where it stood")
    if is_out_of_memory(error):
        return Stop(
            Exit.OUT_OF_MEMORY,
            "there is not enough memory",
            "try a smaller `--size`; finished frames are kept",
        )
    if isinstance(error, OSError):
        return _explain_os(error)
    return None


def _explain_os(error: OSError) -> Stop | None:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Stop(
            Exit.DISK_FULL, "the disk is full", "make room and run the same command: finished frames are kept"
        )
    if error.filename is None:
        return None
    reason = (error.strerror or type(error).__name__).lower()
    return Stop(Exit.USAGE, f"`{error.filename}` cannot be used: {reason}")


def write_log(error: BaseException, folder: Path, command: list[str]) -> Path:
    """Writes the traceback and the surroundings to a new file and returns its path."""
    # needed only here, and each would slow down the start of every command
    import platform
    import tempfile
    import traceback
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    text = "\n".join(
        [
            f"time      {now.isoformat(timespec='seconds')}",
            f"command   {' '.join(command)}",
            f"python    {sys.version.split()[0]} on {platform.platform()}",
            "",
            "".join(traceback.format_exception(error)),
        ]
    )
    name = f"crash-{now:%Y%m%d-%H%M%S}-{os.getpid()}.log"
    for place in (folder, Path(tempfile.gettempdir())):
        try:
            place.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, encoding="utf-8")
        except OSError:
            continue
        return place / name
    return folder / name
