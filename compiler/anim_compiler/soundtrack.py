"""The sound of a film while it is checked: its tracks, its tempo, and the track whose beats count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from anim_compiler import setting
from anim_compiler.expressions import Expressions
from anim_compiler.film import Track
from anim_compiler.levels import Named
from anim_compiler.moments import exact
from anim_compiler.names import did_you_mean
from anim_compiler.options import constant_number
from anim_compiler.setting import Entry
from anim_compiler.sound.seconds import in_seconds
from anim_compiler.tempo import TempoMap
from anim_compiler.told_tempo import ToldTempo
from anim_compiler.world import World
from anim_dsl.settings import SETTINGS
from anim_dsl.syntax import Name


@dataclass(frozen=True, slots=True)
class Soundtrack:
    """Puts tracks and tempo into the scope of a check. `film` are the settings of the file, by name; `heard`
    is the grid of the song that beats count by, where it was heard already.
    """

    check: Expressions
    world: World
    film: Mapping[str, Entry]
    heard: TempoMap | None = None
    _told: ToldTempo = field(default_factory=ToldTempo)

    def read(self, statements: Sequence[Named]) -> None:
        """The film's own tempo, and every `audio` statement."""
        scope = self.check.scope
        scope.names_tempo = "bpm" in self.film
        scope.bpm = self._tempo("film", "", self.film)
        scope.beats_per_bar = int(self._number("film", self.film.get("beats_per_bar")) or 4)
        for named in statements:
            self._audio(named)

    def settle(self) -> None:
        """Which track's beats count, and what they are, as far as that is written or was heard before; to be
        called once all files are known.
        """
        scope = self.check.scope
        self._clock(self.film.get("clock"))
        track = scope.track
        if track is not None and scope.bpm is None:
            scope.bpm = track.bpm
        if track is not None and track.beats_per_bar is not None:
            scope.beats_per_bar = track.beats_per_bar
        self._told.settle(self.check)
        if scope.given is None and scope.bpm is None and scope.track is not None:
            scope.hearing = self._hearing

    def _number(self, block: str, entry: Entry | None) -> float | None:
        return None if entry is None else constant_number(self.check, block, entry)

    def _tempo(self, block: str, name: str, entries: Mapping[str, Entry]) -> float | None:
        """A tempo that is one number; one that is more is read once the tracks are known."""
        bpm = entries.get("bpm")
        if self._told.takes(self.check, name, bpm, entries.get("beats")):
            return None
        hertz = self._number(block, bpm)
        if hertz is None and bpm is not None:
            # it was refused, and what counts by it is not told so as well
            self.check.scope.missing.add("bpm")
        return None if hertz is None else _bpm(hertz)

    def _audio(self, named: Named) -> None:
        from anim_compiler.sound import tracks

        scope = self.check.scope
        found = tracks.find(self.check.findings, self.world, named.name, named.path, named.path_at)
        options = {entry.name: entry for entry in named.entries}
        bpm = self._tempo("audio", named.name, options)
        offset = self._number("audio", options.get("offset"))
        gain = self._number("audio", options.get("gain"))
        bar = self._number("audio", options.get("beats_per_bar"))
        scale = options.get("normalize")
        said = None if scale is None else setting.word(self.check, SETTINGS["audio", "normalize"], scale)
        if found is None:
            scope.missing.add(named.name)
            if bpm is not None and scope.bpm is None:
                scope.bpm = bpm
            return
        scope.tracks[named.name] = Track(
            named.name,
            found.path,
            found.sha256,
            bpm,
            offset or 0.0,
            gain or 0.0,
            None if bar is None else int(bar),
            named.path_at,
            start=self._start(named.name, options.get("start"), found.seconds),
            seconds=found.seconds,
            is_fixed=said == "fixed",
        )

    def _start(self, name: str, entry: Entry | None, seconds: Fraction | None) -> Fraction:
        """The second of a track that stands at film time 0; one after its end is reported."""
        start = exact(self._number("audio", entry) or 0.0)
        if entry is None or seconds is None or start < seconds:
            return start
        self.check.findings.error(
            "E2150",
            entry.value.span,
            f"`{name}` is {in_seconds(seconds)} long: nothing of it is left after `start`",
            hint="`start` counts from the file's beginning; write an earlier time",
        )
        return Fraction(0)

    def _clock(self, entry: Entry | None) -> None:
        """`clock = song`; a track that is none is reported."""
        if entry is None:
            return
        scope, value = self.check.scope, entry.value
        word = None if isinstance(value, Name) else setting.word(self.check, SETTINGS["film", "clock"], entry)
        name = value.text if isinstance(value, Name) else word if isinstance(word, str) else None
        if name is not None and name not in scope.tracks and name not in scope.missing:
            first = next(iter(scope.tracks), None)
            hint = (
                "take it away: `bpm` alone tells the tempo" if first is None else f"write `clock = {first}`"
            )
            hint = did_you_mean(name, scope.tracks) or hint
            self.check.findings.error("E2001", value.span, f"there is no track `{name}`", hint=hint)
            # the film's length may be that of the track that was meant
            scope.missing.add(name)
        scope.clock_track = name
        scope.used.add(name or "")

    def _hearing(self, track: Track) -> TempoMap | None:
        """The grid of a track as it was heard, if it was."""
        if self.heard is not None:
            return self.heard
        from anim_compiler.heard_before import heard_before

        film = self.check.findings.sources.rows[0][1].name
        return heard_before(track, self.world, film, self.check.scope.beats_per_bar)


def _bpm(hertz: float) -> float:
    """Beats a minute, without the rounding of a trip through hertz."""
    return float(f"{hertz * 60.0:.10g}")
