"""The plan: all that the runtime needs and nothing else, as stable JSON plus one file of columns.

The JSON is the same bytes on every machine and run: keys sorted, floats rounded to 12 significant
digits, no times, no absolute paths. The columns live beside it (`film.plan.npz`), named by hash.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

PLAN_VERSION = 1

FrameKind: TypeAlias = Literal["first", "diffused", "tween"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnRef(_Part):
    """A value read from a column at the frame in work."""

    column: str


PlanArg: TypeAlias = bool | int | float | str | None | ColumnRef


class PlanNode(_Part):
    """One op of a template; `inputs` are indices of earlier nodes of the same template."""

    op: str
    inputs: tuple[int, ...] = ()
    args: dict[str, PlanArg] = {}
    rate: str = "image"


class Template(_Part):
    """What is done for one kind of frame of one scene, in the order it is done.

    `carry` and `frame` are node indices: the picture handed to the next frame, the one shown.
    """

    kind: FrameKind
    nodes: tuple[PlanNode, ...]
    carry: int
    frame: int


class SceneRun(_Part):
    """A scene: frames `start <= f < end`; `templates` holds one template a kind that occurs."""

    name: str
    start: int
    end: int
    templates: dict[FrameKind, Template]


class TextPart(_Part):
    """A number inserted in a text, printed with at most 4 decimals."""

    column: str


class Weighted(_Part):
    """One text of a conditioning and its weight (weights are normalised by their sum)."""

    text: int
    weight: float | ColumnRef = 1.0


class Prompts(_Part):
    """Texts, the conditionings made of them, and which two a frame morphs between.

    At frame f the positive conditioning is `mix(conditionings[from], conditionings[to], m)` with
    the integer columns `prompt.from`, `prompt.to` and the float column `prompt.mix` (0 = from);
    `negative.from/to/mix` likewise. `morph` is `slerp`, `linear` or `cut`.
    """

    texts: tuple[tuple[str | TextPart, ...], ...]
    conditionings: tuple[tuple[Weighted, ...], ...]
    morph: Literal["slerp", "linear", "cut"]


class Media(_Part):
    """A file that the film reads: `path` is relative to the film's root, `sha256` its content."""

    name: str
    kind: Literal["image", "audio", "model"]
    path: str
    sha256: str
    #: audio only: seconds of the track that stand at film time 0
    offset: float = 0.0
    gain_db: float = 0.0


class ModelRef(_Part):
    """The diffusion model: `postcard` is the built-in one; `sha256` of its weights."""

    reference: str
    sha256: str


class OutputSpec(_Part):
    """A file to write; `path` as in the film, relative to the film's folder."""

    path: str
    codec: str | None = None
    quality: int | None = None
    fps: str | None = None
    audio: str | None = None


class ColumnInfo(_Part):
    """What a column holds: `shape` is `(frames,)` or `(frames, n)`."""

    sha256: str
    dtype: Literal["float64", "int64"]
    shape: tuple[int, ...]


class Plan(_Part):
    """A film ready to run. `kinds[f]` is how frame f is made; `before[f]` and `after[f]` are the
    diffused frames it is made from (`before` = -1: nothing; `after` is only given for tweens).

    `recipes[f]` is the machine-free digest (hex) of everything that frame f's pixels depend on.
    """

    version: int = PLAN_VERSION
    name: str
    film_sha256: str
    width: int
    height: int
    fps: str
    frames: int
    seed: int
    loop: bool = False
    model: ModelRef
    media: tuple[Media, ...]
    prompts: Prompts
    scenes: tuple[SceneRun, ...]
    kinds: tuple[FrameKind, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    recipes: tuple[str, ...]
    columns: dict[str, ColumnInfo]
    outputs: tuple[OutputSpec, ...]


Columns: TypeAlias = dict[str, NDArray[np.float64] | NDArray[np.int64]]
