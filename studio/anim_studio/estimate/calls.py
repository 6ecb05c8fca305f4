"""How often the denoiser is called: once for all frames that pass it together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TypeAlias

import numpy as np

from anim_compiler.drawing.extras import CONTROL, LORA
from anim_compiler.drawing.extras import MODEL as MODEL_ARG
from anim_compiler.frame_table import FrameTable
from anim_compiler.graph import Graph, Node, topological
from anim_compiler.passes.identity import Values, arguments
from anim_compiler.plan import Plan
from anim_runtime.schedule import Work as Schedule
from anim_runtime.schedule import groups
from anim_studio.estimate.sampling import asked

MODEL = frozenset({"generate", "diffuse"})

Asked: TypeAlias = tuple[str, int, int, bool, tuple[object, ...]]
"""What a node asks of the model at a frame: sampler, calls, steps, guidance, and who draws."""

Asks: TypeAlias = tuple[Asked, ...]
"""What a frame asks of the model, node by node. Frames of which it is the same are drawn together."""


def denoiser_calls(
    plan: Plan,
    graph: Graph,
    table: FrameTable,
    makers: Sequence[int],
    made: Collection[int],
    batch: int,
) -> int:
    """Calls of the denoiser for frames that are made, `batch` of them together where the film says nothing;
    `makers` says of every frame which one is made for it.

    The runtime's own groups, but for the lengths of prompts: two that differ by so much that they cannot be
    drawn together are counted as if they could.
    """
    from anim_runtime.working import limits, scene_places, working_order

    places, said, rows = scene_places(plan), limits(plan), graph.rows()
    known = {key: _asked(graph, key) for key in graph.templates}
    reads = {key: frozenset(node.op for node in _carried(graph, key)) for key in graph.templates}

    def kind(frame: int) -> Asks:
        return known[rows[frame]].get(frame, ())

    def needs(frame: int) -> tuple[int, ...]:
        read = {
            "previous": table.before[frame],
            "next": table.after[frame],
            "first": plan.scenes[places[frame][0]].start,
        }
        ops = reads[rows[frame]]
        return tuple(sorted({makers[n] for op, n in read.items() if op in ops and n >= 0} - {frame}))

    schedule = Schedule(
        order=working_order(plan, table),
        needs=[needs(frame) for frame in range(plan.made)],
        drawn=lambda frame: any(calls for _, calls, *_ in kind(frame)),
        kind=kind,
        most=lambda frame: said[places[frame][0]] or batch,
    )
    return sum(calls for group in groups(schedule, made) for _, calls, *_ in kind(group[0]))


def _asked(graph: Graph, key: tuple[int, str]) -> dict[int, Asks]:
    """What the model is asked at each row of a template."""
    template = graph.templates[key]
    asks = [node for node in _carried(graph, key) if node.op in MODEL]
    columns = [_node(graph, node, template.frames) for node in asks]
    return {row: tuple(column[i] for column in columns) for i, row in enumerate(template.frames)}


def _carried(graph: Graph, key: tuple[int, str]) -> tuple[Node, ...]:
    return topological({"carry": graph.templates[key].results["carry"]})


def _node(graph: Graph, node: Node, rows: tuple[int, ...]) -> list[Asked]:
    values = arguments(node, graph.columns, rows)
    draws = asked(node.op, values, len(rows))
    columns = (draws.samplers, draws.calls, draws.steps, draws.guided)
    return list(zip(*(column.tolist() for column in columns), _drawers(values, len(rows)), strict=True))


def _drawers(values: Values, rows: int) -> list[tuple[object, ...]]:
    """Who draws at each row: the model, how much noise it puts back, and the LoRAs and controls that act."""
    told = [
        np.broadcast_to(np.asarray(value if name in (MODEL_ARG, "eta") else value != 0.0), (rows,)).tolist()
        for name, value in values.items()
        if name in (MODEL_ARG, "eta")
        or name.startswith(LORA)
        or (name.startswith(CONTROL) and name.endswith(".weight"))
    ]
    return list(zip(*told, strict=True)) if told else [()] * rows
