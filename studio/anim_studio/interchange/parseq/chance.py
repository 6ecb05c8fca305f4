"""Parseq's chance, number for number: `rand` by the ARC4 stream of its seed, `smrand` and `perlin` by the
classic noises over Perlin's table, turned by the seed (S. Gustavson, "Simplex noise demystified", 2005).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

_WIDTH = 256
_NUMBERS = 2.0**48
_SIGNIFICANT = 2.0**52

# Ken Perlin's permutation of 0..255, from his reference implementation of 2002
_PERLIN = bytes.fromhex(
    "97a0895b5a0f830dc95f6035c2e907e18c24671e458e086325f0150a17be0694f778ea4b001ac53e5efcdbcb75230b20"
    "39b12158ed953857ae147d88aba844af4aa547868b301ba64d929ee7536fe57a3cd385e6dc695c29372ef528f4668f36"
    "41193fa101d85049d14c84bbd05912a9c8c4878274bc9f56a4646dc6adba034034d9e2fa7c7b05ca2693767eff5255d4"
    "cfce3be32f103a11b6bd1c2adfb7aad577f898022c9aa346dd99659ba72bac09811627fd13626c6e4f71e0e8b2b97068"
    "daf661e4fb22f2c1eed2900cbfb3a2f1513391ebf90eef6b31c0d61fb5c76a9db854ccb07379322d7f0496fe8aeccd5d"
    "de72431d1848f38d80c34e42d73d9cb4"
)


def stream(seed: str) -> Iterator[float]:
    """Numbers in 0..1 (1 excluded), 52 bits each, from the ARC4 stream whose key is the seed's text."""
    key = _key(seed)
    state = list(range(_WIDTH))
    j = 0
    for i in range(_WIDTH):
        j = (j + key[i % len(key)] + state[i]) % _WIDTH
        state[i], state[j] = state[j], state[i]
    source = _bytes(state)
    for _ in range(_WIDTH):
        next(source)
    while True:
        top = 0
        for _ in range(6):
            top = top * _WIDTH + next(source)
        number, scale, low = float(top), _NUMBERS, 0
        while number < _SIGNIFICANT:
            number, scale = (number + low) * _WIDTH, scale * _WIDTH
            low = next(source)
        while number >= 2.0 * _SIGNIFICANT:
            number, scale, low = number / 2.0, scale / 2.0, low >> 1
        yield (number + low) / scale


def _key(seed: str) -> list[int]:
    key: list[int] = []
    smear = 0
    for place, letter in enumerate(seed):
        at = place % _WIDTH
        before = key[at] if at < len(key) else 0
        smear ^= before * 19
        mixed = (smear + ord(letter)) & 255
        if at < len(key):
            key[at] = mixed
        else:
            key.append(mixed)
    return key or [0]


def _bytes(state: list[int]) -> Iterator[int]:
    i = j = 0
    while True:
        i = (i + 1) % _WIDTH
        a = state[i]
        j = (j + a) % _WIDTH
        state[i], state[j] = state[j], a
        yield state[(state[i] + a) % _WIDTH]


_GRADIENTS = (
    (1, 1),
    (-1, 1),
    (1, -1),
    (-1, -1),
    (1, 0),
    (-1, 0),
    (1, 0),
    (-1, 0),
    (0, 1),
    (0, -1),
    (0, 1),
    (0, -1),
)
_SKEW = 0.5 * (math.sqrt(3.0) - 1.0)
_UNSKEW = (3.0 - math.sqrt(3.0)) / 6.0


class Noise:
    """The two noises of the plane, -1..1, turned by a seed of 16 bits."""

    def __init__(self, seed: float) -> None:
        if 0.0 < seed < 1.0:
            seed *= 65536.0
        whole = math.floor(seed) if math.isfinite(seed) else 0
        if whole < 256:
            whole |= whole << 8
        turned = [p ^ ((whole if i & 1 else whole >> 8) & 255) for i, p in enumerate(_PERLIN)]
        self._places = turned + turned

    def simplex(self, x: float, y: float) -> float:
        """Simplex noise."""
        skew = (x + y) * _SKEW
        i, j = math.floor(x + skew), math.floor(y + skew)
        back = (i + j) * _UNSKEW
        x0, y0 = x - i + back, y - j + back
        right = x0 > y0
        i1, j1 = (1, 0) if right else (0, 1)
        corners = (
            (0, 0, x0, y0),
            (i1, j1, x0 - i1 + _UNSKEW, y0 - j1 + _UNSKEW),
            (1, 1, x0 - 1 + 2 * _UNSKEW, y0 - 1 + 2 * _UNSKEW),
        )
        total = 0.0
        for di, dj, dx, dy in corners:
            near = 0.5 - dx * dx - dy * dy
            if near >= 0.0:
                total += near**4 * self._slope((i & 255) + di, (j & 255) + dj, dx, dy)
        return 70.0 * total

    def perlin(self, x: float, y: float) -> float:
        """Perlin's noise."""
        i, j = math.floor(x), math.floor(y)
        x, y = x - i, y - j
        i, j = i & 255, j & 255
        u, v = _fade(x), _fade(y)
        low = (1 - u) * self._slope(i, j, x, y) + u * self._slope(i + 1, j, x - 1, y)
        high = (1 - u) * self._slope(i, j + 1, x, y - 1) + u * self._slope(i + 1, j + 1, x - 1, y - 1)
        return (1 - v) * low + v * high

    def _slope(self, i: int, j: int, x: float, y: float) -> float:
        gx, gy = _GRADIENTS[self._places[i + self._places[j]] % 12]
        return gx * x + gy * y


def _fade(t: float) -> float:
    return t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
