"""What a film says of tempo besides one number: lists of tempi, and files whose times are a track's beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_compiler.events.times import WRITTEN
from anim_compiler.moments import exact
from anim_compiler.names import did_you_mean
from anim_compiler.setting import Entry
from anim_compiler.tempo import TempoKey, TempoMap, through, written
from anim_compiler.tempo_keys import tempo_keys
from anim_dsl.syntax import Keys, Name, Text

if TYPE_CHECKING:
    from anim_compiler.expressions import Expressions
    from anim_compiler.film import Track


MOST_BEATS = 100_000
"""So many beats a file may tell: more than an hour of the fastest music."""


@dataclass(slots=True)
class ToldTempo:
    """The tempo settings of a film and of its tracks, by track; the film's own are under the empty name."""

    _lists: dict[str, Entry] = field(default_factory=dict)
    _keys: dict[str, tuple[TempoKey, ...]] = field(default_factory=dict)
    _beats: dict[str, Entry] = field(default_factory=dict)

    def takes(self, check: Expressions, name: str, bpm: Entry | None, beats: Entry | None = None) -> bool:
        """Whether the tempo of one of them is more than one number, which is read once the tracks are."""
        if beats is not None and not beats.is_none:
            self._beats[name] = beats
            if bpm is not None:
                message = "`beats` tells the tempo, so this says nothing"
                check.findings.warning("W6156", bpm.at, message, hint="take one of both away")
            return True
        if bpm is not None and isinstance(bpm.value, Keys):
            self._lists[name] = bpm
            return True
        return False

    def settle(self, check: Expressions) -> None:
        """Gives every track the map that is told of it, and the film that of the track it counts by."""
        scope = check.scope
        for name, entry in self._lists.items():
            found = tempo_keys(check, entry)
            if found is not None:
                self._keys[name] = found
            else:
                # it was refused, and what counts by it is not told so as well
                scope.missing.add("bpm")
        for each in tuple(scope.tracks.values()):
            given = self._of_track(check, each, each.beats_per_bar or scope.beats_per_bar)
            if given is not None:
                scope.tracks[each.name] = replace(each, given=given, bpm=None)
        own, track = self._keys.get(""), scope.track
        if own is not None and len(own) == 1:
            scope.bpm = float(own[0].bpm)
        elif own is not None:
            scope.given = _written(own, scope.beats_per_bar, track)
            scope.bpm = None
        elif track is not None and scope.bpm is None:
            scope.given = track.given

    def _of_track(self, check: Expressions, track: Track, bar: int) -> TempoMap | None:
        if track.name in self._beats:
            found = _from_file(check, self._beats[track.name], bar)
            check.scope.missing.update(() if found else ("bpm",))
            return found
        keys = self._keys.get(track.name)
        return None if keys is None else _written(keys, bar, track)


def _written(keys: Sequence[TempoKey], bar: int, track: Track | None) -> TempoMap:
    """The map of a list; a beat falls on the track's `offset`, else where the film begins."""
    told = track is not None and bool(track.offset)
    origin = exact(track.offset) - track.start if track is not None and told else Fraction(0)
    return written(keys, bar, origin, heard=told)


def _from_file(check: Expressions, entry: Entry, bar: int) -> TempoMap | None:
    """The grid through the times of a `markers` or `midi` statement."""
    scope, value = check.scope, entry.value
    name = value.text if isinstance(value, Name) else (value.plain or "") if isinstance(value, Text) else ""
    times: Sequence[float] | None = None
    if name in scope.markers:
        times = [float(at) for at in scope.markers[name].beats]
    elif name in scope.scores:
        times = scope.scores[name].score.beats
    if times is None:
        if name not in scope.missing:
            known = [*scope.markers, *scope.scores]
            hint = did_you_mean(name, known) or 'write `markers taps = "taps.txt"` and `beats = taps`'
            shown = check.findings.text(value.span)
            message = f"`{shown}` names no markers: beats are the times of a file"
            check.findings.error("E2123", value.span, message, hint=hint)
        return None
    scope.used.add(name)
    if len(times) > MOST_BEATS:
        message = f"`{name}` holds {len(times):,} times, and a film has {MOST_BEATS:,} beats at most"
        hint = "name a file with one mark a beat"
        check.findings.error("E2125", value.span, message, hint=hint)
        return None
    found = through(sorted(set(times)), bar, tolerance=WRITTEN)
    if found is None:
        message = f"`{name}` holds {len(times)} time{'' if len(times) == 1 else 's'}, and a tempo needs two"
        check.findings.error("E2124", value.span, message, hint="tap along to the song, one mark a beat")
    return found
