"""The checked film: names bound, units gone, defaults in, media found and hashed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Literal, TypeAlias

from anim_compiler.film_events import Markers, Score, Series
from anim_compiler.tempo import TempoMap
from anim_compiler.typed import Ease, Moment, Typed
from anim_dsl.source import Source, Span
from anim_dsl.sources import Sources
from anim_dsl.syntax import Given

Word: TypeAlias = bool | int | float | str | None

_NOWHERE = Span(0, 0)
_NOTHING: Mapping[str, Curve] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Curve:
    """A setting that may change with the frame, with what its values must keep to.

    `minimum` and `maximum` are in base units; `span` is where it is written (None: a default).
    In a scene the expression runs by the scene's clock; what was written outside is an `OnFilm` in it.
    """

    expr: Typed
    live: bool
    unit: str = "plain"
    minimum: float | None = None
    maximum: float | None = None
    integer: bool = False
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class WordSchedule:
    """A text setting that changes (`sampler = 0s: "Euler", 4s: "DDIM"`): each holds until the next."""

    keys: tuple[tuple[Moment, str], ...]
    span: Span
    #: where each key is written, for those who edit it
    spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)


# --- media -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Track:
    """A sound: `path` from the root, `bpm` if it is written, `offset` the second of the file at
    which a beat falls, `start` the one that stands at film time 0, `gain_db` how much louder it is in the
    film; `is_fixed` if its levels are read in decibels of full scale; `span` is where the path is written.
    """

    name: str
    path: str
    sha256: str
    bpm: float | None = None
    offset: float = 0.0
    gain_db: float = 0.0
    beats_per_bar: int | None = None
    span: Span = _NOWHERE
    start: Fraction = Fraction(0)
    #: how long the file is by its header; None if that does not say it
    seconds: Fraction | None = None
    #: where its beats are, by seconds of the film, if a list of tempi or a file of beats tells it
    given: TempoMap | None = None
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Still:
    """An image of the film; `width` and `height` are the file's own."""

    name: str
    path: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Clip:
    """A video of the film: the part from `start` to `end` seconds of the file, played `speed` times
    as fast (backwards below 0), resampled to the film's rate. `width`, `height` and `seconds` are the file's
    own. A speed that changes is `ramp`, by the film's clock. `fit` is `cover` or `contain`; `span` is where
    the path is written.
    """

    name: str
    path: str
    sha256: str
    width: int
    height: int
    seconds: Fraction
    start: Fraction = Fraction(0)
    end: Fraction | None = None
    speed: float = 1.0
    loop: bool = False
    ramp: Curve | None = None
    fit: str = "cover"
    span: Span = _NOWHERE


