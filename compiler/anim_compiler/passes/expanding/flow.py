"""What the film's ops of motion come to: pictures moved along a flow, and blended where something is seen."""

from __future__ import annotations

from anim_compiler.graph import Node, topological
from anim_compiler.passes.expanding.making import Making, Picture

#: ops that move the whole picture, by the op that says what each uncovers
_UNCOVERED = {"warp2d": "uncovered2d", "warp3d": "uncovered3d"}


def estimated(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`estimate_flow`: since the picture that is given, or of a video since the frame that this one is made
    from; of what never moves there is none.
    """
    later = inputs[0]
    if later is None:
        return None
    earlier = inputs[1] if len(inputs) > 1 else _past(making, later)
    return None if earlier is None else making.node("estimate_flow", (later, earlier), dict(node.args))


def moved(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`warp_flow`: without a flow the picture as it is."""
    picture, flow = inputs
    if picture is None or flow is None:
        return picture
    return making.node("warp_flow", (picture, flow), dict(node.args))


def followed(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`follow`: the picture moved as a video did since the frame that this one is made from."""
    picture, video = inputs
    if picture is None or video is None or node.arg("active") is not True:
        return picture
    flow = estimated(making, node, [video])
    return picture if flow is None else making.node("warp_flow", (picture, flow), dict(node.args))


def blended(making: Making, node: Node, inputs: list[Picture]) -> Picture:
    """`blend`: with `flow = on`, or where holes are not left to the border, the carried picture counts only
    where it shows what was there before.
    """
    fresh, carried = inputs
    if fresh is None or carried is None:
        return carried if fresh is None else fresh
    words = making.scene.shot.words
    is_on = words.get("coherence.flow") is True or words.get("coherence.fill") in ("noise", "diffuse")
    seen = _seen(making, carried) if is_on else None
    if seen is None:
        return making.node("mix", (fresh, carried), dict(node.args))
    return making.node("blend", (fresh, carried, seen), dict(node.args))


def _past(making: Making, picture: Node) -> Picture:
    """A picture made of videos as it was at the frame that this one is made from; None of another."""
    nodes = topological({"picture": picture})
    clips = [node for node in nodes if node.op == "clip"]
    if not clips or any(node.op == "previous" for node in nodes):
        return None
    past: Picture = picture
    for clip in clips:
        before = making.earlier(clip)
        assert before is not None, clip
        past = making.remade(past, clip, before)
    return past


def _seen(making: Making, picture: Node) -> Picture:
    """Where a picture made of `previous` shows what could be seen in it, a mask; None if that is everywhere.

    Where a camera moved the picture it says itself what it uncovered, and no flow is looked for; where it
    was moved along a flow, the flow and the one back must agree. A mask is moved as its picture is.
    """
    through = next((i for i in picture.inputs if _comes_from_previous(i)), None)
    if through is None:
        return None
    before, here = _seen(making, through), _seen_here(making, picture, through)
    if here is None:
        return before
    if before is None:
        return here
    carried = making.node(picture.op, (before, *picture.inputs[1:]), dict(picture.args))
    return making.node("mask_and", (carried, here))


def _seen_here(making: Making, picture: Node, through: Node) -> Picture:
    """What one step of the way leaves to be seen; None if it moves nothing."""
    if not picture.inputs or through is not picture.inputs[0]:
        return None
    if picture.op in _UNCOVERED:
        uncovered = making.node(_UNCOVERED[picture.op], picture.inputs, dict(picture.args))
        return making.node("mask_not", (uncovered,))
    if picture.op == "warp_flow":
        flow = picture.inputs[1]
        later, earlier = flow.inputs
        back = making.node("estimate_flow", (earlier, later), dict(flow.args))
        return making.node("visibility", (flow, back))
    return None


def _comes_from_previous(node: Node) -> bool:
    return any(leaf.op == "previous" for leaf in topological({"node": node}))
