"""The names that a film gives: which of them can be used at a place, with what is written of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from anim_compiler.world import Problem, World
from anim_dsl import syntax
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Document, Parameter, Statement, Word
from anim_grammar.files import read
from anim_studio.lsp.analysed import Analysed

MEDIA = ("audio", "image", "video", "mask", "markers", "midi", "series", "lyrics")
"""Statements that name a file."""

_PARTS = ("lora", "embedding", "layer", "scene", "camera", "control")
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Named:
    """A name: what it is (`let`, `def`, `template`, `parameter`, `import`, `step`, or the statement's word),
    where it is given, and the comment that is written of it. `value` is how it is written, `scene` the scene
    that it stands in; of an imported file, `members` are the names in it.
    """

    name: str
    kind: str
    source: Source = field(repr=False)
    span: Span
    value: str = ""
    says: str = ""
    parameters: tuple[Parameter, ...] = ()
    scene: str = ""
    members: Mapping[str, Named] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """As it is used: `handheld(amount = 1deg)`; only a name where nothing can be given."""
        if self.kind not in ("def", "template"):
            return self.name
        return f"{self.name}({', '.join(shown(p, self.source) for p in self.parameters)})"


def shown(parameter: Parameter, source: Source) -> str:
    """A parameter as it stands in a head."""
    if parameter.default is None:
        return parameter.name
    return f"{parameter.name} = {source.slice(parameter.default.span)}"


def visible(analysed: Analysed, offset: int) -> dict[str, Named]:
    """The names that values at an offset may use, and those of scenes, cameras, models and layers."""
    names = dict(_film(analysed.document, analysed.world))
    statements, scene = analysed.document.statements, ""
    while (inner := _around(statements, offset)) is not None:
        names |= {p.name: p for p in _parameters(inner, analysed.source)}
        block = inner.block if isinstance(inner, syntax.Word | syntax.Setting) else None
        if block is None or not block.span.start < offset <= block.span.end:
            break
        if isinstance(inner, Word) and inner.word.text == "scene":
            scene = _name_of(inner)
        statements = block.statements
        names |= {n.name: n for n in _given(statements, analysed.source, scene)}
        if isinstance(inner, Word) and inner.word.text == "pipeline":
            names |= {n.name: n for n in _steps(statements, analysed.source)}
    return names


def scene_at(document: Document, offset: int) -> Word | None:
    """The scene that an offset stands in."""
    around = _around(document.statements, offset)
    return around if isinstance(around, Word) and around.word.text == "scene" else None


def found(names: Mapping[str, Named], path: tuple[str, ...]) -> Named | None:
    """What a name with or without a dot stands for."""
    first = names.get(path[0]) if path else None
    return first if len(path) == 1 or first is None else first.members.get(".".join(path[1:]))


def statements_around(document: Document, offset: int) -> tuple[Statement, ...]:
    """The statements of the innermost block that an offset is in."""
    statements = document.statements
    while (inner := _around(statements, offset)) is not None:
        block = inner.block if isinstance(inner, syntax.Word | syntax.Setting) else None
        if block is None or not block.span.start < offset < block.span.end:
            break
        statements = block.statements
    return statements


def is_film(document: Document) -> bool:
    """Whether a text is more than names for others to import."""
    return any(
        isinstance(statement, syntax.Setting)
        or (isinstance(statement, Word) and statement.word.text not in ("template", "import"))
        for statement in document.statements
    )


def _around(statements: tuple[Statement, ...], offset: int) -> Statement | None:
    return next((s for s in statements if s.span.start <= offset <= s.span.end), None)


def _film(document: Document, world: World) -> Iterator[tuple[str, Named]]:
    for statement in document.statements:
        if isinstance(statement, Word) and statement.word.text == "import":
            yield from ((n.name, n) for n in _imported(statement, document.source, world))
    yield from ((n.name, n) for n in _given(document.statements, document.source, ""))


def _given(statements: tuple[Statement, ...], source: Source, scene: str) -> Iterator[Named]:
    for statement in statements:
        match statement:
            case syntax.Let(name, value):
                written = _short(source.slice(value.span))
                yield Named(
                    name.text, "let", source, name.span, written, _says(source, statement.span), scene=scene
                )
            case syntax.Def(name, parameters, value):
                written, said = _short(source.slice(value.span)), _says(source, statement.span)
                yield Named(name.text, "def", source, name.span, written, said, parameters, scene)
            case syntax.Word():
                yield from _of_word(statement, source, scene)
            case _:
                pass


def _of_word(statement: Word, source: Source, scene: str) -> Iterator[Named]:
    word = statement.word.text
    head = statement.head[0] if statement.head else None
    if word == "template" and isinstance(head, syntax.Call | syntax.Name):
        name = head.function if isinstance(head, syntax.Call) else head
        said, given = _says(source, statement.span), _template_parameters(statement)
        yield Named(name.text, "template", source, name.span, "", said, given, scene)
    elif word in (*MEDIA, *_PARTS):
        name_at = head if word != "control" or len(statement.head) < 2 else statement.head[1]
        if isinstance(name_at, syntax.Name):
            written = "" if statement.value is None else _short(source.slice(statement.value.span))
            said = _says(source, statement.span)
            yield Named(name_at.text, word, source, name_at.span, written, said, scene=scene)


def _steps(statements: tuple[Statement, ...], source: Source) -> Iterator[Named]:
    """The steps of a pipeline, which later ones read by their names."""
    for statement in statements:
        if isinstance(statement, syntax.Setting) and len(statement.name.path) == 1:
            written, said = _short(source.slice(statement.value.span)), _says(source, statement.span)
            yield Named(statement.name.text, "step", source, statement.name.span, written, said)


def _parameters(statement: Statement, source: Source) -> Iterator[Named]:
    """The parameters of a `def` or a `template`, for what stands inside it."""
    given = statement.parameters if isinstance(statement, syntax.Def) else ()
    if isinstance(statement, Word) and statement.word.text == "template":
        given = _template_parameters(statement)
    for parameter in given:
        default = "" if parameter.default is None else source.slice(parameter.default.span)
        yield Named(parameter.name, "parameter", source, parameter.span, default)


def _template_parameters(statement: Word) -> tuple[Parameter, ...]:
    head = statement.head[0] if statement.head else None
    arguments = head.arguments if isinstance(head, syntax.Call) else ()
    made: list[Parameter] = []
    for argument in arguments:
        if argument.name is not None:
            made.append(Parameter(argument.name, argument.value, argument.span))
        elif isinstance(argument.value, syntax.Name):
            made.append(Parameter(argument.value.text, None, argument.span))
    return tuple(made)


def _name_of(statement: Word) -> str:
    head = statement.head[0] if statement.head else None
    return head.text if isinstance(head, syntax.Name) else ""


# --- imports -----------------------------------------------------------------------------------


def _imported(statement: Word, source: Source, world: World) -> Iterator[Named]:
    """The name of an imported file, or the names in it where it has none."""
    head = statement.head
    path = head[0].plain if head and isinstance(head[0], syntax.Text) else None
    if not path:
        return
    names = members_of(path, world)
    alias = head[-1] if len(head) == 3 else None
    if isinstance(alias, syntax.Name):
        yield Named(alias.text, "import", source, alias.span, f'"{path}"', members=names)
    else:
        yield from names.values()


def members_of(path: str, world: World) -> dict[str, Named]:
    """The names that an imported file gives; none if it cannot be read."""
    source = imported_source(path, world)
    if source is None:
        return {}
    return {n.name: n for n in _given_by(source) if n.kind in ("let", "def", "template")}


def imported_source(path: str, world: World) -> Source | None:
    """The text of a file as an `import` names it; None if it cannot be read."""
    if path.startswith("std:"):
        name = path.removeprefix("std:")
        try:
            return Source(path, read(f"std/{name}.anim")) if name.isidentifier() or name.isalnum() else None
        except (OSError, ValueError):
            return None
    place = world.resolve(path)
    text = place if isinstance(place, Problem) else world.read_source(place)
    return None if isinstance(text, Problem) else text


@lru_cache(maxsize=64)
def _given_by(source: Source) -> tuple[Named, ...]:
    return tuple(_given(parse(source)[0].statements, source, ""))


# --- what is said of a name --------------------------------------------------------------------


def _says(source: Source, span: Span) -> str:
    """The comment lines above a statement, or the comment behind it on its line."""
    number = source.place(span.start).line
    above: list[str] = []
    line = number - 1
    while line >= 1 and source.line(line).lstrip().startswith("#"):
        above.insert(0, source.line(line).strip().lstrip("#").strip())
        line -= 1
    end = source.place(span.end)
    behind = source.line(end.line)[end.column - 1 :].strip()
    if behind.startswith("#"):
        return behind.lstrip("#").strip()
    return " ".join(filter(None, above))


def _short(text: str) -> str:
    joined = " ".join(text.split())
    return joined if len(joined) <= _LONGEST else joined[: _LONGEST - 1] + "…"
