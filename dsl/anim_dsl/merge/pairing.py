"""Items that one side calls otherwise: a scene with another name, a key at another time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from anim_dsl.merge.essence import essence
from anim_dsl.merge.identity import BY_TEXT, NAMED, Id
from anim_dsl.merge.items import Item
from anim_dsl.syntax import Key

_LIKE = 0.6
"""Two blocks of which this much is the same are one, renamed."""
_MOST = 4000
"""Tokens beyond which likeness is not measured."""
_MOST_PAIRS = 400
"""Pairs of items beyond which no likeness is looked for."""


def paired(base: Sequence[Item], side: Sequence[Item], taken: Iterable[Id]) -> tuple[Item, ...]:
    """A side's items, in which one that the base calls otherwise has the name that it has there.

    One whose new name is `taken` by the other side stays as it is.
    """
    taken = set(taken)
    found = _retimed(base, side, taken)
    if found:
        side = tuple(replace(item, id=found.get(item.id, item.id)) for item in side)
    before, after = {item.id for item in base}, {item.id for item in side}
    gone = [item for item in base if item.id not in after]
    used = before | taken
    new = [item for item in side if item.id not in used] if gone else []
    if not new:
        return tuple(side)
    found = _equal(gone, new)
    rest = [item for item in gone if item.id not in set(found.values())]
    added = [item for item in new if item.id not in found]
    found |= _replaced(base, rest, side, added)
    if len(rest) * len(added) <= _MOST_PAIRS:
        found |= _alike(
            [item for item in rest if item.id not in set(found.values())],
            [item for item in added if item.id not in found],
        )
    return tuple(replace(item, id=found[item.id]) if item.id in found else item for item in side)


def _retimed(base: Sequence[Item], side: Sequence[Item], taken: set[Id]) -> dict[Id, Id]:
    """The keys of a list whose times a side changed and nothing else, which may now be where others were."""
    old, new = ([item for item in items if item.is_key] for items in (base, side))
    times = {item.id for item in new} - {item.id for item in old}
    if not times or times & taken or [_mark(item, old) for item in old] != [_mark(item, new) for item in new]:
        return {}
    return {item.id: known.id for known, item in zip(old, new, strict=True)}


def _replaced(
    base: Sequence[Item], gone: Sequence[Item], side: Sequence[Item], new: Sequence[Item]
) -> dict[Id, Id]:
    """Paragraphs of comments that stand where the base has other ones."""
    ids = {item.id for item in gone if item.node is None}
    places = {place: name for place, name in _places(base).items() if name in ids}
    added = {item.id for item in new if item.node is None}
    return {name: places[place] for place, name in _places(side).items() if name in added and place in places}


def _places(items: Sequence[Item]) -> dict[tuple[Id, Id], Id]:
    """The items by what stands before and behind them."""
    names = [("",), *(item.id for item in items), ("",)]
    return {(names[n - 1], names[n + 1]): names[n] for n in range(1, len(names) - 1)}


def _equal(gone: Sequence[Item], new: Sequence[Item]) -> dict[Id, Id]:
    """What is the same but for its name, or is the only one of its kind; in order, where several are."""
    waiting: dict[object, list[Id]] = {}
    for item in gone:
        waiting.setdefault(_mark(item, gone), []).append(item.id)
    found: dict[Id, Id] = {}
    for item in new:
        mark = _mark(item, new)
        if mark is not None and waiting.get(mark):
            found[item.id] = waiting[mark].pop(0)
    return found


def _mark(item: Item, among: Sequence[Item]) -> object:
    """What two items have in common that are one, renamed; None for what has no name to change."""
    kind = item.id[0]
    if isinstance(item.node, Key):
        return (kind, essence(item.text[item.node.at.span.end : item.node.value.span.end]))
    if kind in BY_TEXT:
        mark = _sole(item)
        return mark if sum(_sole(each) == mark for each in among) == 1 else None
    if kind == "name" or kind in NAMED:
        return (kind, type(item.node), _without_name(item))
    return None


def _sole(item: Item) -> tuple[str, ...]:
    """The word of a statement that has no name of its own, and whose template a `use` takes."""
    return (item.id[0], item.id[1].partition("(")[0]) if item.id[0] == "use" else item.id[:1]


def _alike(gone: Sequence[Item], new: Sequence[Item]) -> dict[Id, Id]:
    """Scenes and other blocks that have another name and are nearly the same, and changed comments."""
    found: dict[Id, Id] = {}
    for item in new:
        if item.id[0] not in NAMED and item.node is not None:
            continue
        known = [each for each in gone if each.id not in found.values() and each.id[0] == item.id[0]]
        likeness, best = max(((_likeness(each, item), each.id) for each in known), default=(0.0, item.id))
        if likeness >= _LIKE:
            found[item.id] = best
    return found


def _without_name(item: Item) -> tuple[str, ...]:
    if item.node is None:
        return tuple(item.body.split())
    return tuple(token for token in essence(item.body) if token != item.id[1])


def _likeness(old: Item, new: Item) -> float:
    """How much of two items is the same, from 0 to 1; 0 for those that are too long to be compared."""
    first, second = _without_name(old), _without_name(new)
    if len(first) + len(second) > _MOST:
        return 0.0
    return SequenceMatcher(None, first, second, autojunk=False).ratio()
