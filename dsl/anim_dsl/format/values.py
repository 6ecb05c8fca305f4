"""Values on one line or on several.

A list stays on one line while it fits. One that was written with every element on its own line keeps that;
a longer one is filled up to the margin. A comment inside puts every element on a line of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from anim_dsl.format.align import INDENT, WIDEST, Blank, Laid, Lines, Remarked, Row, aligned
from anim_dsl.format.pieces import Piece
from anim_dsl.format.spacing import Line, flat
from anim_dsl.tokens import BINARY_OPERATORS, JOINING_WORDS, OPENERS, Token, ends_operand
from anim_dsl.visible import width

_OPERATORS = BINARY_OPERATORS | JOINING_WORDS


@dataclass(slots=True)
class Group:
    """`( … )` or `[ … ]`; `remark` is the comment behind the opening one."""

    opener: Token
    items: Items
    closer: Token
    remark: str = ""


Node: TypeAlias = "Piece | Group"


@dataclass(slots=True)
class Element:
    """What stands between two commas, with the comments before it and the one behind it."""

    nodes: list[Node] = field(default_factory=list)
    before: list[Remarked | Blank] = field(default_factory=list)
    remark: str = ""


@dataclass(slots=True)
class Items:
    """Elements between commas; `after` are the comments that follow the last one."""

    elements: list[Element]
    commas: int = 0
    breaks: int = 0  # commas that end their line
    after: list[Remarked | Blank] = field(default_factory=list)


def gather(pieces: Sequence[Piece]) -> Items:
    """The elements that pieces are, brackets inside them."""
    return _Gatherer(pieces).items(closer=None)


class _Gatherer:
    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.at = 0

    def items(self, closer: str | None) -> Items:
        found = Items([Element()])
        while self.at < len(self.pieces):
            piece = self.pieces[self.at]
            if closer is not None and piece.token.type == closer:
                break
            self.at += 1
            if piece.token.type == "COMMA":
                self._comma(found)
            elif piece.is_comment:
                self._comment(found, piece, closer)
            elif piece.token.type in OPENERS:
                remark = self._opening_remark()
                inner = self.items(OPENERS[piece.token.type])
                group = Group(piece.token, inner, self.pieces[self.at].token, remark)
                self._node(found, piece)
                found.elements[-1].nodes[-1] = group
                self.at += 1
            else:
                self._node(found, piece)
        return found

    def _opening_remark(self) -> str:
        """The comment on the line of the bracket just opened, which is taken."""
        piece = self.pieces[self.at]
        if not piece.is_comment or piece.on_new_line:
            return ""
        self.at += 1
        return piece.token.text.rstrip()

    def _node(self, found: Items, piece: Piece) -> None:
        element = found.elements[-1]
        if not element.nodes and piece.after_blank and len(found.elements) > 1:
            element.before.append(Blank())
        element.nodes.append(piece)

    def _comma(self, found: Items) -> None:
        found.commas += 1
        rest = self.pieces[self.at : self.at + 1]
        if rest and (rest[0].on_new_line or rest[0].is_comment):
            found.breaks += 1
        found.elements.append(Element())

    def _comment(self, found: Items, piece: Piece, closer: str | None) -> None:
        text = piece.token.text.rstrip()
        following = self.pieces[self.at].token.type if self.at < len(self.pieces) else None
        element = found.elements[-1]
        previous = found.elements[-2] if len(found.elements) > 1 else None
        if not element.nodes:
            if previous is not None and not piece.on_new_line and not previous.remark:
                previous.remark = text
                return
            blank = [Blank()] if piece.after_blank and (previous is not None or element.before) else []
            element.before += [*blank, Remarked(text)]
        elif self._ends_element(closer):
            if not piece.on_new_line and not element.remark:
                element.remark = text
            elif following == "COMMA" or self._next_code() == "COMMA":
                element.nodes.append(piece)
            else:
                found.after += [*([Blank()] if piece.after_blank else []), Remarked(text)]
        else:
            element.nodes.append(piece)

    def _next_code(self) -> str | None:
        return next((p.token.type for p in self.pieces[self.at :] if not p.is_comment), None)

    def _ends_element(self, closer: str | None) -> bool:
        return self._next_code() in ("COMMA", closer)


def must_break(items: Items) -> bool:
    """Whether these elements cannot stand on one line, whatever its length."""
    if items.after or is_listed(items):
        return True
    for element in items.elements:
        if element.before or element.remark:
            return True
        for place, node in enumerate(element.nodes):
            if isinstance(node, Group):
                if node.remark or must_break(node.items):
                    return True
            elif node.is_comment or (place and _is_operator_break(element.nodes, place)):
                return True
    return False


def is_listed(items: Items) -> bool:
    """Whether every element was written on a line of its own."""
    return items.commas > 0 and items.breaks == items.commas


def _is_operator_break(nodes: Sequence[Node], at: int) -> bool:
    """Whether the line was broken before or after the operator that stands here."""
    node = nodes[at]
    if isinstance(node, Group) or node.token.type not in _OPERATORS or not _is_binary(nodes, at):
        return False
    after = nodes[at + 1] if at + 1 < len(nodes) else None
    breaks_after = isinstance(after, Piece) and after.on_new_line and not after.is_comment
    return node.on_new_line or breaks_after


def _is_binary(nodes: Sequence[Node], at: int) -> bool:
    before = nodes[at - 1]
    return isinstance(before, Group) or before.is_comment or ends_operand(before.token)


def tokens_of(items: Items) -> Iterator[Token]:
    """The tokens of elements with their commas, comments left out."""
    for number, element in enumerate(items.elements):
        if number:
            yield _COMMA
        for node in element.nodes:
            if isinstance(node, Group):
                yield node.opener
                yield from tokens_of(node.items)
                yield node.closer
            elif not node.is_comment:
                yield node.token


_COMMA = Token("COMMA", ",", 0, 0)


def lay(items: Items, indent: int, remark: str = "") -> list[str]:
    """Elements on lines of their own, or filled, as lines relative to where they begin.

    `remark` is the comment behind the last one.
    """
    if not must_break(items):
        filled = _filled(items, indent)
        if filled is not None:
            filled[-1] += f"  {remark}" if remark else ""
            return filled
    last = items.elements[-1]
    last.remark = last.remark or remark
    rows: list[Laid] = []
    for number, element in enumerate(items.elements):
        comma = "," if number + 1 < len(items.elements) else ""
        rows += element.before
        rows.append(_element_row(element, comma, indent))
    return aligned([*rows, *items.after])


def _filled(items: Items, indent: int) -> list[str] | None:
    """Elements packed into lines, or None if one does not fit or no line would hold two."""
    texts = [flat(tokens_of(Items([element]))) for element in items.elements]
    if any(indent + width(text) + 1 > WIDEST for text in texts) or len(texts) == 1:
        return None
    lines = [texts[0]]
    for text in texts[1:]:
        if indent + width(lines[-1]) + 3 + width(text) <= WIDEST:
            lines[-1] += f", {text}"
        else:
            lines[-1] += ","
            lines.append(text)
    return None if len(lines) == len(texts) else lines


def _element_row(element: Element, comma: str, indent: int) -> Row | Lines:
    only = Items([element])
    inside = Items([Element(element.nodes)])
    text = flat(tokens_of(only))
    if must_break(inside) or (indent + width(text) + len(comma) > WIDEST and "\n" not in text):
        lines = broken(element.nodes, indent)
        lines[-1] += comma + (f"  {element.remark}" if element.remark else "")
        return Lines(tuple(lines))
    if "\n" in text:
        return Lines((text + comma + (f"  {element.remark}" if element.remark else ""),))
    time = _time_of(element)
    if time is None:
        return Row("", text + comma, "", "", element.remark)
    left = flat(tokens_of(Items([Element(element.nodes[: time + 1])])))
    right = flat(tokens_of(Items([Element(element.nodes[time + 1 :])])))
    return Row("key", left, "", right + comma, element.remark)


def _time_of(element: Element) -> int | None:
    """The index of the colon after a key's time."""
    for at, node in enumerate(element.nodes):
        if isinstance(node, Piece) and node.token.type == "COLON":
            return at
    return None


