"""The plan: all that the runtime needs and nothing else, as data.

It is written as stable JSON (`plan_file`), the same bytes on every machine and run: no times, no absolute
paths, nothing a frame. What changes with the frame lies beside it in one file of columns, named by hash;
`frame_table` reads from both how each frame is made. The JSON Schema is printed by `anim compile --schema`.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

PLAN_VERSION: Literal[5] = 5
"""Raised whenever a plan is read in another way than before."""

FrameKind: TypeAlias = Literal["first", "diffused", "fresh", "tween"]
"""How a frame is made: a scene's first, from the frame before, from noise alone, or between two others."""

Column: TypeAlias = NDArray[np.float64] | NDArray[np.int64] | NDArray[np.uint8]

Columns: TypeAlias = dict[str, Column]
"""Numbers a frame, by name: `[rows]` or `[rows, n]`; first the frames that are shown, then those beneath."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnRef(_Part):
    """A value read from a column at the frame in work."""

    column: str


class ChoiceRef(_Part):
    """A text that changes: the column holds which of `texts` is meant at the frame in work."""

    column: str
    texts: tuple[str, ...]


class ProductRef(_Part):
    """Moves one after the other: the 3×3 matrix product of several columns of nine numbers."""

    columns: tuple[str, ...]
    """The columns' names, the first applied first."""


PlanArg: TypeAlias = bool | int | float | str | ColumnRef | ChoiceRef | ProductRef | None

Morph: TypeAlias = Literal["slerp", "linear", "cut"]
"""How a conditioning goes over into the next: along the arc, straight, or all at once."""


class PlanNode(_Part):
    """One op of a template."""

    op: str
    inputs: tuple[int, ...] = ()
    """Indices of earlier nodes of the same template."""
    args: dict[str, PlanArg] = {}
    """By name: a constant, or where it is read at the frame in work."""
    rate: str = "image"
    """The slowest clock that it must run at: `film`, `scene`, `frame` or `image`."""


class Template(_Part):
    """What is done for one kind of frame of one scene, in the order in which it is done."""

    frames: str
    """The rows of the columns that are made by it, as ranges: `0`, `1-23,25`, `0-96/3` (every third),
    `1-95/2:3` (two of every three)."""
    batch: int = 1
    """How many of its frames may pass the model at once: 1 if each waits for the one before, 0 for as many
    as memory allows, n for n."""
    nodes: tuple[PlanNode, ...]
    carry: int
    """The node whose picture is handed to the next frame."""
    frame: int
    """The node whose picture is shown."""
    releases: tuple[tuple[int, ...], ...] = ()
    """After each node, the nodes whose values nothing reads any more; empty if they are all kept."""
    digest: str
    """A digest (hex) of the recipes of its frames, in order: equal if nothing has to be made again."""


class Expectation(_Part):
    """What must be true of a scene's shown frames: `figure op bound`, at those where `when` is not 0."""

    figure: str
    op: Literal["<", "<=", ">", ">="]
    bound: float | ColumnRef
    when: ColumnRef | None = None
    says: str
    """The statement as it is written."""
    file: str
    """The text that it stands in, and the line there, from 1."""
    line: int


class SceneRun(_Part):
    """A scene: frames `start <= f < end` of the film."""

    name: str
    start: int
    end: int
    tail: tuple[int, int] = (0, 0)
    """Start and end of the rows in which the scene runs on under the next one: they stand behind the film's
    own frames and are never shown by themselves."""
    morph: Morph = "slerp"
    expectations: tuple[Expectation, ...] = ()
    templates: dict[FrameKind, Template]
    """One a kind of frame that occurs."""

    @property
    def frames(self) -> tuple[int, ...]:
        """Every frame of the scene, in the order of time."""
        return (*range(self.start, self.end), *range(*self.tail))


class TextPart(_Part):
    """A number inserted in a text, printed with at most 4 decimals."""

    column: str


class Weighted(_Part):
    """One text of a conditioning and its weight (weights are normalised by their sum)."""

    text: int
    weight: float | ColumnRef = 1.0


class Segment(_Part):
    """Frames that are told the same, or that go over from one conditioning to the next; for reading only."""

    schedule: Literal["prompt", "negative"]
    frames: str
    """The rows, as ranges."""
    says: str
    """What they are told; an arrow stands where one conditioning goes over into the next."""


