"""The ops that a `pipeline` may call.

A picture, a mask and a depth map stand for each other; only a `flow` (the motion of every pixel) is something
else. The standard pipelines of `anim_grammar/std` are written with these and nothing more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from anim_compiler.image_op import Arg, ImageOp, choice, number, of, op
from anim_dsl.settings import SETTINGS

SOURCES: Mapping[str, str] = MappingProxyType(
    {
        "previous": "what the frame before carried on",
        "first": "the first frame of the scene",
        "init": "the picture that the scene starts from",
        "source": "the frame of the source video that belongs here",
        "layers": "all layers on nothing; a pipeline that does not read it gets them over its `frame`",
    }
)
"""The pictures that a pipeline starts from, besides stills, clips and masks by their names."""

MODES = SETTINGS["layer", "mode"].choices

_SHARE = (0.0, 1.0)
_BORDER = replace(
    of("camera 2d", "border"), setting="camera.border"
)  # both cameras have the same borders, and one of them is the scene's
_LOW = number("low", "ratio", _SHARE, "0%", "what is darker than this is outside", "20%")
_HIGH = number("high", "ratio", _SHARE, "100%", "what is brighter than this is inside", "80%")
_MASKS = (_LOW, _HIGH)
_SAMPLING: tuple[Arg, ...] = tuple(
    of("diffuse", name)
    for name in ("steps", "cfg_scale", "sampler", "seed", "clip_skip", "eta", "noise_multiplier")
)
_PROMPT = of("film", "prompt")
_PROMPTS = (
    replace(_PROMPT, spec=replace(_PROMPT.spec, example='prompt = "a quiet sea"')),
    of("prompt", "negative"),
)
_GRADE = tuple(of("grade", name) for block, name in SETTINGS if block == "grade" and name != "mask")

_MOVING = (
    op(
        "warp",
        "picture camera:camera depth:depth?",
        (_BORDER,),
        "moves a picture as the camera moved since it was made",
        "warp(previous, camera, depth = estimate_depth(previous))",
    ),
    op(
        "follow",
        "picture video",
        (
            of("coherence", "flow", "active"),
            of("coherence", "flow_factor", "factor"),
            of("coherence", "flow_method", "method"),
            of("coherence", "flow_preset", "preset"),
            _BORDER,
        ),
        "moves a picture along the motion in a video, if `flow` of `coherence` is on",
        "follow(previous, source)",
    ),
    op(
        "warp_flow",
        "picture flow:flow",
        (number("factor", "number", (-10.0, 10.0), "1", "factor on the motion", "0.5"), _BORDER),
        "moves every pixel of a picture along a flow",
        "warp_flow(previous, estimate_flow(source), factor = 0.5)",
    ),
    op(
        "transform",
        "picture",
        (
            number("x", "px", (None, None), "0px", "shift to the right", "20px"),
            number("y", "px", (None, None), "0px", "shift down", "20px"),
            number("scale", "number", (0.01, 100.0), "1", "magnification about the centre", "1.1"),
            number("angle", "angle", (None, None), "0deg", "turn, counter-clockwise", "5deg"),
            _BORDER,
        ),
        "shifts, turns and scales a picture, whatever the camera does",
        "transform(previous, scale = 1.02, angle = 1deg)",
    ),
    op(
        "kaleidoscope",
        "picture",
        (
            number("segments", "int", (1.0, 64.0), "6", "how many times a slice comes around", "8"),
            number("angle", "angle", (None, None), "0deg", "turn of the pattern, counter-clockwise", "15deg"),
            number("slice", "angle", (None, None), "0deg", "where in the picture the slice begins", "30deg"),
            number("center_x", "ratio", _SHARE, "50%", "the middle, from the left", "40%"),
            number("center_y", "ratio", _SHARE, "50%", "the middle, from the top", "60%"),
            _BORDER,
        ),
        "a slice of the picture, mirrored and repeated around the middle",
        "kaleidoscope(previous, segments = 8, slice = 40deg * u)",
    ),
    op(
        "estimate_depth",
        "picture",
        (),
        "how far away each pixel is, by the estimator that the camera's `depth` names",
        "estimate_depth(previous)",
        "depth",
    ),
    op(
        "estimate_flow",
        "picture before?",
        (
            of("coherence", "flow_method", "method"),
            of("coherence", "flow_preset", "preset"),
        ),
        "where each pixel came from: since `before`, or, of a video, since its own frame before",
        "estimate_flow(source)",
        "flow",
    ),
)

_COLOURING = (
    op(
        "match_color",
        "picture reference?",
        (of("coherence", "color", "space"), of("coherence", "color_method", "method")),
        "gives a picture the colours of another; without one those of `reference` of `coherence`",
        "match_color(previous, first, lab)",
    ),
    op(
        "grade",
        "picture mask:mask?",
        _GRADE,
        "colours a picture; what is not given comes from `grade { … }`",
        "grade(previous, saturation = 1.2)",
    ),
    op(
        "contrast",
        "picture",
        (of("coherence", "contrast", "amount"),),
        "more or less contrast, about middle grey",
        "contrast(previous, 1.05)",
    ),
    op(
        "sharpen",
        "picture",
        (
            of("coherence", "sharpen", "amount"),
            of("coherence", "sharpen_radius", "radius"),
            of("coherence", "sharpen_threshold", "threshold"),
        ),
        "unsharp mask",
        "sharpen(previous, 0.4)",
    ),
    op(
        "blur",
        "picture mask:mask?",
        (number("radius", "px", (0.0, 1024.0), "4px", "how far it blurs", "8px"),),
        "Gaussian blur; of a mask it softens the edge",
        "blur(previous, 6px)",
    ),
)

_SAMPLED = (
    op(
        "add_noise",
        "picture mask:mask?",
        (
            of("coherence", "noise", "amount"),
            of("coherence", "noise_type", "type"),
            of("diffuse", "seed"),
        ),
        "gives the model something to make detail of",
        "add_noise(previous, 0.02 + 0.03 * u)",
    ),
    op(
        "diffuse",
        "picture mask:mask? fill:mask?",
        (of("diffuse", "strength"), *_SAMPLING, *_PROMPTS, of("coherence", "fill_strength")),
        "makes a picture anew with the model, and more so where `fill` is white; the rest is from its blocks",
        "diffuse(previous, strength = 0.4)",
    ),
    op(
        "guide",
        "picture",
        (of("coherence", "guide_weight", "weight"),),
        "draws a picture towards the `guide` of the film or scene, if there is one",
        "guide(previous)",
    ),
    op(
        "generate",
        "",
        (*_SAMPLING, *_PROMPTS),
        "makes a picture from noise alone",
        "generate(steps = 30)",
    ),
)

_JOINING = (
    op(
        "blend",
        "fresh carried",
        (of("coherence", "blend", "weight"),),
        "calms a new picture with the carried one: `blend` of `coherence` is the carried one's weight",
        "blend(diffuse(previous), previous)",
    ),
    op(
        "mix",
        "a b mask:mask?",
        (number("weight", "ratio", _SHARE, "50%", "0% is the first picture, 100% the second", "30%"),),
        "two pictures melted together",
        "mix(previous, first, 10%)",
    ),
    op(
        "composite",
        "below above mask:mask?",
        (
            choice("mode", MODES, "how the upper picture acts on the lower"),
            number("opacity", "ratio", _SHARE, "100%", "how much the upper picture covers", "60%"),
        ),
        "lays one picture over another",
        "composite(previous, layers)",
    ),
    op(
        "luma_mask",
        "picture",
        _MASKS,
        "a mask of a picture's bright parts",
        "luma_mask(previous, low = 40%, high = 60%)",
        "mask",
    ),
    op(
        "depth_mask",
        "depth:depth",
        _MASKS,
        "a mask of what is far: 0% is the nearest, 100% the farthest",
        "depth_mask(estimate_depth(previous), low = 50%)",
        "mask",
    ),
    op(
        "difference_mask",
        "a b",
        _MASKS,
        "a mask of where two pictures differ",
        "difference_mask(previous, first, low = 5%, high = 20%)",
        "mask",
    ),
    op(
        "uncovered",
        "picture camera:camera depth:depth?",
        (),
        "a mask of what a warp of this picture uncovers",
        "uncovered(previous, camera)",
        "mask",
    ),
    op(
        "visibility",
        "flow:flow back:flow",
        (),
        "a mask of the pixels on which a flow there and a flow back agree",
        "visibility(estimate_flow(first, previous), estimate_flow(previous, first))",
        "mask",
    ),
)

IMAGE_OPS: Mapping[str, ImageOp] = MappingProxyType(
    {op.name: op for op in (*_MOVING, *_COLOURING, *_SAMPLED, *_JOINING)}
)
"""Every op by name."""

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "lerp": "mix",
        "fade": "mix",
        "overlay": "composite",
        "over": "composite",
        "screen": "composite",
        "multiply": "composite",
        "depth": "estimate_depth",
        "flow": "estimate_flow",
        "optical_flow": "estimate_flow",
        "noise": "add_noise",
        "color_match": "match_color",
        "img2img": "diffuse",
        "sample": "diffuse",
        "denoise": "diffuse",
        "txt2img": "generate",
        "rotate": "transform",
        "scale": "transform",
        "resize": "transform",
        "crop": "transform",
        "mirror": "kaleidoscope",
        "mandala": "kaleidoscope",
        "unsharp": "sharpen",
        "unsharp_mask": "sharpen",
        "difference": "difference_mask",
        "color": "grade",
        "saturation": "grade",
        "exposure": "grade",
        "hue": "grade",
    }
)
"""What other programs call an op."""
