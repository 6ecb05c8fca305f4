"""What controls are shown: the pictures of a node's controls, made of what they look at."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.drawing.extras import hints_of, parted
from anim_compiler.film import DEPTH_MODEL
from anim_compiler.graph import Arg, Node
from anim_compiler.lowering.guiding import follows, hint_args
from anim_compiler.ops import KERNEL_OPS, gives
from anim_compiler.passes.expanding.making import Making, Picture

_OF_DEPTH = frozenset({"depth", "normal"})
"""Hints that are made of how far away things are."""

_ESTIMATED = "estimated"


def hint(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`hint`: nothing where the picture is not there yet."""
    (picture,) = inputs
    return None if picture is None else _made(making, picture, dict(node.args))


def beside(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`hint_beside`: the picture alone where the hint is not there yet."""
    picture, shown = inputs
    if picture is None or shown is None:
        return picture
    return making.node("hint_beside", (picture, shown), dict(node.args))


def there(args: Mapping[str, Arg], inputs: list[Picture]) -> dict[str, Node]:
    """The pictures of a call's controls that are there, by the controls' names."""
    _, shown = parted(inputs, args)
    return {name: made for name, made in zip(hints_of(args), shown, strict=True) if made is not None}


def of_start(making: Making, init: Picture, given: Mapping[str, Node]) -> dict[str, Node]:
    """The hints where a scene starts: those that are given, and of `init` for controls that look at what is
    diffused.
    """
    found: dict[str, Node] = {}
    for control in making.scene.shot.controls:
        if control.name in given:
            found[control.name] = given[control.name]
        elif follows(control) and init is not None:
            found[control.name] = _made(making, init, hint_args(control))
    return found


def _made(making: Making, picture: Node, args: Mapping[str, Arg]) -> Node:
    kind = str(args["kind"])
    if kind in _OF_DEPTH:
        return making.node(f"hint_{kind}", (_depth(making, picture),))
    return making.node(f"hint_{kind}", (picture,), args)


def _depth(making: Making, picture: Node) -> Node:
    """How far away things are in a picture, over the range of that picture alone: what a hint says must not
    depend on the scene's first frame.
    """
    if gives(picture, KERNEL_OPS) == "depth":
        return picture
    camera = making.scene.shot.camera
    named = camera is not None and camera.axes == 3 and camera.depth.startswith(DEPTH_MODEL)
    return making.node("depth", (picture,), {"method": camera.depth if camera and named else _ESTIMATED})