class Prompts(_Part):
    """Texts, the conditionings made of them, and which two a frame morphs between.

    At frame f the positive conditioning is `mix(conditionings[from], conditionings[to], m)` with
    the integer columns `prompt.from`, `prompt.to` and the float column `prompt.mix` (0 = from);
    `negative.from/to/mix` likewise. How they are mixed is the scene's `morph`.
    """

    texts: tuple[tuple[str | TextPart, ...], ...]
    conditionings: tuple[tuple[Weighted, ...], ...]
    segments: tuple[Segment, ...] = ()


class Media(_Part):
    """A file that the film reads."""

    name: str
    kind: Literal["image", "video", "audio", "model", "font", "lut"]
    path: str
    """Relative to the film's root."""
    sha256: str
    offset: float = 0.0
    """Audio only: seconds of the track that stand at film time 0."""
    gain_db: float = 0.0


class ModelRef(_Part):
    """The diffusion model: `postcard` is the built-in one; `sha256` of its weights."""

    reference: str
    sha256: str


class NamedRef(_Part):
    """A file of weights that stands on top of a model, by the name that the film calls it."""

    name: str
    kind: str = ""
    """Of a control what it looks at (`depth`); empty of others."""
    reference: str
    sha256: str


Precision: TypeAlias = Literal["auto", "float16", "bfloat16", "float32"]
"""The number format that a model computes in."""


class OutputSpec(_Part):
    """A file to write; `path` as in the film, relative to the film's folder."""

    path: str
    codec: str | None = None
    quality: int | None = None
    fps: str | None = None
    audio: str | None = None
    """The name of a track in the media; silence if it is None."""
    size: tuple[int, int] | None = None
    """Width and height of the file; the film's, times `upscale`, if it is None."""
    bits: int | None = None
    """Bits a channel; what the codec usually has if it is None."""
    speed: str = "1"
    """How many seconds of the film pass in one of the file, a fraction."""
    interpolate: int = 1
    upscale: float = 1.0
    upscale_model: str | None = None
    """Of a model's file, relative to the film's root; Lanczos if it is None."""
    metadata: bool = True
    loop: bool | None = None
    encoder: Literal["software", "hardware"] = "software"


class ColumnInfo(_Part):
    """What a column holds."""

    sha256: str
    """Of its numbers, little-endian, row by row."""
    dtype: Literal["float64", "int64", "uint8"]
    shape: tuple[int, ...]
    """`[rows]` or `[rows, n]`."""


class Plan(_Part):
    """A film ready to run: it shows `frames` frames; behind them stand those beneath others."""

    version: Literal[5] = PLAN_VERSION
    name: str
    """The film's title, or its file's name."""
    author: str = ""
    film_sha256: str
    """Of the film's text and of what it imports."""
    width: int
    """Of the pictures, in pixels."""
    height: int
    fps: str
    """Frames a second, a fraction: `24`, `24000/1001`."""
    frames: int
    """How many frames are shown."""
    begin: int = 0
    """The film's frame that the plan's first one is: not 0 of a part of a film."""
    seed: int
    """The film's seed; -1 in the film is drawn here."""
    loop: bool = False
    model: ModelRef
    """The model of the film's first frame."""
    models: tuple[ModelRef, ...] = ()
    """Every model of a film whose model changes, in the order in which they first stand there."""
    vae: ModelRef | None = None
    """What decodes instead of the models' own."""
    loras: tuple[NamedRef, ...] = ()
    """Every LoRA of the film; nodes say its weight."""
    embeddings: tuple[NamedRef, ...] = ()
    controls: tuple[NamedRef, ...] = ()
    """Every ControlNet of the film, by the controls' names; nodes say its weight, start and end."""
    media: tuple[Media, ...]
    prompts: Prompts
    scenes: tuple[SceneRun, ...]
    columns: dict[str, ColumnInfo]
    """What lies beside the plan. `frames.before`, `frames.after` and `frames.under` say what each frame is
    made from, `frames.recipe` and `frames.shown` hold the digests of its carry and of what is shown."""
    outputs: tuple[OutputSpec, ...]
    """The files to write."""

    @property
    def made(self) -> int:
        """How many frames are made: those that are shown and those beneath them."""
        return self.frames + sum(end - start for start, end in (scene.tail for scene in self.scenes))
