"""Listening to a track: decoded, measured, its beats found, and remembered by content."""

from __future__ import annotations

from pathlib import Path

from anim_compiler.audio.analysis import Analysis
from anim_compiler.audio.beats import Beats, find_beats, grid, pulse
from anim_compiler.audio.decode import RATE, decode
from anim_compiler.audio.downbeats import downbeats
from anim_compiler.audio.levels import levels
from anim_compiler.audio.spectrum import measure
from anim_compiler.audio.store import Heard, entry, load, save


def analyse(
    path: Path,
    *,
    sha256: str,
    cache: Path | None,
    bpm: float | None = None,
    offset: float = 0.0,
    beats_per_bar: int = 4,
) -> Analysis:
    """Listens to the track at `path`, whose content has the hash `sha256`; from `cache` if known.

    `bpm` > 0 lays an even grid of beats instead of finding them, through the beat at `offset` seconds into
    the track, or, where `offset` is 0, where the onsets fit best. Raises AudioError if it cannot be read.
    """
    heard = _heard(path, sha256, cache)
    found = _beats(heard, bpm, offset)
    first = downbeats(found.times, heard.pulse, heard.levels["bass"], beats_per_bar, offset)
    return Analysis(heard.levels, found.times, first, found.tempo, heard.duration)


def _heard(path: Path, sha256: str, cache: Path | None) -> Heard:
    place = entry(cache, sha256) if cache is not None else None
    kept = load(place) if place is not None else None
    if kept is not None:
        return kept
    samples = decode(path)
    spectrum = measure(samples)
    heard = Heard(levels(spectrum), pulse(spectrum.rise, spectrum.low_rise), samples.size / RATE)
    if place is not None:
        save(place, heard)
    return heard


def _beats(heard: Heard, bpm: float | None, offset: float) -> Beats:
    if bpm is not None and bpm > 0:
        return grid(heard.pulse, heard.duration, bpm, offset)
    return find_beats(heard.pulse, heard.duration)
