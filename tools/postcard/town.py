"""The city."""

import numpy as np

from tools.postcard.growth import SNOW
from tools.postcard.land import ground
from tools.postcard.mood import Mood, lit, rgb
from tools.postcard.noise import Array
from tools.postcard.plate import Grid, Plate, nearing, over, shine

WALLS = (rgb(0.42, 0.46, 0.56), rgb(0.50, 0.46, 0.46), rgb(0.34, 0.38, 0.48), rgb(0.56, 0.52, 0.48))
LAMP = rgb(1.0, 0.84, 0.42)
PANE = rgb(0.70, 0.84, 0.95)
STREET = rgb(0.30, 0.30, 0.33)


def city(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """Three rows of towers with windows, over a street."""
    where = plate.grid
    for row, (tall, wide, depth) in enumerate(((0.55, 0.10, 0.75), (0.46, 0.14, 0.42), (0.34, 0.20, 0.1))):
        x = -rng.uniform(0, wide)
        while x < where.aspect:
            width = wide * rng.uniform(0.75, 1.25)
            if rng.random() < (0.85 if row < 2 else 0.7):
                top = 0.88 - tall * rng.uniform(0.55, 1.25)
                plate = _tower(rng, plate, air, (x, x + width * 0.94, top), depth)
            x += width
    street = where.soft(where.y - 0.88)
    return over(
        plate, street, lit(ground(air.weather, STREET), air, 0.1), 0.05, away=nearing(where, 0.88, 0.1, 1.0)
    )


def _tower(
    rng: np.random.Generator, plate: Plate, air: Mood, box: tuple[float, float, float], depth: float
) -> Plate:
    where = plate.grid
    left, right, top = box
    wall = WALLS[int(rng.integers(len(WALLS)))]
    across = np.clip((where.x - left) / (right - left), 0, 1)[..., None]
    color = wall * (1.12 - 0.3 * across)
    if air.weather == "snow":
        roof = where.soft(top + 0.035 - where.y)[..., None]
        color = color * (1 - roof) + SNOW * roof
    mask = where.soft(np.minimum(np.minimum(where.x - left, right - where.x), where.y - top))
    plate = over(plate, mask, lit(color.astype(np.float32), air, depth), depth, ink=0.8)
    if depth > 0.6:
        return plate
    panes = _windows(rng, where, box, 0.042 if depth > 0.3 else 0.055, 0.6 if air.is_dark else 1.0) * mask
    if air.is_dark:
        return shine(plate, panes * 0.95, LAMP)
    return over(plate, panes * 0.7, lit(PANE, air, depth), depth, ink=0.2)


def _windows(
    rng: np.random.Generator, where: Grid, box: tuple[float, float, float], pitch: float, share: float
) -> Array:
    left, right, top = box
    columns = max(1, int((right - left - 0.02) / pitch))
    start = (left + right - columns * pitch) / 2
    u, v = (where.x - start) / pitch, (where.y - top - 0.045) / pitch
    i, j = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    lit_panes = rng.random((64, 64)) < share
    on = lit_panes[np.clip(j, 0, 63), np.clip(i, 0, 63)] & (i >= 0) & (i < columns) & (j >= 0)
    pane = (np.abs(u - i - 0.5) < 0.27) & (np.abs(v - j - 0.5) < 0.3)
    return np.asarray(on & pane, np.float32)
