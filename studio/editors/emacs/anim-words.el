;;; anim-words.el --- The words of anim  -*- lexical-binding: t; -*-

;;; Commentary:

;; Made by `python -m tools.editors` from the language's tables; edit those.

;;; Code:

(defconst anim-words-joining
  '("and" "or" "not" "if" "else" "per" "with" "as")
  "The joining of the language.")

(defconst anim-words-declaring
  '("let" "def")
  "The declaring of the language.")

(defconst anim-words-statements
  '("audio" "image" "video" "mask" "markers" "midi" "series" "lyrics" "lora" "embedding" "control"
    "prompt" "camera" "diffuse" "coherence" "grade" "pipeline" "expect" "scene" "layer" "variant"
    "output" "import" "template" "use")
  "The statements of the language.")

(defconst anim-words-blocks
  '("audio" "image" "mask" "video" "lyrics" "markers" "midi" "series" "lora" "control" "prompt"
    "camera" "diffuse" "coherence" "grade" "layer" "scene" "output")
  "The blocks of the language.")

(defconst anim-words-settings
  '("aberration" "align" "anchor" "angle" "anim" "audio" "author" "batch" "beats" "beats_per_bar"
    "bits" "blend" "bloom" "border" "bpm" "cadence" "camera" "center_x" "center_y" "cfg_scale"
    "channel" "clip_skip" "clock" "codec" "color" "color_method" "contrast" "depth" "depth_smooth"
    "depth_warp" "dolly" "encoder" "end" "eta" "exposure" "far" "fill" "fill_strength" "fit"
    "flip_fov" "flip_gamma" "flip_phi" "flip_theta" "flow" "flow_factor" "flow_method" "flow_preset"
    "font" "fov" "fps" "gain" "gamma" "grain" "guide" "guide_weight" "high" "hint" "hue" "init"
    "interpolate" "interpolation" "large" "length" "lift" "line_height" "loop" "loop_time" "low"
    "lut" "lut_strength" "mask" "metadata" "mode" "model" "morph" "morph_time" "motion" "near"
    "negative" "noise" "noise_mask" "noise_multiplier" "noise_type" "normalize" "offset" "opacity"
    "orbit" "orbit_distance" "orbit_tilt" "outline" "outline_color" "pan" "pedestal" "precision"
    "prompt" "quality" "reference" "roll" "rotation_3d_x" "rotation_3d_y" "rotation_3d_z" "sampler"
    "saturation" "scale" "seed" "seed_mode" "shadow" "shadow_color" "sharpen" "sharpen_radius"
    "sharpen_threshold" "shear_x" "shear_y" "size" "soft" "source" "speed" "start" "steps"
    "strength" "target" "temperature" "text" "tiling" "tilt" "time" "tint" "title" "transition"
    "translation_x" "translation_y" "translation_z" "truck" "tween" "upscale" "upscale_model" "vae"
    "vignette" "weight" "width" "x" "y" "zoom")
  "The settings of the language.")

(defconst anim-words-aliases
  '("amount_schedule" "ancestral_eta_schedule" "cadence_flow_factor_schedule" "cfg_scale_schedule"
    "checkpoint_schedule" "clipskip_schedule" "color_coherence" "contrast_schedule"
    "ddim_eta_schedule" "denoising_strength" "diffusion_cadence" "far_schedule" "fov_schedule"
    "guidance" "init_image" "max_frames" "near_schedule" "noise_multiplier_schedule"
    "noise_schedule" "perspective_flip_fv" "perspective_flip_gamma" "perspective_flip_phi"
    "perspective_flip_theta" "sampler_schedule" "seed_behavior" "seed_schedule" "sigma_schedule"
    "steps_schedule" "strength_schedule" "threshold_schedule" "transform_center_x"
    "transform_center_y")
  "The aliases of the language.")

(defconst anim-words-functions
  '("sine" "tri" "saw" "square" "pulse" "noise" "fbm" "random" "smooth" "envelope" "delay" "slew"
    "integrate" "derivative" "normalize" "quantize" "loop" "every" "decay" "count" "toggle"
    "sample_hold" "threshold" "clamp" "remap" "mix" "smoothstep" "min" "max" "where" "abs" "sign"
    "floor" "ceil" "round" "sqrt" "pow" "exp" "log" "log10" "log1p" "expm1" "sin" "cos" "tan" "asin"
    "acos" "atan" "atan2" "arcsin" "arccos" "arctan" "sinh" "cosh" "tanh" "cycle" "pick")
  "The functions of the language.")

