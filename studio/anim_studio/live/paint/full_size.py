"""A stored frame at its own size, by a process of its own: `python -m anim_studio.live.paint.full_size`.

Previews are small. A frame of the film itself, once it is rendered, can be had as large as it is: what lies
over its stored picture (the grade, titles) needs torch, which the screen's process does without.
"""

from __future__ import annotations

import io
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anim_studio.live.version import TierPlan

#: seconds after which a small picture is better than none
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """A frame of a plan whose carries are in the store of `cache`, made on `device`."""

    plan: TierPlan
    frame: int
    root: Path
    cache: Path
    device: str


def whole_picture(wanted: StoredFrame) -> NDArray[np.uint8] | None:
    """The frame uint8 `[H,W,3]` at the plan's own size; None if it is not stored, or cannot be shown.

    Takes seconds: call it on a thread.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "anim_studio.live.paint.full_size"],
            input=pickle.dumps(wanted),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    picture: NDArray[np.uint8] = np.load(io.BytesIO(done.stdout), allow_pickle=False)
    return picture


def stored_picture(wanted: StoredFrame) -> NDArray[np.uint8] | None:
    """The same, in this process. RenderProblem if something that it is made of cannot be read."""
    from anim_runtime.preview.engines import Engines
    from anim_runtime.preview.reel import Reel
    from anim_runtime.preview.shelves import LastingShelf
    from anim_runtime.store import Store

    plan = wanted.plan.plan
    reel = Reel(
        plan,
        wanted.plan.columns,
        root=wanted.root,
        cache=wanted.cache,
        device=wanted.device,
        shelf=LastingShelf(Store(wanted.cache)),
        engines=Engines(wanted.device, lambda: None),
        longest=max(plan.width, plan.height),
    )
    return None if reel.lacking(wanted.frame) else reel.picture(wanted.frame)


def main() -> int:
    """Reads a wanted and writes the picture; 1 if there is none."""
    from anim_runtime.problems import RenderProblem

    # our own parent wrote it
    wanted: StoredFrame = pickle.loads(sys.stdin.buffer.read())
    try:
        picture = stored_picture(wanted)
    except RenderProblem:
        return 1
    if picture is None:
        return 1
    np.save(sys.stdout.buffer, picture, allow_pickle=False)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
