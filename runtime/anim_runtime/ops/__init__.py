"""Pixel kernels: one family a file; `KERNELS` maps an op's name to its kernel."""

from anim_runtime.ops.kernel import Argument, Arguments, FrameContext, Kernel
from anim_runtime.ops.table import KERNELS

__all__ = ["KERNELS", "Argument", "Arguments", "FrameContext", "Kernel"]
