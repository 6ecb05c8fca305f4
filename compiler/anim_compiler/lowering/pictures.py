"""The pictures that a pipeline starts from: what was carried, media by their names, masks joined."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from anim_compiler.film import Mask, MaskOf, MaskPart, MaskShape, Shot
from anim_compiler.graph import Arg, Column, Interner, Node, Rate

JOINS = {"and": "mask_and", "or": "mask_or", "not": "mask_not"}
"""The op that joins masks: at each pixel the smaller of two, the larger, one minus."""


@dataclass(frozen=True, slots=True)
class Media:
    """What names may stand for: the film's masks by name, and its clips; all else is a still."""

    masks: Mapping[str, Mask]
    clips: Collection[str]


def picture(name: str, shot: Shot, media: Media, nodes: Interner) -> Node:
    """The node of a picture by the name that a pipeline reads it by; a mask is made of its parts."""
    match name:
        case "previous":
            return nodes.node(name)
        case "first":
            return nodes.node("first", rate=Rate.SCENE)
        case "init":
            return nodes.node("init", args={"name": shot.init}, rate=Rate.FILM)
        case "source" if shot.source is None or shot.source in media.clips:
            return nodes.node("source", args={"name": shot.source})
        case "source":
            return _named(str(shot.source), media, nodes)
        case _:
            return _named(name, media, nodes)


def _named(name: str, media: Media, nodes: Interner) -> Node:
    mask = media.masks.get(name)
    if mask is None:
        return _file(name, media, nodes)
    made = (
        _file(name, media, nodes) if mask.value == MaskOf(name) else _joined(mask.value, mask, media, nodes)
    )
    if "radius" not in mask.curves:
        return made
    return nodes.node("blur", (made,), {"radius": Column(f"mask.{name}.radius")})


def _file(name: str, media: Media, nodes: Interner) -> Node:
    if name in media.clips:
        return nodes.node("clip", args={"name": name})
    return nodes.node("still", args={"name": name}, rate=Rate.FILM)


def _joined(value: MaskPart, mask: Mask, media: Media, nodes: Interner) -> Node:
    """A tree of masks, two joined at a time from the left."""
    if isinstance(value, MaskOf):
        return _named(value.name, media, nodes)
    if isinstance(value, MaskShape):
        begin = f"{value.place}."
        numbers: dict[str, Arg] = {
            key.removeprefix(begin): Column(f"mask.{mask.name}.{key}")
            for key in mask.curves
            if key.startswith(begin)
        }
        return nodes.node("shape", (), {**numbers, "kind": value.kind})
    parts = [_joined(part, mask, media, nodes) for part in value.operands]
    op, made = JOINS[value.op], parts[0]
    if value.op == "not":
        return nodes.node(op, (made,), rate=made.rate)
    for part in parts[1:]:
        rate = Rate.IMAGE if Rate.IMAGE in (made.rate, part.rate) else Rate.FILM
        made = nodes.node(op, (made, part), rate=rate)
    return made
