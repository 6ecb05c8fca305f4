"""A constant made a key list and a key list made a constant, in settings, in `let`s and in blocks of keys."""

from __future__ import annotations

from dataclasses import dataclass

from anim_dsl.diagnostic import Edit
from anim_dsl.edit.apply import apply_edits
from anim_dsl.edit.keys import delete_key, keys_of
from anim_dsl.edit.places import Film, NotThereError, Path, film_of
from anim_dsl.edit.settings import replaced
from anim_dsl.source import Source, Span
from anim_dsl.syntax import KeyLine, Keys, Let, Setting, Statement, Word


@dataclass(frozen=True, slots=True)
class Written:
    """A value where it is written: `value` is its span, `is_list` tells a key list."""

    value: Span
    is_list: bool


def written(source: Source, path: Path, name: str) -> Written | None:
    """The value of a setting or a `let` in a block, or None; the key list if a name has one beside others."""
    return written_in(film_of(source), path, name)


def written_in(film: Film, path: Path, name: str) -> Written | None:
    """The same in a film that was parsed already."""
    found = _statement(film, path, name)
    return None if found is None else Written(found.value.span, isinstance(found.value, Keys))


def set_value(source: Source, path: Path, name: str, value: str) -> str:
    """The text with the value of a setting or a `let` replaced, whatever it is; comments inside the old value
    move to lines of their own before it. Raises NotThereError.
    """
    film = film_of(source)
    found = _statement(film, path, name)
    if found is None:
        raise NotThereError(f"there is no `{name}`")
    return apply_edits(film.text, replaced(film, found, value))


def take_key(source: Source, path: Path, name: str, number: int) -> str:
    """The text without a key: what stays of a list of two is a constant, and of one of its only value.

    The only key of a block goes with its line, and with the block if nothing else stands in it. An easing
    that then stands on the last key goes as well. Raises NotThereError.
    """
    keys = keys_of(source, path, name)
    if not 0 <= number < len(keys):
        raise NotThereError(f"there is no key {number} in a list of {len(keys)}")
    if name and len(keys) <= 2:
        stays = keys[-1 - number]  # the other of two, or the only one
        return set_value(source, path, name, source.slice(stays.value.span))
    if len(keys) == 1:
        return _without_keys(film_of(source), path)
    shorter = Source(source.name, delete_key(source, path, name, number))
    return drop_last_easing(shorter, path, name)


def drop_last_easing(source: Source, path: Path, name: str) -> str:
    """The text without the easing of a list's last key, behind which nothing comes that it could shape."""
    last = keys_of(source, path, name)[-1]
    if last.easing is None:
        return source.text
    return apply_edits(source.text, [Edit(Span(last.value.span.end, last.easing.span.end), "")])


def _statement(film: Film, path: Path, name: str) -> Setting | Let | None:
    rows = [each for each in film.statements(path) or () if isinstance(each, Setting | Let)]
    named = [each for each in rows if each.name.text == name]
    listed = [each for each in named if isinstance(each.value, Keys)]
    plain = [each for each in named if isinstance(each, Let) or each.op == "="]
    return next(iter((*listed, *plain)), None) or film.setting(path, name)


def _without_keys(film: Film, path: Path) -> str:
    block = film.block(path)
    assert block is not None
    only = next(each for each in block.statements if isinstance(each, KeyLine))
    word = film.word(path)
    if len(block.statements) == 1 and word is not None and not any(film.comments_in(block.span)):
        return apply_edits(film.text, [_whole(film, word)])
    return apply_edits(film.text, [_whole(film, only)])


def _whole(film: Film, statement: Statement | Word) -> Edit:
    """A statement with the sign that ends it, and with its lines if nothing else stands there."""
    start, end = statement.span.start, statement.span.end
    rest = film.text[end : film.line_end(end)]
    sign = rest.lstrip(" \t")
    if sign.startswith((";", ",")):
        end += len(rest) - len(sign) + 1
    if not film.is_first_on_line(start) or film.text[end : film.line_end(end)].strip():
        return Edit(Span(start, end), "")
    begin = film.line_start(start)
    begin += int(film.text.startswith("\ufeff", begin))
    stop = film.text.find("\n", end)
    return Edit(Span(begin, len(film.text) if stop < 0 else stop + 1), "")
