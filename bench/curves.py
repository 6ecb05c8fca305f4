"""Schedules to columns: `python -m bench.curves [--frames 240 2400 24000]`.

47 schedules of which 16 move are read by the incumbent's algorithm (a pandas cell and a numexpr call a frame)
and by ours, as native key lists: from their text, and from the parsed and checked tree. Both must give the
same values within 1e-12. Then: where numexpr beats numpy, and where it does not.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction

import numexpr
import numpy as np
from numpy.typing import NDArray

from anim_compiler import fused
from anim_compiler.clock import FilmClock
from anim_compiler.curves import Evaluator
from anim_compiler.env import Timebase
from anim_compiler.expressions import Expressions
from anim_compiler.findings import Findings
from anim_compiler.schedules import schedule_values
from anim_compiler.scope import Scope
from anim_compiler.typed import Apply, Clock, Const, Typed
from anim_dsl.parse import parse
from anim_dsl.source import Source, Span
from anim_dsl.sources import Sources
from anim_dsl.syntax import Let
from bench import pandas_schedules
from bench.parse import seconds
from bench.schedule_texts import ALL, MOVING

#: frames -> times the incumbent's speed: text in and columns out, and from the tree
WANTED = {240: (6.0, 80.0), 24_000: (250.0, 800.0)}
WITHIN = 1e-12
_FPS = Fraction(24)
_HERE = Span(0, 0)


def tree(text: str, frames: int) -> list[Typed]:
    """A film of `let`s, parsed, and its expressions bound: names, units, key times."""
    document, slips = parse(Source("bench.anim", text))
    findings = Findings(Sources.of(document.source))
    check = Expressions(Scope(findings, _FPS, Timebase(length=frames / _FPS)))
    values = [
        check.number(statement.value) for statement in document.statements if isinstance(statement, Let)
    ]
    known = [value.expr for value in values if value is not None]
    if slips or findings.any or len(known) != len(ALL):
        sys.exit(f"the schedules are not read: {[d.message for d in (*slips, *findings.all())]}")
    return known


def columns(expressions: Sequence[Typed], frames: int) -> list[NDArray[np.float64]]:
    """Every expression at every frame, computed anew."""
    evaluator = Evaluator(FilmClock(frames, _FPS, _FPS, frames / _FPS, seed=0))
    return [evaluator.column(expr) for expr in expressions]


def difference(ours: Sequence[NDArray[np.float64]], theirs: Sequence[NDArray[np.float64]]) -> float:
    """The most that a value differs by, of 1 or of the value if that is more."""
    return max(
        float((np.abs(a - b) / np.maximum(1.0, np.abs(b))).max()) for a, b in zip(ours, theirs, strict=True)
    )


def compare(frames: int) -> bool:
    """Prints one row of the first table; whether it keeps what is promised."""
    text = "".join(f"let s{i} = {schedule}\n" for i, schedule in enumerate(ALL))
    expressions = tree(text, frames)
    incumbent = pandas_schedules.all_of(ALL, frames)
    theirs: list[NDArray[np.float64]] = []
    slow = seconds(lambda: theirs.extend(incumbent()), 3 if frames <= 2_400 else 1)
    apart = difference(columns(expressions, frames), theirs[: len(ALL)])
    exact = difference([schedule_values(schedule, frames, 0) for schedule in ALL], theirs[: len(ALL)])
    read = seconds(lambda: columns(tree(text, frames), frames), 20)
    evaluated = seconds(lambda: columns(expressions, frames), 60)
    quoted = seconds(lambda: [schedule_values(schedule, frames, 0) for schedule in ALL], 7)
    # the goals are against the incumbent as it is, with its pandas
    wanted = WANTED.get(frames, (0.0, 0.0)) if pandas_schedules.pandas is not None else (0.0, 0.0)
    print(
        f"  {frames:>7,} {slow * 1e3:10.1f} ms {read * 1e3:9.2f} ms {slow / read:6.0f}x"
        f" {evaluated * 1e3:9.2f} ms {slow / evaluated:6.0f}x {quoted * 1e3:9.2f} ms {slow / quoted:6.0f}x"
        f"   {max(apart, exact):.0e}"
    )
    return max(apart, exact) <= WITHIN and slow / read >= wanted[0] and slow / evaluated >= wanted[1]


def sums(operations: int) -> Typed:
    """A sum of products over two clocks."""
    expr: Typed = Clock("time", _HERE)
    for i in range(operations):
        other: Typed = Clock("u", _HERE) if i % 2 else Const(1.0001 + i * 1e-4, _HERE)
        expr = Apply("add" if i % 2 else "mul", (expr, other), _HERE)
    return expr


def choices(operations: int) -> Typed:
    """A stair: `u + 1 if time < 100 else u + 2 if time < 101 else …`, three operations a step."""
    expr: Typed = Clock("u", _HERE)
    for i in range(max(operations // 3, 1)):
        test = Apply("lt", (Clock("time", _HERE), Const(100.0 + i, _HERE)), _HERE)
        value = Apply("add", (Clock("u", _HERE), Const(float(i), _HERE)), _HERE)
        expr = Apply("select", (test, value, expr), _HERE)
    return expr


@contextmanager
def rule(least: int) -> Iterator[None]:
    """Programs from so many frames on, whatever they hold, so that both sides of the rule are measured."""
    kept = fused.LEAST_FRAMES, fused.LEAST_CHOICES
    fused.LEAST_FRAMES, fused.LEAST_CHOICES = least, 0
    try:
        yield
    finally:
        fused.LEAST_FRAMES, fused.LEAST_CHOICES = kept


def fusion(expr: Typed, frames: int) -> tuple[float, float, float]:
    """Seconds of numpy, of numexpr with its programs compiled before, and with compiling them."""
    rounds = 40 if frames <= 10_000 else 15 if frames <= 100_000 else 7
    with rule(sys.maxsize):
        plain = columns([expr], frames)[0]
        numpy_s = seconds(lambda: columns([expr], frames), rounds)
    with rule(0):
        if not np.array_equal(columns([expr], frames)[0], plain):
            sys.exit("numexpr and numpy differ")
        ready = seconds(lambda: columns([expr], frames), rounds)
        return numpy_s, ready, seconds(lambda: _anew(expr, frames), 5)


def _anew(expr: Typed, frames: int) -> None:
    """Computes a column whose program is not compiled yet."""
    fused.forget()
    columns([expr], frames)


def fusions(operations: Sequence[int], frames: Sequence[int]) -> None:
    """Prints the second table: how many times numpy's speed numexpr has."""
    print("numexpr's speed over numpy's, one thread; in brackets with the time to compile its program.")
    print(f"The rule: {fused.LEAST_CHOICES} choices or more and {fused.LEAST_FRAMES:,} frames or more.")
    print("  operations \\ frames" + "".join(f"{count:>15,}" for count in frames))
    for name, made in (("sums", sums), ("choices", choices)):
        for count in operations:
            cells = []
            for length in frames:
                numpy_s, ready, fresh = fusion(made(count), length)
                cells.append(f"{numpy_s / ready:5.2f} ({numpy_s / fresh:5.2f})")
            print(f"  {name:<8} {count:>10}" + "".join(f"{cell:>15}" for cell in cells))


def main() -> int:
    """Measures once; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--frames", type=int, nargs="+", default=[240, 2_400, 24_000])
    parser.add_argument("--no-fusion", action="store_true", help="leave the second table out")
    chosen = parser.parse_args()
    numexpr.set_num_threads(1)
    way = pandas_schedules.way()
    print(f"{len(ALL)} schedules of which {len(MOVING)} move; the incumbent's algorithm: {way}")
    print("   frames     incumbent    text in            from the tree      Deforum's rules     apart")
    kept = [compare(frames) for frames in chosen.frames]
    wanted = "; ".join(f"{n:,} frames: text {a:g}x, tree {b:g}x" for n, (a, b) in WANTED.items())
    print(f"  wanted: {wanted}; {WITHIN:.0e} apart at most")
    if pandas_schedules.pandas is None:
        print("  not judged without pandas, whose cells are the slower half: pip install 'anim[bench]'")
    if not chosen.no_fusion:
        fusions((3, 6, 12, 24, 60), (240, 2_400, 24_000, 100_000, 250_000))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
