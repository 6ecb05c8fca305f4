"""What names stand for in one film: its clock's constants, tracks, stills, lets and defs."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from anim_compiler.film import Still, Track
from anim_compiler.findings import Findings
from anim_compiler.values import Value
from anim_dsl.source import Span
from anim_dsl.syntax import Def, Let


@dataclass(slots=True)
class Scope:
    """The names of a film while it is being checked.

    `fps` and `length` (seconds) are settled before any curve is; `bpm` is None if it is not written.
    """

    findings: Findings
    fps: Fraction = Fraction(24)
    length: Fraction = Fraction(1)
    bpm: float | None = None
    beats_per_bar: int = 4
    tracks: dict[str, Track] = field(default_factory=dict)
    stills: dict[str, Still] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    clock_track: str | None = None
    lets: dict[str, Let] = field(default_factory=dict)
    defs: dict[str, Def] = field(default_factory=dict)
    values: dict[str, Value | None] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    places: dict[str, Span] = field(default_factory=dict)

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
