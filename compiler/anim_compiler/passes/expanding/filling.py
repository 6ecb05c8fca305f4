"""How a picture is made anew, and what becomes of the holes that a camera move leaves in it."""

from __future__ import annotations

from anim_compiler.drawing.extras import parted
from anim_compiler.graph import Arg, Node, topological
from anim_compiler.passes.expanding.hints import there
from anim_compiler.passes.expanding.making import Making, Picture

_OPTIONAL = ("mask", "fill")


def diffused(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`diffuse` of a picture: anew all over, and more so where `fill` is white.

    What a camera uncovers is filled as `fill` of `coherence` says: with `border` as the warp left it, with
    `noise` by noise that the model works on, with `diffuse` by the model at a strength of its own. A mask
    of anything else is always for the model.
    """
    picture = inputs[0]
    args = {name: value for name, value in node.args if name != "given"}
    drawn, _ = parted(inputs, args)
    hints = there(args, inputs)
    if picture is None:
        return making.started(args, hints)
    masks = dict(zip(_given(node, len(drawn)), drawn[1:], strict=True))
    start, kernel = picture, [picture]
    hole = masks.get("fill")
    if hole is not None:
        way = _way(making, node, len(drawn))
        if way == "noise":
            start = making.node("fill_noise", (picture, hole), {"seed": args["seed"]})
            kernel = [start]
        elif way == "diffuse":
            kernel = [picture, hole]
    made = making.drawn("diffuse", kernel, _without_fill(args) if len(kernel) == 1 else args, hints)
    return making.masked(picture, made, [masks["mask"]] if "mask" in masks else [])


def _given(node: Node, drawn: int) -> tuple[str, ...]:
    """The masks that a call is given, in order; `drawn` of its inputs are no pictures of controls."""
    said = dict(node.args).get("given")
    return tuple(said.split()) if isinstance(said, str) else _OPTIONAL[: drawn - 1]


def _way(making: Making, node: Node, drawn: int) -> str:
    """What is done where `fill` is white."""
    mask = node.inputs[1 + _given(node, drawn).index("fill")]
    if not any(part.op == "uncovered" for part in topological({"fill": mask})):
        return "diffuse"
    return str(making.scene.shot.words.get("coherence.fill") or "border")


def _without_fill(args: dict[str, Arg]) -> dict[str, Arg]:
    return {name: value for name, value in args.items() if name != "fill_strength"}
