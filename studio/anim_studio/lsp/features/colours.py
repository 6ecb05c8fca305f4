"""Colours: a swatch beside each colour of a film, and how one that is picked is written."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from anim_dsl import syntax
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Statement
from anim_dsl.walk import walk
from anim_studio.lsp import colours
from anim_studio.lsp.analysed import Analysed

_SETTINGS = frozenset({"color", "outline_color", "shadow_color"})
_MOST = 500


def document_colours(analysed: Analysed, params: types.DocumentColorParams) -> list[types.ColorInformation]:
    """The answer to `textDocument/documentColor`."""
    del params
    found: list[types.ColorInformation] = []
    for span, rgba in colours_in(analysed.document.statements):
        found.append(types.ColorInformation(analysed.positions.range(span), types.Color(*rgba)))
        if len(found) == _MOST:
            break
    return found


def presentations(analysed: Analysed, params: types.ColorPresentationParams) -> list[types.ColorPresentation]:
    """The answer to `textDocument/colorPresentation`: by number, and by name where the colour has one."""
    picked = params.color
    rgba = (picked.red, picked.green, picked.blue, picked.alpha)
    span = analysed.positions.span(params.range)
    quotes = analysed.text[span.start : span.start + 1] == '"'
    made = [f'"{colours.hexadecimal(rgba)}"']
    name = colours.named(rgba)
    if name is not None:
        made.append(f'"{name}"' if quotes else name)
    return [types.ColorPresentation(text, types.TextEdit(params.range, text)) for text in made]


def colours_in(statements: tuple[Statement, ...]) -> Iterator[tuple[Span, colours.Rgba]]:
    """The colours that statements name, in the order of the text."""
    for statement in statements:
        match statement:
            case syntax.Setting(name, _, value):
                if name.path[-1] in _SETTINGS:
                    yield from _of_value(value)
                else:
                    yield from _of_calls(value)
            case syntax.Let(_, value):
                yield from _numbered(value)
            case syntax.Word(_, _, _, block):
                yield from colours_in(block.statements if block is not None else ())
            case _:
                continue


def _of_value(value: Expr) -> Iterator[tuple[Span, colours.Rgba]]:
    """The colour that a value is, in quotes or as a name."""
    text = (
        value.text
        if isinstance(value, syntax.Name)
        else value.plain
        if isinstance(value, syntax.Text)
        else None
    )
    rgba = None if text is None else colours.parsed(text)
    if rgba is not None:
        yield value.span, rgba


def _of_calls(value: Expr) -> Iterator[tuple[Span, colours.Rgba]]:
    """The colours of arguments: `dip(1s, color = black)`."""
    for node, _ in walk(value):
        if isinstance(node, syntax.Call):
            for argument in node.arguments:
                if argument.name == "color":
                    yield from _of_value(argument.value)


def _numbered(value: Expr) -> Iterator[tuple[Span, colours.Rgba]]:
    """A `let` that is a colour by its number: what is only called like one may be a word of a prompt."""
    if isinstance(value, syntax.Text) and (value.plain or "").startswith("#"):
        yield from _of_value(value)
