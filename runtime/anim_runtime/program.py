"""Templates as code: every node becomes one closure, made once, called once a frame."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import torch

from anim_compiler.plan import ChoiceRef, ColumnRef, Columns, PlanNode, Template
from anim_runtime.ops.kernel import Argument, FrameContext, Kernel
from anim_runtime.spent import Spent

#: the stage under which an op's time is told; `generate` and `diffuse` count theirs in the engine
STAGES: Mapping[str, str] = {
    "warp2d": "warp",
    "warp3d": "warp",
    "depth": "depth",
    "match_color": "color",
    "add_noise": "noise",
    "mix": "blend",
    "reveal": "blend",
    "dip": "blend",
    "previous": "load",
    "next": "load",
    "first": "load",
    "init": "load",
}
COUNTED_INSIDE = frozenset({"generate", "diffuse"})
#: nodes whose value holds for a whole scene are worked out once per template
_STILL = frozenset({"film", "scene"})

Step: TypeAlias = Callable[[list[torch.Tensor | None], FrameContext], torch.Tensor]


class Program:
    """A template ready to run; raises KeyError at once if an op has no kernel or a column is missing."""

    def __init__(
        self, template: Template, columns: Columns, kernels: Mapping[str, Kernel], spent: Spent
    ) -> None:
        self._template = template
        self._steps = tuple(_step(node, columns, kernels[node.op], spent) for node in template.nodes)
        self._wanted = _needed(template.nodes, template.carry, given=None)
        self._shown = _needed(template.nodes, template.frame, given=template.carry)

    def carry(self, frame: FrameContext) -> torch.Tensor:
        """The picture that the next frame calls `previous`, float32 `[1,3,H,W]`."""
        values: list[torch.Tensor | None] = [None] * len(self._steps)
        return self._run(values, self._wanted, frame)[self._template.carry]

    @property
    def shows_carry(self) -> bool:
        """Whether the picture that is shown is the carry itself."""
        return self._template.frame == self._template.carry

    def shown(self, carry: torch.Tensor, frame: FrameContext) -> torch.Tensor:
        """The picture that is shown, made from the carry as stored."""
        values: list[torch.Tensor | None] = [None] * len(self._steps)
        values[self._template.carry] = carry
        return self._run(values, self._shown, frame)[self._template.frame]

    def _run(
        self, values: list[torch.Tensor | None], wanted: tuple[int, ...], frame: FrameContext
    ) -> dict[int, torch.Tensor]:
        for index in wanted:
            values[index] = self._steps[index](values, frame)
        return {i: v for i, v in enumerate(values) if v is not None}


def _needed(nodes: tuple[PlanNode, ...], result: int, given: int | None) -> tuple[int, ...]:
    """The nodes that `result` needs, in order, without those behind the node that is given."""
    wanted: set[int] = set()
    stack = [result]
    while stack:
        index = stack.pop()
        if index != given and index not in wanted:
            wanted.add(index)
            stack.extend(nodes[index].inputs)
    return tuple(sorted(wanted))


def _step(node: PlanNode, columns: Columns, kernel: Kernel, spent: Spent) -> Step:
    constants: dict[str, Argument] = {}
    moving: list[tuple[str, Callable[[int], Argument]]] = []
    for name, value in node.args.items():
        if isinstance(value, ColumnRef | ChoiceRef):
            moving.append((name, _reader(value, columns)))
        else:
            constants[name] = value
    stage = None if node.op in COUNTED_INSIDE else STAGES.get(node.op, node.op)
    still: list[torch.Tensor] = []
    keeps = node.rate in _STILL and not moving

    def step(values: list[torch.Tensor | None], frame: FrameContext) -> torch.Tensor:
        if still:
            return still[0]
        inputs = [v for v in (values[i] for i in node.inputs) if v is not None]
        args = constants
        if moving:
            args = dict(constants)
            for name, read in moving:
                args[name] = read(frame.frame)
        if stage is None:
            made = kernel(inputs, args, frame)
        else:
            with spent.stage(stage):
                made = kernel(inputs, args, frame)
        if keeps:
            still.append(made)
        return made

    return step


def _reader(value: ColumnRef | ChoiceRef, columns: Columns) -> Callable[[int], Argument]:
    """What an argument is at a frame: a number, a row of numbers, or a text."""
    column = columns[value.column]
    if isinstance(value, ChoiceRef):
        texts = value.texts
        return lambda frame: texts[int(column[frame])]
    if column.ndim > 1:
        return lambda frame: column[frame]
    return lambda frame: column[frame].item()
