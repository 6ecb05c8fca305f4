"""The pictures that a pipeline starts from: what was carried, media by their names, masks joined."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.film import Mask, MaskJoin, MaskOf, Shot
from anim_compiler.graph import Interner, Node, Rate

JOINS = {"and": "mask_and", "or": "mask_or", "not": "mask_not"}
"""The op that joins masks: at each pixel the smaller of two, the larger, one minus."""


def picture(name: str, shot: Shot, masks: Mapping[str, Mask], nodes: Interner) -> Node:
    """The node of a picture by the name that a pipeline reads it by; a mask is made of its stills."""
    match name:
        case "previous" | "layers":
            return nodes.node(name)
        case "first":
            return nodes.node("first", rate=Rate.SCENE)
        case "init":
            return nodes.node("init", args={"name": shot.init}, rate=Rate.FILM)
        case "source":
            return nodes.node("source", args={"name": shot.source})
        case _:
            return _named(name, masks, nodes)


def _named(name: str, masks: Mapping[str, Mask], nodes: Interner) -> Node:
    mask = masks.get(name)
    if mask is None or mask.value == MaskOf(name):
        return nodes.node("still", args={"name": name}, rate=Rate.FILM)
    return _joined(mask.value, masks, nodes)


def _joined(value: MaskOf | MaskJoin, masks: Mapping[str, Mask], nodes: Interner) -> Node:
    """A tree of masks, two joined at a time from the left."""
    if isinstance(value, MaskOf):
        return _named(value.name, masks, nodes)
    parts = [_joined(part, masks, nodes) for part in value.operands]
    op, made = JOINS[value.op], parts[0]
    if value.op == "not":
        return nodes.node(op, (made,), rate=Rate.FILM)
    for part in parts[1:]:
        made = nodes.node(op, (made, part), rate=Rate.FILM)
    return made
