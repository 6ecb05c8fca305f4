"""What there is to do in a render, counted: by scene, and frame by frame."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler.drawing.extras import CONTROL_NUMBERS, control_arg, hints_of
from anim_compiler.graph import Graph, Key, Node, Rate, Template, topological
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.passes.identity import Values, arguments, passed_through_rows
from anim_studio.estimate.sampling import Counts, asked

#: kinds of which several scenes' frames share one value
_ONCE = frozenset({Rate.FILM, Rate.SCENE})


@dataclass(frozen=True, slots=True)
class Work:
    """Numbers of frames and calls.

    Of `frames`, `reused` are in the store and `alike` are the same pictures as others; the others are made
    as a scene's `first`, `diffused` from the frame before, `fresh` from noise, or as `tweens`. `steps` are
    the denoiser's, `passes` the pictures that go through it (two a step where there is guidance), `controls`
    those that go through a ControlNet. `encodes` and `decodes` are the codec's.
    """

    frames: int = 0
    reused: int = 0
    alike: int = 0
    first: int = 0
    diffused: int = 0
    fresh: int = 0
    tweens: int = 0
    steps: int = 0
    passes: int = 0
    controls: int = 0
    encodes: int = 0
    decodes: int = 0
    depths: int = 0
    flows: int = 0
    resamples: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(self)))

    @property
    def missing(self) -> int:
        """Frames that are not in the store."""
        return self.frames - self.reused


@dataclass(frozen=True, slots=True)
class Left:
    """The work of a render: `scenes` in their order, and of every row the denoiser's passes (int64[rows]).

    `shown_steps` of the denoiser's steps make pictures that are shown but not carried on, one at a time.
    """

    scenes: tuple[Work, ...]
    passes: Counts
    shown_steps: int = 0

    @property
    def total(self) -> Work:
        """The work of all scenes."""
        return sum(self.scenes, Work())


def work_left(graph: Graph, missing: Collection[int], shown: int, makers: Sequence[int]) -> Left:
    """What is left to do for the missing rows; the first `shown` rows are those whose
    shown picture is made.

    `makers` says of every row which one is made for it, itself or one that is the same picture. What the
    shown picture is made of after the carry is worked out whenever a file is written.
    """
    passes = np.zeros(len(makers), dtype=np.int64)
    scenes = [Work() for _ in range(1 + max((scene for scene, _ in graph.templates), default=-1))]
    once: set[tuple[int, int]] = set()
    shown_steps = 0
    for key, template in graph.templates.items():
        counter = _Counter(graph, key, once)
        lacking = [row for row in template.frames if row in missing]
        made = [row for row in lacking if makers[row] == row]
        scenes[key[0]] += _frames(key[1], len(template.frames), len(lacking), len(made))
        scenes[key[0]] += counter.work(_behind(template, "carry"), made, passes)
        again = [row for row in template.frames if row < shown]
        for_show = counter.work(_behind(template, "frame"), again, passes)
        scenes[key[0]] += for_show
        shown_steps += for_show.steps
    return Left(tuple(scenes), passes, shown_steps)


def _frames(kind: str, count: int, lacking: int, made: int) -> Work:
    named = {"tween": "tweens"}.get(kind, kind)
    return Work(frames=count, reused=count - lacking, alike=lacking - made, **{named: made})


def _behind(template: Template, result: str) -> tuple[Node, ...]:
    """What a result is made of; of the shown picture, what comes after the carry."""
    carry = template.results["carry"]
    if result == "carry":
        return topological({"carry": carry})
    wanted: list[Node] = []
    stack = [template.results["frame"]]
    while stack:
        node = stack.pop()
        if node is not carry and not any(node is other for other in wanted):
            wanted.append(node)
            stack.extend(node.inputs)
    return tuple(reversed(wanted))


class _Counter:
    """Counts the calls of one template's nodes; `once` are values that are worked out already."""

    def __init__(self, graph: Graph, key: Key, once: set[tuple[int, int]]) -> None:
        self._graph = graph
        self._scene = key[0]
        self._once = once

    def work(self, nodes: Iterable[Node], rows: Sequence[int], passes: Counts) -> Work:
        """The calls of some nodes at some rows; the denoiser's are also added to `passes`."""
        total = Work()
        if not rows:
            return total
        for node in nodes:
            total += self._of(node, rows, passes)
        return total

    def _of(self, node: Node, rows: Sequence[int], passes: Counts) -> Work:
        op = KERNEL_OPS[node.op]
        if op.cost not in ("model", "depth", "flow", "resample"):
            return Work()
        values = arguments(node, self._graph.columns, rows)
        if op.cost == "model":
            return _drawn(node, values, rows, passes)
        count = int((passed_through_rows(node.op, values, len(rows)) < 0).sum())
        if node.rate in _ONCE:
            count = min(count, self._first_time(node))
        match op.cost:
            case "depth":
                # a flat depth is a number, not an estimate
                return Work() if dict(node.args).get("method") == "flat" else Work(depths=count)
            case "flow":
                return Work(flows=count)
            case _:
                return Work(resamples=count)

    def _first_time(self, node: Node) -> int:
        """1 for a value of a scene or of the film that was not worked out yet, else 0."""
        key = (-1 if node.rate is Rate.FILM else self._scene, id(node))
        if key in self._once:
            return 0
        self._once.add(key)
        return 1


def _acting(node: Node, values: Values) -> NDArray[np.float64]:
    """ControlNets that act at each row, each as large a part of the sampling as it does: float64, or one."""
    total: Any = 0.0
    for name in hints_of(dict(node.args)):
        weight, start, end = (np.asarray(values[control_arg(name, which)]) for which in CONTROL_NUMBERS)
        total = total + (weight != 0.0) * np.clip(end - start, 0.0, 1.0)
    return np.asarray(total)


def _drawn(node: Node, values: Values, rows: Sequence[int], passes: Counts) -> Work:
    """What the model does for a node: from noise it encodes nothing, and no step at all does nothing."""
    draws = asked(node.op, values, len(rows))
    np.add.at(passes, np.asarray(rows), draws.passes)
    return Work(
        steps=int(draws.calls.sum()),
        passes=int(draws.passes.sum()),
        controls=int((draws.passes * _acting(node, values)).sum()),
        encodes=int(((draws.taken > 0) & (draws.taken < draws.steps)).sum()),
        decodes=int((draws.taken > 0).sum()),
    )
