"""Four pixels read at once, as vectors of sixteen: what `native_taps` does for one, to the bit.

Of four pixels that lie side by side, the columns of all are summed at once and what is made is written as
fours: three times as fast as one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from anim_runtime.ops.native_compiled import part
from anim_runtime.ops.native_taps import CUBIC, FLOAT, FOUR, FUSED, INT, added, at_edge, three_planes, within

#: So many places are found before they are read: what is found of them stays in the nearest cache. A number
#: that the compiler knows, so that it sees that parts of one array do not overlap.
CHUNK = 512
#: unsigned, so that no index could count from the end
_1, _2, _3 = np.uint64(1), np.uint64(2), np.uint64(3)
_SIXTEEN = ir.VectorType(FLOAT, 16)


def _lanes(build: Any, one: Any, two: Any, lanes: list[int]) -> Any:
    """Some lanes of two vectors, those of the second being counted on."""
    return build.shuffle_vector(one, two, ir.Constant(ir.VectorType(INT, len(lanes)), lanes))


def _each(build: Any, vector: Any, *lanes: int) -> Any:
    """The lanes of each of the four vectors of four that a vector of sixteen is."""
    return _lanes(build, vector, vector, [4 * pixel + lane for pixel in range(4) for lane in lanes])


def _four_weights(build: Any, start: Any) -> Any:
    """The weights at four places, which lie one after another from a pointer on: sixteen."""
    four = build.load(build.bitcast(start, ir.PointerType(FOUR)), align=4)
    place = _lanes(build, four, four, [pixel for pixel in range(4) for _ in range(4)])
    made, *rest = [ir.Constant(_SIXTEEN, [ir.Constant(FLOAT, value) for value in row] * 4) for row in CUBIC]
    for coefficient in rest:
        made = added(build, made, place, coefficient)
    return made


def _four_read(build: Any, starts: list[Any], stride: Any, across: Any, down: list[Any]) -> Any:
    """The four columns of each of four pixels, summed by rows and weighed: sixteen."""
    total = None
    for row, weight in enumerate(down):
        lines = [build.load(build.bitcast(start, ir.PointerType(FOUR)), align=4) for start in starts]
        halves = [_lanes(build, lines[i], lines[i + 1], list(range(8))) for i in (0, 2)]
        line = _lanes(build, halves[0], halves[1], list(range(16)))
        # of two products that one instruction could take in it is always the first one
        product = build.fmul(line, weight, flags=() if row == 1 else FUSED)
        total = product if total is None else build.fadd(product, total, flags=FUSED)
        starts = [build.gep(start, [stride]) for start in starts]
    return build.fmul(total, across, flags=FUSED)


@intrinsic
def _four_places(context, image, stride, plane, whole, parts, i, out, to, step, low, high):  # type: ignore[no-untyped-def]
    """As `three_planes` for four places one after another: the first is the place `i` of a chunk.

    `whole` int32 and `parts` float32 are those of `taken`; `out[to]` to `out[to + 3]` are written, of each
    plane.
    """
    number, real = types.int64, types.float32
    signature = types.void(image, number, number, whole, parts, number, out, number, number, real, real)

    def build(target, builder, types_of, args):  # type: ignore[no-untyped-def]
        source, places, shares, given = (
            target.make_array(types_of.args[n])(target, builder, args[n]).data for n in (0, 3, 4, 6)
        )
        first, start = builder.gep(places, [args[5]]), builder.gep(shares, [args[5]])
        later = [builder.gep(first, [ir.Constant(INT, pixel)]) for pixel in range(4)]
        starts = [builder.gep(source, [builder.sext(builder.load(at), ir.IntType(64))]) for at in later]
        across = _four_weights(builder, start)
        below = _four_weights(builder, builder.gep(start, [ir.Constant(INT, CHUNK)]))
        down = [_each(builder, below, row, row, row, row) for row in range(4)]
        sums = []
        for _ in range(3):
            sums.append(_four_read(builder, starts, args[1], across, down))
            starts = [builder.gep(start, [args[2]]) for start in starts]
        there = builder.gep(given, [args[7]])
        for value in _summed(builder, sums, args[9], args[10]):
            builder.store(value, builder.bitcast(there, ir.PointerType(FOUR)), align=4)
            there = builder.gep(there, [args[8]])
        return target.get_dummy_value()

    return signature, build


four_places: Any = _four_places


def _summed(build: Any, sums: list[Any], low: Any, high: Any) -> list[Any]:
    """The sums of the fours of three vectors of sixteen, within two numbers: three vectors of four."""
    red, green, blue = sums
    pairs = [lane for p in range(0, 16, 4) for lane in (p, 16 + p, p + 1, 17 + p)]
    others = [lane + 2 for lane in pairs]
    # red and green: of the even columns, then of the odd; blue apart
    two = build.fadd(_lanes(build, red, green, pairs), _lanes(build, red, green, others))
    one = build.fadd(blue, _each(build, blue, 2, 3, 2, 3))
    even = _lanes(build, two, one, [n for p in range(0, 16, 4) for n in (p, p + 1, 16 + p, 16 + p)])
    odd = _lanes(build, two, one, [n for p in range(0, 16, 4) for n in (p + 2, p + 3, 17 + p, 17 + p)])
    made = build.fadd(even, odd)
    floor, ceiling = (_all(build, value) for value in (low, high))
    made = within(build, made, floor, ceiling)
    return [_lanes(build, made, made, list(range(plane, 16, 4))) for plane in range(3)]


def _all(build: Any, value: Any) -> Any:
    """A vector of sixteen times the same."""
    none = ir.Constant(_SIXTEEN, ir.Undefined)
    single = build.insert_element(none, value, ir.Constant(INT, 0))
    return _lanes(build, single, single, [0] * 16)


@part
def taken(image, plane, height, width, border, whole, parts, count, out, to, step, low, high):  # type: ignore[no-untyped-def]
    """Reads the first `count` places of a chunk into `out[to]` and on; `CHUNK` of them are in one array.

    `whole` int32 `[3 * CHUNK]`: the first of the 4 x 4 pixels in a plane, -1 where some are beyond the
    picture, then columns, then rows; `parts` float32 `[2 * CHUNK]`: how far right and below of those.
    """
    for i in range(0, count, 4):
        k = np.uint64(i)
        if i + 4 <= count and (whole[k] | whole[k + _1] | whole[k + _2] | whole[k + _3]) >= 0:
            four_places(image, width, plane, whole, parts, i, out, to + i, step, low, high)
            continue
        for one in range(i, min(i + 4, count)):
            column, row, at = (
                np.int64(whole[CHUNK + one]),
                np.int64(whole[2 * CHUNK + one]),
                np.int64(whole[one]),
            )
            sx, sy = parts[one], parts[CHUNK + one]
            if at >= 0:
                three_planes(image, at, width, plane, sx, sy, out, to + one, step, low, high)
                continue
            at_edge(image, plane, height, width, column, row, sx, sy, border, out, to + one, step, low, high)
