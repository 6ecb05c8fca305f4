"""sRGB to CIE Lab in 8-bit levels and back in one loop each, compiled for the CPU.

The powers are polynomials, so that the compiler can take eight pixels at once: Chebyshev interpolation of
degree 8 or 10, off by at most 1.4e-7. Lab stands in OpenCV's 8-bit levels, without its rounding: L·2.55,
a + 128, b + 128.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numba import njit

from anim_runtime.ops.native_compiled import compiled

_F = np.float32

#: pixels that are worked on at once: what they come to stays in the nearest cache
_RUN = 1024
#: the steps of a level that are counted apart, and how many classes that makes
PARTS = 16
CLASSES = 255 * PARTS + 1

_EPSILON = _F(216.0 / 24389.0)
_XR, _XG, _XB = _F(0.412453 / 0.950456), _F(0.357580 / 0.950456), _F(0.180423 / 0.950456)
_YR, _YG, _YB = _F(0.212671), _F(0.715160), _F(0.072169)
_ZR, _ZG, _ZB = _F(0.019334 / 1.088754), _F(0.119193 / 1.088754), _F(0.950227 / 1.088754)
_BACK = np.linalg.inv(
    np.array(
        [
            [0.412453 / 0.950456, 0.357580 / 0.950456, 0.180423 / 0.950456],
            [0.212671, 0.715160, 0.072169],
            [0.019334 / 1.088754, 0.119193 / 1.088754, 0.950227 / 1.088754],
        ]
    )
)
_RX, _RY, _RZ = (_F(v) for v in _BACK[0])
_GX, _GY, _GZ = (_F(v) for v in _BACK[1])
_BX, _BY, _BZ = (_F(v) for v in _BACK[2])


_compiled = partial(compiled, fastmath=True)


@njit(inline="always", fastmath=True)
def _decoded(v):  # type: ignore[no-untyped-def]  # numba finds the types
    """An sRGB value 0..1 as linear light: ((v + 0.055)/1.055)^2.4 above 0.04045."""
    w = (v - _F(0.520225)) * _F(2.0843103538116825)
    r = _F(-7.512261072406545e-05)
    r = r * w + _F(0.00012374350626487285)
    r = r * w + _F(-6.459801170421997e-06)
    r = r * w + _F(4.941443694406189e-05)
    r = r * w + _F(-0.0003996433806605637)
    r = r * w + _F(0.0010648082243278623)
    r = r * w + _F(-0.0037862632889300585)
    r = r * w + _F(0.030304713174700737)
    r = r * w + _F(0.27259203791618347)
    r = r * w + _F(0.4668918251991272)
    r = r * w + _F(0.23324090242385864)
    return r if v > _F(0.04045) else v * _F(1.0 / 12.92)


@njit(inline="always", fastmath=True)
def _encoded(v):  # type: ignore[no-untyped-def]
    """Linear light, cut to 0..1, as an sRGB value: 1.055·v^(1/2.4) - 0.055, in the fourth root of v."""
    v = min(max(v, _F(0.0)), _F(1.0))
    t = math.sqrt(math.sqrt(max(v, _F(0.0031308))))
    w = (t - _F(0.6182725160023029)) * _F(2.619669900441418)
    r = _F(3.6482455470832065e-05)
    r = r * w + _F(-8.468805026495829e-05)
    r = r * w + _F(0.00012771198817063123)
    r = r * w + _F(-0.00038171757478266954)
    r = r * w + _F(0.0014189411886036396)
    r = r * w + _F(-0.006884994450956583)
    r = r * w + _F(0.10025183111429214)
    r = r * w + _F(0.48712652921676636)
    r = r * w + _F(0.4183899462223053)
    return r if v > _F(0.0031308) else v * _F(12.92)


@njit(inline="always", fastmath=True)
def _root(v):  # type: ignore[no-untyped-def]
    """CIE's f: the cube root above 216/24389, in the fourth root of v, a straight line below."""
    t = math.sqrt(math.sqrt(max(v, _EPSILON)))
    w = (t - _F(0.6533857250945914)) * _F(2.8850514026662664)
    r = _F(1.6740435967221856e-05)
    r = r * w + _F(-4.3239244405413046e-05)
    r = r * w + _F(8.025272836675867e-05)
    r = r * w + _F(-0.0002505687880329788)
    r = r * w + _F(0.0009252072195522487)
    r = r * w + _F(-0.004183010198175907)
    r = r * w + _F(0.035456787794828415)
    r = r * w + _F(0.401028573513031)
    r = r * w + _F(0.5669692754745483)
    return r if v > _EPSILON else v * _F(24389.0 / 27.0 / 116.0) + _F(16.0 / 116.0)


