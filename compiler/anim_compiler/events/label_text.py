"""The labels of markers as a text that changes: each stands until the next mark, or its region's end."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from anim_compiler.crossing import on_film
from anim_compiler.film import Alternative
from anim_compiler.film_events import Markers
from anim_compiler.standing import standing
from anim_compiler.typed import Moment
from anim_compiler.values import TextValue, Value
from anim_dsl.source import Span

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

MOST_LABELS = 5_000
"""So many labels may be one text, as many as a song may have lines."""


def text(check: Expressions, found: Markers, span: Span) -> Value | None:
    """The label of the mark that stands at each moment of the film; empty before the first one."""
    if len(found.marks) > MOST_LABELS:
        message = (
            f"`{found.name}` has {len(found.marks):,} markers, and a text may change {MOST_LABELS:,} times"
        )
        check.findings.error("E2017", span, message, hint=f"keep those in `{found.path}` that are to be read")
        return None
    rows = [(Moment(at), TextValue((Alternative((label,)),))) for at, label in _said(found).items()]
    value = TextValue(standing(rows, span))
    return value if check.env.clock is check.scope.film else on_film(value, span)


def _said(found: Markers) -> dict[Fraction, str]:
    """What stands from when on, in order of time; of marks at one time the last one."""
    rows: dict[Fraction, str] = {Fraction(0): ""}
    ends = [later.start for _, later in pairwise(found.marks)]
    for mark, following in zip(found.marks, [*ends, None], strict=True):
        rows[max(mark.start, Fraction(0))] = mark.label
        if mark.end is not None and mark.end >= 0 and (following is None or mark.end < following):
            rows[mark.end] = ""
    return rows
