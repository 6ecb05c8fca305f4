"""Statements and blocks laid out: one statement a line, two spaces a level, groups in columns."""

from __future__ import annotations

from collections.abc import Sequence

from anim_dsl.format.align import INDENT, WIDEST, Blank, Laid, Lines, Remarked, Row, aligned
from anim_dsl.format.pieces import Block, Item, Piece, Remark, Statement
from anim_dsl.format.spacing import flat
from anim_dsl.format.values import Items, broken, gather, lay, must_break, tokens_of
from anim_dsl.tokens import CLOSERS, OPENERS
from anim_dsl.visible import width

_ASSIGNS = ("EQUAL", "AUGMENT")


def lay_items(items: Sequence[Item], indent: int) -> list[str]:
    """The lines of a block's items, relative to `indent`."""
    rows: list[Laid] = []
    for number, item in enumerate(items):
        if number and item.after_blank:
            rows.append(Blank())
        rows.append(Remarked(item.text) if isinstance(item, Remark) else _Statement(item, indent).row())
    return aligned(rows)


class _Statement:
    """One statement: the head up to its sign (`left`), the value (`items`), the block."""

    def __init__(self, statement: Statement, indent: int) -> None:
        self.statement = statement
        self.indent = indent
        head = statement.head
        sign = _at_depth_0(head, _ASSIGNS)
        colon = _at_depth_0(head, ("COLON",)) if sign is None else None
        self.left = head[: sign + 1] if sign is not None else []
        if any(piece.is_comment for piece in self.left):
            self.left = []  # comments among a function's parameters: all of it is laid out like a value
        self.items = gather(head[len(self.left) :])
        self.is_flat = not must_break(self.items)
        self.colon = colon
        self.text = flat([*(piece.token for piece in self.left), *tokens_of(self.items)])

    def row(self) -> Row | Lines:
        """The statement on one line if it can be, else on several."""
        block = self.statement.block
        inside = "" if block is None else one_line(block)
        if inside is None or not self.is_flat:
            return self._lines()
        text = " ".join(part for part in (self.text, inside) if part)
        if self.indent + width(text) > WIDEST and "\n" not in text and (self._can_break() or block):
            return self._lines()
        if "\n" in text:
            return Lines((_remarked(text, self.statement.remark),))
        return self._row(inside)

    def _can_break(self) -> bool:
        return self.items.commas > 0 or any(piece.token.type in CLOSERS for piece in self.statement.head)

    def _row(self, inside: str) -> Row:
        remark = self.statement.remark
        if self.left:
            *left, sign = (piece.token for piece in self.left)
            right = " ".join(part for part in (flat(tokens_of(self.items)), inside) if part)
            return Row(_kind(self.left), flat(left), sign.text, right, remark)
        text = " ".join(part for part in (self.text, inside) if part)
        if self.colon is None:
            return Row("", text, "", "", remark)
        tokens = [piece.token for piece in self.statement.head]
        return Row("key", flat(tokens[: self.colon + 1]), "", flat(tokens[self.colon + 1 :]), remark)

    def _lines(self) -> Lines:
        block, remark = self.statement.block, self.statement.remark
        lines = self._head_lines("" if block else remark)
        if block is not None:
            lines[-1] = _remarked(f"{lines[-1]} {{", block.remark)
            body = lay_items(block.items, self.indent + len(INDENT))
            lines += [INDENT + line if line else "" for line in body]
            lines.append(_remarked("}", remark))
        return Lines(tuple(lines))

    def _head_lines(self, remark: str) -> list[str]:
        room = WIDEST - self.indent - (2 if self.statement.block else 0)
        if self.is_flat and (width(self.text) <= room or not self._can_break()):
            return [_remarked(self.text, remark)]
        element = self.items.elements[0]
        prefix = flat(piece.token for piece in self.left)
        if self.items.commas or element.before or element.remark:
            if not self.left:
                return lay(self.items, self.indent, remark)
            below = lay(self.items, self.indent + len(INDENT), remark)
            return [prefix, *(INDENT + line if line else "" for line in below)]
        before = self.left[-1].token if self.left else None
        lines = broken(element.nodes, self.indent, prefix, before)
        lines[-1] = _remarked(lines[-1], remark)
        return lines


def one_line(block: Block) -> str | None:
    """`{ source = init; weight = 0.8 }`, or None if the block was not written so or cannot be."""
    if not block.items and not block.remark:
        return "{ }"
    if not block.on_one_line or block.remark:
        return None
    parts: list[str] = []
    for item in block.items:
        if isinstance(item, Remark) or item.remark:
            return None
        inside = "" if item.block is None else one_line(item.block)
        items: Items = gather(item.head)
        if inside is None or must_break(items) or any(piece.is_comment for piece in item.head):
            return None
        parts.append(" ".join(part for part in (flat(piece.token for piece in item.head), inside) if part))
    text = "; ".join(parts)
    return None if "\n" in text else f"{{ {text} }}"


def _remarked(line: str, remark: str) -> str:
    return f"{line}  {remark}" if remark else line


def _kind(left: Sequence[Piece]) -> str:
    """Which statements share a column for their `=`; functions stand too far apart for one."""
    first = left[0].token.type
    if first in ("LET", "DEF"):
        return "let" if first == "LET" else ""
    return "setting" if all(p.token.type in ("NAME", "DOT") for p in left[:-1]) and _is_path(left) else "word"


def _is_path(left: Sequence[Piece]) -> bool:
    return all(piece.token.type == "DOT" for piece in left[1:-1:2])


def _at_depth_0(head: Sequence[Piece], kinds: tuple[str, ...]) -> int | None:
    depth = 0
    for at, piece in enumerate(head):
        kind = piece.token.type
        if kind in OPENERS:
            depth += 1
        elif kind in CLOSERS:
            depth -= 1
        elif depth == 0 and kind in kinds:
            return at
    return None
