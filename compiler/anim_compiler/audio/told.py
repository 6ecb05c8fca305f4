"""What a film's author should know of its sound once it was heard: damaged, silent, without beats."""

from __future__ import annotations

from anim_compiler.audio.analysis import Analysis
from anim_compiler.audio.beats import UNSURE
from anim_compiler.audio.facts import Facts
from anim_compiler.audio.measure import TRACK
from anim_compiler.film import Film, Track
from anim_compiler.findings import Findings
from anim_compiler.listening import Listener
from anim_compiler.sound.seconds import in_seconds
from anim_compiler.sound.tracks import SLACK, shorter

_AUDIBLE = 1e-4
"""Magnitudes up to which a whole track counts as silent: -80 dB of full scale."""


def after(film: Film, listener: Listener, findings: Findings) -> None:
    """Warns of what is wrong with the film's tracks, each decoded once for it; raises AudioError for one that
    cannot be read.
    """
    for track in film.tracks:
        heard = listener.analysis(track, {TRACK})
        facts = heard.facts
        _lengths(track, facts, findings)
        if facts.unheard:
            samples = f"{facts.unheard:,.0f} sample{'s' if facts.unheard != 1 else ''}"
            findings.warning(
                "W6151",
                track.span,
                f"`{track.name}` holds {samples} that are no numbers: they count as silence",
                hint="a faulty plug-in writes such; export the track again",
            )
        if facts.peak <= _AUDIBLE:
            findings.warning(
                "W6152",
                track.span,
                f"`{track.name}` is silent: all its curves are 0",
                hint="export the track again, with its sound on",
            )
        else:
            _beats(track, heard, findings)
        if listener.lacked(track):
            lock = listener.lock
            findings.warning(
                "W6154",
                track.span,
                f"`{lock.name if lock else ''}` does not hold all that the film reads of `{track.name}`",
                hint="`anim compile FILM --audio-lock` writes it anew; until then the track is analysed here",
            )


def _beats(track: Track, heard: Analysis, findings: Findings) -> None:
    """Beats that the film reads, and that are a guess."""
    if not heard.groups.get("beats") or heard.confidence >= UNSURE:
        return
    name, sure = track.name, f"sure to {heard.confidence:.2f} of 1"
    findings.warning(
        "W6145",
        track.span,
        f"the beats of `{name}` are a guess, {sure}"
        if heard.beats.size
        else f"no beats are heard in `{name}`",
        hint=f"write its tempo: `audio {track.name} = … {{ bpm = 120; offset = 0.5s }}`, offset being a beat",
    )


def _lengths(track: Track, facts: Facts, findings: Findings) -> None:
    """A track that ends before its header says, or holds what cannot be decoded."""
    lacks = facts.claimed - facts.duration
    # what the header shows by itself was told when it was read
    is_told = track.seconds is not None and facts.claimed - float(track.seconds) > SLACK
    if lacks > SLACK:
        if not is_told:
            shorter(findings, track.span, track.name, facts.duration, facts.claimed)
    elif facts.damaged:
        what = "a part could not be decoded"
        if facts.claimed == 0:
            what += f"; {in_seconds(facts.duration)} could"
        findings.warning(
            "W6150",
            track.span,
            f"`{track.name}` is damaged: {what}",
            hint="copy or export the track again; what lacks is silent and its curves are 0",
        )
