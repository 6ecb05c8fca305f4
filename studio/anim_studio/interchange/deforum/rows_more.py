"""What stands in settings files besides: prompts, ControlNet, the Forge fork, the notebook, older names."""

from __future__ import annotations

from collections.abc import Iterator

from anim_studio.interchange.deforum.param import Param
from anim_studio.interchange.imported import Fate


def _rows(names: str, fate: Fate, note: str = "", modes: str = "23VI", switch: str = "") -> Iterator[Param]:
    """Rows that differ by their names only; `name=default` says what Deforum takes without it."""
    for word in names.split():
        name, _, default = word.partition("=")
        yield Param(name, default, fate, modes, switch, note)


SAVED = (
    Param("prompts", "", Fate.MAPPED, note="or `animation_prompts`"),
    Param("animation_prompts_positive", "", Fate.MAPPED, note="it stands in every prompt"),
    Param("animation_prompts_negative", "", Fate.MAPPED, note="it stands in every negative prompt"),
    Param("sd_model_name", "", Fate.MAPPED, note="in a comment where the file is not here"),
    Param("sd_model_hash", "", Fate.OBSOLETE),
    Param("deforum_git_commit_id", "", Fate.OBSOLETE, note="the film's first comment has it"),
    Param("scheduler", "Automatic", Fate.MAPPED, note="it becomes a part of the sampler's name"),
)

#: the first ControlNet unit; the others have its rows with their own number
CONTROL = (
    Param("cn_1_enabled", "False", Fate.MAPPED),
    Param("cn_1_module", "none", Fate.MAPPED, switch="cn_1_enabled"),
    Param("cn_1_model", "None", Fate.MAPPED, switch="cn_1_enabled", note="its name says the kind"),
    Param("cn_1_weight", "0:(1)", Fate.MAPPED, switch="cn_1_enabled"),
    Param("cn_1_guidance_start", "0:(0.0)", Fate.MAPPED, switch="cn_1_enabled"),
    Param("cn_1_guidance_end", "0:(1.0)", Fate.MAPPED, switch="cn_1_enabled"),
    Param("cn_1_vid_path", "", Fate.MAPPED, switch="cn_1_enabled"),
    Param("cn_1_loopback_mode", "False", Fate.MAPPED, switch="cn_1_enabled", note="the carried picture"),
    Param("cn_1_threshold_a", "64", Fate.MAPPED, switch="cn_1_enabled", note="`low` of `canny`"),
    Param("cn_1_threshold_b", "64", Fate.MAPPED, switch="cn_1_enabled", note="`high` of `canny`"),
    Param(
        "cn_1_control_mode", "Balanced", Fate.LOST, switch="cn_1_enabled", note="`weight` says how strongly"
    ),
    Param("cn_1_mask_vid_path", "", Fate.IGNORED, modes="", note="it does not work there either"),
    *_rows(
        "cn_1_overwrite_frames=True cn_1_low_vram=False cn_1_pixel_perfect=False cn_1_processor_res=64 "
        "cn_1_invert_image=False cn_1_rgbbgr_mode=False cn_1_guess_mode=False",
        Fate.OBSOLETE,
    ),
    Param("cn_1_resize_mode", "Inner Fit (Scale to Fit)", Fate.CHANGED, note="hints are cropped to cover"),
)

_WAN = (
    "wan_prompts wan_t2v_model wan_i2v_model wan_auto_download wan_preferred_size wan_model_path "
    "wan_resolution wan_seed wan_inference_steps wan_guidance_scale wan_strength_override "
    "wan_fixed_strength wan_guidance_override wan_frame_overlap wan_motion_strength "
    "wan_enable_interpolation wan_interpolation_strength wan_flash_attention_mode wan_qwen_model"
)
_INSIDE = "it changes the inside of a model"

FORGE = (
    Param(
        "keyframe_distribution",
        "",
        Fate.CHANGED,
        note="each `cadence`-th frame is diffused, and those with a prompt key",
    ),
    Param("keyframe_strength_schedule", "0: (0.50)", Fate.LOST, note="one `strength` counts for all frames"),
    Param("image_keyframe_strength_schedule", "0:(0.20)", Fate.LOST, switch="use_looper"),
    Param("distilled_cfg_scale_schedule", "0: (3.5)", Fate.LOST, note="it acts on Flux, beside `cfg_scale`"),
    Param("enable_scheduler_scheduling", "False", Fate.MAPPED),
    Param("scheduler_schedule", "", Fate.LOST, switch="enable_scheduler_scheduling"),
    Param("shake_name", "", Fate.LOST, modes="3", note='`import "std:shake"` has shakes, not these'),
    Param("shake_intensity", "0", Fate.LOST, modes="3", note="see `shake_name`"),
    Param("shake_speed", "0", Fate.LOST, modes="3", note="see `shake_name`"),
    *_rows(
        "freeu_enabled=False freeu_b1=0:(1.3) freeu_b2=0:(1.4) freeu_s1=0:(0.9) freeu_s2=0:(0.2)",
        Fate.LOST,
        _INSIDE,
    ),
    *_rows(
        "kohya_hrfix_enabled=False kohya_hrfix_block_number=0:(1) kohya_hrfix_downscale_factor=0:(2.0) "
        "kohya_hrfix_start_percent=0:(0.0) kohya_hrfix_end_percent=0:(0.35) "
        "kohya_hrfix_downscale_after_skip=False kohya_hrfix_downscale_method=bicubic "
        "kohya_hrfix_upscale_method=bicubic",
        Fate.LOST,
        _INSIDE,
    ),
    *_rows(_WAN, Fate.OBSOLETE, "it acts in the mode that makes videos with Wan"),
)

