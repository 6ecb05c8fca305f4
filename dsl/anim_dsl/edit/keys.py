"""Keys of a key list added, moved, replaced and deleted, in any of the ways that lists are written.

A list is `zoom = 0s: 1, 4s: 2`, on one line or on several; or a block with a key a line, as in
`prompt { … }`.
"""

from __future__ import annotations

from dataclasses import dataclass

from anim_dsl.diagnostic import Edit
from anim_dsl.edit.apply import apply_edits
from anim_dsl.edit.places import Film, NotThereError, Path, film_of
from anim_dsl.lexer import lex
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Key, KeyLine, Keys, Let, Setting, Statement


@dataclass(frozen=True, slots=True)
class _List:
    """The keys of a list in written order, each with the number of the statement that it stands in."""

    film: Film
    keys: tuple[Key, ...]
    lines: tuple[int, ...]
    ends: tuple[int, ...]  # where each key's statement ends
    is_block: bool  # whether a key can begin a line of its own without a comma before it

    def text(self, key: Key) -> str:
        """A key as it is written."""
        return self.film.source.slice(key.span)

    def shares_statement(self, a: int, b: int) -> bool:
        """Whether a comma stands between two keys."""
        return self.lines[a] == self.lines[b]

    def at(self, number: int) -> Key:
        """A key by its number. Raises NotThereError."""
        if not 0 <= number < len(self.keys):
            raise NotThereError(f"there is no key {number} in a list of {len(self.keys)}")
        return self.keys[number]


def keys_of(source: Source, path: Path, name: str = "") -> tuple[Key, ...]:
    """The keys of a setting's or `let`'s list, or without a name those of the block itself.

    Raises NotThereError if there is no such list.
    """
    return _list(film_of(source), path, name).keys


def add_key(source: Source, path: Path, name: str, number: int, time: str, value: str) -> str:
    """The text with a key added, so that it is the key of that number. Raises NotThereError."""
    found = _list(film_of(source), path, name)
    if not 0 <= number <= len(found.keys):
        raise NotThereError(f"a key cannot be number {number} of {len(found.keys) + 1}")
    key = f"{time}: {value}"
    edits = _before(found, number, key) if number < len(found.keys) else _after_last(found, key)
    return apply_edits(found.film.text, edits)


def replace_key(source: Source, path: Path, name: str, number: int, value: str) -> str:
    """The text with a key's value replaced; its time and easing stay. Raises NotThereError."""
    found = _list(film_of(source), path, name)
    return apply_edits(found.film.text, [Edit(found.at(number).value.span, value)])


def move_key(source: Source, path: Path, name: str, number: int, time: str, to: int | None = None) -> str:
    """The text with a key at another time; `to` is its new number if the order changes.

    Raises NotThereError.
    """
    found = _list(film_of(source), path, name)
    key = found.at(number)
    if to is None or to == number:
        return apply_edits(found.film.text, [Edit(key.at.span, time)])
    value = found.film.text[key.value.span.start : key.span.end]
    without = Source(source.name, delete_key(source, path, name, number))
    return add_key(without, path, name, to, time, value)


def delete_key(source: Source, path: Path, name: str, number: int) -> str:
    """The text without a key; a comment behind it stays, on a line of its own if it stood alone there.

    A comment inside the key goes with it.

    Raises NotThereError, also for the only key of a list.
    """
    found = _list(film_of(source), path, name)
    found.at(number)
    if len(found.keys) == 1:
        raise NotThereError("the only key of a list cannot be deleted")
    edits = [_apart(found.film, edit) for edit in _deletion(found, number)]
    return apply_edits(found.film.text, edits)


def _apart(film: Film, edit: Edit) -> Edit:
    """A deletion that leaves a space where two words would meet."""
    before, after = film.text[: edit.span.start][-1:], _space_before(film, edit.span.end)
    return Edit(edit.span, after) if before.isalnum() or before in tuple('_."') else edit


def _deletion(found: _List, number: int) -> list[Edit]:
    film, key = found.film, found.keys[number]
    last = len(found.keys) - 1
    has_next = number < last and found.shares_statement(number, number + 1)
    if has_next:
        comma = _comma(film, key.span.end, found.keys[number + 1].span.start)
        return [Edit(_with_space(film, Span(key.span.start, comma.end)), "")]
    if number and found.shares_statement(number - 1, number):
        before = found.keys[number - 1]
        comma = _comma(film, before.span.end, key.span.start)
        between = Span(comma.end, key.span.start)
        if any(film.comments_in(between)) or "\n" in film.source.slice(between):
            return [Edit(comma, ""), Edit(_line_back(film, key.span, between.start), "")]
        return [Edit(Span(comma.start, key.span.end), "")]
    return [Edit(_statement(film, Span(key.span.start, found.ends[number])), "")]


def _line_back(film: Film, span: Span, limit: int) -> Span:
    """A key that ends its list, with the line end before it, unless a comment stands in between or behind."""
    start = span.start
    before = film.text[limit:start]
    spaces = len(before) - len(before.rstrip(" \t"))
    if film.remark_after(span.end) is not None:
        return span
    line = film.line_start(start)
    if film.is_first_on_line(start) and not film.text[span.end : film.line_end(span.end)].strip():
        return Span(max(limit, line - len(_ending(film, line))), film.line_end(span.end))
    return Span(start - spaces, span.end)


