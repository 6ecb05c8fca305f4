"""What the film's ops of depth come to: estimates over the range of the scene's first frame, kept steady."""

from __future__ import annotations

from anim_compiler.clip_times import before_column
from anim_compiler.film import Camera
from anim_compiler.graph import Arg, Column, Node, Rate, topological
from anim_compiler.lowering.arguments import camera_of, fixed
from anim_compiler.lowering.bases import base
from anim_compiler.lowering.paths import OWN_CAMERA, camera_prefix, move_column
from anim_compiler.ops import KERNEL_OPS, gives
from anim_compiler.passes.expanding.making import Making, Picture
from anim_dsl.settings import SETTINGS

FLAT = "flat"
_ENDS = ("near", "far")
_AMOUNT = "depth_smooth"


def depth_estimated(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`estimate_depth`: by the estimator that the scene's own camera names, in 2d by the built-in one."""
    (picture,) = inputs
    return None if picture is None else _estimate(making, picture, _own(making))


def depth_masked(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`depth_mask`, between the nearest and the farthest that the scene's own camera knows."""
    (picture,) = inputs
    if picture is None:
        return None
    ends = making.ends
    depth = making.depth(picture)
    return making.node("depth_mask", (depth,), {**dict(node.args), **ends})


def depth_of(making: Making, node: Node, picture: Node, given: list[Picture]) -> Node:
    """How far away what a camera moves is: as the call says, else by the camera's own estimator."""
    name = str(node.arg("camera"))
    camera = camera_of(making.scene.shot, name)
    known = given[0] if given else None
    if known is None:
        known = _estimate(making, picture, camera)
    elif gives(known, KERNEL_OPS) != "depth":
        return making.node("as_depth", (_then(making, known, node),), ends_of(camera, name))
    if known.op == "depth" and known.inputs[0] is picture and picture.op == "previous":
        return _steady(making, known, camera, name)
    return known


def ends_of(camera: Camera | None, name: str) -> dict[str, Arg]:
    """Where a camera has the nearest and the farthest depth, as far as the film says it."""
    curves = {} if camera is None else camera.curves
    return {end: _value(camera, name, end) for end in _ENDS if end in curves}


def _value(camera: Camera | None, name: str, setting: str) -> Arg:
    """A number of a camera: as it is written, or the column of its curve, or its default."""
    curve = None if camera is None else camera.curves.get(setting)
    if curve is None:
        return float(SETTINGS["camera 3d", setting].default.removesuffix("%")) / 100.0
    known = fixed(curve)
    return Column(f"{camera_prefix(name)}.{setting}") if known is None else known


def _own(making: Making) -> Camera | None:
    camera = making.scene.shot.camera
    return camera if camera is not None and camera.axes == 3 else None


def _estimate(making: Making, picture: Node, camera: Camera | None) -> Node:
    """What the camera's estimator says of a picture."""
    method = "estimated" if camera is None else camera.depth
    if method == FLAT:
        return making.node("depth", (picture,), {"method": method})
    inputs = [picture]
    if not making.is_first:
        first = making.leaf("first", rate=Rate.SCENE)
        inputs.append(making.node("depth_range", (first,), {"method": method}))
    ends = ends_of(camera, OWN_CAMERA if camera is _own(making) or camera is None else camera.name)
    return making.node("depth", inputs, {"method": method, **ends})


def _steady(making: Making, known: Node, camera: Camera | None, name: str) -> Node:
    """An estimate of `previous` with some of the depth before; what it comes to is kept for the next."""
    if known.arg("method") == FLAT:
        return known
    amount = _value(camera, name, _AMOUNT)
    if amount == 0.0:
        return known
    suffix = making.scene.suffix if name == OWN_CAMERA else ""
    args: dict[str, Arg] = {
        "amount": amount,
        **{end: value for end, value in known.args if end in _ENDS},
        "move": Column(move_column(name, "previous", suffix)),
    }
    return making.node("steady_depth", (known, making.leaf("previous_depth")), args)


def _then(making: Making, picture: Node, node: Node) -> Node:
    """A picture of depth as it was when what is moved was made: a video at the frame before."""
    if base(node.inputs[0]) != "previous":
        return picture
    found: Picture = picture
    for clip in (part for part in topological({"depth": picture}) if part.op == "clip"):
        if clip.arg("at") != Column(before_column(str(clip.arg("name")))):
            found = making.remade(found, clip, making.earlier(clip) or clip)
    assert found is not None
    return found
