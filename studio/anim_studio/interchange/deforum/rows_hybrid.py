"""What Deforum has for hybrid video."""

from __future__ import annotations

from anim_studio.interchange.deforum.param import Param
from anim_studio.interchange.imported import Fate

HYBRID = (
    Param("hybrid_comp_alpha_schedule", "0:(0.5)", Fate.MAPPED, modes="23", switch="hybrid_composite"),
    Param(
        "hybrid_comp_mask_blend_alpha_schedule",
        "0:(0.5)",
        Fate.MAPPED,
        modes="23",
        switch="hybrid_comp_mask_type",
    ),
    Param(
        "hybrid_comp_mask_contrast_schedule",
        "0:(1)",
        Fate.CHANGED,
        modes="23",
        switch="hybrid_comp_mask_type",
        note="ours is about middle grey, theirs about the mask's mean",
    ),
    Param(
        "hybrid_comp_mask_auto_contrast_cutoff_high_schedule",
        "0:(100)",
        Fate.LOST,
        modes="23",
        switch="hybrid_comp_mask_type",
        note="`low` and `high` of the mask say where it begins and where it is full",
    ),
    Param(
        "hybrid_comp_mask_auto_contrast_cutoff_low_schedule",
        "0:(0)",
        Fate.LOST,
        modes="23",
        switch="hybrid_comp_mask_type",
        note="`low` and `high` of the mask say where it begins and where it is full",
    ),
    Param("hybrid_flow_factor_schedule", "0:(1)", Fate.MAPPED, modes="23", switch="hybrid_motion"),
    Param("hybrid_generate_inputframes", "False", Fate.OBSOLETE),
    Param(
        "hybrid_generate_human_masks", "None", Fate.LOST, modes="23", note="another program makes such a mask"
    ),
    Param("hybrid_use_first_frame_as_init_image", "True", Fate.MAPPED, modes="23"),
    Param("hybrid_motion", "None", Fate.MAPPED, modes="23"),
    Param("hybrid_motion_use_prev_img", "False", Fate.MAPPED, modes="23", switch="hybrid_motion"),
    Param(
        "hybrid_flow_consistency",
        "False",
        Fate.CHANGED,
        modes="23",
        switch="hybrid_motion",
        note="`blend` counts where the flow there and back agree",
    ),
    Param(
        "hybrid_consistency_blur",
        "2",
        Fate.CHANGED,
        modes="23",
        switch="hybrid_motion",
        note="`blend` counts where the flow there and back agree",
    ),
    Param("hybrid_flow_method", "RAFT", Fate.MAPPED, modes="23", switch="hybrid_motion"),
    Param("hybrid_composite", "None", Fate.MAPPED, modes="23"),
    Param("hybrid_use_init_image", "False", Fate.MAPPED, modes="23"),
    Param("hybrid_comp_mask_type", "None", Fate.MAPPED, modes="23", switch="hybrid_composite"),
    Param("hybrid_comp_mask_inverse", "False", Fate.MAPPED, modes="23", switch="hybrid_comp_mask_type"),
    Param(
        "hybrid_comp_mask_equalize",
        "None",
        Fate.LOST,
        modes="23",
        switch="hybrid_comp_mask_type",
        note="`low` and `high` of the mask say where it begins and where it is full",
    ),
    Param(
        "hybrid_comp_mask_auto_contrast",
        "False",
        Fate.LOST,
        modes="23",
        switch="hybrid_comp_mask_type",
        note="`low` and `high` of the mask say where it begins and where it is full",
    ),
    Param("hybrid_comp_save_extra_frames", "False", Fate.OBSOLETE),
)
