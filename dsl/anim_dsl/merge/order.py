"""In which order the items of two versions follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from anim_dsl.merge.identity import Id, plain_time
from anim_dsl.merge.items import Item
from anim_dsl.merge.lines import merged_lines
from anim_dsl.syntax import Key

IN_ORDER = frozenset({"scene", "layer", "output"})
"""Words whose statements mean something else in another order."""


@dataclass(slots=True)
class Order:
    """The names of the items in order; `clash` are those that both sides put into orders of their own."""

    ids: list[Id]
    clash: frozenset[Id] = field(default_factory=frozenset)


def ordered(base: Sequence[Item], ours: Sequence[Item], theirs: Sequence[Item], fps: float) -> Order:
    """All items of either side. What one side put elsewhere is there; additions follow what they followed.

    Where both add something in one place, ours come first. Keys are in the order of their times.
    """
    lists = [[item.id for item in side] for side in (base, ours, theirs)]
    common = set(lists[0]) & set(lists[1]) & set(lists[2])
    before, mine, other = ([each for each in side if each in common] for side in lists)
    agreed, clash = _agreed(before, mine, other), frozenset[Id]()
    if agreed is None:
        agreed, clash = _by_words(before, mine, other)
    kept: frozenset[Id] = frozenset()
    if all(_keeps_order(lists[0], side) for side in lists[1:]):
        # also what a side removed, so that it is known what was added before that and what behind
        kept, agreed = frozenset(lists[0]), lists[0]
    ids = _woven(_woven(agreed, lists[1], kept), lists[2], kept)
    by_id = {item.id: item for side in (theirs, ours) for item in side}
    # a key that a side moved is at the time that it has there
    by_id |= {item.id: item for side in (theirs, ours) for item in side if item.own_id != item.id}
    return Order(_in_time([each for each in ids if each in by_id], by_id, (ours, theirs), fps), clash)


def _keeps_order(base: Sequence[Id], side: Sequence[Id]) -> bool:
    before, after = set(base), set(side)
    return [each for each in base if each in after] == [each for each in side if each in before]


def _agreed(base: list[Id], ours: list[Id], theirs: list[Id]) -> list[Id] | None:
    """The same items in the order that both sides want, or None if they want different ones."""
    if base == theirs or ours == theirs:
        return ours
    if base == ours:
        return theirs
    place = {each: number for number, each in enumerate(base)}
    texts = ("".join(f"{place[each]}\n" for each in side) for side in (base, ours, theirs))
    pieces = merged_lines(*texts)
    found = [base[int(line)] for piece in pieces if isinstance(piece, str) for line in piece.split()]
    # what both put elsewhere is there twice, or not at all
    return found if len(found) == len(base) == len(set(found)) else None


def _woven(first: Sequence[Id], second: Sequence[Id], kept: frozenset[Id]) -> list[Id]:
    """The first list with what only the second has, each behind what it follows there.

    It stands behind what only the first has in that place, but for what is `kept` of the base.
    """
    there, known = set(first), set(second)
    behind: dict[Id | None, list[Id]] = {}
    anchor: Id | None = None
    for each in second:
        if each in there:
            anchor = each
        else:
            behind.setdefault(anchor, []).append(each)
    result: list[Id] = []
    waiting = behind.get(None, [])
    for each in first:
        if each in known or each in kept:
            result += waiting
            waiting = []
        result.append(each)
        waiting = waiting + behind.get(each, [])
    return result + waiting


def _by_words(base: list[Id], ours: list[Id], theirs: list[Id]) -> tuple[list[Id], frozenset[Id]]:
    """Our order, but for what must be in order; and what of that both sides want in another one."""
    result = list(ours)
    clash: set[Id] = set()
    for word in IN_ORDER:
        kept = [[each for each in side if each[0] == word] for side in (base, ours, theirs)]
        agreed = _agreed(kept[0], kept[1], kept[2])
        if agreed is None:
            clash |= set(kept[0])
            continue
        following = iter(agreed)
        result = [next(following) if each[0] == word else each for each in result]
    return result, frozenset(clash)


def _in_time(ids: list[Id], by_id: dict[Id, Item], sides: Sequence[Sequence[Item]], fps: float) -> list[Id]:
    """The keys among the items by their times, in the places that keys have; as they are if a time cannot be
    told from the text, or if a side does not sort its keys either.
    """
    places = [place for place, each in enumerate(ids) if by_id[each].is_key]
    times = _comparable([by_id[ids[place]] for place in places], fps)
    if times is None or any(not _is_sorted(side, fps) for side in sides):
        return ids
    result = list(ids)
    in_time = sorted(range(len(places)), key=lambda number: times[number])
    for place, number in zip(places, in_time, strict=True):
        result[place] = ids[places[number]]
    return result


def _is_sorted(side: Sequence[Item], fps: float) -> bool:
    times = _comparable([item for item in side if item.is_key], fps)
    return times is not None and times == sorted(times)


def _comparable(items: Sequence[Item], fps: float) -> list[float] | None:
    """The keys' times as numbers of one unit, or None."""
    found = [plain_time(item.node.at) for item in items if isinstance(item.node, Key)]
    times = [each for each in found if each is not None]
    if len(times) < len(found):
        return None
    units = {unit for count, unit in times if count}
    if units <= {"s", "f"}:
        return [count / fps if unit == "f" else count for count, unit in times]
    return [count for count, _ in times] if len(units) == 1 else None
