"""Depth as a session knows it: models from the film's root, and what is kept from frame to frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import Tensor

from anim_compiler.frame_table import FrameTable
from anim_runtime.carries import Carries
from anim_runtime.depth.moving import moved
from anim_runtime.depth.steady import farness_of
from anim_runtime.ops.depth import Depth, ends_of, steady_depth
from anim_runtime.ops.kernel import Arguments, FrameContext, Kernel, number, vector
from anim_runtime.ops.warp import is_still


class DepthSources:
    """The kernels of depth that read or keep something."""

    def __init__(self, root: Path, carries: Carries, table: FrameTable, library: Path | None = None) -> None:
        self._estimates = Depth(root, library)
        self._carries = carries
        self._table = table

    def kernels(self) -> Mapping[str, Kernel]:
        """The kernels by op."""
        return {
            "depth": self._estimates.depth,
            "depth_range": self._estimates.depth_range,
            "previous_depth": self._previous,
            "next_depth": self._next,
            "steady_depth": self._steady,
        }

    def _previous(self, inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        return self._carries.depth_at(self._table.before[frame.frame])

    def _next(self, inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        return self._carries.depth_at(self._table.after[frame.frame])

    def _steady(self, inputs: Sequence[Tensor], args: Arguments, frame: FrameContext) -> Tensor:
        """`steady_depth`; with a `move` the depth after it is kept for the frame after this one.

        Where the camera stands still nothing is kept: how far things are says nothing there, and a frame must
        not depend on what changes nothing in it.
        """
        z = steady_depth(inputs, args, frame)
        if args.get("move") is not None and number(args, "amount") > 0.0:
            move = vector(args, "move", 14)
            if not is_still(move):
                far = farness_of(z, *ends_of(args))
                self._carries.keep_depth(frame.frame, moved(far, z, move, frame))
        return z
