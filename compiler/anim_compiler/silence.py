"""Music that ends before the film does."""

from __future__ import annotations

from fractions import Fraction

from anim_compiler.film import Film
from anim_compiler.findings import Findings
from anim_compiler.sound.seconds import in_seconds

_LEAST = Fraction(1, 4)
"""So many seconds of silence at the end are nobody's mistake."""


def after(film: Film, findings: Findings) -> None:
    """Warns if the track that the film goes by is over before the film; others may be a voice or a hit."""
    track = next((track for track in film.tracks if track.name == film.tempo.track), None)
    length = None if track is None else track.seconds
    if track is None or length is None or length <= 0:
        return
    end = length - track.start
    if film.length - end <= _LEAST:
        return
    ends = in_seconds(max(end, Fraction(0)))
    mend = f"; write `length = {ends}` to end with it" if end * film.fps >= 1 else ""
    findings.warning(
        "W6056",
        track.span,
        f"`{track.name}` ends at {ends}, the film at {in_seconds(film.length)}",
        hint=f"what follows is silent and its curves are 0{mend}",
    )
