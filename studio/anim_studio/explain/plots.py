"""What a function or an easing does, as numbers: expressions computed by the film's own compiler."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from anim_studio.draw.spark import spark

SECONDS = 2
COLUMNS = 64


def columns(expressions: Sequence[str]) -> tuple[tuple[float, ...], ...]:
    """The values of each expression over two seconds, one a column of a plot.

    They are lets of one film, so the parser, checker and functions are those that render. Raises ValueError
    for an expression with errors, which is a mistake in our tables.
    """
    from anim_compiler.asking import curve
    from anim_compiler.check import check
    from anim_compiler.world import World
    from anim_dsl.parse import parse
    from anim_dsl.source import Source

    head = f'length = {SECONDS}s\nfps = {COLUMNS // SECONDS}\nprompt {{ 0s: "a" }}\n'
    lets = "".join(f"let plot_{number} = {text}\n" for number, text in enumerate(expressions))
    here = Path.cwd()
    world = World(here, here)
    document, found = parse(Source("plots.anim", head + lets))
    film, more = check(document, world)
    if film is None or found:
        raise ValueError("; ".join(f"{d.message} in `{d.source.slice(d.span)}`" for d in (*found, *more)))
    return tuple(
        tuple(float(value) for value in curve(film, f"plot_{number}", world))
        for number in range(len(expressions))
    )


def plotted(expressions: Sequence[str], *, plain: bool = False) -> list[str]:
    """The lines of plots one above the other, each under its expression."""
    lines: list[str] = []
    for text, values in zip(expressions, columns(expressions), strict=True):
        if lines:
            lines.append("")
        lines += [text, *spark(values, seconds=SECONDS, plain=plain)]
    return lines


def easing_plot(example: str, *, whole: bool) -> tuple[str, ...]:
    """The expression that shows an easing: between two keys, or through several for one that sees all."""
    if whole:
        return (f"0s: 0, 0.5s: 0.8, 1s: 0.9, 1.5s: 0.2, 1.9s: 1 with {example}",)
    # the second key stands before the end, so that its value is seen
    return (f"0s: 0 {example}, 1.9s: 1",)
