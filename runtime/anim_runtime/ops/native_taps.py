"""One read between the pixels of a picture, as machine code: the 4 x 4 taps of `resample` as vectors of four.

The three planes of a picture share their weights; of a single plane `plane` and `step` are 0. Twelve loads of
four values and as many multiply-adds a pixel are three times as fast as what a compiler makes of a loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from anim_runtime.ops.native_compiled import part

#: borders by their number in compiled loops, the order of `resample.BORDERS`
REFLECT, WRAP, REPLICATE = range(3)

FLOAT, INT = ir.FloatType(), ir.IntType(32)
FOUR = ir.VectorType(FLOAT, 4)
#: Catmull-Rom weights of the pixels at -1, 0, 1, 2 as polynomials of the place between 0 and 1, cubes first
CUBIC = ((-0.5, 1.5, -1.5, 0.5), (1.0, -2.5, 2.0, -0.5), (-0.5, 0.0, 0.5, 0.0), (0.0, 1.0, 0.0, 0.0))
#: a product and a sum may be one instruction
FUSED = ("contract",)


def _picked(build: Any, vector: Any, lanes: tuple[int, int, int, int]) -> Any:
    """The lanes of a vector of four in another order (llvmlite knows no types)."""
    mask = ir.Constant(ir.VectorType(INT, 4), list(lanes))
    return build.shuffle_vector(vector, ir.Constant(FOUR, ir.Undefined), mask)


def added(build: Any, one: Any, two: Any, more: Any) -> Any:
    """A product and a sum, as one instruction where there is one."""
    return build.fadd(build.fmul(one, two, flags=FUSED), more, flags=FUSED)


def _weights(build: Any, place: Any) -> Any:
    """The four weights at a place, by Horner's rule: exactly (0, 1, 0, 0) at 0."""
    single = build.insert_element(ir.Constant(FOUR, ir.Undefined), place, ir.Constant(INT, 0))
    four = _picked(build, single, (0, 0, 0, 0))
    made, *rest = [ir.Constant(FOUR, [ir.Constant(FLOAT, value) for value in row]) for row in CUBIC]
    for coefficient in rest:
        made = added(build, made, four, coefficient)
    return made


def _read(build: Any, start: Any, stride: Any, across: Any, down: Any) -> Any:
    """The weighted sum of four rows of four values, the first at the pointer `start`."""
    total = None
    for row in range(4):
        line = build.load(build.bitcast(start, ir.PointerType(FOUR)), align=4)
        weight = _picked(build, down, (row, row, row, row))
        # of two products that one instruction could take in it is always the first one
        product = build.fmul(line, weight, flags=() if row == 1 else FUSED)
        total = product if total is None else build.fadd(product, total, flags=FUSED)
        start = build.gep(start, [stride])
    total = build.fmul(total, across, flags=FUSED)
    total = build.fadd(total, _picked(build, total, (2, 3, 2, 3)))
    first, second = (build.extract_element(total, ir.Constant(INT, lane)) for lane in (0, 1))
    return build.fadd(first, second)


def within(build: Any, value: Any, low: Any, high: Any) -> Any:
    """A number, or each of a vector, no less than `low` and no more than `high`."""
    value = build.select(build.fcmp_ordered(">", value, low), value, low)
    return build.select(build.fcmp_ordered("<", value, high), value, high)


def _planes(count: int) -> Any:
    """What reads so many planes with the same weights, called without its context."""

    @intrinsic
    def read(context, image, at, stride, plane, sx, sy, out, to, step, low, high):  # type: ignore[no-untyped-def]
        """Writes `out[to + channel * step]` of all channels, read between the pixels from `image[at]` on.

        `image[at + channel * plane]` is the first of the 4 x 4 pixels, `stride` the length of a row; sx, sy
        float32 in 0..1. What is written lies between `low` and `high`, float32.
        """
        whole, real = types.int64, types.float32
        signature = types.void(image, whole, whole, whole, real, real, out, whole, whole, real, real)

        def build(target, builder, types_of, args):  # type: ignore[no-untyped-def]
            source = target.make_array(types_of.args[0])(target, builder, args[0])
            given = target.make_array(types_of.args[6])(target, builder, args[6])
            start, there = builder.gep(source.data, [args[1]]), builder.gep(given.data, [args[7]])
            across, down = _weights(builder, args[4]), _weights(builder, args[5])
            for _ in range(count):
                value = _read(builder, start, args[2], across, down)
                builder.store(within(builder, value, args[9], args[10]), there)
                start, there = builder.gep(start, [args[3]]), builder.gep(there, [args[8]])
            return target.get_dummy_value()

        return signature, build

    return read


