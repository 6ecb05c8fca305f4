"""`FILM.curves.json`: the values of a film's curves, to be committed and compared with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from anim_studio.cli.exits import Exit, Stop
from anim_studio.fresh.pieces import Values, numbers, pieces, written

if TYPE_CHECKING:
    from anim_studio.cli.curves import Evaluated

VERSION = 1
SUFFIX = ".curves.json"
MOST_BYTES = 64 * 2**20
_MOST_VALUES = 1 << 27
"""So many values a snapshot may stand for: hours of film with hundreds of curves have less."""
TOLERANCE = 1e-6
"""How far a value may be off, as a share of the larger of its own size and the curve's largest step: what
other versions of numpy and of C libraries do is far less, what one sees is far more."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Curves at every frame, NaN where a scene has none. `is_all`: they are all that the film has."""

    fps: str
    frames: int
    curves: Mapping[str, Values]
    is_all: bool = True
    #: whether they were asked for by a scene's clock
    scene: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise than in the snapshot. `curve` is "" where it is the film itself; `frame` is the first
    of `count` that differ.
    """

    curve: str
    sentence: str
    frame: int | None = None
    expected: float | None = None
    got: float | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Verified:
    """A comparison that is done."""

    path: Path
    curves: int
    differences: tuple[Difference, ...] = field(default_factory=tuple)


def snapshot_path(film: Path, name: str) -> Path:
    """Where the snapshot of a film lies: beside it."""
    return film.parent / f"{name}{SUFFIX}"


def taken(found: Sequence[Evaluated], fps: str, *, is_all: bool, scene: str = "") -> Snapshot:
    """A snapshot of curves."""
    frames = max((len(one.values) for one in found), default=0)
    return Snapshot(fps, frames, {one.name: one.values for one in found}, is_all, scene)


def snapshot_text(snapshot: Snapshot) -> str:
    """The file: a line for what never changes, a line a piece for what does. The same bytes everywhere."""
    from anim_compiler.json_lines import json_lines

    head = {"version": VERSION, "fps": snapshot.fps, "frames": snapshot.frames, "all": snapshot.is_all}
    scene = {"scene": snapshot.scene} if snapshot.scene else {}
    curves = {name: _curve(snapshot.curves[name]) for name in sorted(snapshot.curves)}
    return json_lines({**head, **scene, "curves": curves}) + "\n"


def _curve(values: Values) -> float | dict[str, object]:
    texts = [written(value) for value in values.tolist()]
    if texts and len(set(texts)) == 1 and np.isfinite(values[0]):
        number = float(texts[0])
        return int(number) if number.is_integer() and abs(number) < 1e9 else number
    digest = hashlib.sha256(" ".join(texts).encode()).hexdigest()[:16]
    return {"digest": digest, "pieces": pieces(values.tolist())}


def read_snapshot(path: Path) -> Snapshot:
    """The snapshot at a path. Raises `Stop` if there is none, or it is none."""
    hint = "`anim eval FILM --snapshot` writes it"
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise Stop(Exit.LIMIT, f"`{path}` has more than {MOST_BYTES >> 20} MiB", hint)
        told = json.loads(data)
        if told["version"] != VERSION:
            raise Stop(Exit.USAGE, f"`{path}` is of another version", f"{hint} anew")
        frames, rows = told["frames"], told["curves"]
        if not isinstance(frames, int) or frames < 0:
            raise ValueError(frames)
        if frames * len(rows) > _MOST_VALUES:
            raise Stop(Exit.LIMIT, f"`{path}` has more than {_MOST_VALUES} values", hint)
        curves = {str(name): _read(row, frames) for name, row in rows.items()}
        return Snapshot(str(told["fps"]), frames, curves, bool(told["all"]), str(told.get("scene", "")))
    except FileNotFoundError:
        raise Stop(Exit.USAGE, f"there is no snapshot `{path}`", hint) from None
    except OSError as problem:
        reason = (problem.strerror or "it cannot be opened").lower()
        raise Stop(Exit.USAGE, f"`{path}` cannot be read: {reason}") from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise Stop(Exit.USAGE, f"`{path}` is damaged", f"{hint} anew") from None


def _read(row: Any, frames: int) -> Values:  # Any: as JSON has it
    if isinstance(row, int | float):
        if not np.isfinite(float(row)):
            raise ValueError(row)
        return np.full(frames, float(row))
    return numbers(row["pieces"], frames)


def compared(before: Snapshot, after: Snapshot, tolerance: float) -> tuple[Difference, ...]:
    """What differs, curve by curve; by frames, whatever their rate, if both have as many."""
    found: list[Difference] = []
    if before.fps != after.fps:
        found.append(Difference("", f"the film has {after.fps} frames a second, and had {before.fps}"))
    if before.frames != after.frames:
        found.append(Difference("", f"the film has {after.frames} frames, and had {before.frames}"))
    for name, expected in before.curves.items():
        if name not in after.curves:
            found.append(Difference(name, f"`{name}` is gone"))
            continue
        one = _differs(name, expected, after.curves[name], tolerance)
        if one is not None:
            found.append(one)
    new = [name for name in after.curves if name not in before.curves]
    return (*found, *(Difference(name, f"`{name}` is not in the snapshot") for name in new))


def _differs(name: str, expected: Values, got: Values, tolerance: float) -> Difference | None:
    count = min(len(expected), len(got))
    a, b = expected[:count], got[:count]
    with np.errstate(invalid="ignore"):
        room = tolerance * np.maximum(np.maximum(np.abs(a), np.abs(b)), _step(a))
        # next to what has no end, everything would be near
        is_near = np.isfinite(room) & (np.abs(a - b) <= room)
        is_near |= (a == b) | (np.isnan(a) & np.isnan(b))
    places = np.flatnonzero(~is_near)
    if not places.size:
        return None
    at = int(places[0])
    first, second = float(a[at]), float(b[at])
    frames = f"{places.size} of {count} frames"
    sentence = f"`{name}` is {written(second)} on frame {at}, and was {written(first)}; {frames} differ"
    return Difference(name, sentence, at, _json(first), _json(second), int(places.size))


def _step(values: Values) -> float:
    """The largest step of a curve from one frame to the next: near its zeros its values are no measure."""
    steps = np.abs(np.diff(values))
    finite = steps[np.isfinite(steps)]
    return float(finite.max()) if finite.size else 0.0


def _json(value: float) -> float | None:
    return value if np.isfinite(value) else None
