"""Key lists where they are written: their keys, and the statements that those stand in."""

from __future__ import annotations

from dataclasses import dataclass

from anim_dsl.edit.places import Film, NotThereError, Path
from anim_dsl.lexer import lex
from anim_dsl.source import Span
from anim_dsl.syntax import Key, KeyLine, Keys, Let, Setting, Statement


@dataclass(frozen=True, slots=True)
class KeyList:
    """The keys of a list in written order, each with the number of the statement that it stands in."""

    film: Film
    keys: tuple[Key, ...]
    lines: tuple[int, ...]
    ends: tuple[int, ...]  # where each key's statement ends
    is_block: bool  # whether a key can begin a line of its own without a comma before it

    def shares_statement(self, a: int, b: int) -> bool:
        """Whether a comma stands between two keys."""
        return self.lines[a] == self.lines[b]

    def at(self, number: int) -> Key:
        """A key by its number. Raises NotThereError."""
        if not 0 <= number < len(self.keys):
            raise NotThereError(f"there is no key {number} in a list of {len(self.keys)}")
        return self.keys[number]


def key_list(film: Film, path: Path, name: str) -> KeyList:
    """The list of a name, or without one the keys of a block. Raises NotThereError."""
    for statement in film.statements(path) or ():
        if name and isinstance(statement, Setting | Let) and statement.name.text == name:
            found = _of(film, statement)
            if found is not None:
                return found
    if name and (setting := film.setting(path, name)) is not None and (found := _of(film, setting)):
        return found
    if not name:
        rows = [line.keys for line in film.statements(path) or () if isinstance(line, KeyLine)]
        if rows:
            return _joined(film, rows)
    raise NotThereError(f"there is no key list `{name or (path[-1] if path else '')}`")


def _of(film: Film, statement: Statement) -> KeyList | None:
    value = getattr(statement, "value", None)
    if not isinstance(value, Keys) or not value.keys:
        return None
    rows: list[list[Key]] = []
    for key in value.keys:
        apart = not rows or not _has_comma(film, rows[-1][-1].span.end, key.span.start)
        if apart:
            rows.append([])
        rows[-1].append(key)
    return _rows(film, rows, value.span.end, is_block=film.text[value.span.start] == "{")


def _has_comma(film: Film, start: int, end: int) -> bool:
    kinds = [token.type for token in lex(film.text, start, end)]
    # after `with easing` a key begins a line of its own even if a comma stood before that
    return "COMMA" in kinds and "WITH" not in kinds


def _rows(film: Film, rows: list[list[Key]], end: int, *, is_block: bool) -> KeyList:
    keys = tuple(key for row in rows for key in row)
    lines = tuple(number for number, row in enumerate(rows) for _ in row)
    ends = tuple(_row_end(film, row, end, is_block) for row in rows for _ in row)
    return KeyList(film, keys, lines, ends, is_block)


def _row_end(film: Film, row: list[Key], end: int, is_block: bool) -> int:
    """Behind the last key of a row and the `with …` that may follow it."""
    last = row[-1].span.end
    stop = end - 1 if is_block else end
    reached = last
    is_with = False
    for token in lex(film.text, last, stop):
        is_with = is_with or token.type == "WITH"
        if token.type in ("NEWLINE", "SEMICOLON") or not is_with:
            break
        reached = token.end
    return reached


def _joined(film: Film, rows: list[Keys]) -> KeyList:
    keys = tuple(key for row in rows for key in row.keys)
    lines = tuple(number for number, row in enumerate(rows) for _ in row.keys)
    ends = tuple(row.span.end for row in rows for _ in row.keys)
    return KeyList(film, keys, lines, ends, is_block=True)


def space_before(film: Film, offset: int) -> str:
    """A space if a word begins at an offset, so that what is put before it does not run into it."""
    return " " if film.text[offset : offset + 1].isalnum() else ""


def trailing_comma(film: Film, start: int) -> int | None:
    """Where a comma ends that follows the last key and that the language ignores, or None."""
    rest = film.text[start : film.line_end(start)]
    sign = rest.lstrip(" \t")
    return start + len(rest) - len(sign) + 1 if sign.startswith(",") else None


def comma_between(film: Film, start: int, end: int) -> Span:
    """The comma between two keys of a statement."""
    return next(token.span for token in lex(film.text, start, end) if token.type == "COMMA")
