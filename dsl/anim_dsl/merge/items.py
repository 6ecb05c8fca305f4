"""A text cut into items: each statement, key or paragraph of comments with the layout that belongs to it.

Nothing is lost: `opening`, the items' `lead`, `body` and `trail`, and `tail` are the text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from anim_dsl.merge.identity import Id, comment_id, key_id, statement_id
from anim_dsl.merge.pieces import ClashError
from anim_dsl.syntax import Block, Key, KeyLine, Keys, Statement

Node: TypeAlias = Statement | Key

_TRAIL = re.compile(r"([ \t]*)([;,]?)([ \t]*)(#[^\r\n]*)?(\r\n|\n)?")
_CODE = re.compile(r"#[# \t]*(?:\d[\w.%]*[ \t]*:|[\w.]+(?:[ \t]+\w+){0,2}[ \t]*[+*]?=[^=]|[\w. \t]+\{|\})")
"""A line of a statement or key that somebody took out by making it a comment."""
_OPENING = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n)|[ \t]*")


@dataclass(frozen=True, slots=True)
class Item:
    """A statement or key, or a paragraph of comments (`node` is None), and what surrounds it.

    `lead` is what stands before it since the item before: blank lines, comments right above it, the indent.
    `trail` is its separator, the comment behind it and its line end. `text` is the whole text that its node
    counts in.
    """

    id: Id
    node: Node | None
    text: str
    lead: str
    body: str
    trail: str
    starts_line: bool
    is_last: bool = False

    @property
    def own_id(self) -> Id:
        """What it is called in its own text: other than `id` if it was found to be another one, renamed."""
        match self.node:
            case None:
                return self.id
            case Key():
                return key_id(self.node, self.text)
            case _:
                return statement_id(self.node, self.text)

    @property
    def is_key(self) -> bool:
        """Whether it is a key, which a comma may follow."""
        return isinstance(self.node, Key)

    @property
    def whole(self) -> str:
        """All of its text."""
        return self.lead + self.body + self.trail

    @property
    def remark(self) -> str:
        """The comment behind it, with the spaces before that."""
        found = _TRAIL.match(self.trail)
        if found is None or not found[4]:
            return ""
        return f"{(found[3] if found[2] else found[1]) or '  '}{found[4]}"


@dataclass(frozen=True, slots=True)
class Items:
    """A block's or a list's inside; `own_line` is whether what closes it stands on a line of its own."""

    opening: str
    items: tuple[Item, ...]
    tail: str
    own_line: bool

    @property
    def text(self) -> str:
        """The text that was cut."""
        return self.opening + "".join(item.whole for item in self.items) + self.tail


NOTHING = Items("", (), "", own_line=False)


def of_film(text: str, statements: Sequence[Statement]) -> Items:
    """The items of a whole film."""
    found = _cut(text, 0, len(text), _elements(statements), is_film=True)
    return replace(found, own_line=True)


def of_block(text: str, block: Block) -> Items:
    """The items between the braces of a block."""
    return _cut(text, block.span.start + 1, block.span.end - 1, _elements(block.statements))


def of_keys(text: str, keys: Keys) -> Items:
    """The keys of a list: of one that is written as a block, or between commas."""
    if text[keys.span.start] == "{":
        return _cut(
            text, keys.span.start + 1, keys.span.end - 1, [(key, key.span.start) for key in keys.keys]
        )
    first, last = keys.keys[0].span.start, keys.keys[-1].span.end
    return _cut(text, first, last, [(key, key.span.start) for key in keys.keys], is_list=True)


def on_lines(keys: Items, block: Items) -> Items:
    """Keys between commas, each on a line as those of a block are. Raises `ClashError` where comments or the
    block's own layout leave no place for that.
    """
    if any("#" in item.lead for item in keys.items) or not all(item.starts_line for item in block.items):
        raise ClashError
    indent = indent_of(block.items[0])
    items = (replace(item, lead=indent, trail=f"{item.remark}\n", starts_line=True) for item in keys.items)
    return replace(block, items=tuple(items))


def indent_of(item: Item) -> str:
    """The spaces and tabs before an item that begins its line."""
    line = item.lead[item.lead.rfind("\n") + 1 :]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _elements(statements: Iterable[Statement]) -> list[tuple[Node, int]]:
    return [(node, node.span.start) for statement in statements for node in _parts(statement)]


def _parts(statement: Statement) -> Iterator[Node]:
    """Keys that stand as statements are looked at one by one."""
    if isinstance(statement, KeyLine) and statement.keys.easing is None:
        yield from statement.keys.keys
    else:
        yield statement


def _cut(
    text: str,
    start: int,
    end: int,
    nodes: list[tuple[Node, int]],
    *,
    is_film: bool = False,
    is_list: bool = False,
) -> Items:
    at = start
    opening = ""
    first = nodes[0][1] if nodes else end
    if not is_film:
        found = _OPENING.match(text, start, first)
        opening = found[0] if found else ""
        at = start + len(opening)
    items: list[Item] = []
    for number, (node, begin) in enumerate(nodes):
        is_last = number + 1 == len(nodes)
        limit = end if is_last else nodes[number + 1][1]
        header = is_film and not items
        loose, lead = _loose(text, at, begin, header=header, is_list=is_list)
        items += loose
        stop = node.span.end
        trail = _trail(text, stop, limit, is_last=is_last)
        own = not text[text.rfind("\n", 0, begin) + 1 : begin].strip(" \t\ufeff")
        items.append(Item(("",), node, text, lead, text[begin:stop], trail, own, is_last))
        at = stop + len(trail)
    loose, tail = _loose(text, at, end, is_tail=True)
    line = text.rfind("\n", start, end) + 1
    own_line = bool(line) and not text[line:end].strip(" \t")
    return Items(opening, _named([*items, *loose]), tail, own_line)


def _trail(text: str, start: int, limit: int, *, is_last: bool) -> str:
    found = _TRAIL.match(text, start, limit)
    assert found is not None  # it matches nothing at all, too
    if is_last and not found[4] and not found[5]:
        return f"{found[1]}{found[2]}" if found[2] else ""
    return found[0]


def _loose(
    text: str, start: int, end: int, *, header: bool = False, is_tail: bool = False, is_list: bool = False
) -> tuple[list[Item], str]:
    """The paragraphs of comments before a statement that are not its own, and what is left before it.

    A comment right above a statement is that one's, but for what a film begins with, and for what was a
    statement itself.
    """
    found: list[tuple[str, str]] = []
    rest = ""
    for line in text[start:end].splitlines(keepends=True):
        bare = line.lstrip(" \t\ufeff")
        if not bare.startswith("#"):
            rest += line
        elif found and not rest:
            found[-1] = (found[-1][0], found[-1][1] + line)
        else:
            found.append((rest + line[: len(line) - len(bare)], bare))
            rest = ""
    is_above = not is_tail and "\n" not in rest and not (header and len(found) == 1)
    if found and is_above and (is_list or not _CODE.match(found[-1][1].splitlines()[-1].lstrip())):
        rest = "".join((*found.pop(), rest))
    return [_paragraph(text, lead, body) for lead, body in found], rest


def _paragraph(text: str, lead: str, body: str) -> Item:
    said = body.rstrip("\r\n")
    return Item(("",), None, text, lead, said, body[len(said) :], True)


def _named(items: list[Item]) -> tuple[Item, ...]:
    """The items with their names; of those that have the same, the later ones are numbered."""
    seen: dict[Id, int] = {}
    named = []
    for item in items:
        own = comment_id(item.body) if item.node is None else item.own_id
        seen[own] = seen.get(own, 0) + 1
        named.append(replace(item, id=own if seen[own] == 1 else (*own, str(seen[own]))))
    return tuple(named)
