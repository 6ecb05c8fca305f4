"""What need not be made at a frame: pictures, texts and masks of layers that are invisible there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

from anim_compiler.plan import ColumnRef, Columns, Template

#: whether the layers that show a node are all invisible at a frame
Unseen = Callable[[int], bool]


def unseen(template: Template, columns: Columns) -> Mapping[int, Unseen]:
    """The nodes, by their place, that only layers with a changing opacity ask for."""
    uses: list[list[tuple[int, bool]]] = [[] for _ in template.nodes]
    for place, node in enumerate(template.nodes):
        for position, needed in enumerate(node.inputs):
            # first of all a layer takes the picture below it, which is always seen
            uses[needed].append((place, node.op == "layer" and position > 0))
    owners: dict[int, tuple[str, ...]] = {}
    for place in reversed(range(len(template.nodes))):
        found = [_opacities(template, consumer, is_shown, owners) for consumer, is_shown in uses[place]]
        if found and all(found) and place not in (template.carry, template.frame):
            owners[place] = tuple(dict.fromkeys(chain.from_iterable(found)))
    return {place: _at(columns, names) for place, names in owners.items()}


def _opacities(
    template: Template, consumer: int, is_shown: bool, owners: Mapping[int, tuple[str, ...]]
) -> tuple[str, ...]:
    """The columns of opacity that all have to be 0 for one who asks to ask in vain; none if that never is."""
    if not is_shown:
        return owners.get(consumer, ())
    opacity = template.nodes[consumer].args["opacity"]
    return (opacity.column,) if isinstance(opacity, ColumnRef) else ()


def _at(columns: Columns, names: tuple[str, ...]) -> Unseen:
    opacities = [columns[name] for name in names]
    return lambda frame: not any(opacity.item(frame) for opacity in opacities)
