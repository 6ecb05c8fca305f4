"""The op table: what each op takes, what may stand in its arguments, and its version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, TypeAlias

from anim_compiler.graph import Choice, Column, Graph, Node, Rate, topological

#: what an op gives and takes: a picture `[1, 3, H, W]` or a depth map `[1, 1, H, W]`
Kind: TypeAlias = Literal["image", "depth"]
ArgType: TypeAlias = Literal["number", "integer", "text", "move9", "move14"]


@dataclass(frozen=True, slots=True)
class Op:
    """One op. `version` is raised when its pixels change; it is part of every frame's recipe."""

    name: str
    inputs: tuple[Kind, ...]
    args: Mapping[str, ArgType]
    gives: Kind = "image"
    rate: Rate = Rate.IMAGE
    version: int = 1


_SAMPLING: Mapping[str, ArgType] = MappingProxyType(
    {"steps": "integer", "cfg_scale": "number", "sampler": "text", "seed": "number"}
)

_ROWS = (
    Op("previous", (), {}),
    Op("next", (), {}),
    Op("first", (), {}, rate=Rate.SCENE),
    Op("init", (), {"name": "text"}, rate=Rate.FILM),
    Op("warp2d", ("image",), {"move": "move9", "border": "text"}),
    Op("warp3d", ("image", "depth"), {"move": "move14", "border": "text"}),
    Op("depth", ("image",), {"method": "text"}, gives="depth"),
    Op("match_color", ("image", "image"), {"space": "text"}),
    Op("add_noise", ("image",), {"amount": "number", "seed": "number"}),
    Op("generate", (), dict(_SAMPLING)),
    Op("diffuse", ("image",), {"strength": "number", **_SAMPLING}),
    Op("mix", ("image", "image"), {"weight": "number"}),
    Op("reveal", ("image",), {"amount": "number", "way": "text"}),
    Op("dip", ("image",), {"amount": "number", "color": "text"}),
)

OPS: Mapping[str, Op] = MappingProxyType({op.name: op for op in _ROWS})

_WIDTHS: Mapping[ArgType, int] = MappingProxyType({"move9": 9, "move14": 14})


def verify(graph: Graph, shapes: Mapping[str, tuple[int, ...]] | None = None) -> tuple[str, ...]:
    """What is wrong with a graph, one sentence a fault; nothing if it is whole.

    `shapes` are the columns' shapes; without them only their presence as columns is not checked.
    """
    faults: list[str] = []
    for (scene, kind), results in sorted(graph.templates.items(), key=lambda row: row[0]):
        where = f"scene {scene}, {kind}"
        if set(results) != {"carry", "frame"}:
            faults.append(f"{where}: results are {sorted(results)}")
        for node in topological(results):
            faults.extend(f"{where}: {fault}" for fault in _faults(node, kind, shapes))
            if node.op in ("previous", "first") and (scene, kind) == (0, "first"):
                faults.append(f"{where}: {node.op} where nothing was before")
    return tuple(faults)


def _faults(node: Node, kind: str, shapes: Mapping[str, tuple[int, ...]] | None) -> list[str]:
    op = OPS.get(node.op)
    if op is None:
        return [f"unknown op {node.op}"]
    found = [f"{node.op} takes {name}" for name in sorted(set(op.args) ^ {name for name, _ in node.args})]
    kinds = tuple(OPS[i.op].gives for i in node.inputs if i.op in OPS)
    if kinds != op.inputs:
        found.append(f"{node.op} has inputs {kinds}")
    if (node.op == "next") and kind != "tween":
        found.append("next outside a tween")
    for name, value in node.args:
        wanted = op.args.get(name)
        if wanted is not None and not _fits(value, wanted, shapes):
            found.append(f"{node.op}.{name} is {value!r}")
    return found


def _fits(value: object, wanted: ArgType, shapes: Mapping[str, tuple[int, ...]] | None) -> bool:
    width = _WIDTHS.get(wanted)
    if isinstance(value, Choice):
        return wanted == "text" and (shapes is None or len(shapes.get(value.name, ())) == 1)
    if isinstance(value, Column):
        if wanted == "text":
            return False
        shape = None if shapes is None else shapes.get(value.name)
        if shapes is not None and shape is None:
            return False
        return shape is None or (shape[1:] == ((width,) if width else ()))
    match wanted:
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case _:
            return False
