"""The checked film: names bound, units gone, defaults in, media found and hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

from anim_compiler.typed import Ease, Moment, Typed
from anim_dsl.source import Source, Span

Word: TypeAlias = bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Curve:
    """A setting that may change with the frame, with what its values must keep to.

    `minimum` and `maximum` are in base units; `span` is where it is written (None: a default).
    """

    expr: Typed
    live: bool
    unit: str = "plain"
    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """A sound: `path` from the root, `bpm` if it is written, `offset` seconds of the track that
    stand at film time 0, `gain_db` for the output only.
    """

    name: str
    path: str
    sha256: str
    bpm: float | None = None
    offset: float = 0.0
    gain_db: float = 0.0
    beats_per_bar: int | None = None


@dataclass(frozen=True, slots=True)
class Still:
    """An image of the film; `width` and `height` are the file's own."""

    name: str
    path: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Tempo:
    """Where musical time comes from: a written `bpm`, or the analysis of `track`."""

    bpm: float | None = None
    beats_per_bar: int = 4
    track: str | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """One weighted text: `parts` are plain text and numbers to insert; weight None counts as 1."""

    parts: tuple[str | Typed, ...]
    weight: Typed | None = None


Conditioning: TypeAlias = tuple[Alternative, ...]


@dataclass(frozen=True, slots=True)
class PromptKey:
    """What is asked for from a moment on; `ease` shapes the morph to the next key."""

    at: Moment
    value: Conditioning
    ease: Ease
    span: Span


@dataclass(frozen=True, slots=True)
class Prompting:
    """The prompt schedule and the negative one; `morph_time` None is the whole segment."""

    positive: tuple[PromptKey, ...]
    negative: tuple[PromptKey, ...]
    morph: Literal["slerp", "linear", "cut"] = "slerp"
    morph_time: Moment | None = None


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera's channels under Deforum's names and signs, in base units.

    Names of `speeds` move along the camera's own axes, per second; the others are poses.
    `per_frame` makes every channel an increment a frame, as Deforum has it.
    """

    axes: Literal[2, 3]
    channels: Mapping[str, Curve]
    speeds: frozenset[str] = frozenset()
    per_frame: bool = False
    border: str = "reflect"
    depth: str = "flat"


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write, relative to the film's folder; `audio` names a track."""

    path: str
    codec: str | None = None
    quality: int | None = None
    fps: Fraction | None = None
    audio: str | None = None


@dataclass(frozen=True, slots=True)
class Film:
    """Everything that a film says, resolved. `numbers` and `words` are keyed by setting path
    (`diffuse.strength`); `numbers` also holds every camera channel as it is written, and `lets`.
    """

    name: str
    source: Source
    sha256: str
    width: int
    height: int
    fps: Fraction
    length: Fraction
    seed: int
    loop: bool
    model: str | None
    title: str
    author: str
    tempo: Tempo
    tracks: tuple[Track, ...]
    stills: tuple[Still, ...]
    init: str | None
    prompts: Prompting
    camera: Camera | None
    numbers: Mapping[str, Curve]
    words: Mapping[str, Word]
    lets: Mapping[str, Curve]
    outputs: tuple[Output, ...]

    @property
    def frames(self) -> int:
        """How many frames the film has: every f with f / fps < length."""
        return max(1, -((-self.length * self.fps) // 1))
