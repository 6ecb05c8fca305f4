"""`fold`: what does not change becomes constant, what does nothing disappears."""

from __future__ import annotations

import numpy as np

from anim_compiler.graph import Arg, Choice, Column, Graph, Interner, Node
from anim_compiler.passes.identity import Values, passed_through
from anim_compiler.passes.rewrite import Facts, Key, rebuilt


def fold(graph: Graph, facts: Facts) -> Graph:
    """Columns that hold one value at all frames of a template become constants; identities vanish.

    Before, with `coherence.noise` 0 on every frame and `diffuse.cfg_scale` 7.5 on every frame:
    ```
    %0 = previous
    %1 = add_noise %0 amount=[coherence.noise] seed=[diffuse.seed]
    %2 = diffuse %1 cfg_scale=[diffuse.cfg_scale] …
    ```
    After:
    ```
    %0 = previous
    %1 = diffuse %0 cfg_scale=7.5 …
    ```
    """
    interner = Interner()

    def rebuild(node: Node, inputs: tuple[Node, ...], key: Key) -> Node:
        args = {name: _folded(value, facts, key) for name, value in node.args}
        values = _values(args, facts, key)
        through = None if values is None else passed_through(node.op, values)
        if through is not None:
            return inputs[through]
        return interner.node(node.op, inputs, args, node.rate)

    return rebuilt(graph, rebuild)


def _folded(value: Arg, facts: Facts, key: Key) -> Arg:
    """A column of one number that never changes as that number, a text that never changes as itself."""
    if not isinstance(value, Column | Choice):
        return value
    values = facts.values(value.name, key)
    if values.ndim != 1 or values.size == 0 or (values != values[0]).any():
        return value
    if isinstance(value, Choice):
        return value.texts[int(values[0])]
    return int(values[0]) if np.issubdtype(values.dtype, np.integer) else float(values[0])


def _values(args: dict[str, Arg], facts: Facts, key: Key) -> Values | None:
    """The arguments if none changes; arguments that do are given as NaN, which is no identity."""
    known: dict[str, object] = {}
    for name, value in args.items():
        if not isinstance(value, Column):
            # a choice that is left here changes, so it is equal to no text
            known[name] = value
            continue
        rows = facts.values(value.name, key)
        if rows.size == 0:
            return None
        known[name] = rows[0] if (rows == rows[0]).all() else rows[0] * np.nan
    return known
