"""What one side put elsewhere and the other changed where it was: the change goes along.

Both sides' texts are rewritten so that the merge sees the move on one side and nothing on the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from anim_dsl.diagnostic import Edit
from anim_dsl.edit import NameTakenError, apply_edits, rename
from anim_dsl.merge.essence import essence
from anim_dsl.merge.identity import Id
from anim_dsl.merge.items import Item, of_block, of_film
from anim_dsl.merge.pairing import paired
from anim_dsl.merge.reading import reading
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Setting, Word

_MOST_RENAMES = 20
"""Names beyond which a side has not renamed something, but is another film."""
_LEAST = 3
"""Tokens that a statement must have to be known again by them alone."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The base, the side that moved things, and the other."""

    base: str
    side: str
    other: str


@dataclass(frozen=True, slots=True)
class _Placed:
    path: tuple[Id, ...]
    item: Item


def follow_moves(texts: Texts) -> Texts:
    """What `side` put into another block and `other` changed, changed where it is now."""
    before, after, there = ({each.path: each for each in _placed(text)} for text in _all(texts))
    ended = _ended(before, after)
    gone = [path for path in before if path not in after and path[:-1] not in ended]
    new = _by_mark({path: after[path].item for path in after if path not in before})
    edits: tuple[list[Edit], list[Edit]] = ([], [])
    for path in gone:
        old, changed = before[path].item, there.get(path)
        if changed is None or essence(changed.item.body) == essence(old.body):
            continue
        marks = _marks(path, old)
        found = {each for mark in marks for each in new.get(mark, ()) if each[:-1] != path[:-1]}
        if len(found) != 1:
            continue
        here = after[found.pop()].item
        spans = [
            _span(item, whole=essence(here.body) == essence(old.body)) for item in (old, here, changed.item)
        ]
        said = changed.item.text[spans[2].start : spans[2].end]
        edits[0].append(Edit(spans[1], said))
        edits[1].append(Edit(spans[2], old.text[spans[0].start : spans[0].end]))
    return Texts(texts.base, apply_edits(texts.side, edits[0]), apply_edits(texts.other, edits[1]))


def _all(texts: Texts) -> tuple[str, str, str]:
    return texts.base, texts.side, texts.other


def _ended(before: dict[tuple[Id, ...], _Placed], after: dict[tuple[Id, ...], _Placed]) -> frozenset[object]:
    """Blocks that are gone whole: what they held is looked at if they were emptied, not if they moved."""
    moved = {essence(after[path].item.body) for path in after if path not in before}
    return frozenset(
        path for path in before if path not in after and essence(before[path].item.body) in moved
    )


def _placed(text: str) -> Iterator[_Placed]:
    """Every statement of a film with the names of the blocks around it."""
    film = reading(text).film
    waiting: list[tuple[tuple[Id, ...], tuple[Item, ...]]] = [((), of_film(text, film.statements).items)]
    while waiting:
        path, items = waiting.pop()
        for item in items:
            if item.node is None or item.is_key:
                continue
            yield _Placed((*path, item.id), item)
            block = item.node.block if isinstance(item.node, Word | Setting) else None
            if block is not None:
                waiting.append(((*path, item.id), of_block(text, block).items))


def _by_mark(items: dict[tuple[Id, ...], Item]) -> dict[object, list[tuple[Id, ...]]]:
    found: dict[object, list[tuple[Id, ...]]] = {}
    for path, item in items.items():
        for mark in _marks(path, item):
            found.setdefault(mark, []).append(path)
    return found


def _marks(path: tuple[Id, ...], item: Item) -> list[object]:
    """By what a statement is known again in another block: by all that it says, and a setting by its whole
    name and its value.
    """
    said = essence(item.body)
    marks: list[object] = [said] if len(said) >= _LEAST else []
    if isinstance(item.node, Setting):
        span = _span(item, whole=False)
        marks.append((_full(path), essence(item.text[span.start : span.end])))
    return marks


def _full(path: tuple[Id, ...]) -> str:
    """`camera.zoom`, whether it is written with a dot or in its block, and in whatever scene."""
    return ".".join(name[1] if name[0] == "set" else " ".join(name) for name in path if name[0] != "scene")


def _span(item: Item, *, whole: bool) -> Span:
    assert item.node is not None
    if whole or not isinstance(item.node, Setting):
        return item.node.span
    return item.node.value.span


def follow_renames(texts: Texts) -> Texts:
    """The base and `other` with the names that `side` gave to what a film defines, uses included."""
    films = [reading(text).film for text in _all(texts)]
    items = [of_film(film.source.text, film.statements).items for film in films]
    renamed = paired(items[0], items[1], [item.id for item in items[2]])
    base, other = texts.base, texts.other
    there = {item.id for item in items[2]}
    for item in [item for item in renamed if item.id in there and _has_new_name(item)][:_MOST_RENAMES]:
        own = item.own_id
        try:
            names = [rename(Source("film", text), item.id[1], own[1]) for text in (base, other)]
        except NameTakenError:
            continue
        base, other = names
    return Texts(base, texts.side, other)


def _has_new_name(item: Item) -> bool:
    own = item.own_id
    return item.id != own and own[0] not in ("output", "import", "lora", "embedding", "#") and len(own) > 1
