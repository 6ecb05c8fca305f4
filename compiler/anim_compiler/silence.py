"""Music that ends before the film does."""

from __future__ import annotations

from fractions import Fraction

from anim_compiler.film import Film
from anim_compiler.findings import Findings
from anim_compiler.media import audio_length
from anim_compiler.world import World

_LEAST = Fraction(1, 4)
"""So many seconds of silence at the end are nobody's mistake."""


def after(film: Film, world: World, findings: Findings) -> None:
    """Warns if the track that the film goes by is over before the film; others may be a voice or a hit."""
    track = next((track for track in film.tracks if track.name == film.tempo.track), None)
    length = None if track is None else audio_length(world.root / track.path)
    if track is None or length is None or length <= 0:
        return
    end = length - Fraction(track.offset)
    if film.length - end <= _LEAST:
        return
    ends = f"{max(0.0, float(end)):.4g}s"
    findings.warning(
        "W6056",
        track.span,
        f"`{track.name}` ends at {ends}, the film at {float(film.length):.4g}s",
        hint=f"what follows is silent and its curves are 0; write `length = {ends}` to end with it",
    )
