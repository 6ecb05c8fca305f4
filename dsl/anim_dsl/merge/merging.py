"""Blocks merged item by item, and items part by part."""

from __future__ import annotations

from dataclasses import dataclass, field

from anim_dsl.merge.above import merged_lead, merged_paragraph
from anim_dsl.merge.compose import Laid, Writer, comma_list, laid
from anim_dsl.merge.essence import essence, merged_text
from anim_dsl.merge.identity import Id
from anim_dsl.merge.indents import at_indent, block_indent
from anim_dsl.merge.items import NOTHING, Item, Items, indent_of, on_lines
from anim_dsl.merge.order import IN_ORDER, ordered
from anim_dsl.merge.pairing import paired
from anim_dsl.merge.parts import Part, merged_head, parts_of
from anim_dsl.merge.pieces import ClashError, Conflict, Piece
from anim_dsl.merge.regions import called, contest, contested, region_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a merge is told besides the texts: the film's rate, and the paths of items that are to be
    conflicts wherever the sides differ; `notes` are filled with what people should look at.
    """

    fps: float = 24.0
    contested: frozenset[tuple[Id, ...]] = frozenset()
    notes: list[str] = field(default_factory=list)

    def inside(self, names: set[Id]) -> Asked:
        """The same for what an item of these names holds."""
        within = frozenset(path[1:] for path in self.contested if path[0] in names and len(path) > 1)
        return Asked(self.fps, within, self.notes)

    def about(self, names: set[Id]) -> frozenset[tuple[Id, ...]]:
        """The contested paths that begin with an item of these names."""
        return frozenset(path for path in self.contested if path[0] in names)


def merged_items(
    base: Items,
    ours: Items,
    theirs: Items,
    asked: Asked,
    outer: str = "",
    *,
    is_list: bool = False,
    opened: bool = False,
) -> tuple[Piece, ...]:
    """The items of a block, or, with `is_list`, of keys between commas. `opened` leaves out what stands
    behind the opening brace. Raises `ClashError` in a list, and where both sides begin one anew.
    """
    _refuse_two_lists(base, ours, theirs)
    both = {item.id for item in ours.items}, {item.id for item in theirs.items}
    mine = paired(base.items, ours.items, both[1])
    other = paired(base.items, theirs.items, both[0])
    order = ordered(base.items, mine, other, asked.fps)
    indent = block_indent(base.items, mine, other, outer)
    known = [item.id for item in base.items]
    mine, other = at_indent(mine, known, indent), at_indent(other, known, indent)
    sides = [{item.id: item for item in side} for side in (base.items, mine, other)]
    if not is_list:
        _note_additions(sides[0], sides[1], sides[2], asked)
    region = region_of(order, mine, other)
    first = next((each for each in order.ids if each in region), None)
    out: list[Laid] = []
    for each in order.ids:
        found = [side.get(each) for side in sides]
        if each not in region:
            one = _resolved(found[0], found[1], found[2], asked, indent, is_list=is_list)
            out += [] if one is None else [one]
        elif each == first:
            out.append(contest(region, (base.items, mine, other), indent))
    return _written(base, ours, theirs, out, indent, outer, is_list=is_list, opened=opened)


def _written(
    base: Items,
    ours: Items,
    theirs: Items,
    out: list[Laid],
    indent: str,
    outer: str,
    *,
    is_list: bool,
    opened: bool,
) -> tuple[Piece, ...]:
    """The items behind each other, between what stands before the first and behind the last."""
    opening = merged_text(base.opening, ours.opening, theirs.opening)
    tail = merged_text(base.tail, ours.tail, theirs.tail)
    if opening is None:
        raise ClashError
    if is_list:
        return comma_list(opening, out, tail or "")
    writer = Writer("" if opened else opening, indent)
    writer.is_open = writer.is_open and not opened
    for one in out:
        writer.write(one)
    side = theirs if tail == theirs.tail != ours.tail else ours
    return writer.end(tail if tail is not None else ours.tail, own_line=side.own_line, outer=outer)


def _refuse_two_lists(base: Items, ours: Items, theirs: Items) -> None:
    """Keys of two lists that know nothing of each other are no list."""
    if any(item.is_key for item in base.items):
        return
    lists = [[essence(item.body) for item in side.items if item.is_key] for side in (ours, theirs)]
    if all(lists) and lists[0] != lists[1]:
        raise ClashError


def _note_additions(base: dict[Id, Item], ours: dict[Id, Item], theirs: dict[Id, Item], asked: Asked) -> None:
    for word in sorted(IN_ORDER - {"output"}):
        mine, other = (
            [" ".join(each[1:]) for each in side if each[0] == word and each not in base and each not in rest]
            for side, rest in ((ours, theirs), (theirs, ours))
        )
        if mine and other:
            names = [", ".join(f"`{name}`" for name in side) for side in (mine, other)]
            asked.notes.append(f"both sides add {word}s: ours ({names[0]}) come before theirs ({names[1]})")


def _resolved(
    base: Item | None, ours: Item | None, theirs: Item | None, asked: Asked, indent: str, *, is_list: bool
) -> Laid | None:
    """An item as both sides want it; None if it is gone."""
    names = {name for item in (base, ours, theirs) if item is not None for name in (item.id, item.own_id)}
    about = asked.about(names)
    here = ours or theirs
    if here is None:
        return None
    is_contested = any(len(path) == 1 for path in about) or (about and (ours is None or theirs is None))
    try:
        if is_contested and (ours is None or theirs is None or essence(ours.whole) != essence(theirs.whole)):
            raise ClashError
        if ours is not None and theirs is not None:
            found = _both(base, ours, theirs, asked.inside(names), indent)
            if is_list and any(isinstance(piece, Conflict) for piece in found.pieces):
                raise ClashError
            return found
        if base is None:
            return laid(here)
        if essence(base.whole) == essence(here.whole):
            return None
        raise ClashError
    except ClashError:
        if is_list:
            raise
        return contested(base, ours, theirs, here, indent)


def _both(base: Item | None, ours: Item, theirs: Item, asked: Asked, indent: str) -> Laid:
    if not asked.contested:
        if ours.whole == theirs.whole or (base is not None and theirs.whole == base.whole):
            return laid(ours)
        if base is not None and ours.whole == base.whole:
            return laid(theirs)
    lead, above, starts_line = merged_lead(base, ours, theirs)
    trail = merged_text(None if base is None else base.trail, ours.trail, theirs.trail)
    if trail is None:
        raise ClashError
    here = indent_of(ours if starts_line == ours.starts_line else theirs) if starts_line else indent
    pieces = _body(base, ours, theirs, asked, here)
    if above:
        pieces = *above, here, *pieces
    return Laid(lead, pieces, trail, starts_line, ours.is_key, ours.is_last and theirs.is_last)


def _body(base: Item | None, ours: Item, theirs: Item, asked: Asked, indent: str) -> tuple[Piece, ...]:
    """The text of an item, part by part."""
    known = None if base is None else base.body
    if not asked.contested and (ours.body == theirs.body or known in (ours.body, theirs.body)):
        return (theirs.body if ours.body == known else ours.body,)
    if ours.node is None and theirs.node is None:
        return (merged_paragraph(known, ours.body, theirs.body),)
    nodes = [item.node for item in (base, ours, theirs) if item is not None]
    if any(node is None or type(node) is not type(nodes[0]) for node in nodes):
        raise ClashError
    mine, other = (parts_of(item.node, item.text) for item in (ours, theirs) if item.node is not None)
    first = parts_of(base.node, base.text) if base is not None and base.node is not None else None
    head = merged_head(None if first is None else first.head.text, mine.head.text, other.head.text)
    value = _part(None if first is None else first.value, mine.value, other.value, asked, indent)
    if head is not None:
        rest = _part(None if first is None else first.rest, mine.rest, other.rest, asked, indent)
        return tuple(piece for piece in (head, *value, *rest) if piece)
    blocks = [None if first is None else first.rest, mine.rest, other.rest]
    heads = ["" if first is None else first.head.text, mine.head.text, other.head.text]
    if any(value) or not (ours.starts_line and theirs.starts_line):
        raise ClashError
    texts = [_front(block, said, indent) for block, said in zip(blocks, heads, strict=True)]
    inner = _part(blocks[0], mine.rest, other.rest, asked, indent, opened=True)
    return Conflict(texts[0], texts[1], texts[2], called(ours)), *inner


def _front(block: Part | None, head: str, indent: str) -> str:
    """The line that a block begins with. Raises `ClashError` if more stands on it."""
    if block is None:
        return ""
    if block.items is None or not block.items.opening.endswith("\n"):
        raise ClashError
    return f"{indent}{head}{block.before}{block.items.opening}"


def _part(
    base: Part | None, ours: Part, theirs: Part, asked: Asked, indent: str, *, opened: bool = False
) -> tuple[Piece, ...]:
    if ours.items is None or theirs.items is None:
        return (_leaf(base, ours, theirs),)
    if ours.is_block != theirs.is_block:
        return _unlike(base, ours, theirs, asked, indent)
    if not asked.contested and not opened and not ours.is_block:
        whole = merged_text(None if base is None else base.text, ours.text, theirs.text)
        if whole is not None:
            return (whole,)
    has_base = base is not None and base.items is not None and base.is_block == ours.is_block
    known = base.items if has_base and base is not None and base.items is not None else NOTHING
    if not has_base and not ours.is_block:
        raise ClashError
    before = "" if opened else _around(base, ours, theirs, "before", known=has_base)
    after = _around(base, ours, theirs, "after", known=has_base)
    inner = merged_items(
        known, ours.items, theirs.items, asked, indent, is_list=not ours.is_block, opened=opened
    )
    return before, *inner, after


def _unlike(base: Part | None, ours: Part, theirs: Part, asked: Asked, indent: str) -> tuple[Piece, ...]:
    """Keys between commas that one side wrote as a block, with what the other changed among them."""
    block, other = (ours, theirs) if ours.is_block else (theirs, ours)
    if base is None or base.items is None or block.items is None or other.items is None or base.is_block:
        raise ClashError
    if (other.before, other.after) != (base.before, base.after):
        raise ClashError
    known, changed = (on_lines(items, block.items) for items in (base.items, other.items))
    sides = (block.items, changed) if block is ours else (changed, block.items)
    return block.before, *merged_items(known, *sides, asked, indent), block.after


def _leaf(base: Part | None, ours: Part, theirs: Part) -> str:
    text = merged_text(None if base is None else base.text, ours.text, theirs.text)
    if text is None:
        raise ClashError
    return text


def _around(base: Part | None, ours: Part, theirs: Part, which: str, *, known: bool) -> str:
    texts = [None if one is None else str(getattr(one, which)) for one in (base, ours, theirs)]
    text = merged_text(texts[0] if known else None, texts[1] or "", texts[2] or "")
    if text is None:
        raise ClashError
    return text
