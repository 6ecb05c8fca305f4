"""What each film op comes to in kernel ops."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from anim_compiler.graph import Arg, Choice, Column, Node
from anim_compiler.guide_columns import FROM, MIX, THERE, TO, names
from anim_compiler.lowering.arguments import camera_of
from anim_compiler.lowering.bases import base, flips
from anim_compiler.lowering.paths import OWN_CAMERA, Base, flip_column, move_column
from anim_compiler.passes.expanding.depth import depth_estimated, depth_masked, depth_of
from anim_compiler.passes.expanding.filling import diffused
from anim_compiler.passes.expanding.flow import blended, estimated, followed, moved
from anim_compiler.passes.expanding.grade import graded
from anim_compiler.passes.expanding.hints import beside, hint, there
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


def _medium(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`source` or a clip by its name."""
    fit = dict(node.args).get("fit")
    return making.medium(str(node.arg("name")), None if fit is None else str(fit))


# --- moving ---


def _warp(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture, name = inputs[0], str(node.arg("camera"))
    camera = camera_of(making.scene.shot, name)
    if picture is None or camera is None:
        return picture
    args: dict[str, Arg] = {"move": _move(making, node), "border": node.arg("border")}
    if camera.in_plane:
        return making.node("warp2d", (picture,), args)
    if flips(camera):
        turned = making.node("warp2d", (picture,), {**args, "move": _flip(making, node)})
        inputs = [picture, *(making.remade(known, picture, turned) for known in inputs[1:])]
        picture = turned
    args["way"] = camera.depth_warp
    return making.node("warp3d", (picture, depth_of(making, node, picture, inputs[1:])), args)


def _uncovered(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture, name = inputs[0], str(node.arg("camera"))
    camera = camera_of(making.scene.shot, name)
    if picture is None:
        return None
    if camera is None:
        # no camera uncovers nothing: no luma reaches 2
        return making.node("luma_mask", (picture,), {"low": 2.0, "high": 2.0})
    args: dict[str, Arg] = {"move": _move(making, node)}
    if camera.in_plane:
        return making.node("uncovered2d", (picture,), args)
    depth = depth_of(making, node, picture, inputs[1:])
    made = making.node("uncovered3d", (picture, depth), {**args, "way": camera.depth_warp})
    if not flips(camera):
        return made
    return making.node(
        "mask_or", (making.node("uncovered2d", (picture,), {"move": _flip(making, node)}), made)
    )


def _move(making: Making, node: Node) -> Column:
    return Column(move_column(*_since(making, node)))


def _since(making: Making, node: Node) -> tuple[str, Base, str]:
    """A call's camera, since when it moves the picture, and what ends the names of its columns."""
    name = str(node.arg("camera"))
    return name, base(node.inputs[0]), making.scene.suffix if name == OWN_CAMERA else ""


def _flip(making: Making, node: Node) -> Column:
    """The perspective turns of a camera in 3d since the picture was made."""
    return Column(flip_column(*_since(making, node)))


def _transform(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    (picture,) = inputs
    column = making.transforms.column(node)
    if picture is None or column is None:
        return picture
    return making.node("warp2d", (picture,), {"move": Column(column), "border": node.arg("border")})


# --- colouring ---


def _match_color(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    picture, reference = inputs
    if picture is None or reference is None or reference is picture or node.arg("space") == "none":
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


def _guide(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """The picture mixed with the guide of this frame; where nothing is there yet and no `init`, the guide."""
    guide, picture = making.scene.shot.guide, inputs[0]
    if guide is None or not names(guide):
        return picture
    ends = [making.leaf("still", {"name": Choice(end, names(guide))}) for end in (FROM, TO)]
    made = making.node("mix", ends, {"weight": Column(MIX)})
    if picture is None:
        return None if making.init() is not None or guide.keys[0].picture is None else made
    there = making.node("mix", (picture, made), {"weight": Column(THERE)})
    return making.node("mix", (picture, there), dict(node.args))


def _generate(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    args = dict(node.args)
    return making.drawn("generate", (), args, there(args, inputs))


# --- joining ---


def _join(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`blend`, `mix` and `composite`: of one picture that is there, that one."""
    below, above = inputs[:2]
    if below is None or above is None:
        return above if below is None else below
    if above.op == "empty":
        return below
    op = "mix" if node.op == "blend" else node.op
    made = making.node(op, (below, above), dict(node.args))
    return making.masked(below, made, inputs[2:])


def _layer(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """A layer over what is there; `expand` lays it over the carry where nothing is."""
    below, above, *mask = inputs
    if below is None or above is None:
        return below
    shown = [picture for picture in mask if picture is not None]
    return below if len(shown) < len(mask) else making.node("layer", (below, above, *shown), dict(node.args))


def _all(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """An op that needs every picture that it takes."""
    known = [picture for picture in inputs if picture is not None]
    return making.node(node.op, known, dict(node.args)) if len(known) == len(inputs) else None


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "previous": _previous,
        "first": _first,
        **dict.fromkeys(("init", "still", "empty", "cutout", "title", "shape"), _leaf),
        **dict.fromkeys(("source", "clip"), _medium),
        "warp": _warp,
        "uncovered": _uncovered,
        "transform": _transform,
        "follow": followed,
        "warp_flow": moved,
        "estimate_flow": estimated,
        "estimate_depth": depth_estimated,
        "match_color": _match_color,
        "grade": _grade,
        **dict.fromkeys(("add_noise", "contrast", "sharpen", "blur", "luma_mask", "kaleidoscope"), _one),
        "diffuse": diffused,
        "generate": _generate,
        "guide": _guide,
        "hint": hint,
        "hint_beside": beside,
        "blend": blended,
        **dict.fromkeys(("mix", "composite"), _join),
        "layer": _layer,
        **dict.fromkeys(("difference_mask", "visibility", "mask_and", "mask_or", "mask_not"), _all),
        "depth_mask": depth_masked,
    }
)
"""What each film op comes to, by name."""
