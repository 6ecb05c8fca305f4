"""Files that films import: their `let`s, `def`s and templates, compared as they are written."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.diff.change import Change, Kind
from anim_compiler.diff.prompt_text import spoken
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span
from anim_dsl.syntax import Call, Def, Let, Name, Statement, Word


def is_library(source: Source) -> bool:
    """Whether a text holds what an imported file may hold, and nothing that makes a film."""
    document, _ = parse(source)
    return bool(document.statements) and all(_named(statement) for statement in document.statements)


def library_changes(before: Source, after: Source) -> tuple[Change, ...]:
    """What is declared otherwise, new or gone, in the order of the later file; layout does not count."""
    a, b = _declared(before), _declared(after)
    made: list[Change] = []
    for path in dict.fromkeys((*b, *a)):
        first, second = a.get(path, ""), b.get(path, "")
        if first == second:
            continue
        kind: Kind = "changed" if first and second else "added" if second else "removed"
        sentence = spoken(first, second) if kind == "changed" else kind
        word, _, name = path.partition(" ")
        made.append(Change("lets", kind, path, f"{word} `{name}`", sentence, before=first, after=second))
    return tuple(made)


def _declared(source: Source) -> Mapping[str, str]:
    """What each statement says behind its name, on one line."""
    document, _ = parse(source)
    found: dict[str, str] = {}
    for statement in document.statements:
        path, end = _named(statement) or ("", 0)
        text = " ".join(source.slice(Span(end, statement.span.end)).split())
        found[path] = text.removeprefix("= ").removeprefix("=") or path
    return found


def _named(statement: Statement) -> tuple[str, int] | None:
    """`let swing` and where its name ends; None for a statement that an imported file does not hold."""
    if isinstance(statement, Let):
        return f"let {statement.name.text}", statement.name.span.end
    if isinstance(statement, Def):
        return f"def {statement.name.text}", statement.name.span.end
    if not isinstance(statement, Word) or not statement.head:
        return None
    head = statement.head[0]
    if statement.word.text == "template" and isinstance(head, Name | Call):
        name = head if isinstance(head, Name) else head.function
        return f"template {name.text}", name.span.end
    if statement.word.text == "import":
        # several imports differ by what they name
        return f"import {getattr(head, 'plain', None) or ''}", head.span.end
    return None
