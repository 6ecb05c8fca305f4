"""Scenes: shots that follow each other, each with its own clock."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_compiler.env import Env, Timebase
from anim_compiler.findings import Findings
from anim_compiler.levels import Level, Scene
from anim_compiler.unknown import BLOCKS
from anim_dsl.diagnostic import Label
from anim_dsl.syntax import Call, Dimension, Expr, Name, Number, Setting, Size, Statement, Text, Word

if TYPE_CHECKING:
    from anim_compiler.collect import Collector
    from anim_compiler.expressions import Expressions

UNKNOWN = Fraction(1_000_000)
"""The seconds that are reckoned with where a length is wrong, so that no key is called too late."""

_SPOKEN = frozenset({*BLOCKS, "pipeline", "control", "lora", "layer", "use"})
"""Statements that every scene copies, so that one between two scenes misleads."""


def scene(collect: Collector, statement: Word, env: Env) -> None:
    """`scene NAME LENGTH { … }`."""
    name, length = _head(collect.findings, statement)
    if name is None:
        collect.found.lost_scenes = True
        return
    text = name.text
    if text in collect.check.scope.scenes or text == "film":
        collect.found.lost_scenes = True
        first = next((s for s in collect.found.scenes if s.name == text), None)
        collect.findings.error(
            "E2007",
            name.span,
            f"there are two scenes called `{text}`" if first else "a scene cannot be called `film`",
            labels=(Label(first.at, "the first one"),) if first else (),
            hint="give one of them another name" if first else "give it another name",
        )
        return
    clock = Timebase(text, settled=False)
    body = statement.block.statements if statement.block else ()
    inner = collect.opened(Env(clock, env))
    collect.declare.all(body, inner)
    level = Level(inner, "scene", name.span)
    collect.check.scope.scenes[text] = None
    collect.found.scenes.append(Scene(text, name.span, length, level, clock, statement.span))
    if length is not None:
        collect.has_block(statement)
    for row in body:
        collect.at_level(row, level, inner)


def _head(findings: Findings, statement: Word) -> tuple[Name | None, Expr | None]:
    """The name and the length; what is wrong with them is reported."""
    head = statement.head
    name = head[0] if head else None
    if not isinstance(name, Name) or len(name.path) > 1:
        hint = "write `scene intro 4s { … }`"
        if isinstance(name, Call):
            hint = "write `scene intro 4s { … }`, or the name of a `let` that computes the length"
        findings.error("E2011", statement.word.span, "a scene has a name and a length", hint=hint)
        return None, None
    surplus = [part.span for part in head[2:]]
    if statement.value is not None:
        surplus.append(statement.value.span)
    if surplus:
        hint = f"write `scene {name.text} 4s {{ … }}`"
        findings.error("E2011", surplus[-1], "a scene has a name and a length only", hint=hint)
        return name, None
    length = head[1] if len(head) == 2 else None
    if length is None or isinstance(length, Text | Size | Dimension):
        findings.error(
            "E2035",
            length.span if length is not None else name.span,
            f"scene `{name.text}` does not say how long it is",
            hint=f"write `scene {name.text} 4s {{ … }}`, or `8bars` with a `bpm`",
        )
        return name, None
    return name, length


def between(findings: Findings, statements: Sequence[Statement]) -> None:
    """Reports what stands between two scenes and yet belongs to all of them."""
    places = [i for i, s in enumerate(statements) if isinstance(s, Word) and s.word.text == "scene"]
    if len(places) < 2:
        return
    for statement in statements[places[0] : places[-1]]:
        if isinstance(statement, Setting):
            at = statement.name.span
        elif isinstance(statement, Word) and statement.word.text in _SPOKEN:
            at = statement.word.span
        else:
            continue
        findings.error(
            "E2036",
            at,
            "this stands between scenes, and would be true in all of them",
            hint="move it above the first scene, or into the scene that it is for",
        )


def place(check: Expressions, scenes: Sequence[Scene]) -> Fraction | None:
    """Settles where each scene begins and ends; their sum, or None if a length is not known."""
    start = Fraction(0)
    whole = True
    for row in scenes:
        length = _length(check, row, start)
        row.clock.start = start
        row.clock.settled = True
        if length is None:
            row.clock.length = UNKNOWN
            whole = False
            continue
        row.clock.length = length
        start += length
        check.scope.scenes[row.name] = row.clock
    if not whole:
        check.scope.missing.update(row.name for row in scenes if check.scope.scenes[row.name] is None)
    return start if whole else None


def _length(check: Expressions, row: Scene, start: Fraction) -> Fraction | None:
    if row.length is None:
        return None
    span = row.length.span
    if isinstance(row.length, Number):
        number = f"{row.length.value:g}"
        hint = f"write `{number}f` for frames, `{number}s` for seconds"
        check.findings.warning("W6004", span, f"a bare length of `{number}` is frames", hint=hint)
    seconds = fixed_time(check, row.length, start)
    if seconds is None:
        return None
    if seconds <= 0:
        check.findings.error(
            "E2037",
            span,
            f"scene `{row.name}` has no length, so nothing of it is seen",
            hint="give it a time longer than 0, or take it away",
        )
        return None
    return seconds


def fixed_time(
    check: Expressions, expr: Expr, start: Fraction = Fraction(0), *, on_grid: bool = True
) -> Fraction | None:
    """How long a time lasts from the second `start` of the film on; None, and it is said, without a tempo.

    Beats last as long as the tempo there has them. Where a song tells its beats, so many of them end on the
    grid, counted from the beat nearest to `start`, unless `on_grid` is not wanted.
    """
    moment = check.moments.moment(expr)
    if moment is None:
        return None
    if not moment.beats:
        return moment.seconds
    begin = start + moment.seconds if moment.from_second else start
    beats = check.scope.told(begin, moment.beats, expr.span)
    if beats is None:
        return None
    grid = check.scope.song_grid
    if on_grid and grid is not None and not moment.from_second:
        snapped = grid.second(grid.nearest(start) + moment.beats) - start
        beats = snapped if snapped > 0 or moment.beats < 0 else beats
    return moment.seconds + beats