def _ending(film: Film, line: int) -> str:
    return "\r\n" if film.text[max(0, line - 2) : line] == "\r\n" else film.text[max(0, line - 1) : line]


def _with_space(film: Film, span: Span) -> Span:
    """A span with the rest of its line if nothing else stands there, else with the spaces behind it."""
    rest = film.text[span.end : film.line_end(span.end)]
    if film.is_first_on_line(span.start) and not rest.strip():
        end = film.line_end(span.end)
        after = film.text[end : end + 2]
        return Span(film.line_start(span.start), end + (2 if after == "\r\n" else 1))
    if rest.lstrip(" \t").startswith("#") or not rest.strip():
        return span
    return Span(span.start, span.end + len(rest) - len(rest.lstrip(" \t")))


def _statement(film: Film, span: Span) -> Span:
    """A whole key line, with its `;`."""
    end = span.end
    rest = film.text[end : film.line_end(end)]
    sign = rest.lstrip(" \t")
    if sign.startswith((";", ",")):
        end += len(rest) - len(sign) + 1
        return _with_space(film, Span(span.start, end))
    if film.is_first_on_line(span.start):
        return _with_space(film, Span(span.start, end))
    before = film.text[film.line_start(span.start) : span.start].rstrip(" \t")
    if before.endswith(";"):
        # the last of several on one line goes with the `;` before it
        return Span(film.line_start(span.start) + len(before) - 1, end)
    return Span(span.start, end)


def _before(found: _List, number: int, key: str) -> list[Edit]:
    film, following = found.film, found.keys[number].span.start
    comma = "," if _is_listed(found, number) else ""
    here = Span(following, following)
    if film.is_first_on_line(following):
        return [Edit(here, f"{key}{comma}{film.newline}{film.indent(following)}")]
    return [Edit(here, f"{key}{comma or ';'} ")]


def _is_listed(found: _List, number: int) -> bool:
    """Whether commas part the keys around this one."""
    if not found.is_block:
        return True
    near = [other for other in (number - 1, number + 1) if 0 <= other < len(found.keys)]
    if near:
        return any(found.shares_statement(number, other) for other in near)
    return not found.film.is_first_on_line(found.keys[number].span.start)


def _after_last(found: _List, key: str) -> list[Edit]:
    film, number = found.film, len(found.keys) - 1
    last = found.keys[number].span
    end, indent = last.end, film.indent(last.start)
    line_end = film.line_end(end)
    is_own_line = film.is_first_on_line(last.start)
    ends_statement = not film.text[end : found.ends[number]].strip()
    rest = film.text[end:line_end].lstrip(" \t,")
    ends_line = not rest or rest.startswith("#")
    if not _is_listed(found, number):
        statement = found.ends[number]
        rest = film.text[statement : film.line_end(statement)].lstrip(" \t,;")
        if not rest or rest.startswith("#"):
            stop = film.line_end(statement)
            return [Edit(Span(stop, stop), f"{film.newline}{indent}{key}")]
        return [Edit(Span(statement, statement), f"; {key}")]
    trailing = _trailing_comma(film, end)
    stop, comma = (end, ",") if trailing is None else (trailing, "")
    if is_own_line and ends_line and ends_statement:
        behind = film.text[stop:line_end]
        return [Edit(Span(stop, line_end), f"{comma}{behind}{film.newline}{indent}{key}")]
    gap = f"{film.newline}{indent}" if is_own_line else " "
    return [Edit(Span(stop, stop), f"{comma}{gap}{key}{_space_before(film, stop)}")]


def _space_before(film: Film, offset: int) -> str:
    """A space if a word begins at an offset, so that what is put before it does not run into it."""
    return " " if film.text[offset : offset + 1].isalnum() else ""


def _trailing_comma(film: Film, start: int) -> int | None:
    """Where a comma ends that follows the last key and that the language ignores, or None."""
    rest = film.text[start : film.line_end(start)]
    sign = rest.lstrip(" \t")
    return start + len(rest) - len(sign) + 1 if sign.startswith(",") else None


def _comma(film: Film, start: int, end: int) -> Span:
    return next(token.span for token in lex(film.text, start, end) if token.type == "COMMA")


def _list(film: Film, path: Path, name: str) -> _List:
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


def _of(film: Film, statement: Statement) -> _List | None:
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


def _rows(film: Film, rows: list[list[Key]], end: int, *, is_block: bool) -> _List:
    keys = tuple(key for row in rows for key in row)
    lines = tuple(number for number, row in enumerate(rows) for _ in row)
    ends = tuple(_row_end(film, row, end, is_block) for row in rows for _ in row)
    return _List(film, keys, lines, ends, is_block)


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


def _joined(film: Film, rows: list[Keys]) -> _List:
    keys = tuple(key for row in rows for key in row.keys)
    lines = tuple(number for number, row in enumerate(rows) for _ in row.keys)
    ends = tuple(row.span.end for row in rows for _ in row.keys)
    return _List(film, keys, lines, ends, is_block=True)
