"""The `anim` script's first step, so light that a Ctrl-C hardly ever comes before it."""

from __future__ import annotations

import atexit
import gc
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code; never lets an exception out."""
    # python ends by looking for cycles in all that was imported: two seconds with a render's libraries
    atexit.register(gc.freeze)
    try:
        from anim_studio.cli.app import main as run
    except KeyboardInterrupt:
        # while modules are imported; the code is spelled out because its name is in one of them
        return 130
    return run(arguments)
