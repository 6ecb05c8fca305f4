"""The indent of a block's lines, which one side may have changed while the other wrote new ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from anim_dsl.merge.identity import Id
from anim_dsl.merge.items import Item, indent_of


def block_indent(base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item], outer: str) -> str:
    """The indent of the lines of the merged block."""
    before, mine, other = (_first(side) for side in (base, ours, theirs))
    kept = other if mine is None or (mine == before and other is not None) else mine
    return f"{outer}  " if kept is None else kept


def at_indent(side: Sequence[Item], known: Iterable[Id], indent: str) -> tuple[Item, ...]:
    """A side's items, in which those that are not `known` from the base stand at the merged block's indent if
    they stood at the side's own.
    """
    own, names = _first(side), set(known)
    if not own or own == indent:
        return tuple(side)
    return tuple(
        _moved(item, own, indent) if item.id not in names and item.starts_line else item for item in side
    )


def _first(items: Iterable[Item]) -> str | None:
    return next((indent_of(item) for item in items if item.starts_line), None)


def _moved(item: Item, old: str, new: str) -> Item:
    # lines of a text in three quotes are part of it
    if indent_of(item) != old or '"""' in item.body:
        return item
    lead, body = (text.replace(f"\n{old}", f"\n{new}") for text in (f"\n{item.lead}", item.body))
    return replace(item, lead=lead[1:], body=body)
