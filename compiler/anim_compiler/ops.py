"""The op table: film ops and kernel ops, one row an op.

*Film* ops are what a `pipeline` calls; `expand` turns them into *kernel* ops, which the runtime runs. A name
may stand on both levels: then the kernel is what becomes of the film's op, with all that it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from anim_compiler.drawing.extras import hints_of, type_of
from anim_compiler.graph import Node, Rate
from anim_compiler.image_op import Arg, ImageOp, PictureKind
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.op import ALIKE, WIDTHS, ArgType, Cost, Kind, Level, Op, pixel, row
from anim_dsl.settings import SETTINGS, SettingType

__all__ = [
    "ALIKE",
    "FILM_OPS",
    "KERNEL_OPS",
    "LEVELS",
    "OPS",
    "WIDTHS",
    "ArgType",
    "Cost",
    "Kind",
    "Level",
    "Op",
    "gives",
    "signature",
    "takes",
]

# --- what both levels have: pictures to start from, layers, and masks of several ---

_TITLE = (
    "text:text font:text? raster:number color:text align:text line_height:number outline:number"
    " outline_color:text shadow:number shadow_color:text width:number inset:number"
)
_SHAPE = (
    "kind:text x:number y:number soft:number angle:number? radius:number? width:number? height:number?"
    " corner:number?"
)
_LAYER = (
    "x:number y:number scale:number unit:number? angle:number opacity:number mode:text anchor:text"
    " inset:number?"
)


def _leaves(level: Level) -> tuple[Op, ...]:
    return (
        row(level, "previous", rate=Rate.IMAGE),
        row(level, "next", rate=Rate.IMAGE),
        row(level, "first", rate=Rate.SCENE),
        row(level, "init", "", "name:text"),
        row(level, "still", "", "name:text"),
        # what layers lie on where there is no picture, and what they are: a picture of its own size, a text
        row(level, "empty", gives="cutout"),
        row(level, "cutout", "", "name:text", "cutout"),
        row(level, "title", "", _TITLE, "cutout", rate=Rate.IMAGE, cost="filter"),
        row(level, "layer", "image cutout mask?", _LAYER, None, cost="resample", identity=True),
        # masks that are drawn
        row(level, "shape", "", _SHAPE, "mask", cost="pointwise"),
        # masks that are joined: the smaller of two, the larger, one minus
        row(level, "mask_and", "mask mask", "", "mask", cost="pointwise"),
        row(level, "mask_or", "mask mask", "", "mask", cost="pointwise"),
        row(level, "mask_not", "mask", "", "mask", cost="pointwise"),
    )


# --- film ops, from the ops of the language ---

_COSTS: Mapping[str, Cost] = {
    "diffuse": "model",
    "generate": "model",
    "estimate_depth": "depth",
    "estimate_flow": "flow",
    "follow": "flow",
    **dict.fromkeys(("warp", "warp_flow", "transform", "kaleidoscope", "uncovered"), "resample"),
    **dict.fromkeys(("match_color", "sharpen", "blur", "grade", "visibility"), "filter"),
}
#: what depends on the frame in work besides what it is given
_BY_FRAME = frozenset({"diffuse", "generate", "add_noise", "grade"})
_ALIKE = frozenset({"warp", "warp_flow", "transform", "kaleidoscope", "blur", "contrast", "sharpen", "mix"})

_ARG_TYPES: Mapping[SettingType, ArgType] = {
    **dict.fromkeys(("number", "time", "angle", "px", "ratio", "frequency"), "number"),
    "int": "integer",
    "bool": "switch",
    **dict.fromkeys(("text", "prompt", "path", "choice", "image"), "text"),
}


def _film_op(op: ImageOp) -> Op:
    """A row for an op of the language: its camera is an argument, the name of one."""
    slots = [slot for slot in op.slots if slot.kind != "camera"]
    cameras: dict[str, ArgType] = {slot.name: "text" for slot in op.slots if slot.kind == "camera"}
    cost = _COSTS.get(op.name, "pointwise")
    # which of several pictures that may be left away are there
    given: dict[str, ArgType] = {"given": "text"} if sum(slot.optional for slot in slots) > 1 else {}
    return Op(
        op.name,
        "film",
        tuple(_kind(slot.kind) for slot in slots),
        MappingProxyType({**cameras, **given, **{arg.name: _ARG_TYPES[arg.spec.type] for arg in op.args}}),
        None if op.name in _ALIKE else _kind(op.gives),
        sum(not slot.optional for slot in slots),
        frozenset((*given, *(arg.name for arg in op.args if _may_miss(arg)))),
        Rate.IMAGE if op.name in _BY_FRAME else Rate.FILM,
        cost,
    )


def _kind(kind: PictureKind) -> Kind:
    assert kind != "camera", "a camera is an argument"
    return kind


def _may_miss(arg: Arg) -> bool:
    """Whether a call may be without it: nothing stands for it where it is not given."""
    block, _, name = arg.setting.rpartition(".")
    # both cameras have borders, and a default of their own
    spec = SETTINGS.get((block or "film", name), SETTINGS["camera 2d", "border"]) if arg.setting else arg.spec
    return not spec.default


# --- kernel ops ---

_SAMPLING = (
    "steps:integer cfg_scale:number sampler:text seed:number prompt:text? negative:text? clip_skip:integer?"
    " eta:number? noise_multiplier:number?"
)
_GRADE = " ".join(
    f"{name}:number"
    for name in ("exposure", "contrast", "saturation", "hue", "temperature", "tint", "gamma", "lift", "gain")
)

#: one of several hints in its field of a picture
_BESIDE = "place:integer count:integer name:text"

_KERNELS = (
    # what a preview without a model starts from where there is no still: where things are, and how they lie
    row("kernel", "chart", "", "number:integer"),
    # a clip's frame, so many seconds into its file
    row("kernel", "clip", "", "name:text at:number fit:text"),
    # from the model
    row("kernel", "generate", "", _SAMPLING, rate=Rate.IMAGE, cost="model"),
    row(
        "kernel",
        "diffuse",
        "image mask?",
        f"strength:number fill_strength:number? {_SAMPLING}",
        rate=Rate.IMAGE,
        cost="model",
        identity=True,
    ),
    # what controls are shown: of a picture, of how far things are, of how they lie
    row("kernel", "hint_canny", "image", "low:number high:number", cost="filter"),
    *(
        row("kernel", f"hint_{kind}", "image", cost="filter")
        for kind in ("scribble", "lineart", "softedge", "tile")
    ),
    row("kernel", "hint_beside", "image image", _BESIDE, cost="resample"),
    row("kernel", "hint_pose", "image", cost="depth"),
    *(row("kernel", f"hint_{kind}", "depth", cost="filter") for kind in ("depth", "normal")),
    # moving
    row(
        "kernel", "warp2d", "image", "move:move9 border:text", None, cost="resample", identity=True, version=2
    ),
    row(
        "kernel",
        "warp3d",
        "image depth",
        "move:move14 border:text way:text?",
        None,
        cost="resample",
        identity=True,
        version=2,
    ),
    # by an estimator, over the range of its values in the scene's first frame; of a picture by its grey
    row(
        "kernel",
        "depth",
        "image stats?",
        "method:text near:number? far:number?",
        "depth",
        cost="depth",
        version=2,
    ),
    row("kernel", "depth_range", "image", "method:text", "stats", cost="depth"),
    row("kernel", "as_depth", "image", "near:number? far:number?", "depth", cost="pointwise", version=2),
    # with some of the depth of the frame before, which the frame after goes on from once it was moved
    row("kernel", "previous_depth", gives="depth", rate=Rate.IMAGE),
    row("kernel", "next_depth", gives="depth", rate=Rate.IMAGE),
    row(
        "kernel",
        "steady_depth",
        "depth depth",
        "amount:number near:number? far:number? move:move14?",
        "depth",
        cost="filter",
        identity=True,
    ),
    # along a motion: `earlier(x + flow(x)) = later(x)`, of the later picture and the earlier one
    row("kernel", "estimate_flow", "image image", "method:text preset:text", "flow", cost="flow"),
    row(
        "kernel", "warp_flow", "image flow", "factor:number border:text", None, cost="resample", identity=True
    ),
    row("kernel", "visibility", "flow flow", "", "mask", cost="filter"),
    row(
        "kernel",
        "between",
        "image image",
        "weight:number factor:number preset:text",
        cost="flow",
        identity=True,
    ),
    row(
        "kernel",
        "kaleidoscope",
        "image",
        "segments:integer angle:number slice:number center_x:number center_y:number border:text",
        None,
        cost="resample",
    ),
    row("kernel", "uncovered2d", "image", "move:move9", "mask", cost="resample"),
    row("kernel", "uncovered3d", "image depth", "move:move14 way:text?", "mask", cost="resample", version=2),
    # colouring
    row("kernel", "color_stats", "image", "space:text method:text?", "stats", cost="filter", version=2),
    row(
        "kernel",
        "match_stats",
        "image stats",
        "space:text method:text?",
        cost="filter",
        identity=True,
        version=2,
    ),
    row(
        "kernel",
        "match_color",
        "image image",
        "space:text method:text?",
        cost="filter",
        identity=True,
        version=2,
    ),
    row(
        "kernel",
        "sharpen",
        "image",
        "amount:number radius:number threshold:number",
        cost="filter",
        identity=True,
    ),
    row("kernel", "blur", "image", "radius:number", None, cost="filter", identity=True),
    row("kernel", "aberration", "image", "amount:number", cost="resample", identity=True),
    row("kernel", "bloom", "image", "amount:number", cost="filter", identity=True, version=2),
    pixel("contrast", "amount:number", None),
    pixel("grade", _GRADE),
    pixel("vignette", "amount:number", version=2),
    pixel("grain", "amount:number seed:number", rate=Rate.IMAGE),
    pixel("lut", "name:text amount:number"),
    row("kernel", "fill_noise", "image mask", "seed:number", rate=Rate.IMAGE, cost="filter"),
    pixel("add_noise", "amount:number seed:number type:text?", rate=Rate.IMAGE, version=2),
    pixel("dip", "amount:number color:text"),
    # its other arguments are those of its steps, see `signature`
    row("kernel", "pointwise", "image", "steps:text", cost="pointwise", identity=True),
    # joining
    row(
        "kernel",
        "reveal",
        "image",
        "amount:number way:text",
        rate=Rate.IMAGE,
        cost="pointwise",
        identity=True,
    ),
    row("kernel", "mix", "image image", "weight:number", cost="pointwise", identity=True),
    row("kernel", "blend", "image image mask", "weight:number", cost="pointwise", identity=True),
    row("kernel", "masked", "image image mask", "", cost="pointwise"),
    row("kernel", "composite", "image image", "mode:text opacity:number", cost="pointwise", identity=True),
    row("kernel", "flat", "cutout", "", cost="pointwise"),
    row("kernel", "luma_mask", "image", "low:number high:number", "mask", cost="pointwise"),
    row(
        "kernel",
        "depth_mask",
        "depth",
        "low:number high:number near:number? far:number?",
        "mask",
        cost="pointwise",
    ),
    row("kernel", "difference_mask", "image image", "low:number high:number", "mask", cost="pointwise"),
)

_FILM_LEAVES = (
    row("film", "source", "", "name:text?", rate=Rate.IMAGE),
    row("film", "clip", "", "name:text fit:text?", rate=Rate.IMAGE),
    row("film", "hint_beside", "image image", _BESIDE, cost="resample"),
    row("film", "hint", "image", "kind:text low:number? high:number?", cost="filter"),
)

FILM_OPS: Mapping[str, Op] = MappingProxyType(
    {op.name: op for op in (*_leaves("film"), *_FILM_LEAVES, *map(_film_op, IMAGE_OPS.values()))}
)
"""Film ops by name."""

KERNEL_OPS: Mapping[str, Op] = MappingProxyType({op.name: op for op in (*_leaves("kernel"), *_KERNELS)})
"""Kernel ops by name."""

LEVELS: Mapping[Level, Mapping[str, Op]] = MappingProxyType({"film": FILM_OPS, "kernel": KERNEL_OPS})

OPS: Mapping[str, Op] = MappingProxyType({**FILM_OPS, **KERNEL_OPS})
"""Every op by name; of those on both levels the kernel's."""


