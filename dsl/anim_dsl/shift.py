"""Moving a tree's spans, so that several texts share one numbering, or a text grows before them."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, TypeVar

from anim_dsl.source import Source, Span

Node = TypeVar("Node")


def shifted(node: Node, by: int) -> Node:
    """The same tree with every span `by` characters further on; nodes come out new, texts as they are.

    Works from the leaves up on a list of what is still to do, so that no tree is too deep.
    """
    if not by:
        return node
    order = _inside_out(node)
    made: dict[int, Any] = {}
    for part in order:
        made[id(part)] = _moved(part, by, made)
    result: Node = made.get(id(node), node)
    return result


def _inside_out(root: Any) -> list[Any]:
    """Every tuple and node, each after those in it."""
    found: list[Any] = []
    waiting = [root]
    while waiting:
        part = waiting.pop()
        names = _names(type(part))
        if names is None:
            continue
        found.append(part)
        waiting.extend(part if type(part) is tuple else [getattr(part, name) for name in names])
    found.reverse()
    return found


def _moved(part: Any, by: int, made: dict[int, Any]) -> Any:  # Any: a tree is of some forty classes
    if type(part) is Span:
        return Span(part.start + by, part.end + by)
    if type(part) is tuple:
        return tuple([made.get(id(inner), inner) for inner in part])
    inner = [getattr(part, name) for name in _names(type(part)) or ()]
    return type(part)(*[made.get(id(value), value) for value in inner])


def _names(kind: type) -> tuple[str, ...] | None:
    """The fields of a node's class; None for what holds no spans."""
    if kind not in _known:
        is_node = kind is not Source and is_dataclass(kind)
        _known[kind] = tuple(field.name for field in fields(kind)) if is_node else None
    return _known[kind]


_known: dict[type, tuple[str, ...] | None] = {tuple: (), Span: ()}
