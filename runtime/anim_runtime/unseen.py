"""What need not be made at a frame: pictures, texts and masks of layers that are invisible there, and what
controls are shown that rest there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from anim_compiler.drawing.extras import control_arg, hints_of
from anim_compiler.plan import ColumnRef, Columns, PlanArg, PlanNode, Template

#: whether all that shows a node is invisible at a frame, or rests
Unseen = Callable[[int], bool]


def unseen(template: Template, columns: Columns) -> Mapping[int, Unseen]:
    """The nodes, by their place, that only layers with a changing opacity ask for, and controls with a
    changing weight.
    """
    uses: list[list[tuple[int, PlanArg]]] = [[] for _ in template.nodes]
    for place, node in enumerate(template.nodes):
        for position, needed in enumerate(node.inputs):
            uses[needed].append((place, _share(node, position)))
    owners: dict[int, tuple[str, ...]] = {}
    for place in reversed(range(len(template.nodes))):
        found = [_shares(consumer, share, owners) for consumer, share in uses[place]]
        if found and all(found) and place not in (template.carry, template.frame):
            owners[place] = tuple(dict.fromkeys(chain.from_iterable(found)))
    return {place: _at(columns, names) for place, names in owners.items()}


def _share(node: PlanNode, position: int) -> PlanArg:
    """How much of an input a node shows: the opacity of a layer, the weight of a control, or all of it."""
    if node.op == "layer":
        # first of all a layer takes the picture below it, which is always seen
        return node.args["opacity"] if position else None
    names = hints_of(node.args)
    place = position - (len(node.inputs) - len(names))
    return node.args[control_arg(names[place], "weight")] if names and place >= 0 else None


def _shares(consumer: int, share: PlanArg, owners: Mapping[int, tuple[str, ...]]) -> tuple[str, ...]:
    """The columns that all have to be 0 for one who asks to ask in vain; none if that never is."""
    if share is None:
        return owners.get(consumer, ())
    return (share.column,) if isinstance(share, ColumnRef) else ()


def _at(columns: Columns, names: tuple[str, ...]) -> Unseen:
    shares = [columns[name] for name in names]
    return lambda frame: not any(share.item(frame) for share in shares)
