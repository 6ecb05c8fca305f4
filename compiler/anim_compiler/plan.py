"""The plan: all that the runtime needs and nothing else, as stable JSON plus one file of columns.

The JSON is the same bytes on every machine and run: keys sorted, floats rounded to 12 significant
digits, no times, no absolute paths. The columns live beside it (`film.plan.npz`), named by hash.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

PLAN_VERSION = 2

FrameKind: TypeAlias = Literal["first", "diffused", "tween"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnRef(_Part):
    """A value read from a column at the frame in work."""

    column: str


class ChoiceRef(_Part):
    """A text that changes: the column holds which of `texts` is meant at the frame in work."""

    column: str
    texts: tuple[str, ...]


PlanArg: TypeAlias = bool | int | float | str | ColumnRef | ChoiceRef | None

Morph: TypeAlias = Literal["slerp", "linear", "cut"]
"""How a conditioning goes over into the next: along the arc, straight, or all at once."""


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
    """A scene: frames `start <= f < end`; `templates` holds one template a kind that occurs.

    `tail` is the start and end of the frames in which the scene runs on under the next one: they
    stand behind the film's own frames and are never shown by themselves.
    """

    name: str
    start: int
    end: int
    templates: dict[FrameKind, Template]
    morph: Morph = "slerp"
    tail: tuple[int, int] = (0, 0)

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


class Prompts(_Part):
    """Texts, the conditionings made of them, and which two a frame morphs between.

    At frame f the positive conditioning is `mix(conditionings[from], conditionings[to], m)` with
    the integer columns `prompt.from`, `prompt.to` and the float column `prompt.mix` (0 = from);
    `negative.from/to/mix` likewise. How they are mixed is the scene's `morph`.
    """

    texts: tuple[tuple[str | TextPart, ...], ...]
    conditionings: tuple[tuple[Weighted, ...], ...]


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
    """A film ready to run. It shows `frames` frames; behind them stand those in which scenes run on
    under others (`SceneRun.tail`), and `under[f]` is the one that shows under f (-1: none).

    `kinds[f]` is how frame f is made; `before[f]` and `after[f]` are the diffused frames it is made
    from (`before` = -1: nothing; `after` is only given for tweens). `recipes[f]` is the machine-free
    digest (hex) of everything that f's carry depends on; what is shown is made of carries.
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
    under: tuple[int, ...] = ()
    recipes: tuple[str, ...]
    columns: dict[str, ColumnInfo]
    outputs: tuple[OutputSpec, ...]

    @property
    def made(self) -> int:
        """How many frames are made: those that are shown and those beneath them."""
        return len(self.kinds)


Columns: TypeAlias = dict[str, NDArray[np.float64] | NDArray[np.int64]]


def digest(column: NDArray[np.float64] | NDArray[np.int64]) -> str:
    """The sha256 of a column's numbers, little-endian, row by row."""
    little = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<"))
    return hashlib.sha256(little.tobytes()).hexdigest()


def infos(columns: Columns) -> dict[str, ColumnInfo]:
    """What the plan says about its columns."""
    return {
        name: ColumnInfo(
            sha256=digest(column),
            dtype="int64" if column.dtype == np.int64 else "float64",
            shape=tuple(column.shape),
        )
        for name, column in sorted(columns.items())
    }


def plan_json(plan: Plan) -> str:
    """The plan as it is written: sorted keys, two spaces, a newline at the end."""
    data = plan.model_dump(mode="json", exclude_none=False)
    return json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def columns_path(path: Path) -> Path:
    """Where the columns of the plan at `path` lie: `film.plan.json` has `film.plan.npz` beside it."""
    return path.with_suffix(".npz")


def columns_bytes(columns: Columns) -> bytes:
    """The columns as an `.npz` that `numpy.load` reads: sorted, uncompressed, every date 1980-01-01,
    so that equal columns are equal bytes.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, column in sorted(columns.items()):
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # the same on Windows
            array = io.BytesIO()
            little = np.ascontiguousarray(column, dtype=column.dtype.newbyteorder("<"))
            np.lib.format.write_array(array, little, version=(1, 0), allow_pickle=False)
            archive.writestr(entry, array.getvalue())
    return buffer.getvalue()


def write_plan(plan: Plan, columns: Columns, path: Path) -> None:
    """Writes the plan to `path` and its columns beside it; raises OSError if that cannot be done."""
    path.parent.mkdir(parents=True, exist_ok=True)
    columns_path(path).write_bytes(columns_bytes(columns))
    path.write_text(plan_json(plan), encoding="utf-8", newline="\n")


class PlanError(Exception):
    """A plan's files do not belong together, or are of another version."""


def read_plan(path: Path) -> tuple[Plan, Columns]:
    """The plan at `path` with its columns, each checked against its hash.

    Raises OSError if a file cannot be read and PlanError if they are no plan of this version.
    """
    try:
        plan = Plan.model_validate_json(path.read_text(encoding="utf-8"))
        with np.load(columns_path(path), allow_pickle=False) as archive:
            columns: Columns = {name: archive[name] for name in plan.columns}
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise PlanError(f"{path.name} is not a plan of this version") from error
    if plan.version != PLAN_VERSION:
        raise PlanError(f"{path.name} is a plan of version {plan.version}, and this reads {PLAN_VERSION}")
    for name, info in plan.columns.items():
        if digest(columns[name]) != info.sha256:
            raise PlanError(f"the column {name} beside {path.name} is not the plan's")
    return plan, columns
