"""Parseq's fields: what each is where nothing is written, and where a film has it."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Field:
    """`place` is a block of a film and a setting of it; "" where a film has none, which `lost` explains.

    A `is_move` is authored as a place, and Deforum gets its difference from frame to frame.
    """

    default: float = 0.0
    place: str = ""
    setting: str = ""
    is_move: bool = False
    axes: int = 0
    lost: str = ""


_CONTROL = "a film names its hints itself: write `control depth { source = init; weight = … }`"
_HYBRID = "write a `video` and a `pipeline` that mixes it in: the block has no such curve of its own"
_GUIDED = "write `guide = 0: photo, 20: other` at the top and `guide_weight` in `coherence { }`"


def _move(name: str, axes: int, default: float = 0.0) -> Field:
    return Field(default, "camera", name, is_move=True, axes=axes)


FIELDS = MappingProxyType(
    {
        "seed": Field(-1.0, "diffuse", "seed"),
        "scale": Field(7.0, "diffuse", "cfg_scale_schedule"),
        "noise": Field(0.08, "coherence", "noise_schedule"),
        "noise_multiplier": Field(1.0, "diffuse", "noise_multiplier_schedule"),
        "strength": Field(0.6, "diffuse", "strength_schedule"),
        "clipskip": Field(2.0, "diffuse", "clipskip_schedule"),
        "contrast": Field(1.0, "coherence", "contrast_schedule"),
        **{
            f"prompt_weight_{i}": Field(1.0 if i == 1 else 0.0, "let", f"prompt_weight_{i}")
            for i in range(1, 9)
        },
        "angle": _move("angle", 2),
        "zoom": _move("zoom", 2, 1.0),
        "transform_center_x": Field(0.5, "camera", "transform_center_x", axes=2),
        "transform_center_y": Field(0.5, "camera", "transform_center_y", axes=2),
        "perspective_flip_theta": _move("perspective_flip_theta", 0),
        "perspective_flip_phi": _move("perspective_flip_phi", 0),
        "perspective_flip_gamma": _move("perspective_flip_gamma", 0),
        "perspective_flip_fv": Field(50.0, "camera", "perspective_flip_fv"),
        "translation_x": _move("translation_x", 0),
        "translation_y": _move("translation_y", 0),
        "translation_z": _move("translation_z", 3),
        "rotation_3d_x": _move("rotation_3d_x", 3),
        "rotation_3d_y": _move("rotation_3d_y", 3),
        "rotation_3d_z": _move("rotation_3d_z", 3),
        "fov": Field(40.0, "camera", "fov_schedule", axes=3),
        "near": Field(200.0, axes=3, lost="it has no effect in Deforum either"),
        "far": Field(10000.0, axes=3, lost="it has no effect in Deforum either"),
        "antiblur_kernel": Field(5.0, lost="`sharpen_radius` alone says how wide the sharpening is"),
        "antiblur_sigma": Field(1.0, "coherence", "sigma_schedule"),
        "antiblur_amount": Field(0.2, "coherence", "amount_schedule"),
        "antiblur_threshold": Field(0.0, "coherence", "threshold_schedule"),
        "hybrid_comp_alpha": Field(1.0, lost=_HYBRID),
        "hybrid_comp_mask_blend_alpha": Field(0.5, lost=_HYBRID),
        "hybrid_comp_mask_contrast": Field(1.0, lost=_HYBRID),
        "hybrid_comp_mask_auto_contrast_cutoff_low": Field(0.0, lost=_HYBRID),
        "hybrid_comp_mask_auto_contrast_cutoff_high": Field(100.0, lost=_HYBRID),
        "hybrid_flow_factor": Field(1.0, lost=_HYBRID),
        "cadence_flow_factor": Field(1.0, "coherence", "cadence_flow_factor_schedule"),
        "redo_flow_factor": Field(1.0, lost="a frame is not made twice here"),
        **{f"cn_{i}_weight": Field(1.0, lost=_CONTROL) for i in range(1, 6)},
        **{f"cn_{i}_guidance_start": Field(0.0, lost=_CONTROL) for i in range(1, 6)},
        **{f"cn_{i}_guidance_end": Field(1.0, lost=_CONTROL) for i in range(1, 6)},
        "guided_blendFactorMax": Field(0.35, lost=_GUIDED),
        "guided_blendFactorSlope": Field(0.25, lost=_GUIDED),
        "guided_tweening_frames": Field(20.0, lost=_GUIDED),
        "guided_color_correction_factor": Field(0.075, lost=_GUIDED),
        "guidedcolor_correction_factor": Field(0.075, lost=_GUIDED),
    }
)

#: fields that Parseq manages in a document that names none; the other ones act by switches of Deforum's
ALWAYS = (
    "seed",
    "scale",
    "noise",
    "strength",
    "contrast",
    "fov",
    "antiblur_sigma",
    "antiblur_amount",
    "antiblur_threshold",
)
