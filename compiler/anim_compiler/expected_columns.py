"""What is expected of a shot's frames, as the plan holds it: numbers, and columns where they change."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from anim_compiler.film import Curve, Film, Shot
from anim_compiler.findings import STANDARD
from anim_compiler.lowering.arguments import fixed
from anim_compiler.passes.prune import EXPECTED as PREFIX
from anim_compiler.plan import ColumnRef, Expectation


def expected_curves(shot: Shot) -> Iterator[tuple[str, Curve]]:
    """Every curve of a shot's expectations, by its column's name."""
    for number, expected in enumerate(shot.expectations):
        yield f"{PREFIX}{number}.bound", expected.bound
        if expected.when is not None:
            yield f"{PREFIX}{number}.when", expected.when


def expectations(film: Film, shot: Shot) -> tuple[Expectation, ...]:
    """A shot's expectations with their places in the film."""
    made: list[Expectation] = []
    for number, expected in enumerate(shot.expectations):
        source, span = film.sources.locate(expected.span)
        bound = fixed(expected.bound)
        when = None if expected.when is None else fixed(expected.when)
        if when == 0:
            continue
        made.append(
            Expectation(
                figure=expected.figure,
                op=expected.op,  # type: ignore[arg-type]  # the checker lets no other through
                bound=ColumnRef(column=f"{PREFIX}{number}.bound") if bound is None else float(bound),
                when=None
                if expected.when is None or when is not None
                else ColumnRef(column=f"{PREFIX}{number}.when"),
                says=expected.says,
                file=_beside(film, source.name),
                line=source.place(span.start).line,
            )
        )
    return tuple(made)


def _beside(film: Film, name: str) -> str:
    """A text as it is reached from the film's folder, so that a plan is the same from whichever folder the
    compiler is called; the standard library's are no files.
    """
    home = posixpath.dirname(film.source.name)
    return name if name.startswith(STANDARD) else posixpath.relpath(name, home or ".")
