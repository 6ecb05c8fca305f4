"""`grade` as the kernels that colour a picture, in the order in which they do."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.graph import Arg, Node
from anim_compiler.image_ops import IMAGE_OPS
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.passes.expanding.making import Making
from anim_compiler.setting import default
from anim_dsl.settings import SETTINGS

_TONES = tuple(KERNEL_OPS["grade"].args)
"""The settings that one kernel does together."""

NEUTRAL: Mapping[str, float] = {
    arg.name: found.expr.value  # type: ignore[union-attr]  # a default is a number
    for arg in IMAGE_OPS["grade"].args
    if (found := default(SETTINGS["grade", arg.name])) is not None
}
"""What each setting is where it changes nothing."""


def graded(making: Making, picture: Node, args: Mapping[str, Arg]) -> Node:
    """The picture in other colours, then sharpened, with glow, dark corners and grain, and then by a colour
    table; what is never given is not done. Grain is drawn by the frame's place alone.
    """
    given = {name: value for name, value in args.items() if value != NEUTRAL.get(name, value)}
    made = picture
    if any(name in given for name in _TONES):
        made = making.node("grade", (made,), {name: args[name] for name in _TONES})
    steps: tuple[tuple[str, str, Mapping[str, Arg]], ...] = (
        ("sharpen", "sharpen", {"radius": 1.0 * making.scene.scale, "threshold": 0.0}),
        ("aberration", "aberration", {}),
        ("bloom", "bloom", {}),
        ("vignette", "vignette", {}),
        ("grain", "grain", {"seed": 0.0}),
    )
    for name, op, more in steps:
        if name in given:
            made = making.node(op, (made,), {"amount": given[name], **more})
    table = args.get("lut")
    if isinstance(table, str) and table:
        made = making.node("lut", (made,), {"name": table, "amount": args.get("lut_strength", 1.0)})
    return made