three_planes, four_planes = _planes(3), _planes(4)


@part
def _folded(i, size, border):  # type: ignore[no-untyped-def]
    """The pixel of a row of `size` that stands at the whole place i; -1 where there is none."""
    if 0 <= i < size:
        return i
    if border == REFLECT:
        i = i % (2 * size)
        return i if i < size else 2 * size - 1 - i
    if border == WRAP:
        return i % size
    if border == REPLICATE:
        return min(max(i, 0), size - 1)
    return -1


@part
def _weight(tap, s):  # type: ignore[no-untyped-def]
    t = np.float32(1.0) - s
    if tap == 0:
        return np.float32(-0.5) * s * t * t
    if tap == 1:
        return t * (np.float32(1.0) + s - np.float32(1.5) * s * s)
    if tap == 2:
        return s * (np.float32(1.0) + t - np.float32(1.5) * t * t)
    return np.float32(-0.5) * s * s * t


@part
def _tap(i, size, border, tap, s):  # type: ignore[no-untyped-def]
    """Which pixel a tap reads, and its weight: 0 where there is none."""
    there = _folded(i, size, border)
    return (there, _weight(tap, s)) if there >= 0 else (0, np.float32(0.0))


@part
def _brought_in(i, s, size, border):  # type: ignore[no-untyped-def]
    """A place i + s as one in the picture with the same neighbours, mirrored or repeated."""
    if 1 <= i < size - 2:
        return i, s
    if border == WRAP:
        return i % size, s
    i = i % (2 * size)
    return (i, s) if i < size else (2 * size - 2 - i, np.float32(1.0) - s)


@part
def at_edge(image, plane, height, width, column, row, sx, sy, border, out, to, step, low, high):  # type: ignore[no-untyped-def]
    """As `three_planes` at (column + sx, row + sy), where some of the pixels are beyond the picture."""
    if border <= WRAP:
        # far out whole steps bring the place into the picture, where all its neighbours mostly are
        column, sx = _brought_in(column, sx, width, border)
        row, sy = _brought_in(row, sy, height, border)
        if 1 <= column < width - 2 and 1 <= row < height - 2:
            at = np.int64(row - 1) * width + column - 1
            three_planes(image, at, width, plane, sx, sy, out, to, step, low, high)
            return
    x0, w0 = _tap(column - 1, width, border, 0, sx)
    x1, w1 = _tap(column, width, border, 1, sx)
    x2, w2 = _tap(column + 1, width, border, 2, sx)
    x3, w3 = _tap(column + 2, width, border, 3, sx)
    red = green = blue = np.float32(0.0)
    for i in range(4):
        y, down = _tap(row + i - 1, height, border, i, sy)
        at = np.int64(y) * width
        line = image[at + x0] * w0 + image[at + x1] * w1 + image[at + x2] * w2 + image[at + x3] * w3
        red += down * line
        at += plane
        line = image[at + x0] * w0 + image[at + x1] * w1 + image[at + x2] * w2 + image[at + x3] * w3
        green += down * line
        at += plane
        line = image[at + x0] * w0 + image[at + x1] * w1 + image[at + x2] * w2 + image[at + x3] * w3
        blue += down * line
    out[to] = min(max(red, low), high)
    out[to + step] = min(max(green, low), high)
    out[to + 2 * step] = min(max(blue, low), high)
