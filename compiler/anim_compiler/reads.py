"""What a shot reads that it does not have: `init` and `source` of controls, layers and pipelines."""

from __future__ import annotations

from collections.abc import Iterator

from anim_compiler import pictures
from anim_compiler.expressions import Expressions
from anim_compiler.film import OpCall, PictureExpr, PictureRef, Shot
from anim_dsl.source import Span


def check(expressions: Expressions, shot: Shot, reference: Span | None = None) -> None:
    """Reports each place that reads the shot's `init` or `source` where there is none; `reference` is where
    that setting is written.
    """
    given = {"init": shot.init, "source": shot.source}
    colours = shot.words.get("coherence.reference")
    said = [(colours, reference)] if isinstance(colours, str) and reference is not None else []
    for name, span in (*_read(shot), *said):
        if name in given and given[name] is None and not expressions.scope.missing:
            pictures.absent(expressions, name, span)


def _read(shot: Shot) -> Iterator[tuple[str, Span]]:
    for control in shot.controls:
        for name in (control.source, control.hint):
            if name is not None:
                yield name, control.span
    for layer in shot.layers:
        if layer.source is not None:
            yield layer.source, layer.span
    for _, picture in shot.pipeline.steps if shot.pipeline is not None else ():
        yield from _of(picture)


def _of(picture: PictureExpr) -> Iterator[tuple[str, Span]]:
    waiting = [picture]
    while waiting:
        node = waiting.pop()
        if isinstance(node, PictureRef):
            yield node.name, node.span
        elif isinstance(node, OpCall):
            waiting.extend(node.inputs)
