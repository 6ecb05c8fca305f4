"""What a graph costs: what is done for all frames of a film, and what lives while a frame is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.graph import Graph, Node, Template
from anim_compiler.ops import LEVELS, OPS, Level
from anim_compiler.passes.hoist import STILL
from anim_compiler.passes.identity import arguments, passed_through_rows, taken_steps, whole_steps
from anim_compiler.passes.place import peak

TOGETHER = 8
"""Free frames that are counted as one call of the model where the film does not say how many; the runtime
takes as many as help and fit."""

_PARTS: Mapping[str, int] = MappingProxyType({"match_color": 2})
"""Ops that do the work of several: colours are counted, and a picture is held to them."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Over a whole film: `ops` are nodes worked out, once a frame, or once for all; `unet` calls of the
    denoiser, one a step for each group of frames that go together; `resamples` pictures read between their
    pixels, `depths` depth estimates, both only where a frame's values make something of them. `live` are the
    pictures that are there at one time at most, `bytes` what they fill as float32; `nodes` are the ops of all
    templates, `free` the frames that wait for none.
    """

    ops: int
    unet: int
    resamples: int
    depths: int
    live: int
    bytes: int
    columns: int
    templates: int
    nodes: int
    free: int


def cost(graph: Graph, width: int, height: int, level: Level = "kernel") -> Cost:
    """What a graph of ops of one level costs for pictures of that size in px."""
    ops = unet = resamples = depths = nodes = free = 0
    most = [peak(template, width, height) for template in graph.templates.values()]
    for template in graph.templates.values():
        rows = len(template.frames)
        free += rows if template.batch != 1 else 0
        for node in template.nodes:
            kind = LEVELS[level].get(node.op, OPS.get(node.op))
            if kind is None or kind.cost == "free":
                continue
            nodes += 1
            ops += _PARTS.get(node.op, 1) * (min(1, rows) if node.rate in STILL else rows)
            acting = _acting(node, template, graph.columns)
            resamples += acting if kind.cost == "resample" else 0
            depths += acting if kind.cost == "depth" else 0
            unet += _calls(node, template, graph.columns) if kind.cost == "model" else 0
    return Cost(
        ops,
        unet,
        resamples,
        depths,
        max((one.values for one in most), default=0),
        max((one.bytes for one in most), default=0),
        len(graph.columns),
        len(graph.templates),
        nodes,
        free,
    )


def _acting(node: Node, template: Template, columns: Mapping[str, NDArray[Any]]) -> int:
    """How often a node does something."""
    values = arguments(node, columns, template.frames)
    acts = int((passed_through_rows(node.op, values, len(template.frames)) < 0).sum())
    return min(1, acts) if node.rate in STILL else acts


def _calls(node: Node, template: Template, columns: Mapping[str, NDArray[Any]]) -> int:
    """Calls of the denoiser that a node makes; frames of as many steps go together if they may."""
    values, rows = arguments(node, columns, template.frames), len(template.frames)
    if "steps" not in values or (node.op == "diffuse" and "strength" not in values):
        return 0
    steps = taken_steps(values) if node.op == "diffuse" else whole_steps(values)
    size = template.batch or TOGETHER
    taken, frames = np.unique(np.broadcast_to(steps, (rows,)), return_counts=True)
    return int((taken * -(-frames // size)).sum())
