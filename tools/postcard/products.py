"""Products before a studio backdrop."""

from dataclasses import replace

import numpy as np

from tools.postcard.mood import rgb
from tools.postcard.noise import Array, single
from tools.postcard.plate import Grid, Plate, bare, over, shine
from tools.postcard.spec import Product

PAINT = {
    "red": rgb(0.84, 0.14, 0.14), "blue": rgb(0.14, 0.34, 0.82), "green": rgb(0.14, 0.58, 0.28),
    "yellow": rgb(0.96, 0.80, 0.16), "white": rgb(0.92, 0.92, 0.90), "black": rgb(0.12, 0.12, 0.14),
}  # fmt: skip
WALL = {
    "white": rgb(0.97, 0.97, 0.97), "grey": rgb(0.62, 0.63, 0.65),
    "dark": rgb(0.14, 0.14, 0.17), "warm": rgb(0.90, 0.74, 0.58),
}  # fmt: skip
METAL = rgb(0.45, 0.45, 0.48)
GLOW = rgb(1.0, 0.90, 0.60)
FLOOR = 0.80


def studio(where: Grid, backdrop: str) -> Plate:
    """A seamless backdrop: brighter in the middle of the wall, a soft bend into the floor."""
    wall = WALL[backdrop]
    spot = np.exp(-(((where.x - where.aspect / 2) / 0.6) ** 2 + ((where.y - 0.4) / 0.6) ** 2))
    bend = 0.10 * np.clip(1 - np.abs(where.y - 0.70) * 6, 0, 1)
    color = wall * (0.84 + 0.18 * spot - bend)[..., None]
    back = 0.5 - 0.06 * where.y
    floor = 0.2 + 2.0 * (FLOOR - where.y)  # the thing stands at 0.2
    return replace(bare(where, color.astype(np.float32)), away=single(np.clip(np.minimum(back, floor), 0, 1)))


def still(rng: np.random.Generator, where: Grid, what: Product) -> Plate:
    """A product in the studio, standing on its shadow."""
    plate = studio(where, what.backdrop)
    x = where.aspect / 2 + rng.uniform(-0.06, 0.06)
    size = rng.uniform(0.9, 1.1)
    u, v = (where.x - x) / size, (FLOOR - where.y) / size
    shadow = 0.55 * np.exp(-((u / 0.24) ** 2 + ((v + 0.01) / 0.035) ** 2) * 1.2)[..., None]
    plate = replace(plate, rgb=single(plate.rgb * (1 - shadow)))
    return SHAPES[what.thing](plate, u, v, PAINT[what.color], size)


def _round(color: Array, u: Array, half: float) -> Array:
    """A colour shaded as a cylinder of half width `half`, with a highlight."""
    side = np.clip(np.abs(u + half * 0.25) / half, 0, 1.3)
    gloss = np.exp(-(((u + half * 0.45) / (half * 0.18)) ** 2))[..., None]
    shaded = color * (1.08 - 0.45 * side**2)[..., None]
    result: Array = (shaded * (1 - 0.5 * gloss) + 0.5 * gloss).astype(np.float32)
    return result


def bottle(plate: Plate, u: Array, v: Array, color: Array, size: float) -> Plate:
    """A straight bottle: body, shoulder, neck, cap, label."""
    shoulder = np.clip((v - 0.36) / 0.10, 0, 1)
    half = 0.115 * (1 - shoulder * shoulder * (3 - 2 * shoulder)) + 0.042
    soft = plate.grid.soft
    body = soft(np.minimum(np.minimum(half - np.abs(u), v), 0.56 - v) * size)
    plate = over(plate, body, _round(color, u, 0.157), 0.2)
    label = soft(np.minimum(np.minimum(0.150 - np.abs(u), v - 0.10), 0.26 - v) * size)
    plate = over(plate, label, _round(WALL["white"], u, 0.157), 0.2, ink=0.5)
    cap = soft(np.minimum(np.minimum(0.05 - np.abs(u), v - 0.54), 0.61 - v) * size)
    return over(plate, cap, _round(METAL * 0.6, u, 0.05), 0.2)


