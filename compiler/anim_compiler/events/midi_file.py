"""Notes and controls out of a Standard MIDI File (formats 0, 1 and 2), by the file's own tempo.

Read here and not by a library: a film's check is short, and a file is refused where others guess. The format
is that of the MIDI Manufacturers Association's Standard MIDI Files 1.0 (1996).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from anim_compiler.events.unreadable import Unreadable, content
from anim_compiler.world import TOO_LARGE

MOST_BYTES = 4_000_000
"""So large may a MIDI file be."""

MOST_EVENTS = 200_000
"""So many events may it have."""

_LENGTHS = {0x80: 2, 0x90: 2, 0xA0: 2, 0xB0: 2, 0xC0: 1, 0xD0: 1, 0xE0: 2}
"""How many data bytes the messages of a channel have, by their upper half."""

_TEMPO = 500_000
"""Microseconds a quarter note before the first tempo, or without any: 120 a minute."""

_FRAMES = {24: Fraction(24), 25: Fraction(25), 29: Fraction(30000, 1001), 30: Fraction(30)}
"""Frames a second of SMPTE time; 29 is the 29.97 of video."""


class Event(NamedTuple):
    """A message of a channel: `kind` is `on`, `off`, `control` or `bend`; `number` the note or controller,
    `value` 0..127, or -8192..8191 of a bend. `tick` counts from the file's beginning, `channel` from 1.
    """

    tick: int
    kind: str
    channel: int
    number: int
    value: int


@dataclass(frozen=True, slots=True)
class Score:
    """What a MIDI file says: events in order of time, the second of each, and where its quarter notes are.
    `has_tempo`: it says how long those last.
    """

    events: tuple[Event, ...]
    seconds: tuple[float, ...]
    beats: tuple[float, ...]
    has_tempo: bool = True


@dataclass(frozen=True, slots=True)
class _Track:
    events: list[Event]
    tempi: list[tuple[int, int]]
    end: int


class _Broken(Exception):
    """Bytes that are no MIDI; caught in `read`."""


def read(path: Path, name: str, beat: Fraction | None = None) -> Score | Unreadable:
    """The events of a file with their seconds, by quarter notes of `beat` seconds instead of the file's own
    tempo; `name` is what messages call it.
    """
    data = content(path, name, MOST_BYTES)
    if isinstance(data, Unreadable):
        return data
    try:
        return _score(_unwrapped(data), beat)
    except _Broken as why:
        hint = "write the file anew, as a Standard MIDI File, with the program that it comes from"
        return Unreadable(f"`{name}` is not a MIDI file that can be read: {why}", hint)
    except OverflowError:
        said = f"`{name}` has more than {MOST_EVENTS:,} events"
        return Unreadable(said, "keep the tracks that the film needs", TOO_LARGE)


def _unwrapped(data: bytes) -> bytes:
    """The MIDI file inside a RIFF file (`.rmi`), or the bytes as they are."""
    if data[:4] == b"RIFF" and data[8:16] == b"RMIDdata":
        return data[20:]
    return data


def _score(data: bytes, beat: Fraction | None) -> Score:
    if data[:4] != b"MThd" or len(data) < 14:
        raise _Broken("it does not begin with `MThd`")
    length = int.from_bytes(data[4:8], "big")
    form, division = int.from_bytes(data[8:10], "big"), int.from_bytes(data[12:14], "big")
    if form > 2 or length < 6:
        raise _Broken(f"its format is {form}, and there are 0, 1 and 2")
    tracks = _tracks(data, 8 + length)
    has_tempo = bool(division & 0x8000) or any(track.tempi for track in tracks)
    if form == 2:
        tracks = _after_each_other(tracks)
    events = sorted((event for track in tracks for event in track.events), key=lambda event: event.tick)
    tempi = sorted((row for track in tracks for row in track.tempi), key=lambda row: row[0])
    clock = _clock(division, tempi, beat)
    last = max((track.end for track in tracks), default=0)
    seconds = [clock.second(event.tick) for event in events]
    return Score(tuple(events), tuple(seconds), tuple(clock.beats(last)), has_tempo)


def _after_each_other(tracks: Sequence[_Track]) -> list[_Track]:
    """The patterns of format 2, each from where the one before ends."""
    begin, moved = 0, []
    for track in tracks:
        events = [Event(e.tick + begin, e.kind, e.channel, e.number, e.value) for e in track.events]
        tempi = [(tick + begin, tempo) for tick, tempo in track.tempi]
        moved.append(_Track(events, tempi or [(begin, _TEMPO)], begin + track.end))
        begin += track.end
    return moved


# --- tracks ---


def _tracks(data: bytes, at: int) -> list[_Track]:
    tracks: list[_Track] = []
    room = MOST_EVENTS
    while at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        kind, begin = data[at : at + 4], at + 8
        if kind == b"MTrk":
            if begin + size > len(data):
                raise _Broken(f"track {len(tracks) + 1} is cut short")
            track = _Reader(data, begin, begin + size, len(tracks) + 1).track(room)
            room -= len(track.events) + len(track.tempi)
            tracks.append(track)
        at = begin + size
    if not tracks:
        raise _Broken("it has no track")
    return tracks


class _Reader:
    """Reads the events of one track's bytes."""

    def __init__(self, data: bytes, at: int, end: int, number: int) -> None:
        self._data, self._at, self._end, self._number = data, at, end, number

    def track(self, most: int) -> _Track:
        """All of the track's events; OverflowError if there are more than `most`."""
        events: list[Event] = []
        tempi: list[tuple[int, int]] = []
        tick, status = 0, 0
        while self._at < self._end:
            tick += self._length()
            byte = self._byte()
            if byte == 0xFF:
                kind, body = self._byte(), self._bytes(self._length())
                if kind == 0x2F:
                    break
                if kind == 0x51 and len(body) == 3:
                    tempi.append((tick, max(int.from_bytes(body, "big"), 1)))
            elif byte in (0xF0, 0xF7):
                self._bytes(self._length())
                status = 0
            elif byte >= 0xF0:
                raise _Broken(f"track {self._number} holds the byte 0x{byte:02X} at {self._at - 1}")
            else:
                status, first = (byte, self._byte()) if byte >= 0x80 else (status, byte)
                self._message(events, tick, status, first)
            if len(events) + len(tempi) > most:
                raise OverflowError
        return _Track(events, tempi, tick)

    def _message(self, events: list[Event], tick: int, status: int, first: int) -> None:
        kind = status & 0xF0
        if not status:
            raise _Broken(f"track {self._number} goes on with a message that has not begun")
        second = self._byte() if _LENGTHS[kind] == 2 else 0
        if first > 127 or second > 127:
            raise _Broken(f"track {self._number} has a message that is too short, at {self._at}")
        channel = (status & 0x0F) + 1
        if kind == 0x90 and second:
            events.append(Event(tick, "on", channel, first, second))
        elif kind in (0x80, 0x90):
            events.append(Event(tick, "off", channel, first, 0))
        elif kind == 0xB0:
            events.append(Event(tick, "control", channel, first, second))
        elif kind == 0xE0:
            events.append(Event(tick, "bend", channel, 0, first + 128 * second - 8192))

    def _length(self) -> int:
        """A number of up to four bytes, seven bits each, the last one without its highest bit."""
        value = 0
        for _ in range(4):
            byte = self._byte()
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value
        raise _Broken(f"track {self._number} has a time or length of more than four bytes")

    def _byte(self) -> int:
        if self._at >= self._end:
            raise _Broken(f"track {self._number} ends within a message")
        self._at += 1
        return self._data[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        if self._at + count > self._end:
            raise _Broken(f"track {self._number} ends within a message")
        self._at += count
        return self._data[self._at - count : self._at]


# --- ticks and seconds ---

_MOST_BEATS = 100_000


class _Clock:
    """Seconds of ticks: from the tick `starts[i]` on, a tick takes `rates[i] / under` seconds."""

    def __init__(self, starts: Sequence[int], rates: Sequence[int], under: int, per_beat: int | None) -> None:
        self._starts, self._rates, self._under, self._per_beat = starts, rates, under, per_beat
        self._passed = [0]
        for i in range(1, len(starts)):
            self._passed.append(self._passed[-1] + (starts[i] - starts[i - 1]) * rates[i - 1])

    def second(self, tick: int) -> float:
        """The second of a tick, rounded once."""
        i = bisect_right(self._starts, tick) - 1
        return (self._passed[i] + (tick - self._starts[i]) * self._rates[i]) / self._under

    def beats(self, last: int) -> list[float]:
        """The seconds of the quarter notes up to a tick; none by SMPTE time, which has no notes."""
        if self._per_beat is None:
            return []
        return [self.second(i * self._per_beat) for i in range(min(last // self._per_beat + 1, _MOST_BEATS))]


def _clock(division: int, tempi: Sequence[tuple[int, int]], beat: Fraction | None) -> _Clock:
    if division & 0x8000:
        frames, ticks = 256 - (division >> 8), division & 0xFF
        if frames not in _FRAMES or not ticks:
            raise _Broken("its time goes by a rate that there is not")
        rate = _FRAMES[frames]
        return _Clock([0], [rate.denominator], rate.numerator * ticks, None)
    if not division:
        raise _Broken("it has no ticks a quarter note")
    if beat is not None:
        return _Clock([0], [beat.numerator], beat.denominator * division, division)
    rows = {0: _TEMPO} | dict(tempi)
    return _Clock(list(rows), list(rows.values()), 1_000_000 * division, division)
