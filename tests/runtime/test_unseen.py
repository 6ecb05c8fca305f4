"""Layers that are invisible at a frame cost nothing there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from anim_compiler.plan import ColumnRef, Columns, PlanArg, PlanNode, Template
from anim_runtime.kept import Kept
from anim_runtime.ops.kernel import Arguments, FrameContext, number
from anim_runtime.program import Program, Tools
from anim_runtime.spent import Spent
from anim_runtime.together import together
from anim_runtime.unseen import unseen

COLUMNS: Columns = {"one": np.array([0.0, 1.0, 0.0]), "two": np.array([0.0, 0.0, 0.5])}


def node(op: str, *inputs: int, **args: PlanArg) -> PlanNode:
    return PlanNode(op=op, inputs=inputs, args=args, rate="image")


def template(*nodes: PlanNode, carry: int = 0) -> Template:
    return Template(frames="0-2", nodes=nodes, carry=carry, frame=len(nodes) - 1, digest="")


def fading(name: str) -> ColumnRef:
    return ColumnRef(column=name)


def test_a_picture_is_made_where_its_layer_is_seen() -> None:
    made: list[str] = []

    def make(inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        made.append(f"{args['name']} at {frame.frame}")
        return torch.full((1, 3, 2, 2), 0.5)

    def layer(inputs: Sequence[torch.Tensor], args: Arguments, frame: FrameContext) -> torch.Tensor:
        opacity = number(args, "opacity")
        return inputs[0] if opacity == 0.0 else inputs[0] + inputs[1] * opacity

    nodes = (
        node("make", name="below"),
        node("make", name="above"),
        node("layer", 0, 1, opacity=fading("one")),
    )
    tools = Tools(COLUMNS, {"make": make, "layer": layer}, {}, Spent(), Kept())
    program = Program(template(*nodes), 0, tools)

    def asked_in_vain(requests: Sequence[object]) -> list[torch.Tensor]:
        raise AssertionError("no model is asked")

    shown = []
    for frame in range(3):
        context = FrameContext(frame, 2, 2, torch.device("cpu"))
        (picture,) = together([program.shown(torch.full((1, 3, 2, 2), 0.5), context)], asked_in_vain)
        shown.append(float(picture.mean()))
    assert shown == [0.5, 1.0, 0.5]
    assert made == ["above at 1"]


def test_what_two_layers_show_is_needed_where_one_of_them_is_seen() -> None:
    found = unseen(
        template(
            node("init"),
            node("title"),
            node("shape"),
            node("mask_not", 2),
            node("layer", 0, 1, 3, opacity=fading("one")),
            node("layer", 4, 1, opacity=fading("two")),
        ),
        COLUMNS,
    )
    assert sorted(found) == [1, 2, 3], "never what is below"
    assert [found[1](frame) for frame in range(3)] == [True, False, False]
    assert [found[2](frame) for frame in range(3)] == [True, False, True]


def test_what_something_else_asks_for_is_always_made() -> None:
    nodes = (
        node("init"),
        node("title"),
        node("layer", 0, 1, opacity=1.0),
        node("shape"),
        node("layer", 2, 3, opacity=fading("one")),
        node("blur", 3),
        node("layer", 4, 5, opacity=1.0),
    )
    assert not unseen(template(*nodes), COLUMNS)
    shown_itself = (node("init"), node("title"), node("layer", 0, 1, opacity=fading("one")))
    assert not unseen(template(*shown_itself, carry=1), COLUMNS)
