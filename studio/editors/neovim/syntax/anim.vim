" Vim syntax file
" Language: anim, a small language for AI animation
" Made by `python -m tools.editors` from the language's tables; edit those.

if exists('b:current_syntax')
  finish
endif
let s:keep = &cpo
set cpo&vim

syntax case match
syntax sync fromstart

syntax keyword animJoining and or not if else per with between
syntax keyword animJoining as nextgroup=animName skipwhite
syntax keyword animDeclaring let nextgroup=animName skipwhite
syntax keyword animDeclaring def nextgroup=animDefined skipwhite
syntax keyword animSwitch on off yes no true false none
" the most general first: of two matches at one place the later one wins
syntax match animCall /\<\h\w*\>\ze\s*(/
syntax match animProperty /\%(\%(^\|[;{}]\)\s*\)\@<=\%(\h[0-9A-Za-z_.]*\)\@>\ze\s*\%([+*]\?==\@!\|{\)/
syntax match animParameter /\%([(,]\s*\)\@<=\%(\h\w*\)\@>\ze\s*==\@!/
syntax match animBadNumber /\%(\w\|\.\)\@1<!\.\?\d[0-9A-Za-z_.]*/
syntax match animNumber /\c\%(\w\|\.\)\@1<!\%(\d\+\%(\.\d*\)\?\|\.\d\+\)\%(e[-+]\?\d\+\)\?%\?\%([0-9A-Za-z_.]\)\@!/
syntax match animSize /\%(\w\|\.\)\@1<!\%(\d\+\)\@>[xX]\d\+\>/
syntax match animDimension /\%(\w\|\.\)\@1<![23][dD]\>/
syntax match animSetting /\%(\%(^\|[;{}]\)\s*\)\@<=\<\%(cadence_flow_factor_schedule\|noise_multiplier_schedule\|ancestral_eta_schedule\|perspective_flip_gamma\|perspective_flip_theta\|perspective_flip_phi\|checkpoint_schedule\|perspective_flip_fv\|cfg_scale_schedule\|denoising_strength\|threshold_schedule\|transform_center_x\|transform_center_y\|clipskip_schedule\|contrast_schedule\|ddim_eta_schedule\|diffusion_cadence\|sharpen_threshold\|strength_schedule\|noise_multiplier\|sampler_schedule\|amount_schedule\|color_coherence\|noise_schedule\|orbit_distance\|sharpen_radius\|sigma_schedule\|steps_schedule\|beats_per_bar\|fill_strength\|interpolation\|near_schedule\|outline_color\|rotation_3d_x\|rotation_3d_y\|rotation_3d_z\|seed_behavior\|seed_schedule\|translation_x\|translation_y\|translation_z\|upscale_model\|color_method\|depth_smooth\|far_schedule\|fov_schedule\|guide_weight\|lut_strength\|shadow_color\|flow_factor\|flow_method\|flow_preset\|interpolate\|line_height\|temperature\|aberration\|depth_warp\|flip_gamma\|flip_theta\|init_image\|max_frames\|morph_time\|noise_mask\|noise_type\|orbit_tilt\|saturation\|transition\|cfg_scale\|clip_skip\|loop_time\|normalize\|precision\|reference\|seed_mode\|center_x\|center_y\|contrast\|exposure\|flip_fov\|flip_phi\|guidance\|metadata\|negative\|pedestal\|strength\|vignette\|cadence\|channel\|encoder\|opacity\|outline\|quality\|sampler\|sharpen\|shear_x\|shear_y\|upscale\|anchor\|author\|border\|camera\|length\|motion\|offset\|prompt\|shadow\|source\|target\|tiling\|weight\|align\|angle\|audio\|batch\|beats\|blend\|bloom\|clock\|codec\|color\|depth\|dolly\|gamma\|grain\|guide\|large\|model\|morph\|noise\|orbit\|scale\|speed\|start\|steps\|title\|truck\|tween\|width\|anim\|bits\|fill\|flow\|font\|gain\|high\|hint\|init\|lift\|loop\|mask\|mode\|near\|roll\|seed\|size\|soft\|text\|tilt\|time\|tint\|zoom\|bpm\|end\|eta\|far\|fit\|fov\|fps\|hue\|low\|lut\|pan\|vae\|x\|y\)\>\ze\s*\%([+*]\?==\@!\|{\)/
syntax match animStatement /\%(\%(^\|[;{}]\)\s*\)\@<=\<\%(coherence\|embedding\|pipeline\|template\|control\|diffuse\|markers\|variant\|camera\|expect\|import\|lyrics\|output\|prompt\|series\|audio\|grade\|image\|layer\|scene\|video\|lora\|mask\|midi\|use\)\>\ze\s*\%($\|[A-Za-z0-9_\"{#]\)/ nextgroup=animName skipwhite
syntax match animFunction /\<\%(difference_mask\|estimate_depth\|estimate_flow\|kaleidoscope\|match_color\|sample_hold\|depth_mask\|derivative\|smoothstep\|visibility\|add_noise\|composite\|integrate\|luma_mask\|normalize\|threshold\|transform\|uncovered\|warp_flow\|contrast\|envelope\|generate\|quantize\|diffuse\|sharpen\|arccos\|arcsin\|arctan\|follow\|random\|smooth\|square\|toggle\|atan2\|blend\|clamp\|count\|cycle\|decay\|delay\|every\|expm1\|floor\|grade\|guide\|log10\|log1p\|noise\|pulse\|remap\|round\|where\|acos\|asin\|atan\|blur\|ceil\|cosh\|loop\|pick\|sign\|sine\|sinh\|slew\|sqrt\|tanh\|warp\|abs\|cos\|exp\|fbm\|log\|max\|min\|mix\|pow\|saw\|sin\|tan\|tri\)\>\ze\s*(/
syntax match animFeature /\%(\w\|\.\)\@1<!\<\%(beat_phase\|percussive\|vocal_band\|bar_phase\|centroid\|downbeat\|harmonic\|loudness\|section\|silence\|chroma\|energy\|treble\|onset\|snare\|tempo\|band\|bass\|beat\|kick\|hat\|mid\)\>/
syntax match animClock /\%(\w\|\.\)\@1<!\<\%(duration\|beats\|max_f\|bars\|time\|s\|t\|u\)\>\%(\s*\%(==\@!\|(\)\)\@!/
syntax match animConstant /\%(\w\|\.\)\@1<!\<\%(tau\|pi\|e\)\>/
syntax match animChoice /\%([=:]\s*\)\@<=\<\%(bottom_right\|bottom_left\|perspective\|difference\|prores4444\|soft_light\|alternate\|farneback\|histogram\|per_frame\|replicate\|top_right\|two_stage\|backward\|bfloat16\|gaussian\|hardware\|multiply\|software\|top_left\|contain\|diffuse\|float16\|float32\|moments\|overlay\|reflect\|affine\|border\|bottom\|center\|ladder\|linear\|medium\|normal\|perlin\|prores\|random\|screen\|smooth\|source\|black\|cover\|first\|fixed\|noise\|right\|slerp\|splat\|tiled\|track\|whole\|apng\|auto\|fast\|ffv1\|fine\|flow\|h264\|h265\|hold\|init\|iter\|jpeg\|left\|none\|pose\|tiff\|webp\|wrap\|add\|av1\|cut\|dis\|exr\|gif\|hsv\|lab\|mix\|png\|rgb\|top\|vp9\)\>\ze\s*\%($\|[;#}]\)/
syntax match animEasing /\<\%(elastic_in_out\|bounce_in_out\|cubic_in_out\|quart_in_out\|back_in_out\|circ_in_out\|ease_in_out\|elastic_out\|expo_in_out\|quad_in_out\|sine_in_out\|bounce_out\|elastic_in\|bounce_in\|cubic_out\|quart_out\|back_out\|circ_out\|cubic_in\|ease_out\|expo_out\|quad_out\|quart_in\|sine_out\|back_in\|circ_in\|ease_in\|expo_in\|quad_in\|sine_in\|bezier\|linear\|spring\|steps\|ease\|hold\)\>\ze\s*\%($\|[,;#}(]\|with\>\)/
syntax match animEasing /\%(\<with\s\+\)\@<=\<\%(elastic_in_out\|bounce_in_out\|cubic_in_out\|quart_in_out\|back_in_out\|circ_in_out\|ease_in_out\|elastic_out\|expo_in_out\|quad_in_out\|sine_in_out\|bounce_out\|elastic_in\|bounce_in\|cubic_out\|quart_out\|back_out\|circ_out\|cubic_in\|ease_out\|expo_out\|quad_out\|quart_in\|sine_out\|back_in\|circ_in\|ease_in\|expo_in\|quad_in\|sine_in\|bezier\|linear\|smooth\|spring\|steps\|ease\|hold\)\>/
syntax match animQuantity /\c\%(\w\|\.\)\@1<!\%(\%(\%(\d\+\%(\.\d*\)\?\|\.\d\+\)\%(e[-+]\?\d\+\)\?\)\@>\%(beats\|bars\|beat\|bar\|bpm\|deg\|fps\|khz\|rad\|db\|hz\|ms\|px\|b\|f\|m\|s\)\)\+\%([0-9A-Za-z_.]\)\@!/

syntax match animName contained /\h\w*/
syntax match animDefined contained /\h\w*/

syntax match animEscape contained /\\\%(["\\nt{}()\[\]]\|u{\x\{1,8}}\)/
syntax match animWeight contained /:\s*\zs[-+]\?\%(\d\+\%(\.\d*\)\?\|\.\d\+\)\ze\s*)/
" quotes end a text where a brace is open too
syntax region animInsert contained matchgroup=animInsertSign start=/{/ end=/}/ end=/"/me=s-1
      \ keepend oneline contains=@animValue
syntax region animLongInsert contained matchgroup=animInsertSign start=/{/ end=/}/ end=/"""/me=s-1
      \ keepend oneline contains=@animValue,animText
syntax region animText start=/"/ skip=/\\./ end=/"/ end=/$/ oneline contains=animEscape,animWeight,animInsert
syntax region animLongText start=/"""/ skip=/\\./ end=/"""/ contains=animEscape,animWeight,animLongInsert
syntax match animSampler /"\%(DPM++ 2M SDE Heun Exponential\|DPM++ 2M SDE Exponential\|DPM++ 2M SDE Heun Karras\|DPM++ 2M SDE SGM Uniform\|DPM++ 3M SDE Exponential\|DPM++ 2S a Exponential\|DPM++ SDE Exponential\|DPM++ SDE SGM Uniform\|DPM++ 2M Exponential\|DPM++ 2M SGM Uniform\|DPM++ 2M SDE Karras\|DPM++ 3M SDE Karras\|Euler a Exponential\|Euler a SGM Uniform\|DPM2 a Exponential\|DPM++ 2M SDE Heun\|DPM++ 2S a Karras\|Euler Exponential\|Euler SGM Uniform\|DPM++ SDE Karras\|DPM2 Exponential\|Heun Exponential\|DPM++ 2M Karras\|LMS Exponential\|Euler a Karras\|DPM2 a Karras\|DPM++ 2M SDE\|DPM++ 3M SDE\|Euler Karras\|DPM2 Karras\|Heun Karras\|DPM++ 2S a\|LMS Karras\|DPM++ SDE\|SA-Solver\|DPM++ 2M\|Euler a\|DPM2 a\|Euler\|UniPC\|DDIM\|DEIS\|DPM2\|Heun\|PLMS\|LCM\|LMS\|TCD\)"/
syntax match animComment /#.*$/ contains=@Spell

syntax cluster animValue contains=animNumber,animSize,animQuantity,animCall,animFunction,animFeature,
      \animClock,animConstant,animSwitch,animJoining,animParameter
syntax region animBlock start=/{/ end=/}/ transparent fold

highlight default link animComment Comment
highlight default link animText String
highlight default link animLongText String
highlight default link animSampler Constant
highlight default link animEscape SpecialChar
highlight default link animInsertSign Special
highlight default link animWeight Number
highlight default link animNumber Number
highlight default link animQuantity Number
highlight default link animSize Number
highlight default link animDimension Type
highlight default link animBadNumber Error
highlight default link animStatement Statement
highlight default link animDeclaring Keyword
highlight default link animJoining Operator
highlight default link animSetting Identifier
highlight default link animProperty Identifier
highlight default link animParameter Identifier
highlight default link animName Type
highlight default link animDefined Function
highlight default link animFunction Function
highlight default link animCall Function
highlight default link animFeature Special
highlight default link animEasing PreProc
highlight default link animClock Special
highlight default link animConstant Constant
highlight default link animChoice Constant
highlight default link animSwitch Boolean

let b:current_syntax = 'anim'
let &cpo = s:keep
unlet s:keep
