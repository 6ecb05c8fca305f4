"""A name changed wherever it stands: where it is given, in values, times and the inserts of texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anim_dsl import functions, syntax
from anim_dsl.diagnostic import Edit
from anim_dsl.edit.apply import apply_edits
from anim_dsl.edit.places import film_of
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Expr, Name, Statement
from anim_dsl.tokens import RESERVED
from anim_dsl.walk import walk

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAMING = frozenset(
    {"audio", "image", "video", "mask", "markers", "midi", "series", "lyrics", "scene", "layer", "template"}
)
"""Words whose first name is one that values can use."""


class NameTakenError(ValueError):
    """A name that cannot be given: it means something already, or is none."""


def rename(source: Source, old: str, new: str) -> str:
    """The text with a `let`, `def`, track, medium, scene or template called otherwise.

    Settings, named arguments, members (`song.old`) and parameters of that name stay as they are. Raises
    NameTakenError if the film or the language uses the new name, or if it is no name.
    """
    film = film_of(source)
    if new != old:
        _refuse_taken(new, film.document.statements)
    edits = [
        Edit(Span(name.span.start, name.span.start + len(old)), new)
        for name in _names(film.document.statements, old)
        if name.path[0] == old and film.text.startswith(old, name.span.start)
    ]
    return apply_edits(film.text, dict.fromkeys(edits))


def _refuse_taken(new: str, statements: tuple[Statement, ...]) -> None:
    if not _NAME.fullmatch(new) or new in RESERVED:
        raise NameTakenError(f"`{new}` cannot be a name")
    tables = (
        functions.FUNCTIONS,
        functions.FEATURES,
        functions.CLOCKS,
        functions.CONSTANTS,
        functions.SWITCHES,
    )
    if any(new in table for table in tables):
        raise NameTakenError(f"`{new}` is a name of the language")
    if new in set(_given(statements)):
        raise NameTakenError(f"the film uses the name `{new}` already")


def _given(statements: tuple[Statement, ...]) -> Iterator[str]:
    """The names that statements give, and those of parameters, which would hide a new name of theirs."""
    for statement in statements:
        match statement:
            case syntax.Let(name):
                yield name.text
            case syntax.Def(name, parameters):
                yield name.text
                yield from (parameter.name for parameter in parameters)
            case syntax.Word(word, head, _, block):
                if word.text in _NAMING:
                    yield from _given_by(head)
                yield from _given(block.statements if block else ())
            case syntax.Setting(_, _, _, block):
                yield from _given(block.statements if block else ())
            case _:
                pass


def _given_by(head: tuple[syntax.Head, ...]) -> Iterator[str]:
    first = head[0] if head else None
    if isinstance(first, Name):
        yield first.text
    elif isinstance(first, syntax.Call):
        yield first.function.text
        for argument in first.arguments:
            yield argument.name or _plain(argument.value) or ""


def _names(statements: tuple[Statement, ...], old: str) -> Iterator[Name]:
    for statement in statements:
        match statement:
            case syntax.Let(name, value):
                yield name
                yield from _in(value)
            case syntax.Def(name, parameters, value):
                yield name
                yield from _defaults(parameters)
                if all(parameter.name != old for parameter in parameters):
                    yield from _in(value)
            case syntax.Setting(_, _, value, block):
                yield from _in(value)
                yield from _names(block.statements if block else (), old)
            case syntax.KeyLine(keys):
                yield from _in(keys)
            case syntax.Word():
                yield from _of_word(statement, old)


def _defaults(parameters: tuple[syntax.Parameter, ...]) -> Iterator[Name]:
    for parameter in parameters:
        if parameter.default is not None:
            yield from _in(parameter.default)


def _of_word(word: syntax.Word, old: str) -> Iterator[Name]:
    hides = False
    for number, part in enumerate(word.head):
        if isinstance(part, Name):
            if word.word.text in _NAMING and number == 0:
                yield part
        elif isinstance(part, syntax.Call):
            if word.word.text in ("template", "use"):
                yield part.function
            for argument in part.arguments:
                # in a template's head `a` and `a = 1` name parameters
                if word.word.text == "template":
                    hides = hides or old == (argument.name or _plain(argument.value))
                    yield from _in(argument.value) if argument.name else ()
                else:
                    yield from _in(argument.value)
        elif isinstance(part, syntax.Text):
            yield from _in(part)
    if word.value is not None:
        yield from _in(word.value)
    if word.block is not None and not hides:
        yield from _names(word.block.statements, old)


def _plain(value: Expr) -> str | None:
    return value.text if isinstance(value, Name) else None


def _in(value: Expr) -> Iterator[Name]:
    for node, _ in walk(value):
        if isinstance(node, Name):
            yield node
        elif isinstance(node, syntax.Call):
            yield node.function
