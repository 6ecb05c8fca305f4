"""`fuse`: a picture is resampled once for several moves, and read once for several changes of colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from anim_compiler.graph import Arg, Column, Graph, Interner, Key, Node, Product, Template, topological
from anim_compiler.ops import KERNEL_OPS, gives
from anim_compiler.passes.hoist import STILL
from anim_compiler.passes.identity import steps_of
from anim_compiler.passes.rewrite import Facts, rebuilt


def fuse(graph: Graph, facts: Facts) -> Graph:
    """Two warps in a row with one border become one by the product of their moves; ops that change each pixel
    for itself become the steps of one `pointwise`. Only where nothing else reads what is between them.

    `pointwise` gives the same bits as its steps one after the other. One resample loses less detail than two:
    inside the picture it is nearer to the exact move (4 to 8 dB, for detail up to a quarter of the sampling
    rate) and within 40 dB of two (`tests/runtime/test_fused_warps.py`). At its edges it differs from two by
    what the first one's border brought in.

    Before:
    ```
    %0 = previous
    %1 = warp2d %0 border="wrap" move=[camera.from_previous]
    %2 = warp2d %1 border="wrap" move=[pipeline.drift]
    %3 = contrast %2 amount=[coherence.contrast]
    %4 = vignette %3 amount=0.2
    ```
    After:
    ```
    %0 = previous
    %1 = warp2d %0 border="wrap" move=[camera.from_previous * pipeline.drift]
    %2 = pointwise %1 0.amount=[coherence.contrast] 1.amount=0.2 steps="contrast vignette"
    ```
    """
    alone = {key: _read_once(template) for key, template in graph.templates.items()}
    interner = Interner()
    # a rebuilt node may go into the next one if the node that it was made from was read once
    lone: dict[Key, set[int]] = {key: set() for key in graph.templates}

    def rebuild(node: Node, inputs: tuple[Node, ...], key: Key) -> Node:
        op, ins, args = node.op, inputs, dict(node.args)
        if len(inputs) == 1 and id(inputs[0]) in lone[key]:
            op, ins, args = _joined(node, inputs[0]) or (op, ins, args)
        made = interner.node(op, ins, args, node.rate)
        if id(node) in alone[key]:
            lone[key].add(id(made))
        return made

    return rebuilt(graph, rebuild)


def _read_once(template: Template) -> frozenset[int]:
    """The nodes that one other node reads, and nothing else."""
    readers = Counter(id(i) for node in topological(template.results) for i in node.inputs)
    readers.update(id(node) for node in template.results.values())
    return frozenset(node for node, count in readers.items() if count == 1)


def _joined(outer: Node, inner: Node) -> tuple[str, tuple[Node, ...], dict[str, Arg]] | None:
    """Both nodes as one; None if they cannot be."""
    if inner.rate in STILL and outer.rate not in STILL:
        # what is worked out once is not worked out again for each frame
        return None
    if outer.op == inner.op == "warp2d":
        return _moved(outer, inner)
    if _recolours(outer) and _recolours(inner):
        return "pointwise", inner.inputs, _chained((*_steps(inner), *_steps(outer)))
    return None


def _moved(outer: Node, inner: Node) -> tuple[str, tuple[Node, ...], dict[str, Arg]] | None:
    moves = (*_factors(inner.arg("move")), *_factors(outer.arg("move")))
    if len(moves) < 2 or inner.arg("border") != outer.arg("border"):
        return None
    return "warp2d", inner.inputs, {"border": outer.arg("border"), "move": Product(moves)}


def _factors(move: Arg) -> tuple[str, ...]:
    match move:
        case Column(name):
            return (name,)
        case Product(names):
            return names
        case _:
            return ()


def _recolours(node: Node) -> bool:
    """Whether a node changes each pixel of its one picture for itself; masks have one channel and stay."""
    op = KERNEL_OPS.get(node.op)
    chain = node.op == "pointwise" or (op is not None and op.pointwise)
    return chain and len(node.inputs) == 1 and gives(node.inputs[0]) == "image"


def _steps(node: Node) -> tuple[tuple[str, Mapping[str, Arg]], ...]:
    args = dict(node.args)
    return steps_of(args) if node.op == "pointwise" else ((node.op, args),)


def _chained(steps: tuple[tuple[str, Mapping[str, Arg]], ...]) -> dict[str, Arg]:
    args: dict[str, Arg] = {"steps": " ".join(op for op, _ in steps)}
    for place, (_, own) in enumerate(steps):
        args |= {f"{place}.{name}": value for name, value in own.items()}
    return args
