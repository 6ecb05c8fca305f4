"""Quoted Deforum schedules, read at check: what Deforum cannot read, and W6025, a formula without a frame."""

from __future__ import annotations

import re
from collections.abc import Iterator

from anim_compiler.advice.looking import curves, frames
from anim_compiler.film import Film, Shot
from anim_compiler.findings import Findings
from anim_compiler.typed import Schedule, walk
from anim_dsl.diagnostic import Severity
from anim_dsl.source import Span

_ONE_FORMULA = re.compile(r"\s*0\s*:\s*\(?(?P<formula>.*?)\)?\s*\Z", re.DOTALL)
_FRAME = re.compile(r"\bt\b")
_NUMBER = re.compile(r"[()\s+-]*[0-9.]+[()\s]*\Z")


def quoted(film: Film, findings: Findings) -> None:
    """Every `"0: (1), 30: (1.2)"` of the film."""
    for shot, schedule in _schedules(film):
        if not _refused(film, shot, schedule, findings):
            _without_frame(schedule, findings)


def _schedules(film: Film) -> Iterator[tuple[Shot, Schedule]]:
    for shot, _, curve in curves(film):
        for node in walk(curve.expr):
            if isinstance(node, Schedule):
                yield shot, node


def _refused(film: Film, shot: Shot, schedule: Schedule, findings: Findings) -> bool:
    """Reports what Deforum makes of a schedule; True if it cannot read it."""
    from anim_dsl.schedule import examine

    refused = False
    for found in examine(schedule.text, frames=frames(film, shot), seed=shot.seed):
        span = _in_film(schedule, found.span, findings)
        if found.severity is Severity.ERROR:
            refused = True
            hint = (
                "take the quotes away: without them a film reads it" if found.code == "E1068" else found.hint
            )
            findings.error(found.code, span, found.message, hint=hint)
        else:
            findings.warning(found.code, span, found.message, hint=found.hint)
    return refused


def _in_film(schedule: Schedule, span: Span, findings: Findings) -> Span:
    """The place in the film, where the text stands there as it is."""
    whole = schedule.span
    if whole.end - whole.start != len(schedule.text) + 2:
        return whole
    return Span(whole.start + 1 + span.start, whole.start + 1 + span.end)


def _without_frame(schedule: Schedule, findings: Findings) -> None:
    """`"0: (0.5+0.1*sin(3))"`: the only key is a formula, and no `t` is in it."""
    found = _ONE_FORMULA.match(schedule.text)
    if found is None or "," in schedule.text or ":" in found["formula"]:
        return
    formula = found["formula"]
    if _FRAME.search(formula) or _NUMBER.match(formula) or not formula.strip():
        return
    findings.warning(
        "W6025",
        schedule.span,
        f"`{formula.strip()}` has no `t`, so this schedule never changes",
        hint="`t` is the frame: `0.5 + 0.1*sin(t/10)`",
    )
