"""The `midi` statement: notes, controllers and the pitch wheel of a file as curves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from anim_compiler.events import midi_file
from anim_compiler.events.curve import recorded
from anim_compiler.events.midi_file import Event
from anim_compiler.events.opening import Opened
from anim_compiler.events.unreadable import Unreadable
from anim_compiler.film_events import Score
from anim_compiler.moments import exact
from anim_compiler.names import did_you_mean
from anim_compiler.options import fixed, last
from anim_compiler.typed import Recorded
from anim_compiler.values import NumberValue, Value
from anim_dsl.source import Span

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions

_Row = tuple[float, float]
_Timed = tuple[float, Event]

CALLED = ("note", "hit", "cc")
"""The curves of one note or one controller, by its number."""

_NOTE = re.compile(r"([A-Ga-g])([#b♯♭]?)(-?\d{1,2})")
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


@dataclass(frozen=True, slots=True, eq=False)
class ScoreFile:
    """A MIDI file of a film and its events with their seconds of the film, in order; of one channel only if
    the statement names one.
    """

    score: Score
    events: tuple[_Timed, ...]

    def of(self, kind: str, number: int | None = None) -> list[_Timed]:
        """The events of a kind, of one note or controller if a number is given."""
        return [row for row in self.events if row[1].kind == kind and number in (None, row[1].number)]

    def numbers(self, kind: str) -> list[int]:
        """The notes or controllers that there are, rising."""
        return sorted({event.number for _, event in self.events if event.kind == kind})


def made(check: Expressions, opened: Opened) -> ScoreFile | Unreadable:
    """What a statement's file plays."""
    tempo = fixed(check, "midi", "bpm", opened.entries)
    bpm = None if tempo is None else exact(float(f"{float(tempo) * 60:.10g}"))
    found = midi_file.read(opened.path, opened.written, None if bpm is None else 60 / bpm)
    if isinstance(found, Unreadable):
        return found
    if found.events and not found.has_tempo and last(opened.entries, "bpm") is None:
        message = f"`{opened.written}` tells no tempo, so it is read at 120 bpm"
        hint = f'write its tempo: `midi {opened.name} = "{opened.written}" {{ bpm = 120 }}`'
        check.findings.warning("W6163", opened.span, message, hint=hint)
    later = fixed(check, "midi", "offset", opened.entries) or Fraction(0)
    channel = fixed(check, "midi", "channel", opened.entries)
    only = None if channel is None else int(channel)
    by = float(later)
    beats = tuple(at + by for at in found.beats)
    score = Score(opened.name, opened.relative, opened.sha256, later, only, bpm, beats)
    events = (
        (at + by, event)
        for at, event in zip(found.seconds, found.events, strict=True)
        if only in (None, event.channel)
    )
    return ScoreFile(score, tuple(events))


# --- what is read of it ---


def member(check: Expressions, found: ScoreFile, path: tuple[str, ...], span: Span) -> Value | None:
    """A curve of the whole file; what is none is reported."""
    made = _MEMBERS.get(path[0]) if len(path) == 1 else None
    if made is not None:
        if not found.of("bend" if path[0] == "bend" else "on"):
            _nothing(check, found, path[0], span)
        return NumberValue(made(found, span), live=True)
    name, which = found.score.name, ".".join(path)
    if which in CALLED:
        hint = (
            f"write `{name}.{which}(1)`"
            if which == "cc"
            else f'write `{name}.{which}(36)` or `{name}.{which}("C2")`'
        )
        check.findings.error("E2010", span, f"`{which}` needs to know which one", hint=hint)
        return None
    hint = did_you_mean(which, [*_MEMBERS, *CALLED]) or "it has " + ", ".join(
        [f"`{other}`" for other in _MEMBERS] + [f"`{other}(…)`" for other in CALLED]
    )
    check.findings.error("E2001", span, f"a MIDI file has no `{which}`", hint=hint)
    return None


def called(check: Expressions, found: ScoreFile, which: str, number: int, span: Span) -> Value:
    """`score.note(36)`, `score.hit(36)`, `score.cc(1)`; one that is never played is warned of."""
    kind = "control" if which == "cc" else "on"
    rows = found.of(kind, number)
    if not rows:
        _never(check, found, kind, number, span)
    source = found.score.name
    if which == "hit":
        expr = recorded(source, "hit", _ones(rows), span)
    elif which == "cc":
        expr = recorded(source, "held", ((at, event.value / 127) for at, event in rows), span)
    else:
        expr = recorded(source, "peak", _sounding(found.events, number), span)
    return NumberValue(expr, live=True)