def gives(node: Node, ops: Mapping[str, Op] = OPS) -> Kind:
    """What a node gives; a node of an unknown op counts as a picture."""
    op = ops.get(node.op)
    if op is None:
        return "image"
    if op.gives is not None:
        return op.gives
    taken: Kind | None = None
    for given, kind in zip(node.inputs, op.inputs, strict=False):
        if kind != "image":
            continue
        found = gives(given, ops)
        if found == "image":  # the rest is not asked: shared inputs would be read again and again
            return "image"
        taken = taken or found
    return taken or "image"


def signature(node: Node, op: Op) -> tuple[Mapping[str, ArgType], frozenset[str]]:
    """The arguments of a node of that op, and those of them that may be left away.

    A `pointwise` node of `steps` "contrast dip" also has `0.amount`, `1.amount` and `1.color`; one that asks
    the model says of LoRAs and controls what the film has of them (`drawing.extras`).
    """
    if op.cost == "model":
        more: dict[str, ArgType] = {}
        for name, _ in node.args:
            kind = type_of(name)
            if kind is not None and name not in op.args:
                more[name] = kind
        return {**op.args, **more}, op.optional | more.keys()
    steps = dict(node.args).get("steps")
    if op.name != "pointwise" or not isinstance(steps, str):
        return op.args, op.optional
    args, optional = dict(op.args), set(op.optional)
    for place, name in enumerate(steps.split()):
        step = KERNEL_OPS.get(name)
        if step is not None and step.pointwise:
            args |= {f"{place}.{arg}": kind for arg, kind in step.args.items()}
            optional |= {f"{place}.{arg}" for arg in step.optional}
    return args, frozenset(optional)


def takes(node: Node, op: Op) -> tuple[tuple[Kind, ...], int]:
    """The kinds of a node's inputs, and how many of them it needs; behind those of its op one that asks the
    model has the pictures of its controls.
    """
    hints = len(hints_of(dict(node.args))) if op.cost == "model" else 0
    if not hints:
        return op.inputs, op.needs
    own: tuple[Kind, ...] = op.inputs[: len(node.inputs) - hints]
    picture: Kind = "image"
    return (*own, *(picture for _ in range(hints))), max(op.needs, len(own)) + hints
