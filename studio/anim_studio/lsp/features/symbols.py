"""The outline of a film, and a search over all films."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from lsprotocol import types

from anim_dsl import syntax
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Def, KeyLine, Keys, Let, Setting, Statement, Word
from anim_dsl.visible import escaped
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.desk import Desk
from anim_studio.lsp.gathering import names_in
from anim_studio.lsp.names import Kind
from anim_studio.lsp.neighbours import films_under
from anim_studio.lsp.positions import Positions

_LONGEST: Final = 60
#: so many keys of one setting are listed
_MOST_KEYS: Final = 200
_MOST_FOUND: Final = 500

_WORDS: Final = {
    "scene": types.SymbolKind.Namespace,
    "camera": types.SymbolKind.Class,
    "layer": types.SymbolKind.Class,
    "template": types.SymbolKind.Method,
    "use": types.SymbolKind.Event,
    "import": types.SymbolKind.Module,
    "output": types.SymbolKind.File,
    "expect": types.SymbolKind.Boolean,
    "lora": types.SymbolKind.Package,
    "embedding": types.SymbolKind.Package,
    "control": types.SymbolKind.Package,
    **dict.fromkeys(
        ("audio", "image", "video", "mask", "markers", "midi", "series", "lyrics"), types.SymbolKind.File
    ),
}
_KINDS: Final = {
    Kind.LET: types.SymbolKind.Variable,
    Kind.DEF: types.SymbolKind.Function,
    Kind.TEMPLATE: types.SymbolKind.Method,
    Kind.IMPORT: types.SymbolKind.Module,
    Kind.MEDIUM: types.SymbolKind.File,
    Kind.SCENE: types.SymbolKind.Namespace,
    Kind.CAMERA: types.SymbolKind.Class,
    Kind.LAYER: types.SymbolKind.Class,
    Kind.LORA: types.SymbolKind.Package,
    Kind.EMBEDDING: types.SymbolKind.Package,
    Kind.CONTROL: types.SymbolKind.Package,
}
"""Kinds of names that are found from other files."""


def document_symbols(
    made: Analysed, params: types.DocumentSymbolParams
) -> list[types.DocumentSymbol] | list[types.SymbolInformation]:
    """Scenes, blocks and settings with their keys, as a tree; flat for a client that shows no trees."""
    tree = [symbol for each in made.document.statements if (symbol := _symbol(each, made)) is not None]
    document = made.desk.client.text_document
    told = None if document is None else document.document_symbol
    if told is not None and told.hierarchical_document_symbol_support:
        return tree
    return list(_flat(tree, made.uri, None))


def _flat(
    symbols: list[types.DocumentSymbol], uri: str, within: str | None
) -> Iterator[types.SymbolInformation]:
    for symbol in symbols:
        where = types.Location(uri, symbol.range)
        yield types.SymbolInformation(where, symbol.name, symbol.kind, container_name=within)
        yield from _flat(list(symbol.children or ()), uri, symbol.name)


def _symbol(statement: Statement, made: Analysed) -> types.DocumentSymbol | None:
    match statement:
        case Let(name, value):
            return _made(made, statement, name.text, types.SymbolKind.Variable, name.span, _keys(value, made))
        case Def(name):
            return _made(made, statement, name.text, types.SymbolKind.Function, name.span, [])
        case Setting(name, _, value):
            children = _keys(value, made)
            return _made(made, statement, name.text, types.SymbolKind.Property, name.span, children)
        case Word():
            return _of_word(statement, made)
        case KeyLine():
            return None


def _of_word(statement: Word, made: Analysed) -> types.DocumentSymbol:
    word = statement.word.text
    name = _name_of(statement, made.source)
    kind = _WORDS.get(word, types.SymbolKind.Struct)
    children: list[types.DocumentSymbol] = []
    for each in statement.block.statements if statement.block else ():
        symbol = _symbol(each, made)
        children += _keys(each.keys, made) if isinstance(each, KeyLine) else [symbol] if symbol else []
    at = statement.head[0].span if statement.head else statement.word.span
    return _made(made, statement, name, kind, at, children)


def _name_of(statement: Word, source: Source) -> str:
    """`scene verse`, `camera wide 3d`, `output "film.mp4"`: how the statement begins."""
    parts = [statement.word.text, *(source.slice(part.span) for part in statement.head)]
    return _short(" ".join(parts))


def _keys(value: syntax.Expr, made: Analysed) -> list[types.DocumentSymbol]:
    if not isinstance(value, Keys):
        return []
    return [
        types.DocumentSymbol(
            _short(made.source.slice(key.at.span)) or "key",
            types.SymbolKind.Key,
            made.positions.range(key.span),
            made.positions.range(key.at.span),
            detail=_short(made.source.slice(Span(key.value.span.start, key.span.end))),
        )
        for key in value.keys[:_MOST_KEYS]
    ]


def _made(
    made: Analysed,
    statement: Statement,
    name: str,
    kind: types.SymbolKind,
    at: Span,
    children: list[types.DocumentSymbol],
) -> types.DocumentSymbol:
    whole = statement.span
    chosen = at if whole.start <= at.start and at.end <= whole.end else whole
    behind = made.source.slice(Span(chosen.end, whole.end)).lstrip(" \t+*=").partition("{")[0]
    return types.DocumentSymbol(
        name or "…",
        kind,
        made.positions.range(whole),
        made.positions.range(chosen),
        detail=_short(behind) or None,
        children=children or None,
    )


def _short(text: str) -> str:
    words = escaped(" ".join(text.split()))
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"


# --- over all films ---


def workspace_symbols(desk: Desk, params: types.WorkspaceSymbolParams) -> list[types.SymbolInformation]:
    """What films below the client's folders define, by a part of its name."""
    roots = tuple(Path(os.path.realpath(root)) for root in desk.roots) or tuple(
        {p.parent for p in desk.texts}
    )
    found: list[types.SymbolInformation] = []
    for source in films_under(roots, desk):
        path = Path(source.name)
        names = names_in(Source(path.name, source.text))
        positions: Positions | None = None
        for definition in names.definitions:
            if definition.kind not in _KINDS or not _matches(params.query, definition.name):
                continue
            positions = positions or Positions(source.text, desk.encoding)
            where = types.Location(desk.uri(path), positions.range(definition.at))
            kind = _KINDS[definition.kind]
            found.append(types.SymbolInformation(where, definition.name, kind, container_name=path.name))
            if len(found) >= _MOST_FOUND:
                return found
    return found


def _matches(query: str, name: str) -> bool:
    """Whether the letters of a query stand in a name, in their order."""
    rest = iter(name.lower())
    return all(letter in rest for letter in query.lower())