@dataclass(frozen=True, slots=True)
class MaskOf:
    """A leaf of a mask: a still, a clip or another mask, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class MaskShape:
    """A shape that is drawn: `circle`, `ellipse`, `rectangle`, `gradient`; its numbers are the curves of its
    mask whose names begin with `place.`.
    """

    kind: str
    place: int


@dataclass(frozen=True, slots=True)
class MaskJoin:
    """Masks joined: `and` is the smaller of two, `or` the larger, `not` one minus its one operand."""

    op: Literal["and", "or", "not"]
    operands: tuple[MaskPart, ...]


MaskPart: TypeAlias = MaskOf | MaskShape | MaskJoin


@dataclass(frozen=True, slots=True)
class Mask:
    """Where something applies: white is where. A file's mask is a still or clip under its own name.

    `curves` are the numbers of its shapes (`0.radius`), by the film's clock, and `radius`, by which it is
    blurred.
    """

    name: str
    value: MaskPart
    span: Span
    curves: Mapping[str, Curve] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Lyrics:
    """The lines of a song: `(start, end, text)`, seconds of the film, in order, none over another; the last
    may have no end. `words` are `(start, end, sung, word)`: of what is sung from when to when, the line up to
    its end and itself.
    """

    name: str
    path: str
    sha256: str
    lines: tuple[tuple[Fraction, Fraction | None, str], ...]
    words: tuple[tuple[Fraction, Fraction, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Lora:
    """A LoRA and its weight; `reference` is a path from the root, `hf:`, `civitai:` or an https URL."""

    name: str
    reference: str
    weight: Curve
    span: Span


@dataclass(frozen=True, slots=True)
class Embedding:
    """A textual-inversion embedding, by the name that prompts call it."""

    name: str
    reference: str
    span: Span


@dataclass(frozen=True, slots=True)
class Control:
    """A ControlNet; `source` or `hint` names a still, clip, `init`, `source` or `previous`.

    `numbers` holds `weight start end low high`, each a curve. `model` says which ControlNet it is; None is
    the usual one of its kind and of the film's model.
    """

    kind: str
    name: str
    source: str | None
    hint: str | None
    numbers: Mapping[str, Curve]
    span: Span
    model: str | None = None


# --- time --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tempo:
    """Where musical time comes from: a written `bpm`, a `given` map, or the analysis of `track`.

    `asks`: a length of the film is told in beats of a song; `awaits`: one that was not heard yet, so that the
    film's places are provisional (`settled.settled`).
    """

    bpm: float | None = None
    beats_per_bar: int = 4
    track: str | None = None
    given: TempoMap | None = None
    asks: bool = False
    awaits: bool = False


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


# --- pictures ----------------------------------------------------------------------------------

DEPTH_MODEL = "model:"
"""What a camera's `depth` begins with where it is a model; the model's reference follows."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera's channels under Deforum's names and signs, in base units.

    Names of `speeds` move along the camera's own axes, per second; the others are poses.
    `per_frame` makes every channel an increment a frame, as Deforum has it. `depth` is `flat`,
    `estimated`, `model:` and a depth model's reference, or the name of a still, clip or mask. `orbit`
    channels and the `target` (x, y, z in scene units) stand beside the six.
    """

    axes: Literal[2, 3]
    channels: Mapping[str, Curve]
    speeds: frozenset[str] = frozenset()
    per_frame: bool = False
    border: str = "reflect"
    depth: str = "flat"
    depth_warp: str = "splat"
    name: str = ""
    target: tuple[Curve, Curve, Curve] | None = None
    #: of a preview: its moves since a scene's first picture are put together of those from frame to frame,
    #: before each of which the picture is flat
    flattens: bool = False

    @property
    def in_plane(self) -> bool:
        """Whether its moves are homographies of the picture; others go by depth."""
        return self.axes == 2 or self.flattens

    @property
    def curves(self) -> Mapping[str, Curve]:
        """All of its curves: the channels, and the target's as `target_x`, `target_y` and `target_z`."""
        if self.target is None:
            return self.channels
        return {**self.channels, **{f"target_{axis}": c for axis, c in zip("xyz", self.target, strict=True)}}


@dataclass(frozen=True, slots=True)
class OpCall:
    """One operation of a pipeline: `inputs` are pictures in the order of its signature, `args` the rest."""

    op: str
    inputs: tuple[PictureExpr, ...]
    args: Mapping[str, Curve | Word]
    span: Span