#: names that older versions wrote; the newer one is read instead
RENAMED = {
    "animation_prompts": "prompts",
    "positive_prompts": "animation_prompts_positive",
    "negative_prompts": "animation_prompts_negative",
    "flip_2d_perspective": "enable_perspective_flip",
    "skip_video_for_run_all": "skip_video_creation",
    "sampler_name": "sampler",
    "width": "W",
    "height": "H",
    "scale": "cfg_scale_schedule",
    "cfg_scale": "cfg_scale_schedule",
    "fov": "fov_schedule",
    "near_plane": "near_schedule",
    "far_plane": "far_schedule",
    "hybrid_video_composite": "hybrid_composite",
    "hybrid_video_motion": "hybrid_motion",
    "hybrid_video_generate_inputframes": "hybrid_generate_inputframes",
    "hybrid_video_use_first_frame_as_init_image": "hybrid_use_first_frame_as_init_image",
    "hybrid_video_flow_method": "hybrid_flow_method",
    "hybrid_video_comp_mask_type": "hybrid_comp_mask_type",
    "hybrid_video_comp_mask_inverse": "hybrid_comp_mask_inverse",
    "hybrid_video_comp_mask_equalize": "hybrid_comp_mask_equalize",
    "hybrid_video_comp_mask_auto_contrast": "hybrid_comp_mask_auto_contrast",
    "hybrid_video_comp_alpha_schedule": "hybrid_comp_alpha_schedule",
    "hybrid_video_comp_mask_blend_alpha_schedule": "hybrid_comp_mask_blend_alpha_schedule",
    "hybrid_video_comp_mask_contrast_schedule": "hybrid_comp_mask_contrast_schedule",
    "hybrid_video_comp_save_extra_frames": "hybrid_comp_save_extra_frames",
    "model_checkpoint": "sd_model_name",
    "zoom_schedule": "zoom",
    "seed_enable_extras": "enable_subseed_scheduling",
}

_OF_ITS_RUN = "it is of the program's own run"

NOTEBOOK = (
    *_rows(
        "outdir outpath save_samples save_settings save_sample_per_step show_sample_per_step display_samples "
        "filename_format n_batch n_samples make_grid grid_rows timestring precision C f dynamic_threshold "
        "static_threshold bit_depth_output models_path configs_path model_config custom_config_path "
        "custom_checkpoint_path half_precision check_sha256 map_location mp4_path render_steps "
        "path_name_modifier max_video_frames ffmpeg_mode ffmpeg_location ffmpeg_crf ffmpeg_preset overwrite "
        "use_manual_settings settings_file custom_settings_file override_settings_with_file "
        "from_img2img_instead_of_link steps_per_checkpoint cond_prompt cond_prompts uncond_prompt "
        "uncond_prompts opt_C opt_f init_c init_latent init_sample init_sample_raw prompt "
        "skip_video_creation_for_run_all animation_prompts_file histogram_matching histogram_equalization "
        "parseq_json frame_interpolation_slow_mo_fps",
        Fate.OBSOLETE,
        _OF_ITS_RUN,
    ),
    *_rows(
        "prompt_weighting normalize_prompt_weights log_weighted_subprompts use_weighted_prompts",
        Fate.LOST,
        "`word:0.5` weighs a part of a prompt there; write `(word:0.5)`, or a sum of texts",
    ),
    Param("interpolate_key_frames", "False", Fate.CHANGED, modes="I", note="prompts morph from key to key"),
    Param("interpolate_x_frames", "4", Fate.CHANGED, modes="I", note="prompts morph from key to key"),
    Param("ddim_eta", "0.0", Fate.MAPPED, note="`eta`, where the sampler is DDIM"),
    Param("fps_schedule", "", Fate.LOST, note="a film has one rate"),
    Param("use_zoe_depth", "False", Fate.CHANGED, modes="3", note="an older `depth_algorithm`"),
    *_rows(
        "mean_scale var_scale exposure_scale exposure_target colormatch_scale colormatch_image "
        "colormatch_n_colors ignore_sat_weight clip_name clip_scale aesthetics_scale cutn cut_pow "
        "init_mse_scale init_mse_image blue_scale gradient_wrt gradient_add_to decode_method "
        "grad_threshold_type clamp_grad_threshold clamp_start clamp_stop grad_inject_timing "
        "cond_uncond_sync add_noise",
        Fate.LOST,
        "it steers the sampler by a gradient, and that is not in the language",
    ),
)
