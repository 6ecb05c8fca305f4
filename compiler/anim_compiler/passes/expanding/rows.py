"""What each film op comes to in kernel ops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from anim_compiler.graph import Arg, Column, Node
from anim_compiler.lowering.arguments import camera_of
from anim_compiler.lowering.bases import base
from anim_compiler.lowering.paths import OWN_CAMERA, move_column
from anim_compiler.passes.expanding.grade import graded
from anim_compiler.passes.expanding.making import Making, Picture

Rule: TypeAlias = Callable[[Making, Node, list[Picture]], Picture]
"""What a film node comes to, its inputs being expanded already."""


def expanded(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """What a film node comes to; KeyError for an op that no kernel is there for."""
    return RULES[node.op](making, node, inputs)


# --- what is there already ---


def _previous(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    return None if making.is_first and not making.scene.goes_on else making.leaf("previous")


def _first(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    return None if making.is_first else making.leaf("first", rate=node.rate)


def _leaf(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    return making.leaf(node.op, dict(node.args), node.rate)


# --- moving ---


def _warp(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture, name = inputs[0], str(node.arg("camera"))
    camera = camera_of(making.scene.shot, name)
    if picture is None or camera is None:
        return picture
    args: dict[str, Arg] = {"move": _move(making, node), "border": node.arg("border")}
    if camera.axes == 2:
        return making.node("warp2d", (picture,), args)
    return making.node("warp3d", (picture, _depth_of(making, picture, inputs[1:], camera.depth)), args)


def _uncovered(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture, name = inputs[0], str(node.arg("camera"))
    camera = camera_of(making.scene.shot, name)
    if picture is None:
        return None
    if camera is None:
        # no camera uncovers nothing: no luma reaches 2
        return making.node("luma_mask", (picture,), {"low": 2.0, "high": 2.0})
    args: dict[str, Arg] = {"move": _move(making, node)}
    if camera.axes == 2:
        return making.node("uncovered2d", (picture,), args)
    return making.node("uncovered3d", (picture, _depth_of(making, picture, inputs[1:], camera.depth)), args)


def _move(making: Making, node: Node) -> Column:
    name = str(node.arg("camera"))
    suffix = making.scene.suffix if name == OWN_CAMERA else ""
    return Column(move_column(name, base(node.inputs[0]), suffix))


def _depth_of(making: Making, picture: Node, given: list[Picture], method: str) -> Node:
    """The depth that a call is given, else that of its picture by the camera's own estimator."""
    known = given[0] if given else None
    return making.node("depth", (picture,), {"method": method}) if known is None else making.depth(known)


def _transform(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    (picture,) = inputs
    column = making.transforms.column(node)
    if picture is None or column is None:
        return picture
    return making.node("warp2d", (picture,), {"move": Column(column), "border": node.arg("border")})


def _estimate_depth(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    (picture,), camera = inputs, making.scene.shot.camera
    method = camera.depth if camera is not None and camera.axes == 3 else "estimated"
    return None if picture is None else making.node("depth", (picture,), {"method": method})


# --- colouring ---


def _match_color(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture, reference = inputs
    if picture is None or reference is None or node.arg("space") == "none":
        return picture
    return making.node("match_color", (picture, reference), dict(node.args))


def _one(
    making: Making, node: Node, inputs: list[Picture], more: Mapping[str, Arg] = MappingProxyType({})
) -> Picture:
    """An op of one picture and a mask that may be left away."""
    picture = inputs[0]
    if picture is None:
        return None
    made = making.node(node.op, (picture,), {**dict(node.args), **more})
    return making.masked(picture, made, inputs[1:])


def _grade(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture = inputs[0]
    if picture is None:
        return None
    return making.masked(picture, graded(making, picture, dict(node.args)), inputs[1:])


# --- the model ---


def _diffuse(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture = inputs[0]
    if picture is None:
        return making.started(dict(node.args))
    made = making.node("diffuse", (picture,), dict(node.args))
    return making.masked(picture, made, inputs[1:])


def _generate(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    return making.node("generate", (), dict(node.args))


# --- joining ---


def _join(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`blend`, `mix` and `composite`: of one picture that is there, that one."""
    below, above = inputs[:2]
    if below is None or above is None:
        return above if below is None else below
    op = "mix" if node.op == "blend" else node.op
    made = making.node(op, (below, above), dict(node.args))
    return making.masked(below, made, inputs[2:])


def _all(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """An op that needs every picture that it takes."""
    known = [picture for picture in inputs if picture is not None]
    return making.node(node.op, known, dict(node.args)) if len(known) == len(inputs) else None


def _depth_mask(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    (picture,) = inputs
    return None if picture is None else making.node("depth_mask", (making.depth(picture),), dict(node.args))


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "previous": _previous,
        "first": _first,
        **dict.fromkeys(("init", "still", "source", "layers"), _leaf),
        "warp": _warp,
        "uncovered": _uncovered,
        "transform": _transform,
        "estimate_depth": _estimate_depth,
        "match_color": _match_color,
        "grade": _grade,
        **dict.fromkeys(("add_noise", "contrast", "sharpen", "blur", "luma_mask"), _one),
        "diffuse": _diffuse,
        "generate": _generate,
        **dict.fromkeys(("blend", "mix", "composite"), _join),
        **dict.fromkeys(("difference_mask", "mask_and", "mask_or", "mask_not"), _all),
        "depth_mask": _depth_mask,
    }
)
"""What each film op comes to, by name; those of motion have no kernel yet (`lowering/lacks.py`)."""
