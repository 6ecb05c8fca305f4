"""Conflicts of whole items: of one that both sides changed, and of those whose order both changed."""

from __future__ import annotations

from dataclasses import replace

from anim_dsl.merge.compose import Laid, as_lines, blank_lines
from anim_dsl.merge.essence import merged_text
from anim_dsl.merge.identity import BY_TEXT, Id
from anim_dsl.merge.items import Item, indent_of
from anim_dsl.merge.order import IN_ORDER, Order
from anim_dsl.merge.pieces import Conflict
from anim_dsl.syntax import Word


def contested(base: Item | None, ours: Item | None, theirs: Item | None, here: Item, indent: str) -> Laid:
    """A conflict of a whole item; comments above it on which both sides agree stand before it."""
    lead = None
    if ours is not None and theirs is not None and ours.starts_line and theirs.starts_line:
        lead = merged_text(None if base is None else base.lead, ours.lead, theirs.lead)
    bare = [
        item if lead is None or item is None else replace(item, lead=indent_of(item))
        for item in (base, ours, theirs)
    ]
    texts = [as_lines(item, indent) for item in bare]
    conflict = Conflict(texts[0], texts[1], texts[2], called(here))
    return Laid(blank_lines(here.lead) if lead is None else lead, (conflict,), "\n", True, here.is_key, False)


def called(item: Item) -> str:
    """What a message calls an item."""
    kind, *names = item.own_id
    if kind == "#":
        return "a comment"
    if kind in ("key", "keys"):
        return f"the key at `{names[0]}`"
    if isinstance(item.node, Word) and kind in BY_TEXT:
        end = item.node.span.end if item.node.block is None else item.node.block.span.start
        return f"`{' '.join(item.text[item.node.span.start : end].split())}`"
    said = " ".join(names[:1] if kind in ("set", "name") else [kind, *names])
    return f"`{said}`"


def region_of(order: Order, ours: tuple[Item, ...], theirs: tuple[Item, ...]) -> frozenset[Id]:
    """What stands among items whose order both sides changed, on either side."""
    region = set(order.clash)
    while region:
        size = len(region)
        for side in (ours, theirs):
            ids = [item.id for item in side]
            places = [place for place, each in enumerate(ids) if each in region]
            if places:
                region |= set(ids[places[0] : places[-1] + 1])
        if len(region) == size:
            break
    return frozenset(region)


def contest(region: frozenset[Id], sides: tuple[tuple[Item, ...], ...], indent: str) -> Laid:
    """One conflict of everything in a region, in the order of base, ours and theirs."""
    texts = []
    for side in sides:
        items = [item for item in side if item.id in region]
        first = as_lines(items[0], indent) if items else ""
        texts.append(first + "".join(item.lead + item.body + item.remark + "\n" for item in items[1:]))
    what = "the order of the " + ", ".join(sorted({f"{each[0]}s" for each in region if each[0] in IN_ORDER}))
    lead = next(item.lead for item in sides[1] if item.id in region)
    return Laid(blank_lines(lead), (Conflict(texts[0], texts[1], texts[2], what),), "\n", True, False, False)
