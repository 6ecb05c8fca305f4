"""Keys of a key list added, moved, replaced and deleted, in any of the ways that lists are written.

A list is `zoom = 0s: 1, 4s: 2`, on one line or on several; or a block with a key a line, as in
`prompt { … }`.
"""

from __future__ import annotations

from anim_dsl.diagnostic import Edit
from anim_dsl.edit.apply import apply_edits
from anim_dsl.edit.deletion import deletion
from anim_dsl.edit.places import NotThereError, Path, film_of
from anim_dsl.edit.rows import KeyList, key_list, space_before, trailing_comma
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Key


def keys_of(source: Source, path: Path, name: str = "") -> tuple[Key, ...]:
    """The keys of a setting's or `let`'s list, or without a name those of the block itself.

    Raises NotThereError if there is no such list.
    """
    return key_list(film_of(source), path, name).keys


def add_key(source: Source, path: Path, name: str, number: int, time: str, value: str) -> str:
    """The text with a key added, so that it is the key of that number. Raises NotThereError."""
    found = key_list(film_of(source), path, name)
    if not 0 <= number <= len(found.keys):
        raise NotThereError(f"a key cannot be number {number} of {len(found.keys) + 1}")
    key = _spelled(found, number, time, value)
    edits = _before(found, number, key) if number < len(found.keys) else _after_last(found, key)
    return apply_edits(found.film.text, edits)


def replace_key(source: Source, path: Path, name: str, number: int, value: str) -> str:
    """The text with a key's value replaced; its time and easing stay. Raises NotThereError."""
    found = key_list(film_of(source), path, name)
    return apply_edits(found.film.text, [Edit(found.at(number).value.span, value)])


def move_key(source: Source, path: Path, name: str, number: int, time: str, to: int | None = None) -> str:
    """The text with a key at another time; `to` is its new number if the order changes.

    A comment behind a key on a line of its own goes with it, if it has such a line again. Raises
    NotThereError.
    """
    found = key_list(film_of(source), path, name)
    key = found.at(number)
    if to is None or to == number:
        return apply_edits(found.film.text, [_retimed(found, key, time)])
    value = found.film.text[key.value.span.start : key.span.end]

    def moved(text: str) -> str:
        without = Source(source.name, delete_key(Source(source.name, text), path, name, number))
        return add_key(without, path, name, to, time, value)

    remark = _remark_of(found, key)
    if remark is not None:
        text = moved(apply_edits(source.text, [Edit(remark, "")]))
        there = key_list(film_of(Source(source.name, text)), path, name)
        if (end := _line_of_its_own(there, there.keys[to])) is not None:
            return apply_edits(text, [Edit(Span(end, end), source.slice(remark))])
    return moved(source.text)


def _remark_of(found: KeyList, key: Key) -> Span | None:
    """The comment behind a key that has a line of its own, with the spaces before it."""
    film = found.film
    remark = film.remark_after(key.span.end)
    if remark is None or not film.is_first_on_line(key.span.start):
        return None
    line = film.text[: remark.start].rstrip(" \t")
    return Span(len(line), film.line_end(remark.start))


def _line_of_its_own(found: KeyList, key: Key) -> int | None:
    """Where the line ends that holds nothing but a key and its comma, or None."""
    film, end = found.film, found.film.line_end(key.span.end)
    alone = film.is_first_on_line(key.span.start) and not film.text[key.span.end : end].strip(" \t,;")
    return end if alone else None


def delete_key(source: Source, path: Path, name: str, number: int) -> str:
    """The text without a key; a comment behind it stays, on a line of its own if it stood alone there.

    A comment inside the key goes with it.

    Raises NotThereError, also for the only key of a list.
    """
    found = key_list(film_of(source), path, name)
    found.at(number)
    if len(found.keys) == 1:
        raise NotThereError("the only key of a list cannot be deleted")
    return apply_edits(found.film.text, deletion(found, number))


def _before(found: KeyList, number: int, key: str) -> list[Edit]:
    film, following = found.film, found.keys[number].span.start
    comma = "," if _is_listed(found, number) else ""
    here = Span(following, following)
    if film.is_first_on_line(following):
        return [Edit(here, f"{key}{comma}{film.newline}{film.indent(following)}")]
    return [Edit(here, f"{key}{_sign(found, number, comma or ';')}")]


def _sign(found: KeyList, number: int, sign: str) -> str:
    """A comma or semicolon with the spaces that the list has about the one before a key, or its first one."""
    number = min(max(number, 1), len(found.keys) - 1)
    if number:
        between = found.film.text[found.keys[number - 1].span.end : found.keys[number].span.start]
        if between.strip(" \t") == sign:
            return between
    return f"{sign} "


def _spelled(found: KeyList, number: int, time: str, value: str) -> str:
    """A key with the spaces behind its `:` that the one beside it has, or its value in the column of all."""
    near = found.keys[min(number, len(found.keys) - 1)]
    column = _column(found)
    gap = _gap(found, near) if column is None else ":".ljust(max(column - len(time), 2))
    return f"{time}{gap}{value}"


def _retimed(found: KeyList, key: Key, time: str) -> Edit:
    """A key's time replaced; its value stays in the column of all if the time lets it."""
    column = _column(found)
    if column is None or len(found.keys) == 1:
        return Edit(key.at.span, time)
    return Edit(Span(key.at.span.start, key.value.span.start), time + ":".ljust(max(column - len(time), 2)))


def _gap(found: KeyList, key: Key) -> str:
    """What stands between a key's time and its value."""
    between = found.film.text[key.at.span.end : key.value.span.start]
    return between if between.strip(" \t") == ":" else ": "


def _column(found: KeyList) -> int | None:
    """Behind how many characters all values begin where each key has a line of its own, or None."""
    film, columns = found.film, set()
    for key in found.keys:
        between = film.text[key.at.span.end : key.value.span.start]
        if not film.is_first_on_line(key.span.start) or between.rstrip(" \t") != ":":
            return None
        columns.add(key.value.span.start - key.span.start)
    return columns.pop() if len(columns) == 1 else None


def _is_listed(found: KeyList, number: int) -> bool:
    """Whether commas part the keys around this one."""
    if not found.is_block:
        return True
    near = [other for other in (number - 1, number + 1) if 0 <= other < len(found.keys)]
    if near:
        return any(found.shares_statement(number, other) for other in near)
    return not found.film.is_first_on_line(found.keys[number].span.start)


def _after_last(found: KeyList, key: str) -> list[Edit]:
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
        return [Edit(Span(statement, statement), f"{_sign(found, number, ';')}{key}")]
    trailing = trailing_comma(film, end)
    if is_own_line and ends_line and ends_statement:
        stop, comma, more = (end, ",", "") if trailing is None else (trailing, "", ",")
        behind = film.text[stop:line_end]
        return [Edit(Span(stop, line_end), f"{comma}{behind}{film.newline}{indent}{key}{more}")]
    gap = f",{film.newline}{indent}" if is_own_line else _sign(found, number, ",")
    return [Edit(Span(end, end), f"{gap}{key}{space_before(film, end)}")]
