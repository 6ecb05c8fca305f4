"""The table of pixel kernels: one line an op."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from anim_runtime.ops.add_noise import noise_point
from anim_runtime.ops.between import between_kernel
from anim_runtime.ops.blur import blur, sharpen
from anim_runtime.ops.chart import chart
from anim_runtime.ops.color import color_stats, match_color, match_stats
from anim_runtime.ops.compose import blend, dip_point, mix
from anim_runtime.ops.composite import composite, empty, flat
from anim_runtime.ops.depth import Depth, as_depth, steady_depth
from anim_runtime.ops.fill import fill_noise
from anim_runtime.ops.flow import visibility, warp_flow
from anim_runtime.ops.flow_estimate import estimate_flow
from anim_runtime.ops.grade import contrast_point, grade_point
from anim_runtime.ops.grain import grain_point
from anim_runtime.ops.hints.beside import hint_beside
from anim_runtime.ops.hints.canny import hint_canny
from anim_runtime.ops.hints.lines import hint_lineart, hint_scribble, hint_softedge, hint_tile
from anim_runtime.ops.hints.pose import Pose
from anim_runtime.ops.hints.space import hint_depth, hint_normal
from anim_runtime.ops.joins import mask_and, mask_not, mask_or
from anim_runtime.ops.kaleidoscope import kaleidoscope
from anim_runtime.ops.kernel import Kernel
from anim_runtime.ops.layer import layer
from anim_runtime.ops.lens import aberration, bloom, vignette_point
from anim_runtime.ops.lut import lut_point
from anim_runtime.ops.masks import depth_mask, difference_mask, luma_mask, masked
from anim_runtime.ops.pointwise import Maker, alone, chain
from anim_runtime.ops.shapes import shape
from anim_runtime.ops.uncovered import uncovered2d, uncovered3d
from anim_runtime.ops.warp import warp2d, warp3d

#: The ops that make a pixel of that pixel alone, and so may stand in a chain.
POINTWISE: Mapping[str, Maker] = MappingProxyType(
    {
        "add_noise": noise_point,
        "contrast": contrast_point,
        "dip": dip_point,
        "grade": grade_point,
        "grain": grain_point,
        "lut": lut_point,
        "vignette": vignette_point,
    }
)

#: Kernel of each op that turns pixels into pixels. The ops that read the store, the film's media or the
#: model (`previous`, `next`, `first`, `init`, `reveal`, `generate`, `diffuse`) are the session's.
KERNELS: Mapping[str, Kernel] = MappingProxyType(
    {
        "warp2d": warp2d,
        "warp3d": warp3d,
        "kaleidoscope": kaleidoscope,
        "depth": Depth().depth,
        "depth_range": Depth().depth_range,
        "steady_depth": steady_depth,
        "as_depth": as_depth,
        "match_color": match_color,
        "color_stats": color_stats,
        "match_stats": match_stats,
        "fill_noise": fill_noise,
        "sharpen": sharpen,
        "blur": blur,
        "aberration": aberration,
        "bloom": bloom,
        "mix": mix,
        "blend": blend,
        "between": between_kernel,
        "estimate_flow": estimate_flow,
        "warp_flow": warp_flow,
        "visibility": visibility,
        "masked": masked,
        "composite": composite,
        "layer": layer,
        "shape": shape,
        "flat": flat,
        "empty": empty,
        "chart": chart,
        "luma_mask": luma_mask,
        "depth_mask": depth_mask,
        "difference_mask": difference_mask,
        "mask_and": mask_and,
        "mask_or": mask_or,
        "mask_not": mask_not,
        "uncovered2d": uncovered2d,
        "uncovered3d": uncovered3d,
        "hint_beside": hint_beside,
        "hint_canny": hint_canny,
        "hint_scribble": hint_scribble,
        "hint_lineart": hint_lineart,
        "hint_softedge": hint_softedge,
        "hint_tile": hint_tile,
        "hint_depth": hint_depth,
        "hint_normal": hint_normal,
        "hint_pose": Pose().hint_pose,
        **{name: alone(maker) for name, maker in POINTWISE.items()},
        "pointwise": chain(POINTWISE),
    }
)
