"""What a whole film has once: its rate, tempo, clock and files, while it is being checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_compiler.entry import Entry
from anim_compiler.env import Timebase
from anim_compiler.film import Clip, Lyrics, Mask, Still, Track
from anim_compiler.film_events import Markers
from anim_compiler.findings import Findings
from anim_compiler.tempo import TempoMap, laid, steady
from anim_dsl.source import Span

if TYPE_CHECKING:
    from anim_compiler.events.score import ScoreFile
    from anim_compiler.events.series import SeriesFile
    from anim_compiler.shapes import Drawn

GUESSED = 120
"""The tempo of a song that was not heard yet, or that has no beats."""

UNHEARD = "W6155"
"""The code of the note that lengths are reckoned at a guess."""


@dataclass(slots=True)
class Scope:
    """The film's own facts. `fps`, `size` and the length of `film` are settled before any curve is; `bpm` is
    None if it is not written. `missing` are names whose definition was refused or could not be read:
    their users are not reported as well.
    """

    findings: Findings
    fps: Fraction = Fraction(24)
    film: Timebase = field(default_factory=lambda: Timebase(settled=False))
    bpm: float | None = None
    beats_per_bar: int = 4
    #: a tempo that is more than one number: a list of tempi, a file of beats, a song that was heard before
    given: TempoMap | None = None
    given_by_sound: bool = False
    #: whether the film has `audio` statements, read already or not
    names_tracks: bool = False
    #: whether the film writes a `bpm`, whatever it says
    names_tempo: bool = False
    #: the grid of a track, if it was heard before
    hearing: Callable[[Track], TempoMap | None] | None = None
    #: whether a length of the film is told by the song, and whether that was not heard yet
    asks: bool = False
    awaits: bool = False
    #: the tempo at which a song is reckoned that was not heard yet
    guess: int = GUESSED
    #: width and height of the picture in px, settled with the rate
    size: tuple[int, int] = (512, 512)
    tracks: dict[str, Track] = field(default_factory=dict)
    stills: dict[str, Still] = field(default_factory=dict)
    clips: dict[str, Clip] = field(default_factory=dict)
    #: speeds of clips that change, to be read once the film's clock is settled
    ramps: dict[str, Entry] = field(default_factory=dict)
    masks: dict[str, Mask] = field(default_factory=dict)
    #: numbers of masks, to be read once the film's clock and size are settled
    drawn: list[Drawn] = field(default_factory=list)
    #: the colour tables that the film names, by path from the root, and their digests
    luts: dict[str, str] = field(default_factory=dict)
    lyrics: dict[str, Lyrics] = field(default_factory=dict)
    #: named times by the name of their statement
    markers: dict[str, Markers] = field(default_factory=dict)
    #: MIDI files and tables, with what can be read of them
    scores: dict[str, ScoreFile] = field(default_factory=dict)
    series: dict[str, SeriesFile] = field(default_factory=dict)
    #: the scenes of the film, None until their place is known
    scenes: dict[str, Timebase | None] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    clock_track: str | None = None
    #: names of media that something reads
    used: set[str] = field(default_factory=set)

    @property
    def length(self) -> Fraction:
        """The film's length in seconds."""
        return self.film.length

    @property
    def track(self) -> Track | None:
        """The track that bare features mean: the only one, or the one that `clock` names."""
        if self.clock_track is not None:
            return self.tracks.get(self.clock_track)
        return next(iter(self.tracks.values())) if len(self.tracks) == 1 else None

    @property
    def has_tempo(self) -> bool:
        """Whether beats and bars mean anything: a `bpm`, or the track to analyse."""
        known = self.bpm is not None or self.given is not None or self.names_tempo
        return known or self.track is not None or bool(self.missing)

    @property
    def lack_of_tempo(self) -> tuple[str, str]:
        """Why beats and bars mean nothing, and what to write."""
        if self.tracks:
            first = next(iter(self.tracks))
            why = f"each of the film's {len(self.tracks)} tracks has its own"
            return why, f"write `clock = {first}` at the top, or `bpm = {GUESSED}`"
        return "the film has no track and no `bpm`", f"write `bpm = {GUESSED}` at the top"

    @property
    def _sounds(self) -> bool:
        """Whether the sound of the track tells the tempo."""
        return self.bpm is None and self.track is not None and (self.given is None or self.given_by_sound)

    @property
    def grid(self) -> TempoMap | None:
        """The grid whose beats have their places before any sound is heard; None if the song tells them."""
        if self.given is not None or self.bpm is None or self.track is not None:
            return self.given
        return steady(self.bpm, self.beats_per_bar)

    @property
    def song_grid(self) -> TempoMap | None:
        """The grid whose beats stand where the song has them, if they are known: heard, tapped, or laid
        through the track's `offset`.
        """
        if self.given is not None:
            return self.given if self.given.heard else None
        if self.bpm is None or self.track is None or not self.track.offset:
            return None
        return laid(self.bpm, self.beats_per_bar, Fraction(repr(self.track.offset)) - self.track.start)

    def lasting(self, start: Fraction, beats: Fraction) -> Fraction | None:
        """How many seconds beats last from a second of the film on, as far as the tempo is known."""
        if self.given is not None:
            return self.given.lasting(start, beats)
        return None if self.bpm is None else beats * 60 / Fraction(repr(self.bpm))

    def told(self, start: Fraction, beats: Fraction, span: Span) -> Fraction | None:
        """The same for what the film's lengths stand on: a song that was heard before tells it too, and one
        that was not is reckoned with at a tempo that anyone would guess, which is said once.
        """
        self.asks = self.asks or self._sounds
        known = self.lasting(start, beats)
        if known is not None or self.track is None:
            return known
        if "bpm" in self.missing:
            # its tempo was refused, and that is enough to be told
            return beats * 60 / self.guess
        self.given = None if self.hearing is None else self.hearing(self.track)
        self.given_by_sound = self.given is not None
        if self.given is not None:
            if not self.given.heard:
                self._has_no_beats(span, self.track)
            return self.given.lasting(start, beats)
        if not self.awaits:
            self.awaits = True
            self._awaits(span, self.track)
        return beats * 60 / self.guess

    def _has_no_beats(self, span: Span, track: Track) -> None:
        message = f"no beats were found in `{track.name}`, so {self._reckoned(span, GUESSED)}"
        hint = f"write `bpm = {GUESSED}`, or the tempo that you hear"
        self.findings.warning("W6157", span, message, hint=hint)

    def _awaits(self, span: Span, track: Track) -> None:
        message = f"`{track.name}` was not heard yet, so {self._reckoned(span, self.guess)}"
        hint = f"`anim audio {track.path}` or a render hears it, and then the song tells"
        self.findings.note(UNHEARD, span, message, hint=hint)

    def _reckoned(self, span: Span, bpm: int) -> str:
        return f"`{self.findings.text(span)}` is reckoned at {bpm} bpm"
