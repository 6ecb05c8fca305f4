"""The proof that a film's curves are those of Parseq: they are computed as a film computes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from anim_compiler.asking import Asked
from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.diagnostic import has_errors
from anim_dsl.parse import parse
from anim_dsl.source import Source
from anim_dsl.syntax import Document
from anim_studio.interchange.parseq.named import TABLE, Named
from anim_studio.interchange.parseq.truth import is_near
from anim_studio.interchange.parseq.writing import figure

_PROBE = "proof"


def head_of(fps: float, bpm: float | None, frames: int) -> str:
    """The clock of a film; it has no beats where a film cannot have them so slow or so fast."""
    beats = "" if bpm is None else f"bpm = {figure(bpm).text}\n"
    return f"fps = {figure(fps).text}\nlength = {frames}f\n{beats}"


def helpers(names: Iterable[str], fps: float, bpm: float) -> dict[str, tuple[str, str]]:
    """The functions that translated formulas call: a comment and the statement, by name."""
    own = {
        "b": (
            "how many frames `n` beats are, as Parseq reckons: its `4b` is `b(4)`",
            f"def b(n) = n * {figure(fps * 60.0).text} / {figure(bpm).text}",
        ),
        "rest": (
            "a remainder with the sign of `x`, as Parseq has it",
            "def rest(x, y) = sign(x) * (abs(x) % abs(y))",
        ),
        "step": (
            "how far a curve goes from each frame to the next: Deforum moves by that",
            "def step(x) = x - delay(x, 1f) if t > 0 else x",
        ),
        "growth": (
            "the same for a zoom, as Parseq reckons it: 1 is none",
            "def growth(x) = 1 + x - delay(x, 1f) if t > 0 else x",
        ),
    }
    wanted = set(names)
    return {name: made for name, made in own.items() if name in wanted}


def column(
    head: str, named: Named, defs: Sequence[str], value: str, beside: Mapping[str, bytes]
) -> tuple[float, ...] | None:
    """A value at each frame, computed in a small film of that clock with all that it refers to; None if a
    film cannot have it.
    """
    lets = "".join(f"let {name} = {text}\n" for name, text in named.lets.items())
    series = "".join(series_line(name, f"{name}.csv") + "\n" for name in named.tracks.values())
    if f"{TABLE}.csv" in beside:
        series += f'series {TABLE} = "{TABLE}.csv"\n'
    text = f'{head}prompt = "x"\n{series}' + "".join(f"{made}\n" for made in defs) + lets
    # a camera's moves take plain numbers: what is an angle or a time here is none of Parseq's
    place = f"camera 3d {{ motion = per_frame; translation_z = {_PROBE} }}\n"
    source = Source("proof", f"{text}let {_PROBE} = {value}\n{place}")
    document, slips = parse(source)
    if has_errors(slips):
        return None
    return _in_folder(beside, lambda folder: _computed(document, folder))


def _in_folder(
    files: Mapping[str, bytes], use: Callable[[Path], tuple[float, ...] | None]
) -> tuple[float, ...] | None:
    if not files:
        return use(Path())
    with TemporaryDirectory(prefix="anim-import-") as name:
        for own, data in files.items():
            (Path(name) / own).write_bytes(data)
        return use(Path(name))


def _computed(document: Document, folder: Path) -> tuple[float, ...] | None:
    world = World(folder, folder)
    film, _ = check(document, world)
    return None if film is None else tuple(Asked(film, world).curve("camera.translation_z").tolist())


def series_line(name: str, file: str) -> str:
    """The statement of a table whose rows hold until the next one."""
    return f'series {name} = "{file}" {{ interpolation = hold }}'


def is_same(found: Sequence[float] | None, wanted: Sequence[float]) -> bool:
    """Whether two columns are the same, frame by frame."""
    return (
        found is not None
        and len(found) == len(wanted)
        and all(is_near(a, b) for a, b in zip(found, wanted, strict=True))
    )
