"""A walk over a tree that finds its names: one for each definition, one for each place that speaks of one."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from anim_compiler.collect import PARTS
from anim_compiler.declare import MEDIA
from anim_dsl import syntax
from anim_dsl.diagnostic import Diagnostic
from anim_dsl.incremental import Parsed
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Argument, Call, Def, Document, Expr, Let, Name, Setting, Statement, Text, Word
from anim_dsl.walk import walk
from anim_studio.lsp.names import VALUES, Definition, Kind, Mention, Names

_PART: Final = re.compile(r"[A-Za-z_]\w*")
#: how the codes begin of what is wrong with a text's signs
_SYNTAX: Final = "E10"


#: the trees that were looked at last, with their names: one version is asked about many times
_latest: deque[tuple[Document, Names]] = deque(maxlen=4)


def names_of(document: Document, told: tuple[Diagnostic, ...]) -> Names:
    """The names of a tree, and of what was told of its text."""
    found = next((names for tree, names in tuple(_latest) if tree is document), None)
    if found is None:
        found = _Gathering(document).names(told)
        _latest.append((document, found))
    return found


@lru_cache(maxsize=1024)
def names_in(source: Source) -> Names:
    """The names of a file's text; those of the same text are found once."""
    parsed = Parsed.of(source)
    return _Gathering(parsed.document).names(parsed.diagnostics)


_VALUE = (VALUES, frozenset({Kind.SCENE, Kind.CAMERA}))
_CAMERA = (frozenset({Kind.CAMERA}), VALUES)


