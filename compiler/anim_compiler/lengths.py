"""How long a film is, and where its scenes begin and end."""

from __future__ import annotations

from fractions import Fraction

from anim_compiler.expressions import Expressions
from anim_compiler.levels import Collected
from anim_compiler.moments import exact
from anim_compiler.scenes import UNKNOWN, fixed_time, place
from anim_compiler.world import World
from anim_dsl.source import Span
from anim_dsl.syntax import Name, Number

MOST_FRAMES = 1_000_000
"""A film may have so many frames."""


class Lengths:
    """Settles one film's length: the written one, else its scenes', its video's, its only track's."""

    def __init__(self, check: Expressions, found: Collected, world: World) -> None:
        self._check = check
        self._scope = check.scope
        self._findings = check.findings
        self._found = found
        self._world = world
        self._film = {e.name: e for e in found.film.entries.get("film", ()) if e.op == "="}

    def settle(self) -> Fraction | None:
        """Settles the film's clock and its scenes; None if the length cannot be told."""
        length = self._told()
        if length is None:
            self._settle(UNKNOWN)
        return length

    def _told(self) -> Fraction | None:
        written = self._written_length()
        if written is not None:
            self._settle(written)
        scenes = place(self._check, self._found.scenes) if self._found.scenes else None
        length = written
        if self._found.scenes and "length" not in self._film:
            length = scenes
        elif not self._found.scenes and "length" not in self._film:
            length = self._source_length() or self._track_length()
        if length is None:
            return None
        self._settle(length)
        if scenes is not None and self._is_apart(scenes, length) and not self._found.lost_scenes:
            self._differ(scenes, length)
        if length * self._scope.fps > MOST_FRAMES:
            entry = self._film.get("length")
            at = entry.value.span if entry is not None else Span(0, 0)
            hint = f"{float(MOST_FRAMES / self._scope.fps):g}s is the longest at this rate"
            self._findings.error("E2044", at, f"this film has more than {MOST_FRAMES:,} frames", hint=hint)
            return None
        return length

    def _settle(self, length: Fraction) -> None:
        self._scope.film.length = length
        self._scope.film.settled = True

    def _is_apart(self, scenes: Fraction, length: Fraction) -> bool:
        """Whether the scenes together have another length than the film.

        What a song tells is never a round number: there the last scene ends with the film, up to a beat from
        where its own length would have it.
        """
        grid = self._scope.song_grid
        if self._scope.awaits:
            return False
        beat = Fraction(0) if grid is None else grid.lasting(length, Fraction(1))
        return abs(scenes - length) > beat

    def _differ(self, scenes: Fraction, length: Fraction) -> None:
        right = _seconds(scenes)
        self._findings.error(
            "E2038",
            self._film["length"].value.span,
            f"the film is {_seconds(length)} long, and its scenes are {right} together",
            hint=f"write `length = {right}`, or take the line away: scenes make the length",
        )

    def _written_length(self) -> Fraction | None:
        entry = self._film.get("length")
        if entry is None:
            return None
        span = entry.value.span
        if isinstance(entry.value, Number) and entry.value.value > 0 and not entry.alias:
            # frames are what `max_frames` means
            number = f"{entry.value.value:g}"
            hint = f"write `{number}f` for frames, `{number}s` for seconds"
            self._findings.warning("W6004", span, f"a bare `length = {number}` is frames", hint=hint)
        with self._check.inside(entry.env):
            seconds = fixed_time(self._check, entry.value)
        if seconds is not None and seconds <= 0:
            hint = "write `length = 10s`"
            self._findings.error("E3003", span, "`length` must be longer than 0", hint=hint)
            return None
        return seconds

    def _source_length(self) -> Fraction | None:
        """How long the video is whose frames are transformed."""
        entry = self._film.get("source")
        name = entry.value.text if entry is not None and isinstance(entry.value, Name) else ""
        clip = self._scope.clips.get(name)
        if clip is None or clip.loop or not clip.speed or name in self._scope.ramps:
            return None
        end = clip.seconds if clip.end is None else clip.end
        return (end - clip.start) / abs(exact(clip.speed))

    def _wrong_source(self) -> bool:
        """Whether a `source` is written that names nothing: its own mistake says what to write."""
        entry = self._film.get("source")
        if entry is None or not isinstance(entry.value, Name):
            return entry is not None
        return entry.value.text not in {"none", *self._scope.clips, *self._scope.stills}

    def _track_length(self) -> Fraction | None:
        track = self._scope.track
        length = None if track is None else track.seconds
        length = None if length is None or track is None else length - track.start
        if length is not None and length > 0:
            self._scope.used.add(track.name if track else "")
            return length
        if not self._scope.missing and not self._found.lost_scenes and not self._wrong_source():
            self._findings.error(
                "E2012",
                Span(0, 0),
                "the film does not say how long it is",
                hint="write `length = 10s`, or name one `audio` track",
            )
        return None


def _seconds(length: Fraction) -> str:
    """A length as it may be written."""
    return f"{float(length):.6g}s"
