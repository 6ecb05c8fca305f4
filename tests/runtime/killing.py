"""Renders that are killed while they work, in a process of their own.

The process is forked where that is safe: a new interpreter would spend seconds on importing torch, and what
is proven is what a killed process leaves behind, not how it began.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from anim_compiler.plan import Columns, Plan

_START = "fork" if sys.platform == "linux" else "spawn"


def render_killed(make: Callable[[], tuple[Plan, Columns]], home: Path, *, seen: str, after: float) -> None:
    """Renders the film that `make` gives, a function at the top of its module, and kills it.

    That comes `after` seconds past the first event of the kind `seen`; EOFError if the render ended before.
    """
    context: Any = multiprocessing.get_context(_START)  # its base class has no `Process` in typeshed
    told, tell = context.Pipe(duplex=False)
    child = context.Process(target=_render, args=(make, home, tell), daemon=True)
    child.start()
    tell.close()
    try:
        while told.recv() != seen:
            pass
        time.sleep(after)
    finally:
        child.kill()
        child.join()


def _render(make: Callable[[], tuple[Plan, Columns]], home: Path, tell: Connection) -> None:
    from anim_runtime.session import render

    def wait() -> bool:
        time.sleep(0.01)  # between two frames: whoever kills has the time to meet each of them
        return False

    render(
        *make(),
        root=home,
        folder=home,
        cache=home,
        device="cpu",
        emit=lambda event: tell.send(event.kind),
        should_stop=wait,
    )
