"""The standard pipelines: `anim_grammar/std/*.anim`, read by the same checker as a film's own block."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from anim_compiler.film import Pipeline, Shot
from anim_grammar.files import read

Standard: TypeAlias = Literal["2d", "3d", "morph", "video"]
"""The names of the standard pipelines."""

STANDARDS: tuple[Standard, ...] = ("2d", "3d", "morph", "video")


def pipeline_of(shot: Shot) -> Pipeline:
    """What is done for each frame of a shot: its own pipeline, else the standard one of its mode."""
    return shot.pipeline or standard(mode(shot))


def mode(shot: Shot) -> Standard:
    """Which standard pipeline a shot has: `video` with a source, else by its camera, `morph` without."""
    if shot.source is not None:
        return "video"
    if shot.camera is None:
        return "morph"
    return "3d" if shot.camera.axes == 3 else "2d"


@cache
def standard(name: Standard) -> Pipeline:
    """A standard pipeline, read once a process; a mistake in its file is a fault of this package."""
    # what reads a film's text is wanted only by who compiles one
    from anim_compiler.env import Env
    from anim_compiler.expressions import Expressions
    from anim_compiler.findings import Findings
    from anim_compiler.pipelines import pipeline
    from anim_compiler.scope import Scope
    from anim_compiler.world import World
    from anim_dsl.parse import parse
    from anim_dsl.source import Source
    from anim_dsl.sources import Sources
    from anim_dsl.syntax import Word

    source = Source(f"std:{name}", read(f"std/{name}.anim"))
    document, slips = parse(source)
    (statement,) = document.statements
    assert not slips, name
    assert isinstance(statement, Word), name
    assert statement.block is not None, name
    findings = Findings(Sources.of(source))
    check, nowhere = Expressions(Scope(findings)), Path()
    found = pipeline(
        check,
        statement.block.statements,
        statement.span,
        env=Env(check.scope.film),
        world=World(nowhere, nowhere),
    )
    assert found is not None, [d.message for d in findings.all()]
    assert not findings.any, [d.message for d in findings.all()]
    return found