def cup(plate: Plate, u: Array, v: Array, color: Array, size: float) -> Plate:
    """A mug with a handle on the right and a dark mouth."""
    soft = plate.grid.soft
    ring = np.abs(np.hypot(u - 0.19, (v - 0.16) * 0.95) - 0.085)
    plate = over(plate, soft((0.026 - ring) * size), color * 0.8, 0.2)
    body = soft(np.minimum(np.minimum(0.165 + 0.10 * v - np.abs(u), v), 0.32 - v) * size)
    plate = over(plate, body, _round(color, u, 0.2), 0.2)
    mouth = 1 - np.hypot(u / 0.197, (v - 0.32) / 0.045)
    plate = over(plate, soft(mouth * 0.05 * size), color * 0.9 + 0.05, 0.2)
    inner = 1 - np.hypot(u / 0.170, (v - 0.318) / 0.032)
    return over(plate, soft(inner * 0.05 * size), rgb(0.28, 0.16, 0.10), 0.2, ink=0.5)


def shoe(plate: Plate, u: Array, v: Array, color: Array, size: float) -> Plate:
    """A sneaker, seen from the side, its toe to the right."""
    soft = plate.grid.soft
    fall = np.clip((u + 0.10) / 0.30, 0, 1)
    top = 0.27 - 0.14 * fall * fall * (3 - 2 * fall)
    top = top - 0.06 * np.exp(-(((u + 0.18) / 0.06) ** 2))
    nose = 0.35 - 9.0 * np.clip(v - 0.05, 0, 1) ** 2
    upper = np.minimum(np.minimum(top - v, v - 0.03), np.minimum(u + 0.28, nose - u))
    shade = (0.85 + 0.9 * v)[..., None] * color
    plate = over(plate, soft(upper * size), shade.astype(np.float32), 0.2)
    stripe = np.minimum(np.minimum(0.018 - np.abs(u + 0.05 + 0.5 * (v - 0.1)), v - 0.06), 0.19 - v)
    plate = over(plate, soft(stripe * size), WALL["white"], 0.2, ink=0.4)
    sole = np.minimum(np.minimum(0.05 - v, v), np.minimum(u + 0.29, 0.35 - u))
    return over(plate, soft(sole * size), WALL["white"] * 0.95, 0.2)


def lamp(plate: Plate, u: Array, v: Array, color: Array, size: float) -> Plate:
    """A lit table lamp: foot, stem, glowing shade."""
    soft = plate.grid.soft
    halo = 0.55 * np.exp(-((u / 0.30) ** 2 + ((v - 0.45) / 0.26) ** 2))[..., None]
    bright = plate.rgb * (1 - halo) + GLOW * halo
    plate = replace(plate, rgb=single(bright))
    stem = soft(np.minimum(np.minimum(0.018 - np.abs(u), v), 0.36 - v) * size)
    plate = over(plate, stem, METAL * 0.8, 0.2)
    foot = soft((1 - np.hypot(u / 0.12, (v - 0.015) / 0.03)) * 0.04 * size)
    plate = over(plate, foot, METAL * 0.7, 0.2)
    cone = np.minimum(np.minimum(0.21 - 0.38 * (v - 0.34) - np.abs(u), v - 0.34), 0.58 - v)
    mask = soft(cone * size)
    warm = np.clip(1 - (v - 0.34) / 0.3, 0, 1)[..., None] * 0.35
    plate = over(plate, mask, (color * (1 - warm) + GLOW * warm).astype(np.float32), 0.2)
    return shine(plate, soft(np.minimum(0.012 - np.abs(v - 0.345), 0.2 - np.abs(u)) * size), GLOW)


SHAPES = {"bottle": bottle, "cup": cup, "shoe": shoe, "lamp": lamp}