class _Gathering:
    """One walk over a tree."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.source.text
        self._definitions: list[Definition] = []
        self._mentions: list[Mention] = []
        self._plain: list[str] = []
        self._parts: set[tuple[Kind, str]] = set()

    def names(self, told: tuple[Diagnostic, ...]) -> Names:
        """All that the walk finds."""
        self._all(self._document.statements, Span(0, len(self._text)), "")
        source = self._document.source
        return Names(
            source,
            tuple(self._definitions),
            tuple(self._mentions),
            tuple(self._plain),
            is_whole=not any(slip.code.startswith(_SYNTAX) and slip.source == source for slip in told),
        )

    def _all(self, statements: tuple[Statement, ...], scope: Span, block: str) -> None:
        for statement in statements:
            match statement:
                case Let(name, value):
                    self._define(Kind.LET, name, statement, scope)
                    self._value(value)
                case Def():
                    self._def(statement, scope)
                case Setting():
                    self._setting(statement, scope, block)
                case Word():
                    self._word(statement, scope, block)
                case syntax.KeyLine(keys):
                    self._value(keys)

    # --- statements ---

    def _define(self, kind: Kind, name: Name, statement: Statement, scope: Span, *, path: str = "") -> None:
        first = self._text[statement.span.start : statement.span.end].partition("\n")[0].strip()
        self._definitions.append(
            Definition(kind, name.text, name.span, statement.span, scope, first, path=path)
        )

    def _def(self, statement: Def, scope: Span) -> None:
        self._define(Kind.DEF, statement.name, statement, scope)
        for parameter in statement.parameters:
            at = Span(parameter.span.start, parameter.span.start + len(parameter.name))
            self._parameter(parameter.name, at, statement, statement.name.span)
            if parameter.default is not None:
                self._value(parameter.default)
        self._value(statement.value)

    def _parameter(self, name: str, at: Span, statement: Statement, owner: Span) -> None:
        whole = statement.span
        self._definitions.append(Definition(Kind.PARAMETER, name, at, whole, whole, owner=owner))

    def _setting(self, statement: Setting, scope: Span, block: str) -> None:
        path = statement.name.path
        spans = _part_spans(statement.name, self._text)
        if block == "pipeline" and len(path) == 1:
            self._define(Kind.STEP, statement.name, statement, scope)
        elif len(path) == 3 and path[0] in PARTS and len(spans) == 3:
            self._mentions.append(Mention(spans[1], (path[1],), (frozenset({Kind(path[0])}),)))
        elif block == "variant" and len(path) == 1:
            self._mentions.append(Mention(statement.name.span, path, (frozenset({Kind.LET}),)))
        is_camera = path == ("camera",) or path[-1:] == ("camera",)
        self._value(statement.value, _CAMERA if is_camera else _VALUE)
        if statement.block is not None:
            self._all(statement.block.statements, statement.block.span, path[-1])

    def _word(self, statement: Word, scope: Span, block: str) -> None:
        word = statement.word.text
        self._head(statement, word, scope)
        if statement.value is not None:
            self._value(statement.value)
        if statement.block is not None:
            inner = "pipeline" if word == "pipeline" else word
            self._all(statement.block.statements, statement.block.span, inner)

    def _head(self, statement: Word, word: str, scope: Span) -> None:
        head = statement.head
        if word == "import":
            self._import(statement, scope)
        elif word == "template":
            self._template(statement, scope)
        elif word in MEDIA and head and isinstance(head[0], Name):
            self._define(Kind.MEDIUM, head[0], statement, scope)
        elif word in PARTS:
            self._named_part(Kind(word), statement)
        elif word in ("scene", "camera") and head and isinstance(head[0], Name):
            self._define(Kind(word), head[0], statement, Span(0, len(self._text)))
            self._values(head[1:])
        else:
            self._values(head)

    def _import(self, statement: Word, scope: Span) -> None:
        head = statement.head
        path = head[0].plain if head and isinstance(head[0], Text) else None
        if not path:
            return
        if len(head) == 3 and isinstance(head[2], Name):
            self._define(Kind.IMPORT, head[2], statement, scope, path=path)
        else:
            self._plain.append(path)

    def _template(self, statement: Word, scope: Span) -> None:
        head = statement.head[0] if statement.head else None
        if isinstance(head, Name):
            self._define(Kind.TEMPLATE, head, statement, scope)
        elif isinstance(head, Call):
            self._define(Kind.TEMPLATE, head.function, statement, scope)
            for argument in head.arguments:
                self._template_parameter(argument, statement, head.function.span)

    def _template_parameter(self, argument: Argument, statement: Word, owner: Span) -> None:
        if argument.name is not None:
            at = Span(argument.span.start, argument.span.start + len(argument.name))
            self._parameter(argument.name, at, statement, owner)
            self._value(argument.value)
        elif isinstance(argument.value, Name):
            self._parameter(argument.value.text, argument.value.span, statement, owner)

    def _named_part(self, kind: Kind, statement: Word) -> None:
        """`layer title { … }`: the first of that name gives it, the others speak of it."""
        found = [head for head in statement.head if isinstance(head, Name)]
        if not found:
            return
        name = found[-1]
        if kind is Kind.CONTROL and len(found) < 2:
            # it is called by its kind, which is a word of the language
            return
        if (kind, name.text) in self._parts:
            self._mentions.append(Mention(name.span, name.path, (frozenset({kind}),)))
            return
        self._parts.add((kind, name.text))
        self._define(kind, name, statement, Span(0, len(self._text)))

    # --- values ---

    def _values(self, head: tuple[syntax.Head, ...]) -> None:
        for part in head:
            if not isinstance(part, syntax.Dimension):
                self._value(part)

    def _value(self, value: Expr, of: tuple[frozenset[Kind], ...] = _VALUE) -> None:
        for node, _ in walk(value):
            if isinstance(node, Name):
                self._mention(node, of)
            elif isinstance(node, Call):
                self._mention(node.function, of)
                self._named_arguments(node)

    def _mention(self, name: Name, of: tuple[frozenset[Kind], ...]) -> None:
        spans = _part_spans(name, self._text)
        for number, span in enumerate(spans[: len(name.path)]):
            self._mentions.append(Mention(span, name.path[: number + 1], of))

    def _named_arguments(self, call: Call) -> None:
        for argument in call.arguments:
            if argument.name is not None:
                at = Span(argument.span.start, argument.span.start + len(argument.name))
                kinds = (frozenset({Kind.PARAMETER}),)
                self._mentions.append(Mention(at, (argument.name,), kinds, called=call.function.path))


def _part_spans(name: Name, text: str) -> list[Span]:
    """Where each part of a name with dots stands."""
    found: Iterator[re.Match[str]] = _PART.finditer(text, name.span.start, name.span.end)
    return [Span(part.start(), part.end()) for part in found]
