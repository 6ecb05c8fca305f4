"""What a film text makes use of: statement words, settings, functions, easings, unit spellings, operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from anim_dsl import syntax
from anim_dsl.parse import parse
from anim_dsl.source import Source

_PER = re.compile(r"\bper\s+[\d.]*([A-Za-z]+)\s*$")
_LETTERS = re.compile(r"[A-Za-z]+")


@dataclass(slots=True)
class Uses:
    """Everything by kind; a setting is its block in the table of settings and the name as written."""

    words: set[str] = field(default_factory=set)
    settings: set[tuple[str, str]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    easings: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    operators: set[str] = field(default_factory=set)


def uses(text: str) -> Uses:
    """What one text makes use of."""
    source = Source("film.anim", text)
    document, _ = parse(source)
    found = Uses()
    axes = next((_axes(word) for word in _cameras(document.statements)), "2d")
    for statement in document.statements:
        _statement(statement, "film", axes, found)
    for node in _nodes(document.statements):
        _node(node, source, found)
    return found


def _cameras(statements: tuple[syntax.Statement, ...]) -> Iterator[syntax.Word]:
    for node in _nodes(statements):
        if isinstance(node, syntax.Word) and node.word.text == "camera":
            yield node


def _axes(word: syntax.Word) -> str:
    return next((f"{head.axes}d" for head in word.head if isinstance(head, syntax.Dimension)), "2d")


def _statement(statement: syntax.Statement, block: str, axes: str, found: Uses) -> None:
    match statement:
        case syntax.Setting(name=name):
            found.settings.add(_placed(name.path, block, axes))
        case syntax.Let():
            found.words.add("let")
        case syntax.Def():
            found.words.add("def")
        case syntax.Word(word=word):
            found.words.add(word.text)
            inner = f"camera {_axes(statement)}" if word.text == "camera" else word.text
            for part in statement.block.statements if statement.block else ():
                _statement(part, inner, axes, found)
        case _:
            pass


def _placed(path: tuple[str, ...], block: str, axes: str) -> tuple[str, str]:
    """`diffuse.steps` belongs to `diffuse` wherever it stands."""
    if len(path) < 2:
        return block, path[0]
    owner, name = path[-2:]
    return (f"camera {axes}" if owner == "camera" else owner), name


def _nodes(node: object) -> Iterator[object]:
    """Every node of the tree, by its dataclass fields."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting.extend(node)
        elif hasattr(node, "__dataclass_fields__"):
            yield node
            waiting.extend(getattr(node, name) for name in node.__dataclass_fields__)


def _node(node: object, source: Source, found: Uses) -> None:
    match node:
        case syntax.Name(path=path):
            found.names.update({".".join(path), path[-1]})
        case syntax.Call(function=function):
            found.calls.update({function.text, function.path[-1]})
        case syntax.Easing(name=name):
            found.easings.add(name)
        case syntax.Quantity(span=span):
            found.units.update(unit.lower() for unit in _LETTERS.findall(source.slice(span)))
        case syntax.Per(span=span):
            found.operators.add("per")
            unit = _PER.search(source.slice(span))
            found.units.update({unit[1].lower()} if unit else ())
        case syntax.Binary(op=op):
            found.operators.add(op)
        case syntax.Unary(op=op):
            found.operators.add(f"unary {op}")
        case syntax.Comparison(ops=ops):
            found.operators.update(ops)
        case syntax.Conditional():
            found.operators.add("if")
        case syntax.Setting(op=op):
            found.operators.add(op)
        case _:
            pass
