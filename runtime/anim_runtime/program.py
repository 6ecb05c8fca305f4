"""Templates as code: every node becomes one closure, made once, called once a frame.

A frame is walked by a generator: it yields what it asks of the model and is sent the picture, so that
several frames can be at the same point and their requests drawn together (`together`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import torch

from anim_compiler.plan import Columns, PlanNode, Template
from anim_runtime.arguments import AtFrame, arguments
from anim_runtime.diffusion.request import Request
from anim_runtime.kept import Kept
from anim_runtime.ops.channels import as_image, as_mask
from anim_runtime.ops.kernel import Arguments, FrameContext, Kernel
from anim_runtime.spent import Spent
from anim_runtime.unseen import Unseen, unseen

#: the stage under which an op's time is told, its own name unless it stands here
STAGES: Mapping[str, str] = {
    "warp2d": "warp",
    "warp3d": "warp",
    "uncovered2d": "warp",
    "uncovered3d": "warp",
    "kaleidoscope": "warp",
    "estimate_flow": "flow",
    "warp_flow": "flow",
    "visibility": "flow",
    "between": "flow",
    "match_color": "color",
    "match_stats": "color",
    "color_stats": "color",
    "add_noise": "noise",
    "fill_noise": "noise",
    "mix": "blend",
    "masked": "blend",
    "blend": "blend",
    "composite": "blend",
    "flat": "blend",
    "empty": "blend",
    "layer": "layers",
    "cutout": "layers",
    "title": "layers",
    "reveal": "blend",
    "dip": "blend",
    "contrast": "grade",
    "sharpen": "grade",
    "lut": "grade",
    "pointwise": "grade",
    "depth_range": "depth",
    "steady_depth": "depth",
    "previous_depth": "load",
    "next_depth": "load",
    "previous": "load",
    "next": "load",
    "first": "load",
    "init": "load",
    "still": "load",
    "clip": "load",
}

#: what a node asks of the model, made of its inputs and arguments at the frame
Ask: TypeAlias = Callable[[Sequence[torch.Tensor], Arguments, FrameContext], Request]
#: a frame in work: yields requests, is sent their pictures, returns its own
Walk: TypeAlias = Generator[Request, torch.Tensor, torch.Tensor]
Values: TypeAlias = list[torch.Tensor]

#: stands for a value that is not there yet or not needed any more
_NONE = torch.empty(0)


@dataclass(frozen=True, slots=True)
class Tools:
    """What programs are made with: kernels and requests by op, the clock, and what is kept between frames."""

    columns: Columns
    kernels: Mapping[str, Kernel]
    asks: Mapping[str, Ask]
    spent: Spent
    kept: Kept


Act: TypeAlias = Callable[[Values, FrameContext], torch.Tensor]


class _Step(NamedTuple):
    """One node at work; `ask` is given instead of `act` where the model draws.

    A tuple, because taking one apart is the quickest way to read all of it, and this is done a dozen times
    a frame.
    """

    place: int
    stage: str
    act: Act | None
    ask: Callable[[Values, FrameContext], Request] | None
    gone: tuple[int, ...]


class Program:
    """A template ready to run; raises KeyError at once if an op has no kernel or a column is missing."""

    def __init__(self, template: Template, scene: int, tools: Tools) -> None:
        self._template = template
        self._scene = scene
        self._tools = tools
        self._args = [arguments(node.args, tools.columns) for node in template.nodes]
        self._numbers: list[int | None] = []
        self._unseen = unseen(template, tools.columns)
        steps = [self._step(place, node) for place, node in enumerate(template.nodes)]
        carried = _needed(template.nodes, template.carry, given=None)
        self._carry = _chosen(steps, carried, template.releases)
        self._shown = _chosen(
            steps, _needed(template.nodes, template.frame, given=template.carry), template.releases
        )
        #: the ops that the carry needs
        self.ops = frozenset(template.nodes[place].op for place in carried)
        #: what the carry asks of the model: op and arguments at a frame, in order
        self.asks: tuple[tuple[str, AtFrame], ...] = tuple(
            (template.nodes[place].op, self._args[place][0])
            for place in carried
            if template.nodes[place].op in tools.asks
        )

    @property
    def shows_carry(self) -> bool:
        """Whether the picture that is shown is the carry itself."""
        return self._template.frame == self._template.carry

    def carry(self, frame: FrameContext) -> Walk:
        """The picture that the next frame calls `previous`, float32 `[1,3,H,W]`."""
        return self._walk(self._carry, [_NONE] * len(self._args), self._template.carry, frame)

    def shown(self, carry: torch.Tensor, frame: FrameContext) -> Walk:
        """The picture that is shown, float32 `[1,3,H,W]`, made from the carry as stored."""
        values = [_NONE] * len(self._args)
        values[self._template.carry] = carry
        return self._walk(self._shown, values, self._template.frame, frame)

    def _walk(self, steps: tuple[_Step, ...], values: Values, result: int, frame: FrameContext) -> Walk:
        self._tools.kept.use(self._scene)
        spent = self._tools.spent
        lap = spent.lap
        since = spent.now()
        for place, stage, act, ask, gone in steps:
            if act is not None:
                values[place] = act(values, frame)
                since = lap(stage, since)
            elif ask is not None:
                # the engine counts its own time
                values[place] = yield ask(values, frame)
                since = spent.now()
            for old in gone:
                values[old] = _NONE
        return as_image(values[result])

    def _step(self, place: int, node: PlanNode) -> _Step:
        at, moves = self._args[place]
        stage = STAGES.get(node.op, node.op)
        asks = self._tools.asks.get(node.op)
        if asks is not None:
            self._numbers.append(None)
            return _Step(place, stage, None, _asking(asks, node, at), ())
        act = _acting(self._tools.kernels[node.op], node.inputs, at)
        where = self._tools.kept.place(
            node, self._scene, [self._numbers[i] for i in node.inputs], moves=moves
        )
        self._numbers.append(None if where is None else where[1])
        if where is not None:
            act = _keeping(act, *where)
        if place in self._unseen:
            act = _only_seen(act, self._unseen[place])
        return _Step(place, stage, act, None, ())


def _needed(nodes: Sequence[PlanNode], result: int, given: int | None) -> tuple[int, ...]:
    """The nodes that `result` needs, in order, without those behind the node that is given."""
    wanted: set[int] = set()
    stack = [result]
    while stack:
        index = stack.pop()
        if index != given and index not in wanted:
            wanted.add(index)
            stack.extend(nodes[index].inputs)
    return tuple(sorted(wanted))


def _chosen(
    steps: Sequence[_Step], wanted: tuple[int, ...], releases: tuple[tuple[int, ...], ...]
) -> tuple[_Step, ...]:
    """The wanted steps; each lets go of what the plan releases after it and before the next one of them."""
    made: list[_Step] = []
    for place, following in pairwise((*wanted, len(steps))):
        gone = (
            tuple(i for after in releases[place:following] for i in after) if following < len(steps) else ()
        )
        step = steps[place]
        made.append(_Step(step.place, step.stage, step.act, step.ask, gone))
    return tuple(made)


def _acting(kernel: Kernel, inputs: tuple[int, ...], at: AtFrame) -> Act:
    """A kernel with its inputs and arguments; the usual numbers of inputs have the shortest way there."""
    if len(inputs) == 1:
        (only,) = inputs
        return lambda values, frame: kernel([values[only]], at(frame.frame), frame)
    if len(inputs) == 2:
        one, two = inputs
        return lambda values, frame: kernel([values[one], values[two]], at(frame.frame), frame)
    return lambda values, frame: kernel([values[i] for i in inputs], at(frame.frame), frame)


def _asking(ask: Ask, node: PlanNode, at: AtFrame) -> Callable[[Values, FrameContext], Request]:
    """What a node asks: of a picture, the hole in it, and what its controls are shown; the picture of one
    that rests at the frame may not be there.
    """
    inputs, hole = node.inputs, 1 if "fill_strength" in node.args else -1

    def asked(values: Values, frame: FrameContext) -> Request:
        given = [values[i] for i in inputs]
        shown = [
            one if one is _NONE else as_mask(one) if place == hole else as_image(one)
            for place, one in enumerate(given)
        ]
        return ask(shown, at(frame.frame), frame)

    return asked


def _keeping(act: Act, held: dict[int, torch.Tensor], number: int) -> Act:
    def once(values: Values, frame: FrameContext) -> torch.Tensor:
        found = held.get(number)
        if found is None:
            found = held[number] = act(values, frame)
        return found

    return once


def _only_seen(act: Act, is_unseen: Unseen) -> Act:
    return lambda values, frame: _NONE if is_unseen(frame.frame) else act(values, frame)
