"""The `let`s and `def`s of a film and of what it imports, as they are written."""

from __future__ import annotations

from collections.abc import Mapping

from anim_compiler.diff.side import Side
from anim_dsl.parse import parse
from anim_dsl.source import Span
from anim_dsl.syntax import Def, Let


def declared(side: Side) -> Mapping[str, tuple[str, str]]:
    """What stands at the top of the film and of every file that it imports: name to word (`let`, `def`) and
    text on one line. A name that two files have is the first's.
    """
    found: dict[str, tuple[str, str]] = {}
    for _, source in side.film.sources.rows:
        document, _ = parse(source)
        for statement in document.statements:
            if isinstance(statement, Let | Def):
                is_let = isinstance(statement, Let)
                start = statement.name.span.end if is_let else statement.name.span.start
                text = " ".join(source.slice(Span(start, statement.span.end)).split())
                word = "let" if is_let else "def"
                found.setdefault(statement.name.text, (word, text.removeprefix("= ").removeprefix("=")))
    return found
