"""Plain scenes of no place: things on a ground before a wall or a sky, and corridors, with true distances.

They are what the postcard scenes lack: ceilings, boxes, things that touch no ground, colours of any kind.
"""

import cv2
import numpy as np

from tools.postcard.noise import Array, noise2, single
from tools.postcard.plate import LOG_RANGE, Grid, grid


def texture(rng: np.random.Generator, where: Grid) -> Array:
    """A colour with a slow shade, a fine grain and sometimes stripes, [H,W,3] 0..1."""
    base, other = rng.random(3), rng.random(3)
    other = base + (other - base) * rng.uniform(0.1, 0.7)
    blend = noise2(rng, where.height, where.width, float(rng.uniform(1.5, 10)), 3)
    if rng.random() < 0.3:
        turn, pitch = rng.uniform(0, np.pi), rng.uniform(4, 24)
        stripes = np.sin((where.x * np.cos(turn) + where.y * np.sin(turn)) * pitch * 2)
        blend = 0.5 * blend + 0.25 * (stripes + 1)
    return single(base * (1 - blend[..., None]) + other * blend[..., None])


def faded(rgb: Array, away: Array, haze: Array, strength: float) -> Array:
    """The colour [H,W,3] faded into the haze [3] by its distance [H,W]."""
    share = np.clip(strength * away, 0, 1)[..., None]
    return single(rgb * (1 - share) + haze * share)


def stage(rng: np.random.Generator, height: int, width: int) -> tuple[Array, Array]:
    """A ground and what stands or hangs above it: the picture [H,W,3] and how far it is [H,W]."""
    where = grid(height, width)
    horizon = rng.uniform(0.25, 0.65)
    # a wall ends the ground at some distance; without one it runs to the sky
    end = rng.uniform(0.35, 0.95) if rng.random() < 0.5 else 1.0
    haze, strength = rng.random(3).astype(np.float32), float(rng.choice((0.0, 0.3, 0.6)))
    ground = single(-np.log(np.clip((where.y - horizon) / (1 - horizon), 1e-3, 1)) / LOG_RANGE)
    below = ground < min(end, 0.97)
    away = single(np.where(below, ground, end))
    rgb = np.where(below[..., None], texture(rng, where), texture(rng, where))
    rgb = faded(single(rgb), away, haze, strength)
    spots = np.sort(rng.uniform(0.0, min(end, 0.85), int(rng.integers(1, 9))))[::-1]
    for spot in spots:
        mask = _thing(rng, where, horizon, float(spot))
        shown = faded(texture(rng, where), np.full_like(away, spot), haze, strength)
        rgb = rgb * (1 - mask[..., None]) + shown * mask[..., None]
        away = single(away * (1 - mask) + spot * mask)
    return single(np.clip(rgb, 0, 1)), away


def _thing(rng: np.random.Generator, where: Grid, horizon: float, spot: float) -> Array:
    """The cover of a box, ball, post or blob that stands where the ground is `spot` far, or floats above."""
    nearness = float(np.exp(-spot * LOG_RANGE))
    foot = horizon + (1 - horizon) * nearness
    size = nearness * rng.uniform(0.25, 0.9)
    x = rng.uniform(-0.05, 1.05) * where.aspect
    wide, tall = size * rng.uniform(0.25, 0.9), size * rng.uniform(0.4, 1.3)
    middle = foot - tall / 2 - (size * rng.uniform(0.2, 1.0) if rng.random() < 0.12 else 0.0)
    u, v = (where.x - x) / wide * 2, (where.y - middle) / tall * 2
    match int(rng.integers(4)):
        case 0:
            inside = 1 - np.maximum(np.abs(u), np.abs(v))
        case 1:
            inside = 1 - np.hypot(u, v)
        case 2:
            inside = np.minimum(1 - np.abs(v), (v + 1.2) / 2.2 - np.abs(u))
        case _:
            wobble = 0.3 * np.sin(np.arctan2(v, u) * int(rng.integers(2, 6)) + rng.uniform(0, 6))
            inside = 1 - np.hypot(u, v) * (1 + wobble)
    return where.soft(inside * min(wide, tall) / 2)


def corridor(rng: np.random.Generator, height: int, width: int) -> tuple[Array, Array]:
    """A floor, a ceiling and two walls that run to a vanishing point, closed by an end wall."""
    where = grid(height, width)
    cx, cy = rng.uniform(0.3, 0.7) * where.aspect, rng.uniform(0.35, 0.6)
    half = (rng.uniform(0.35, 0.7) * where.aspect, rng.uniform(0.4, 0.6))
    aside, up = np.abs(where.x - cx) / half[0], np.abs(where.y - cy) / half[1]
    reach = np.maximum(np.maximum(aside, up), 1e-3)
    end = rng.uniform(0.4, 1.0)
    away = single(np.clip(-np.log(reach) / LOG_RANGE, 0, end))
    side = np.where(
        away >= end, 4, np.where(aside > up, np.where(where.x < cx, 0, 1), np.where(where.y < cy, 2, 3))
    )
    rgb = np.zeros((height, width, 3), np.float32)
    for number in range(5):
        lit = rng.uniform(0.5, 1.1)
        rgb[side == number] = (texture(rng, where) * lit)[side == number]
    dusk = rng.uniform(-0.5, 0.5)
    return single(np.clip(rgb * (1 + dusk * (away - 0.3))[..., None], 0, 1)), away


def plain(rng: np.random.Generator, height: int, width: int) -> tuple[Array, Array]:
    """One of the plain scenes: the picture [H,W,3] 0..1 and how far it is [H,W] 0..1."""
    rgb, away = (stage if rng.random() < 0.7 else corridor)(rng, height, width)
    if rng.random() < 0.4:
        rgb = single(cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.4, 1.2))))
    return rgb, away
