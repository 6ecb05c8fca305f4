"""W6005: a `guide` that no pipeline reads."""

from __future__ import annotations

from anim_compiler.film import Film, OpCall, PictureExpr, Pipeline
from anim_compiler.findings import Findings
from anim_dsl.source import Span


def idle_guide(film: Film, findings: Findings) -> None:
    """`guide = photo` beside a pipeline of the film's own without a `guide(…)`."""
    homes: dict[Span, list[bool]] = {}
    for shot in film.shots:
        if shot.guide is not None:
            is_read = shot.pipeline is None or _guides(shot.pipeline)
            homes.setdefault(shot.guide.span, []).append(is_read)
    for span, are_read in homes.items():
        if not any(are_read):
            message = "`guide` changes nothing: the pipeline does not read it"
            hint = "write `guide(previous)` in the pipeline where the picture should be drawn towards it"
            findings.warning("W6005", span, message, hint=hint)


def _guides(pipeline: Pipeline) -> bool:
    """Whether a pipeline draws a picture towards the guide."""
    waiting: list[PictureExpr] = [made for _, made in pipeline.steps]
    while waiting:
        node = waiting.pop()
        if isinstance(node, OpCall):
            if node.op == "guide":
                return True
            waiting.extend(node.inputs)
    return False
