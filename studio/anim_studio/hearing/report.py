"""What `anim audio` says of a track in a terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from anim_compiler.sound.seconds import in_seconds
from anim_compiler.sound.tracks import SLACK
from anim_dsl.visible import escaped
from anim_studio.cli.values import plural
from anim_studio.hearing.paste import paste_lines
from anim_studio.hearing.song import Song

if TYPE_CHECKING:
    from anim_studio.cli.terminal import Terminal

#: so many sections, and so many scenes, are written out
MOST_SECTIONS = 24


def tell(song: Song, terminal: Terminal, picture: list[str]) -> None:
    """Says length, tempo, beats, level and sections, shows the picture, and offers lines for a film."""
    count = int(song.analysis.facts.channels)
    channels = {1: "mono", 2: "stereo"}.get(count, f"{count} channels")
    title = terminal.paint(escaped(song.name), "bold")
    title += "" if song.name == song.file.name else f" = {escaped(song.path)}"
    terminal.say(f"{title}   {moment(song.duration)} · {song.analysis.facts.rate:g} Hz, {channels}")
    for name, text in facts(song):
        terminal.say(f"  {name:<11} {text}")
    for line in _sections(song):
        terminal.say(line)
    for warning in warnings(song):
        terminal.say(f"  {terminal.paint('⚠', 'yellow')} {warning}")
    if picture:
        terminal.say()
        for line in picture:
            terminal.say(f"  {line}")
    lines = paste_lines(song)
    terminal.say()
    for line in lines[: MOST_SECTIONS + 1]:
        terminal.say(f"  {escaped(line)}")
    if len(lines) > MOST_SECTIONS + 1:
        terminal.say(f"  # … and {plural(len(lines) - MOST_SECTIONS - 1, 'more scene')}")


def facts(song: Song) -> tuple[tuple[str, str], ...]:
    """Name and text of every line."""
    return (
        ("tempo", tempo_text(song)),
        ("beats", _beats(song)),
        ("level", _level(song)),
    )


def tempo_text(song: Song) -> str:
    """`128.02 bpm, steady, confidence 98%`."""
    if song.analysis.beats.size == 0:
        return "none: no beats were found"
    if song.told.bpm:
        return f"{song.told.bpm:g} bpm, as it is written"
    if song.told.has_beats:
        return f"{song.analysis.tempo:.2f} bpm, by the beats that are written"
    slow, fast = song.tempo_range
    sure = f"confidence {100 * song.analysis.confidence:.0f}%"
    if song.is_steady:
        return f"{song.analysis.tempo:.2f} bpm, steady, {sure}"
    return f"{song.analysis.tempo:.1f} bpm, changing from {slow:.1f} to {fast:.1f}, {sure}"


def _beats(song: Song) -> str:
    beats, bars = song.analysis.beats, song.analysis.downbeats
    if beats.size == 0:
        return "none"
    first = f"the first at {beats[0]:.3f}s"
    begins = f", the first bar at {bars[0]:.3f}s" if bars.size else ""
    return f"{beats.size}, in {plural(int(bars.size), 'bar')} of {song.beats_per_bar}; {first}{begins}"


def _level(song: Song) -> str:
    if not math.isfinite(song.peak_dbfs):
        return "silence"
    loudness = song.loudness_lufs
    heard = f"{loudness:.1f}" if math.isfinite(loudness) else "below -70"
    return f"peak {song.peak_dbfs:.1f} dBFS, loudness {heard} LUFS (of the mono mix)"


def _sections(song: Song) -> list[str]:
    if len(song.sections) < 2:
        return []
    lines = []
    wide = len(moment(song.duration))
    for number, part in enumerate(song.sections[:MOST_SECTIONS]):
        name = "sections" if number == 0 else ""
        span = f"{moment(part.start):>{wide}} – {moment(part.end):>{wide}}"
        bars = f"   {plural(song.bars_of(part), 'bar')}" if song.analysis.downbeats.size else ""
        lines.append(f"  {name:<11} {part.label:<3} {span}{bars}")
    if len(song.sections) > MOST_SECTIONS:
        lines.append(f"  {'':<11} … and {len(song.sections) - MOST_SECTIONS} more")
    return lines


def warnings(song: Song) -> tuple[str, ...]:
    """What is wrong with the file, and what may be wrong with what was heard."""
    facts = song.analysis.facts
    found = []
    if facts.claimed - facts.duration > SLACK:
        found.append(
            f"it is cut short: {in_seconds(facts.duration)} of {in_seconds(facts.claimed)} are there"
        )
    elif facts.damaged:
        found.append(f"it is damaged: {in_seconds(facts.duration)} of it could be read")
    if facts.unheard:
        found.append(f"{plural(int(facts.unheard), 'sample')} of it are no numbers: they count as silence")
    if song.is_unsure:
        found.append("the beats are unsure: listen to them with `--click beats.wav`, or try `--bpm`")
    return tuple(found)


def moment(seconds: float) -> str:
    """`0:05.00`, `1:02:03.50`: a moment of a track."""
    hundredths = round(seconds * 100)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    clock = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{clock}:{rest // 100:02}.{rest % 100:02}"
