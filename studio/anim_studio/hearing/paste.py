"""Lines to be copied into a film: the track with its tempo, and a scene for each section."""

from __future__ import annotations

import re

from anim_compiler.names import BUILT_IN
from anim_dsl.tokens import RESERVED
from anim_studio.draw.portrait import Section, within
from anim_studio.hearing.song import Song

#: seconds that a written tempo may stray from the found one over the whole track
_DRIFT = 0.001
#: so much of a bar may a section's end be off the bar that it holds last
_WHOLE = 0.05


def paste_lines(song: Song) -> tuple[str, ...]:
    """The `audio` line, and the scenes if there are two sections or more.

    A steady track gets its tempo written, so that `anim check` knows how long a bar is; one of a changing
    tempo keeps what was found. Scenes begin with the first bar, and so the film does. Of beats that are
    unsure nothing is written: a film that says them is warned of them no more.
    """
    name = identifier(song.name)
    options = _options(song)
    scenes = _scenes(song)
    if scenes and _first_bar(song):
        options.append(f"start = {_first_bar(song):.3f}s")
    braces = f" {{ {'; '.join(options)} }}" if options else ""
    quoted = song.path.replace("\\", "\\\\").replace('"', '\\"')
    return (f'audio {name} = "{quoted}"{braces}', *scenes)


def identifier(name: str) -> str:
    """What a film may call a file: `night_drive` for `Night Drive (2).ogg`."""
    stem = name.rpartition(".")[0] or name
    words = re.sub(r"[^a-z0-9]+", "_", re.sub(r"\([^)]*\)", "", stem.lower())).strip("_")
    if not words or words[0].isdigit():
        return "song"
    # `bass.wav` is a likely file, and `bass` a word of the language
    return f"{words}_track" if words in BUILT_IN | RESERVED else words


def _options(song: Song) -> list[str]:
    if song.is_unsure or song.analysis.beats.size < 2 or not (song.is_steady or song.told.bpm):
        return []
    first = _first_bar(song)
    found = [f"bpm = {tempo(song)}"]
    found += [f"offset = {first:.3f}s"] if first else []
    found += [f"beats_per_bar = {song.beats_per_bar}"] if song.beats_per_bar != 4 else []
    return found


def _first_bar(song: Song) -> float:
    """Where the film should begin, in seconds; 0 where the track begins with a bar, or where none is sure."""
    bars = song.analysis.downbeats
    is_late = bars.size > 0 and bars[0] >= 0.5 / song.rate
    return float(bars[0]) if is_late and not song.is_unsure else 0.0


def tempo(song: Song) -> str:
    """The tempo, with as many decimals as keep it within a millisecond over the whole track."""
    bpm = song.told.bpm or song.analysis.tempo
    for decimals in range(7):
        text = f"{bpm:.{decimals}f}"
        if abs(float(text) - bpm) / bpm * song.duration <= _DRIFT:
            return text
    return f"{bpm:.6f}"


def _scenes(song: Song) -> tuple[str, ...]:
    """A scene a section, named by what sounds alike: `scene a1 8bars { }`."""
    if len(song.sections) < 2:
        return ()
    counts: dict[str, int] = {}
    lines = []
    for part in song.sections:
        label = part.label.lower()
        counts[label] = counts.get(label, 0) + 1
        lines.append(f"scene {label}{counts[label]} {_length(song, part)} {{ }}")
    return tuple(lines)


def _length(song: Song, part: Section) -> str:
    """`8bars` if whole bars fill the section from its first bar on, else seconds."""
    bars = within(song.analysis.downbeats, part.start - 0.5 / song.rate, part.end - 0.5 / song.rate)
    if bars.size < 2 or song.is_unsure:
        return f"{part.end - max(part.start, _first_bar(song)):.3f}s"
    end = float(bars[-1] + bars[-1] - bars[-2])
    if abs(end - part.end) <= _WHOLE * (end - float(bars[-1])):
        return f"{bars.size}bars"
    return f"{part.end - float(bars[0]):.3f}s"
