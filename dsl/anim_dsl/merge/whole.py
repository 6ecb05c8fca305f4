"""Two changed versions of a film made one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from anim_dsl.merge.endings import merged_endings
from anim_dsl.merge.identity import Id
from anim_dsl.merge.items import Item, of_block, of_film, of_keys
from anim_dsl.merge.lines import merged_lines
from anim_dsl.merge.markers import chosen, without_conflicts, written
from anim_dsl.merge.merging import Asked, merged_items
from anim_dsl.merge.moves import Texts, follow_moves, follow_renames
from anim_dsl.merge.pieces import ClashError, Conflict, Marking, Piece
from anim_dsl.merge.reading import reading
from anim_dsl.syntax import Document, Keys, Let, Number, Quantity, Setting, Word

_MARKING = Marking()


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge gave. `text` holds markers around the `conflicts`; `by_lines` says why it was merged line
    by line, if it was; `notes` are sentences on what people should look at.
    """

    text: str
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[str, ...] = ()
    by_lines: str = ""


def merge(
    base: str,
    ours: str,
    theirs: str,
    *,
    marking: Marking = _MARKING,
    contested: Iterable[tuple[Id, ...]] = (),
) -> Merged:
    """A film with the changes that both sides made to its base, by settings and keys instead of lines.

    What one side alone changed is taken from it as it is written. Where both changed one thing, the statement
    is a conflict, and so are the items at the `contested` paths wherever the sides differ. A side with syntax
    errors is merged line by line. "" is a film that is not there.
    """
    asked = frozenset(contested)
    if not asked and (ours == theirs or base == theirs):
        return Merged(ours)
    if not asked and base == ours:
        return Merged(theirs)
    endings, texts = merged_endings(base, ours, theirs)
    notes: list[str] = []
    why = _why_lines(texts)
    if why:
        return merge_lines(base, ours, theirs, why, marking=marking)
    pieces = _structured(texts, asked, notes)
    if pieces is None:
        return merge_lines(base, ours, theirs, "the statements do not fit together", marking=marking)
    text = endings.put(written(pieces, marking))
    return Merged(text, _conflicts(pieces), tuple(dict.fromkeys(notes)))


def merge_lines(base: str, ours: str, theirs: str, why: str, *, marking: Marking = _MARKING) -> Merged:
    """The texts merged line by line, as git does it; `why` is said."""
    endings, texts = merged_endings(base, ours, theirs)
    pieces = merged_lines(*texts)
    return Merged(endings.put(written(pieces, marking)), _conflicts(pieces), by_lines=why)


def _conflicts(pieces: Iterable[Piece]) -> tuple[Conflict, ...]:
    return tuple(piece for piece in pieces if isinstance(piece, Conflict))


def _why_lines(texts: tuple[str, str, str]) -> str:
    """Why the texts cannot be merged as films, or ""."""
    for name, text in zip(("our version", "their version"), texts[1:], strict=True):
        if _has_errors(text):
            return f"{name} has syntax errors"
    known = _known(texts[0])
    return "the version that both began with has syntax errors" if _has_errors(known) else ""


def _known(base: str) -> str:
    """The base; of one that is itself a merge with conflicts, what is settled in it."""
    return without_conflicts(base) if _has_errors(base) else base


def _has_errors(text: str) -> bool:
    return reading(text).has_errors


def _structured(
    texts: tuple[str, str, str], contested: frozenset[tuple[Id, ...]], notes: list[str]
) -> tuple[Piece, ...] | None:
    """The pieces of the merged film, or None if they would not be one."""
    followed = _followed(_known(texts[0]), texts[1], texts[2])
    films = [reading(text).film for text in followed]
    items = [of_film(film.source.text, film.statements) for film in films]
    asked = Asked(_fps(films[1]), contested, notes)
    try:
        pieces = merged_items(items[0], items[1], items[2], asked)
    except ClashError:
        return None
    sides = {chosen(pieces, side) for side in ("ours", "theirs")}
    return None if any(_has_errors(text) for text in sides) else pieces


def _followed(base: str, ours: str, theirs: str) -> tuple[str, str, str]:
    """The texts with each side's renames and moves made on the other side too."""
    found = base, ours, theirs
    for follow in (follow_renames, follow_moves):
        first = follow(Texts(found[0], found[1], found[2]))
        second = follow(Texts(first.base, first.other, first.side))
        after = second.base, second.other, second.side
        if not any(_has_errors(text) for text in after):
            found = after
    return found


def _fps(film: Document) -> float:
    for statement in film.statements:
        if isinstance(statement, Setting) and statement.name.text == "fps":
            match statement.value:
                case Number(value) if value > 0:
                    return value
                case Quantity(((value, _),)) if value > 0:
                    return value
                case _:
                    pass
    return 24.0


def path_at(text: str, offset: int) -> tuple[Id, ...]:
    """The names of the item that stands at an offset, outermost first; () if there is none."""
    items = of_film(text, reading(text).film.statements).items
    path: list[Id] = []
    while True:
        found = next((item for item in items if _holds(item, offset)), None)
        if found is None:
            return tuple(path)
        path.append(found.own_id)
        items = _inside(found)


def _holds(item: Item, offset: int) -> bool:
    return item.node is not None and item.node.span.start <= offset < item.node.span.end


def _inside(item: Item) -> tuple[Item, ...]:
    node = item.node
    if isinstance(node, Word | Setting) and node.block is not None:
        return of_block(item.text, node.block).items
    if isinstance(node, Setting | Let) and isinstance(node.value, Keys) and node.value.keys:
        return of_keys(item.text, node.value).items
    return ()