@njit(inline="always", fastmath=True)
def _cube(v):  # type: ignore[no-untyped-def]
    """The inverse of `_root`."""
    cube = v * v * v
    return cube if cube > _EPSILON else (_F(116.0) * v - _F(16.0)) * _F(27.0 / 24389.0)


@njit(inline="always")
def _place(level):  # type: ignore[no-untyped-def]
    """The class of a level; what is no number falls in the first."""
    return min(max(np.int32(level * _F(PARTS) + _F(0.5)), np.int32(0)), np.int32(CLASSES - 1))


@_compiled
def to_lab(rgb, lab, counts):  # type: ignore[no-untyped-def]
    """sRGB float32 `[3,N]` to levels float32 `[3,N]`; counts sixteenths of a level, int64 `[3,4081]`."""
    total = rgb.shape[1]
    places = np.empty((3, _RUN), np.int32)
    p0, p1, p2 = places[0], places[1], places[2]
    c0, c1, c2 = counts[0], counts[1], counts[2]
    for start in range(0, total, _RUN):
        size = min(_RUN, total - start)
        red, green, blue = (
            rgb[0, start : start + size],
            rgb[1, start : start + size],
            rgb[2, start : start + size],
        )
        light, first, second = (
            lab[0, start : start + size],
            lab[1, start : start + size],
            lab[2, start : start + size],
        )
        for i in range(size):
            r, g, b = _decoded(red[i]), _decoded(green[i]), _decoded(blue[i])
            x = _root(_XR * r + _XG * g + _XB * b)
            y = _root(_YR * r + _YG * g + _YB * b)
            z = _root(_ZR * r + _ZG * g + _ZB * b)
            lightness = (_F(116.0) * y - _F(16.0)) * _F(2.55)
            one = _F(500.0) * (x - y) + _F(128.0)
            two = _F(200.0) * (y - z) + _F(128.0)
            light[i], first[i], second[i] = lightness, one, two
            p0[i], p1[i], p2[i] = _place(lightness), _place(one), _place(two)
        for i in range(size):
            c0[p0[i]] += 1
            c1[p1[i]] += 1
            c2[p2[i]] += 1


@njit(inline="always")
def _mapped(level, values, slopes):  # type: ignore[no-untyped-def]
    """A level by a table of 256 values, straight between two of them and beyond the ends."""
    k = min(max(np.int32(level), np.int32(0)), np.int32(254))
    return values[k] + slopes[k] * (level - _F(k))


@_compiled
def from_lab(lab, tables, slopes, rgb):  # type: ignore[no-untyped-def]
    """Levels float32 `[3,N]` through tables float32 `[3,256]` with their slopes, as sRGB 0..1 `[3,N]`."""
    total = rgb.shape[1]
    moved = np.empty((3, _RUN), np.float32)
    m0, m1, m2 = moved[0], moved[1], moved[2]
    t0, t1, t2 = tables[0], tables[1], tables[2]
    s0, s1, s2 = slopes[0], slopes[1], slopes[2]
    for start in range(0, total, _RUN):
        size = min(_RUN, total - start)
        light, first, second = (
            lab[0, start : start + size],
            lab[1, start : start + size],
            lab[2, start : start + size],
        )
        red, green, blue = (
            rgb[0, start : start + size],
            rgb[1, start : start + size],
            rgb[2, start : start + size],
        )
        for i in range(size):
            m0[i] = _mapped(light[i], t0, s0)
            m1[i] = _mapped(first[i], t1, s1)
            m2[i] = _mapped(second[i], t2, s2)
        for i in range(size):
            y = (m0[i] * _F(1.0 / 2.55) + _F(16.0)) * _F(1.0 / 116.0)
            x = _cube(y + (m1[i] - _F(128.0)) * _F(1.0 / 500.0))
            z = _cube(y - (m2[i] - _F(128.0)) * _F(1.0 / 200.0))
            y = _cube(y)
            red[i] = _encoded(_RX * x + _RY * y + _RZ * z)
            green[i] = _encoded(_GX * x + _GY * y + _GZ * z)
            blue[i] = _encoded(_BX * x + _BY * y + _BZ * z)


@_compiled
def count(levels, counts):  # type: ignore[no-untyped-def]
    """Counts levels float32 `[N]` by class, int64 `[4081]`."""
    for i in range(levels.shape[0]):
        counts[_place(levels[i])] += 1


@_compiled
def move(levels, values, slopes, made):  # type: ignore[no-untyped-def]
    """Levels float32 `[N]` through one table float32 `[256]` with its slopes."""
    for i in range(levels.shape[0]):
        made[i] = _mapped(levels[i], values, slopes)
