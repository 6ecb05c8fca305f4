"""The table of pixel kernels: one line an op."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from anim_runtime.ops.color import match_color
from anim_runtime.ops.compose import dip, mix
from anim_runtime.ops.depth import depth
from anim_runtime.ops.kernel import Kernel
from anim_runtime.ops.noise import add_noise
from anim_runtime.ops.warp import warp2d, warp3d

#: Kernel of each op that turns pixels into pixels. The ops that read the store, the film's media or the
#: model (`previous`, `next`, `first`, `init`, `reveal`, `generate`, `diffuse`) are the session's.
KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        "warp2d": warp2d,
        "warp3d": warp3d,
        "depth": depth,
        "match_color": match_color,
        "add_noise": add_noise,
        "mix": mix,
        "dip": dip,
    }
)