(defconst anim-words-features
  '("bass" "mid" "treble" "energy" "onset" "beat" "beat_phase" "bar_phase" "downbeat" "tempo"
    "loudness" "centroid" "chroma" "band" "percussive" "harmonic" "kick" "snare" "hat" "vocal_band"
    "silence" "section")
  "The features of the language.")

(defconst anim-words-easings
  '("linear" "hold" "ease" "ease_in" "ease_out" "ease_in_out" "bezier" "spring" "steps" "smooth"
    "sine_in" "sine_out" "sine_in_out" "quad_in" "quad_out" "quad_in_out" "cubic_in" "cubic_out"
    "cubic_in_out" "quart_in" "quart_out" "quart_in_out" "expo_in" "expo_out" "expo_in_out"
    "circ_in" "circ_out" "circ_in_out" "back_in" "back_out" "back_in_out" "elastic_in" "elastic_out"
    "elastic_in_out" "bounce_in" "bounce_out" "bounce_in_out")
  "The easings of the language.")

(defconst anim-words-clocks
  '("t" "max_f" "time" "duration" "u" "beats" "bars" "s")
  "The clocks of the language.")

(defconst anim-words-constants
  '("pi" "tau" "e")
  "The constants of the language.")

(defconst anim-words-switches
  '("on" "off" "yes" "no" "true" "false")
  "The switches of the language.")

(defconst anim-words-choices
  '("add" "affine" "alternate" "apng" "auto" "av1" "backward" "bfloat16" "black" "border" "bottom"
    "bottom_left" "bottom_right" "center" "contain" "cover" "cut" "difference" "diffuse" "dis" "exr"
    "farneback" "fast" "ffv1" "fine" "first" "fixed" "float16" "float32" "flow" "gaussian" "gif"
    "h264" "h265" "hardware" "histogram" "hold" "hsv" "init" "iter" "jpeg" "lab" "ladder" "left"
    "linear" "medium" "mix" "moments" "multiply" "noise" "none" "normal" "overlay" "per_frame"
    "perlin" "perspective" "png" "pose" "prores" "prores4444" "random" "reflect" "replicate" "rgb"
    "right" "screen" "slerp" "smooth" "soft_light" "software" "source" "splat" "tiff" "tiled" "top"
    "top_left" "top_right" "track" "two_stage" "vp9" "webp" "whole" "wrap")
  "The choices of the language.")

(defconst anim-words-units
  '("beats" "bars" "beat" "bar" "bpm" "deg" "fps" "khz" "rad" "db" "hz" "ms" "px" "b" "f" "m" "s")
  "The units of the language.")

(defconst anim-words-samplers
  '("Euler" "Euler Karras" "Euler Exponential" "Euler SGM Uniform" "Euler a" "Euler a Karras"
    "Euler a Exponential" "Euler a SGM Uniform" "LMS" "LMS Karras" "LMS Exponential" "Heun"
    "Heun Karras" "Heun Exponential" "DPM2" "DPM2 Karras" "DPM2 Exponential" "DPM2 a"
    "DPM2 a Karras" "DPM2 a Exponential" "DPM++ 2M" "DPM++ 2M Karras" "DPM++ 2M Exponential"
    "DPM++ 2M SGM Uniform" "DPM++ 2M SDE" "DPM++ 2M SDE Karras" "DPM++ 2M SDE Exponential"
    "DPM++ 2M SDE SGM Uniform" "DPM++ 2M SDE Heun" "DPM++ 2M SDE Heun Karras"
    "DPM++ 2M SDE Heun Exponential" "DPM++ 3M SDE" "DPM++ 3M SDE Karras" "DPM++ 3M SDE Exponential"
    "DPM++ SDE" "DPM++ SDE Karras" "DPM++ SDE Exponential" "DPM++ SDE SGM Uniform" "DPM++ 2S a"
    "DPM++ 2S a Karras" "DPM++ 2S a Exponential" "UniPC" "DDIM" "PLMS" "LCM" "TCD" "DEIS"
    "SA-Solver")
  "The samplers of the language.")

(defconst anim-words-operations
  '("add_noise" "blend" "blur" "composite" "contrast" "depth_mask" "difference_mask" "diffuse"
    "estimate_depth" "estimate_flow" "follow" "generate" "grade" "guide" "kaleidoscope" "luma_mask"
    "match_color" "mix" "sharpen" "transform" "uncovered" "visibility" "warp" "warp_flow")
  "The operations of the language.")

(provide 'anim-words)
;;; anim-words.el ends here