def _nothing(check: Expressions, found: ScoreFile, which: str, span: Span) -> None:
    what = "never moves the pitch wheel" if which == "bend" else "plays no note"
    only = found.score.channel
    where = "" if only is None else f" in channel {only}"
    hint = "another channel may have it: write its number, or leave `channel` out"
    if only is None:
        hint = "export the tracks or clips that are to be seen"
    message = f"`{found.score.path}` {what}{where}, so this is always 0"
    check.findings.warning("W6162", span, message, hint=hint)


def _never(check: Expressions, found: ScoreFile, kind: str, number: int, span: Span) -> None:
    there = found.numbers(kind)
    what = "note" if kind == "on" else "controller"
    shown = [f"`{n}` ({_note_name(n)})" if kind == "on" else f"`{n}`" for n in there[:8]]
    more = f" and {len(there) - 8} more" if len(there) > 8 else ""
    where = "" if found.score.channel is None else f" in channel {found.score.channel}"
    called = f"{number} ({_note_name(number)})" if kind == "on" else f"{number}"
    message = f"`{found.score.path}` never plays note {called}{where}, so this is always 0"
    if kind != "on":
        message = f"`{found.score.path}` never moves controller {called}{where}, so this is always 0"
    hint = f"it has {', '.join(shown)}{more}" if shown else f"it has no {what} at all{where}"
    check.findings.warning("W6162", span, message, hint=hint)


def note_number(written: str) -> int | None:
    """The number of a note by its name, `C4` being 60; None if it is none."""
    found = _NOTE.fullmatch(written.strip())
    if found is None:
        return None
    sign = {"#": 1, "♯": 1, "b": -1, "♭": -1}.get(found[2], 0)
    return _STEPS[found[1].upper()] + sign + 12 * (int(found[3]) + 1)


def _note_name(number: int) -> str:
    """The name of a note: 60 is `C4`."""
    return f"{_NAMES[number % 12]}{number // 12 - 1}"


# --- rows ---


def _ones(rows: Iterable[_Timed]) -> Iterator[_Row]:
    return ((at, 1.0) for at, _ in rows)


def _sounding(events: Iterable[_Timed], number: int | None) -> Iterator[_Row]:
    """The velocity, 0 to 1, of the loudest note that is held of one number, or of all."""
    held: dict[tuple[int, int], int] = {}
    counts, loud = [0] * 128, 0  # how many notes each velocity holds, and a bit for each that holds any
    for at, event in events:
        if event.kind not in ("on", "off") or number not in (None, event.number):
            continue
        key = (event.channel, event.number)
        over = held.pop(key, 0)
        if over:
            counts[over] -= 1
            loud ^= 0 if counts[over] else 1 << over
        if event.kind == "on":
            held[key] = event.value
            counts[event.value] += 1
            loud |= 1 << event.value
        elif not over:
            continue
        yield at, max(loud.bit_length() - 1, 0) / 127


def _held(events: Iterable[_Timed]) -> Iterator[_Row]:
    """How many notes are held."""
    held: set[tuple[int, int]] = set()
    for at, event in events:
        if event.kind == "on":
            held.add((event.channel, event.number))
        elif event.kind == "off":
            held.discard((event.channel, event.number))
        else:
            continue
        yield at, float(len(held))


def _velocity(found: ScoreFile, span: Span) -> Recorded:
    return recorded(found.score.name, "peak", _sounding(found.events, None), span)


def _hits(found: ScoreFile, span: Span) -> Recorded:
    return recorded(found.score.name, "hit", _ones(found.of("on")), span)


def _notes(found: ScoreFile, span: Span) -> Recorded:
    return recorded(found.score.name, "peak", _held(found.events), span)


def _pitch(found: ScoreFile, span: Span) -> Recorded:
    rows = ((at, float(event.number)) for at, event in found.of("on"))
    return recorded(found.score.name, "held", rows, span)


def _bend(found: ScoreFile, span: Span) -> Recorded:
    rows = ((at, event.value / (8191 if event.value > 0 else 8192)) for at, event in found.of("bend"))
    return recorded(found.score.name, "held", rows, span)


_MEMBERS: Mapping[str, Callable[[ScoreFile, Span], Recorded]] = MappingProxyType(
    {"hits": _hits, "velocity": _velocity, "pitch": _pitch, "notes": _notes, "bend": _bend}
)
"""The curves of a whole file."""
