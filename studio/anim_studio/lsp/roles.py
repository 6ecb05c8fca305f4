"""What the words of a film are, for its colours: told by its tree and its names, by where each begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from anim_compiler.collect import PARTS
from anim_dsl import syntax
from anim_dsl.functions import CLOCKS, CONSTANTS, FEATURES, FUNCTIONS
from anim_dsl.source import Span
from anim_dsl.syntax import Call, Easing, Expr, Keys, Let, Name, Setting, Statement, Text, Word
from anim_dsl.walk import walk
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.finding import meanings_of
from anim_studio.lsp.meaning import Meanings
from anim_studio.lsp.names import Definition, Kind, Mention

Role: TypeAlias = tuple[str, tuple[str, ...]]
"""A type of `legend`, and its modifiers."""

_PART: Final = re.compile(r"[A-Za-z_]\w*")
_TYPES: Final = {
    Kind.LET: "variable",
    Kind.DEF: "function",
    Kind.TEMPLATE: "function",
    Kind.PARAMETER: "parameter",
    Kind.IMPORT: "namespace",
    Kind.MEDIUM: "variable",
    Kind.STEP: "variable",
    Kind.SCENE: "type",
    Kind.CAMERA: "type",
    Kind.LORA: "type",
    Kind.EMBEDDING: "type",
    Kind.CONTROL: "type",
    Kind.LAYER: "type",
}
_OWN: Final = ("defaultLibrary",)


@dataclass(slots=True)
class Roles:
    """Roles by the offset at which a word begins, and the inserts of texts by where they stand."""

    at: dict[int, Role] = field(default_factory=dict)
    inserts: list[Span] = field(default_factory=list)


def roles_of(made: Analysed) -> Roles:
    """The roles of a document's words, as far as its text is understood."""
    roles = Roles()
    _statements(made.document.statements, made.text, roles)
    meanings = meanings_of(made)
    for definition in meanings.names.definitions:
        roles.at[definition.at.start] = (_TYPES[definition.kind], ("declaration",))
    for mention in meanings.names.mentions:
        told = _mentioned(mention, meanings)
        if told is not None:
            roles.at[mention.at.start] = told
        else:
            # what is called is a function, whatever else it is
            roles.at.setdefault(mention.at.start, ("enumMember", ()))
    roles.inserts.sort()
    return roles


def _mentioned(mention: Mention, meanings: Meanings) -> Role | None:
    meant = meanings.of(mention)
    if meant is not None:
        return _role_of(meant.definition, is_own=meant.path == meanings.path)
    if mention.called:
        return "parameter", _OWN
    return by_name(mention.name) or (None if len(mention.path) == 1 else ("property", _OWN))


def _role_of(definition: Definition, *, is_own: bool) -> Role:
    from_library = not is_own and definition.path.startswith("std:")
    return _TYPES[definition.kind], _OWN if from_library else ()


def by_name(name: str) -> Role | None:
    """What a word of the language is."""
    if name in FUNCTIONS:
        return "function", _OWN
    if name in FEATURES or name in CLOCKS or name in CONSTANTS:
        return "variable", _OWN
    return None


# --- the tree ---


def _statements(statements: tuple[Statement, ...], text: str, roles: Roles) -> None:
    for statement in statements:
        match statement:
            case Setting(name, _, value):
                _setting(name, text, roles)
                _value(value, roles)
            case Let(_, value) | syntax.Def(_, _, value):
                _value(value, roles)
            case Word(word, head, value):
                roles.at[word.span.start] = ("keyword", ())
                for part in head:
                    _head(part, roles)
                if value is not None:
                    _value(value, roles)
            case syntax.KeyLine(keys):
                _value(keys, roles)
        block = statement.block if isinstance(statement, Setting | Word) else None
        if block is not None:
            _statements(block.statements, text, roles)


def _setting(name: Name, text: str, roles: Roles) -> None:
    spans = list(_PART.finditer(text, name.span.start, name.span.end))
    for number, part in enumerate(spans):
        is_named = number == 1 and name.path[0] in PARTS and len(name.path) == 3
        roles.at[part.start()] = ("type", ()) if is_named else ("property", ())


def _head(part: syntax.Head, roles: Roles) -> None:
    if isinstance(part, Name):
        # a kind of control; names that the film gives are told later
        roles.at[part.span.start] = ("keyword", ()) if part.text == "as" else ("enumMember", ())
    elif not isinstance(part, syntax.Dimension):
        _value(part, roles)


def _value(value: Expr, roles: Roles) -> None:
    for node, _ in walk(value):
        if isinstance(node, Keys):
            for easing in _easings(node):
                roles.at[easing.span.start] = ("event", _OWN)
        elif isinstance(node, Text):
            roles.inserts += [part.span for part in node.parts if not isinstance(part, str)]
        elif isinstance(node, Call):
            roles.at[node.function.span.start] = ("function", _OWN)


def _easings(keys: Keys) -> Iterator[Easing]:
    yield from (key.easing for key in keys.keys if key.easing is not None)
    if keys.easing is not None:
        yield keys.easing