@dataclass(frozen=True, slots=True)
class StepRef:
    """What an earlier step of the pipeline made."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class PictureRef:
    """A picture that is there already: `previous first init source layers`, or a still, clip or mask."""

    name: str
    span: Span


PictureExpr: TypeAlias = OpCall | StepRef | PictureRef


@dataclass(frozen=True, slots=True)
class Pipeline:
    """What is done for each frame, in written order: `(name, picture)`. `carry` and `frame` name steps."""

    steps: tuple[tuple[str, PictureExpr], ...]
    carry: str
    frame: str
    span: Span


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture (`source` names a still, clip or mask) or a text over the film; `numbers` holds
    `x y scale angle opacity`, `words` holds `mode anchor`; of a text also `size line_height width outline
    shadow`, and `align color outline_color shadow_color font font_sha256`. `mask` names a mask, still or
    clip.
    """

    name: str
    source: str | None
    text: Conditioning | None
    numbers: Mapping[str, Curve]
    words: Mapping[str, Word]
    mask: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class GuideKey:
    """The still that a shot is drawn towards from a moment on (None: none); `ease` shapes the way on."""

    at: Moment
    picture: str | None
    ease: Ease
    #: where it is written, for those who edit it
    span: Span = field(default=_NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Guide:
    """The stills that a shot is drawn towards, in order of time."""

    keys: tuple[GuideKey, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Transition:
    """How a scene follows the one before; a cut has no `seconds`. A `morph` is a crossfade along the motion
    between both. `direction` is of a `wipe`
    (`left right up down`), `color` of a `dip`.
    """

    kind: Literal["cut", "continue", "crossfade", "morph", "dip", "wipe"] = "cut"
    seconds: Fraction = Fraction(0)
    direction: str = "left"
    color: str = "black"


@dataclass(frozen=True, slots=True)
class Expectation:
    """One comparison of a figure that is measured of every shown frame: `figure op bound`, at those where
    `when` is not 0. `op` is one of `< <= > >=`; `says` is the statement as it is written.
    """

    figure: str
    op: str
    bound: Curve
    when: Curve | None
    says: str
    span: Span


@dataclass(frozen=True, slots=True)
class Sketch:
    """How a shot is made without a model, for a preview (`tiers.camera`): without `init` it starts from the
    chart of that number. Moves since the scene's first picture are counted anew where nothing of it would be
    seen any more; with `every` a chain of pictures begins again from it, after so many seconds. `hints` are
    the controls whose hints are shown instead of the picture.
    """

    chart: int
    every: Fraction | None = None
    hints: tuple[Control, ...] = ()


_NO_CAMERAS: Mapping[str, Camera] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Shot:
    """A scene, or the whole of a film without scenes: everything that its frames need.

    Frame f belongs to it with `start <= f / fps < start + length` (seconds of the film).
    `numbers` and `words` are keyed by setting path (`diffuse.strength`); `numbers` also holds every
    camera channel as it is written (`camera.zoom`) and the grade (`grade.exposure`).
    """

    name: str
    start: Fraction
    length: Fraction
    seed: int
    prompts: Prompting
    numbers: Mapping[str, Curve]
    words: Mapping[str, Word | WordSchedule]
    transition: Transition = Transition()
    init: str | None = None
    source: str | None = None
    camera: Camera | None = None
    pipeline: Pipeline | None = None
    controls: tuple[Control, ...] = ()
    loras: tuple[Lora, ...] = ()
    layers: tuple[Layer, ...] = ()
    lets: Mapping[str, Curve] = field(default_factory=lambda: _NOTHING)
    span: Span = _NOWHERE
    #: the cameras by name that the shot's pipeline moves pictures by
    cameras: Mapping[str, Camera] = field(default_factory=lambda: _NO_CAMERAS)
    #: the clips that run by the scene's own clock, because the scene itself names them
    own_clips: frozenset[str] = frozenset()
    guide: Guide | None = None
    expectations: tuple[Expectation, ...] = ()
    sketch: Sketch | None = None

    @property
    def end(self) -> Fraction:
        """Where it ends, in seconds of the film."""
        return self.start + self.length


# --- the whole ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Output:
    """A file to write, relative to the film's folder; `audio` names a track, `upscale_model` is a path from
    the root. `speed` is how fast it plays, `interpolate` how many times the frames.
    """

    path: str
    codec: str | None = None
    quality: int | None = None
    fps: Fraction | None = None
    audio: str | None = None
    size: tuple[int, int] | None = None
    bits: int | None = None
    speed: Fraction = Fraction(1)
    interpolate: int = 1
    upscale: float = 1.0
    upscale_model: str | None = None
    metadata: bool = True
    loop: bool | None = None
    encoder: str = "software"


@dataclass(frozen=True, slots=True)
class Variant:
    """One film of a `variant` block: `name` is `seed1-cfg_scale5`, `values` are setting paths and
    values as written, for messages and file names.
    """

    name: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Film:
    """Everything that a film says, resolved. `shots` follow each other without gaps and fill the film;
    a film without scenes is one shot. `lets` are those of the whole film, by its own clock.
    `variants` is empty, or every film that the text describes; this one is then `variant`.
    """

    name: str
    source: Source
    sources: Sources
    sha256: str
    width: int
    height: int
    fps: Fraction
    length: Fraction
    seed: int
    loop: bool
    model: str | WordSchedule | None
    title: str
    author: str
    tempo: Tempo
    tracks: tuple[Track, ...]
    stills: tuple[Still, ...]
    clips: tuple[Clip, ...]
    masks: tuple[Mask, ...]
    embeddings: tuple[Embedding, ...]
    shots: tuple[Shot, ...]
    lets: Mapping[str, Curve]
    outputs: tuple[Output, ...]
    variants: tuple[Variant, ...] = ()
    variant: Variant | None = None
    #: how long the end shows over the beginning, in seconds; 0 in a film that does not loop
    loop_time: Fraction = Fraction(0)
    #: blocks of templates, each with the `use` that it comes from, for messages
    uses: tuple[tuple[Span, Span], ...] = ()
    lyrics: tuple[Lyrics, ...] = ()
    markers: tuple[Markers, ...] = ()
    scores: tuple[Score, ...] = ()
    series: tuple[Series, ...] = ()
    #: colour tables by path from the root, and their digests
    luts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    #: what was said in place of the text's own `let`s
    given: Given | None = None
    #: what decodes instead of the model's own
    vae: str | None = None
    #: where `model` is written, and `vae`, for messages
    model_span: Span = _NOWHERE
    vae_span: Span = _NOWHERE

    @property
    def frames(self) -> int:
        """How many frames the film has: every f with f / fps < length."""
        return max(1, -((-self.length * self.fps) // 1))
