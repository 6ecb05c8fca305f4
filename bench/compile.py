"""What compiling costs: `python -m bench.compile [--frames 7200]`.

A film with 30 curves, 20 prompts and a song that is analysed already: from its text to its plan; again in a
warm process after each of several edits, parsing and checking included; with how many frames that grows; and
the memory of it. Beside it stands the least that working frame by frame costs in Python: 30 numbers a frame,
and a digest of them and of the frame before.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
import tempfile
import tracemalloc
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from anim_compiler.check import check
from anim_compiler.compile import Compiled, CompileOptions, compile_film
from anim_compiler.memo import Memo
from anim_compiler.world import World
from anim_dsl.incremental import Parsed
from anim_dsl.source import Source
from bench.films import CURVES, song_film, write_song
from bench.parse import seconds

WANTED_COLD, WANTED_EDIT = 0.250, 0.015
WANTED_BYTES = 200.0
WANTED_GROWTH = 13.0
"""Ten times the frames may take so many times as long."""

OPTIONS = CompileOptions(model_sha256="0" * 64)

EDITS = (
    ("strength, from the first frame on", "0.45 +", "0.4{n} +"),
    ("cfg_scale, from the middle on", "8 ease_in_out", "8.{n} ease_in_out"),
    ("a channel of the camera", "tilt = 3deg", "tilt = 3.{n}deg"),
    ("the grade", "0.1 * song.treble", "0.1{n} * song.treble"),
    ("a prompt", "place 17", "place 17{n}"),
    ("a comment", "grade {", "# take {n}\ngrade {"),
)
"""What is changed: of each film, another time at each round."""

CURVE_EDITS = 4
"""The first so many are edits of one curve."""


class Desk:
    """A warm process: the film's text as it was parsed last, and what compiles left."""

    def __init__(self, text: str, world: World) -> None:
        self._world = world
        self._parsed = Parsed.of(Source("bench.anim", text))
        self._memo = Memo()
        self._compile()

    def edited(self, text: str) -> Compiled:
        """The plan of another version."""
        self._parsed = self._parsed.edited(Source("bench.anim", text))
        return self._compile()

    def _compile(self) -> Compiled:
        return compiled(self._parsed, self._world, self._memo)


def compiled(parsed: Parsed, world: World, memo: Memo | None = None) -> Compiled:
    """The plan of a film; its mistakes are faults of this bench."""
    film, found = check(parsed.document, world)
    assert film is not None, [d.message for d in found]
    made = compile_film(film, world, OPTIONS, memo=memo)
    assert made.plan is not None, [d.message for d in made.diagnostics]
    return made


def cold(text: str, world: World) -> Compiled:
    """From the text to the plan, with nothing kept but the song's analysis."""
    return compiled(Parsed.of(Source("bench.anim", text)), World(world.root, world.folder, cache=world.cache))


def after(edit: tuple[str, str, str], text: str, world: World) -> float:
    """The least seconds from an edited text to its plan."""
    _, before, now = edit
    desk = Desk(text, world)
    takes = iter(range(10, 99))

    def once() -> Compiled:
        return desk.edited(text.replace(before, now.replace("{n}", str(next(takes))), 1))

    return seconds(once, 9)


def memory(text: str, world: World) -> int:
    """The most bytes that a compile holds at once."""
    parsed = Parsed.of(Source("bench.anim", text))
    tracemalloc.start()
    try:
        compiled(parsed, world)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def frame_by_frame(frames: int) -> str:
    """30 numbers and a digest a frame, one frame after the other."""
    digest = ""
    for frame in range(frames):
        values = [round(math.sin(frame / (curve + 2)) * curve, 12) for curve in range(CURVES)]
        digest = hashlib.sha256(json.dumps([values, digest]).encode()).hexdigest()
    return digest


def _line(name: str, taken: float, wanted: float | None = None) -> None:
    limit = "" if wanted is None else f" (wanted: {wanted * 1000:g})"
    print(f"  {name:<38} {taken * 1000:8.1f} ms{limit}")


def _measured(name: str, work: Callable[[], object], wanted: float | None = None, rounds: int = 3) -> float:
    taken = seconds(work, rounds)
    _line(name, taken, wanted)
    return taken


def _edits(text: str, world: World) -> float:
    """Prints every edit; the slowest of one curve."""
    worst = 0.0
    for number, edit in enumerate(EDITS):
        taken = after(edit, text, world)
        is_curve = number < CURVE_EDITS
        _line(f"edited: {edit[0]}", taken, WANTED_EDIT if is_curve else None)
        worst = max(worst, taken) if is_curve else worst
    return worst


def _growth(world: World) -> float:
    """Prints the time of films of other lengths; how much longer ten times the frames take, at most."""
    taken = []
    for frames in (1_000, 10_000, 100_000):
        text = song_film(frames)
        cold(text, world)
        taken.append(_measured(f"{frames:,} frames", lambda text=text: cold(text, world)))  # type: ignore[misc]
    return max(long / short for short, long in pairwise(taken))


def main() -> int:
    """Measures once; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--frames", type=int, default=7200)
    frames = parser.parse_args().frames
    with tempfile.TemporaryDirectory(prefix="anim-bench-") as name:
        folder = Path(name)
        write_song(folder / "song.wav", frames / 24)
        world = World(folder, folder, cache=folder / "cache")
        text = song_film(frames)
        cold(text, world)
        print(f"{frames} frames, {CURVES} curves, 20 prompts, a song of {frames // 24} s")
        whole = _measured("text to plan", lambda: cold(text, world), WANTED_COLD, 5)
        by_frame = _measured("frame by frame in Python", lambda: frame_by_frame(frames), rounds=1)
        print(f"  {by_frame / whole:.1f} times as long, and for less")
        edit = _edits(text, world)
        print("linear in frames:")
        growth = _growth(world)
        print(f"  ten times the frames take {growth:.1f} times as long at most (wanted: {WANTED_GROWTH:g})")
        held = memory(text, world) / (frames * CURVES)
    print(f"  {held:.0f} bytes a frame and curve at most (wanted: {WANTED_BYTES:g})")
    fast = whole <= WANTED_COLD and edit <= WANTED_EDIT
    return 0 if fast and growth <= WANTED_GROWTH and held <= WANTED_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
