"""`loop = on`: how long the end of a film shows over its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from anim_compiler.expressions import Expressions
from anim_compiler.film import Film, Shot, Transition
from anim_compiler.scenes import fixed_time
from anim_compiler.setting import Entry
from anim_dsl.diagnostic import Edit

LONGEST = Fraction(1)
"""The seconds that it takes if a film does not say it; a short film takes a quarter of its length."""


def loop_time(check: Expressions, entry: Entry | None, shots: Sequence[Shot], *, loops: bool) -> Fraction:
    """How many seconds the film runs on beneath its own beginning; 0 in one that does not loop."""
    written = entry if entry is not None and not entry.is_none else None
    if not loops:
        if written is not None:
            hint = "write `loop = on`, or take this away"
            message = "`loop_time` changes nothing in a film that does not loop"
            check.findings.warning("W6110", written.at, message, hint=hint)
        return Fraction(0)
    if not shots:
        return Fraction(0)
    shorter = min(shots[0], shots[-1], key=lambda shot: shot.length)
    if written is None:
        return min(LONGEST, (shots[-1].end - shots[0].start) / 4, shorter.length)
    with check.inside(written.env):
        seconds = fixed_time(check, written.value, on_grid=False)
    if seconds is None:
        return Fraction(0)
    if seconds < 0:
        check.findings.error(
            "E5041", written.value.span, "`loop_time` cannot be negative", hint="write `loop_time = 1s`"
        )
    elif seconds > shorter.length:
        most = f"{float(shorter.length):g}s"
        whose = "the film" if len(shots) == 1 else f"scene `{shorter.name}`"
        message = f"`loop_time` is {float(seconds):g}s, and {whose} is {most} long"
        edit = Edit(written.value.span, most)
        check.findings.error(
            "E5041", written.value.span, message, hint=f"write `loop_time = {most}` or less", edit=edit
        )
    return min(max(seconds, Fraction(0)), shorter.length)


def returns(film: Film) -> Transition | None:
    """How a film that loops comes back to its beginning: the end goes over into it, with `flow = on` in the
    first scene along the motion between both; None of a film that does not loop.
    """
    if not film.loop or not film.loop_time:
        return None
    flows = film.shots[0].words.get("coherence.flow") is True
    return Transition("morph" if flows else "crossfade", film.loop_time)
