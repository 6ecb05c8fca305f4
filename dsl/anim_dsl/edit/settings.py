"""Settings set, replaced and added."""

from __future__ import annotations

from anim_dsl.diagnostic import Edit
from anim_dsl.edit.apply import apply_edits
from anim_dsl.edit.places import Film, Path, film_of
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Block, Let, Setting, Statement, Word


def set_setting(source: Source, path: Path, name: str, value: str) -> str:
    """The text with a setting's value replaced, or with the setting added where there is none.

    `set_setting(film, ("camera",), "zoom", "0s: 1, 4s: 2")`; an empty path is the film.
    Comments inside the old value move to lines of their own before it.
    """
    film = film_of(source)
    setting = film.setting(path, name)
    if setting is None:
        return add_setting(source, path, name, value)
    return apply_edits(film.text, replaced(film, setting, value))


def replaced(film: Film, setting: Setting | Let, value: str) -> list[Edit]:
    """The edits that give a setting or a `let` another value; comments inside the old one move before it."""
    span = Span(setting.name.span.end, setting.value.span.end)
    is_block = "=" not in film.text[span.start : setting.value.span.start]
    edit = Edit(span, f" = {value}") if is_block else Edit(setting.value.span, value)
    saved = list(film.comments_in(edit.span))
    if not saved:
        return [edit]
    start = film.line_start(setting.span.start)
    indent = film.indent(setting.span.start)
    lines = "".join(f"{indent}{comment}{film.newline}" for comment in saved)
    if not film.is_first_on_line(setting.span.start):
        # before it, on its line, stands something else: `camera 2d { zoom = …`
        return [edit, Edit(Span(start, start), lines)]
    return [Edit(Span(start, start), lines), edit]


def add_setting(source: Source, path: Path, name: str, value: str) -> str:
    """The text with a setting added behind the last one of its block; a missing block is made at the end.

    In the film itself it comes behind the settings at the top.
    """
    return add_statement(source, path, f"{name} = {value}")


def add_statement(source: Source, path: Path, line: str) -> str:
    """The text with a statement, a key's line say, added behind the last one of its block, in a block of its
    own where the statement that the path names has none.
    """
    film = film_of(source)
    if not path:
        return apply_edits(film.text, [_at_top(film, line)])
    block = film.block(path)
    if block is not None:
        return apply_edits(film.text, [_in_block(film, path, block, line)])
    bare = film.bare(path)
    if bare is not None:
        return apply_edits(film.text, [_own_block(film, bare, line)])
    depth = next(number for number in range(len(path), -1, -1) if not number or film.block(path[:number]))
    made = _blocks(film, list(path[depth:]), line)
    if depth:
        outer = film.block(path[:depth])
        assert outer is not None
        return apply_edits(film.text, [_in_block(film, path[:depth], outer, made)])
    return apply_edits(film.text, [_at_end(film, made)])


def _own_block(film: Film, statement: Word, line: str) -> Edit:
    """A block behind a statement that has none."""
    end = statement.span.end
    if film.newline not in line:
        return Edit(Span(end, end), f" {{ {line} }}")
    indent = film.newline + film.indent(statement.span.start)
    inner = line.replace(film.newline, indent + film.step)
    return Edit(Span(end, end), f" {{{indent}{film.step}{inner}{indent}}}")


def _blocks(film: Film, labels: list[str], line: str) -> str:
    for label in reversed(labels):
        inside = film.newline.join(f"{film.step}{each}" for each in line.split(film.newline))
        line = f"{label} {{{film.newline}{inside}{film.newline}}}"
    return line


def _at_top(film: Film, line: str) -> Edit:
    top: list[Statement] = []
    for statement in film.document.statements:
        if not isinstance(statement, Setting):
            break
        top.append(statement)
    if top:
        return _after(film, top[-1], line)
    if not film.document.statements:
        return _at_end(film, line)
    start = film.line_start(film.document.statements[0].span.start)
    mark = int(start == 0 and film.text.startswith("\ufeff"))
    return Edit(Span(start + mark, start + mark), f"{line}{film.newline}")


def _at_end(film: Film, text: str) -> Edit:
    end = len(film.text)
    before = "" if not film.text or film.text.endswith("\n") else film.newline
    gap = film.newline if film.text.strip() and "\n" in text else ""
    return Edit(Span(end, end), f"{before}{gap}{text}{film.newline}")


def _after(film: Film, statement: Statement, text: str) -> Edit:
    """On a new line behind a statement and its comment; behind `;` if another one follows on the line."""
    end = statement.span.end
    line_end = film.line_end(end)
    rest = film.text[end:line_end].lstrip(" \t;,")
    if rest and not rest.startswith("#"):
        return Edit(Span(end, end), f"; {text}")
    indent = film.indent(statement.span.start)
    lines = text.replace(film.newline, film.newline + indent)
    return Edit(Span(line_end, line_end), f"{film.newline}{indent}{lines}")


def _in_block(film: Film, path: Path, block: Block, text: str) -> Edit:
    start, end = block.span.start, block.span.end - 1
    if block.statements:
        last = block.statements[-1]
        if film.line_start(last.span.end) != film.line_start(end) and "\n" in film.text[last.span.end : end]:
            return _after(film, last, text)
        return Edit(Span(last.span.end, last.span.end), f"; {text}" if "\n" not in text else f"\n{text}\n")
    word = film.word(path)
    outer = film.indent(word.span.start if word else start)
    indent = f"{outer}{film.step}"
    inner = text.replace(film.newline, f"{film.newline}{indent}")
    if "\n" in film.text[start:end]:
        line = film.line_start(end)
        return Edit(Span(line, line), f"{indent}{inner}{film.newline}")
    if "\n" in text:
        return Edit(Span(start + 1, end), f"{film.newline}{indent}{inner}{film.newline}{outer}")
    return Edit(Span(start + 1, end), f" {text} ")
