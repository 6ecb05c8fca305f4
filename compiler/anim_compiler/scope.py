"""What a whole film has once: its rate, tempo, clock and files, while it is being checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from anim_compiler.entry import Entry
from anim_compiler.env import Timebase
from anim_compiler.film import Clip, Lyrics, Mask, Still, Track
from anim_compiler.findings import Findings

if TYPE_CHECKING:
    from anim_compiler.shapes import Drawn


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
        """Whether beats and bars mean anything: a `bpm`, or a track to analyse."""
        return self.bpm is not None or bool(self.tracks) or bool(self.missing)

    def seconds(self, beats: Fraction) -> Fraction | None:
        """How long beats are, if the tempo is written."""
        return beats * 60 / Fraction(repr(self.bpm)) if self.bpm else None

    def beat_near(self, start: Fraction) -> Fraction:
        """The second of the written grid's beat nearest a time; the time itself where only the song
        tells where its beats are.
        """
        if not self.bpm or self.track is not None:
            return start
        beat = Fraction(60) / Fraction(repr(self.bpm))
        return Fraction(round(start / beat)) * beat