def broken(nodes: Sequence[Node], indent: int, first: str = "", before: Token | None = None) -> list[str]:
    """One element on several lines: brackets opened where it does not fit, operators where they were.

    `first` is what stands before it on the first line.
    """
    return _Breaker(nodes, indent, first, before).run()


class _Breaker:
    def __init__(self, nodes: Sequence[Node], indent: int, first: str, before: Token | None) -> None:
        self.nodes = nodes
        self.indent = indent
        self.done: list[str] = []
        self.line = Line(before)
        self.line.parts.append(first)

    def run(self) -> list[str]:
        for at, node in enumerate(self.nodes):
            if isinstance(node, Group):
                self._group(node, at)
            elif node.is_comment:
                self._comment(node)
            else:
                if at and _is_operator_break(self.nodes, at):
                    self._new_line()
                self.line.add(node.token)
        return [*self.done, self.line.text]

    def _new_line(self) -> None:
        if self.line.text.strip():
            self.done.append(self.line.text)
        self.line.parts = [INDENT]
        # the token before is kept, so that a sign is told from an operator; spaces at the start are not
        self.line.is_signed = True

    def _comment(self, piece: Piece) -> None:
        text = piece.token.text.rstrip()
        if piece.on_new_line and self.line.text.strip():
            self._new_line()
        gap = "  " if self.line.text.strip() else ""
        self.line.parts.append(gap + text)
        before = self.line.before
        self._new_line()
        self.line.before = before

    def _group(self, group: Group, at: int) -> None:
        text = flat(tokens_of(Items([Element([group])])))
        column = self.indent + width(self.line.text.rpartition("\n")[2])
        rest = self._tail(at)
        self.line.add(group.opener)
        fits = column + 1 + width(text) + rest <= WIDEST or "\n" in text
        breaks = bool(group.remark) or must_break(group.items)
        if not group.items.elements[0].nodes and not breaks:
            self.line.add(group.closer)
            return
        if fits and not breaks:
            for token in tokens_of(group.items):
                self.line.add(token)
            self.line.add(group.closer)
            return
        inner = INDENT if not self.done else INDENT * 2
        self.done.append(self.line.text + (f"  {group.remark}" if group.remark else ""))
        if group.items.elements[0].nodes or must_break(group.items):
            self.done += [inner + line if line else "" for line in lay(group.items, self.indent + len(inner))]
        self.line.parts = [inner[len(INDENT) :]]
        self.line.add(group.closer)

    def _tail(self, at: int) -> int:
        """The width of what must follow a bracket on its line."""
        rest = self.nodes[at + 1 : at + 2]
        node = rest[0] if rest else None
        return width(node.token.text) + 1 if isinstance(node, Piece) and not node.is_comment else 1
