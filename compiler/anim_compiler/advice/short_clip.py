"""W6115: a source video that ends long before the film does, and stands still from there on."""

from __future__ import annotations

from fractions import Fraction

from anim_compiler.film import Clip, Film, Shot
from anim_compiler.findings import Findings
from anim_compiler.moments import exact

_LEAST = Fraction(1, 2)
"""Seconds that a picture may hold without a word: lengths are rounded."""


def short_clip(film: Film, findings: Findings) -> None:
    """Tells once a clip that a `source` plays once, and whose last frame then holds."""
    clips = {clip.name: clip for clip in film.clips}
    for clip in clips.values():
        rows = [shot for shot in film.shots if shot.source == clip.name]
        held = sum((_held(clip, shot) for shot in rows), Fraction(0))
        if held < _LEAST:
            continue
        seconds = _seconds(clip)
        findings.warning(
            "W6115",
            clip.span,
            f"`{clip.name}` ends after {_told(seconds)}, and its last frame stands for {_told(held)}",
            hint="write `{ loop = on }` behind it, play it more slowly, or make the film shorter",
        )


def _seconds(clip: Clip) -> Fraction:
    """How long a clip plays at its speed."""
    end = clip.seconds if clip.end is None else clip.end
    return (end - clip.start) / abs(exact(clip.speed))


def _held(clip: Clip, shot: Shot) -> Fraction:
    """The seconds of a shot in which nothing of a clip is left; a speed that changes is not reckoned with."""
    if clip.loop or clip.ramp is not None or not clip.speed:
        return Fraction(0)
    begins = shot.start if clip.name in shot.own_clips else Fraction(0)
    return max(Fraction(0), shot.end - max(shot.start, begins + _seconds(clip)))


def _told(seconds: Fraction) -> str:
    return f"{float(seconds):.3g}s"
