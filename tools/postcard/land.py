"""Mountains, desert, meadow."""

import numpy as np

from tools.postcard.growth import AUTUMN, SNOW, cactus, conifer, flowers, round_tree
from tools.postcard.mood import Mood, lit, mix, rgb
from tools.postcard.noise import Array, noise1, noise2
from tools.postcard.plate import Grid, Plate, nearing, over

ROCK = rgb(0.46, 0.45, 0.50)
GRASS = rgb(0.40, 0.64, 0.22)
PINE = rgb(0.20, 0.38, 0.20)
SAND = rgb(0.93, 0.72, 0.40)
DRY = rgb(0.76, 0.58, 0.20)


def peaks(rng: np.random.Generator, where: Grid, base: float, tall: float, count: int) -> tuple[Array, Array]:
    """A ridge of triangular peaks: its height line [W] and how much each column faces the light, -1..1."""
    line = np.full_like(where.line, base)
    face = np.zeros_like(where.line)
    wide = where.aspect / count
    for i in rng.permutation(count + 1):
        x = (i + rng.uniform(-0.3, 0.3)) * wide
        height = tall * rng.uniform(0.55, 1.0)
        slope = height / (wide * rng.uniform(0.7, 1.0))
        candidate = base - height + np.abs(where.line - x) * slope
        face = np.where(candidate < line, np.sign(x - where.line), face)
        line = np.minimum(line, candidate)
    return line + 0.022 * noise1(rng, where.line, 9, 2), face.astype(np.float32)


def ridge(
    rng: np.random.Generator, plate: Plate, air: Mood, base: float, tall: float, depth: float, count: int
) -> Plate:
    """One range of rock, lit from the left, with white tops."""
    where = plate.grid
    line, face = peaks(rng, where, base, tall, count)
    wobble = 0.03 * noise1(rng, where.line, 14, 2)
    shade = (1 + 0.22 * face)[None, :, None] * np.ones((where.height, 1, 1), np.float32)
    color = ROCK * shade
    level = base - tall * (0.15 if air.weather == "snow" else 0.58)
    capped = air.weather != "autumn" or tall > 0.25
    if capped:
        snow = where.soft(level + wobble - where.y)[..., None]
        color = color * (1 - snow) + SNOW * (0.62 + 0.38 * shade) * snow
    return over(
        plate,
        where.soft(where.y - line),
        lit(color.astype(np.float32), air, depth),
        depth,
        away=nearing(where, line, depth, 0.4),
    )


def hill(rng: np.random.Generator, plate: Plate, air: Mood, top: Array, color: Array, depth: float) -> Plate:
    """A soft hill below the line `top` [W]: paler at its crest."""
    where = plate.grid
    below = np.clip((where.y - top) * 4, 0, 1)[..., None]
    patchy = noise2(rng, where.height, where.width, 5, 2, stretch=2.5)[..., None]
    shown = color * (1.08 - 0.22 * below + 0.14 * (patchy - 0.5))
    return over(
        plate,
        where.soft(where.y - top),
        lit(shown.astype(np.float32), air, depth),
        depth,
        away=nearing(where, top, depth),
    )


def ground(weather: str, plain: Array) -> Array:
    """The colour of open ground in a weather."""
    match weather:
        case "snow":
            return SNOW
        case "autumn":
            return mix(AUTUMN[0], DRY, 0.35)
        case _:
            return plain


def mountains(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """Two or three ranges behind a dark wooded hill."""
    plate = ridge(rng, plate, air, 0.70, rng.uniform(0.34, 0.48), 0.8, 2 + int(rng.integers(2)))
    plate = ridge(rng, plate, air, 0.78, rng.uniform(0.18, 0.26), 0.45, 3 + int(rng.integers(2)))
    line = plate.grid.line
    for i, base in enumerate((0.74, 0.86)):
        top = base - 0.06 * noise1(rng, line, 2, 2)
        plate = hill(rng, plate, air, top, ground(air.weather, PINE) * (1 - 0.15 * i), 0.3 - 0.2 * i)
    return plate


def desert(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """Dunes with a lit and a shaded side, and sometimes cacti."""
    where = plate.grid
    sand = mix(SAND, SNOW, 0.72) if air.weather == "snow" else SAND
    for i, base in enumerate((0.56, 0.66, 0.80)):
        depth = 0.8 - 0.35 * i
        crest = rng.uniform(0.2, 0.8) * where.aspect
        rise = rng.uniform(0.12, 0.2)
        run = np.abs(where.line - crest) / rng.uniform(0.45, 0.7)
        top = base - rise * np.clip(1 - run, 0, 1) ** 1.3 + 0.02 * noise1(rng, where.line, 2, 1)
        edge = crest + 0.7 * (where.y - base + rise) + 0.03 * np.sin(where.y * 30)
        shaded = where.soft((where.x - edge) * 0.4)[..., None]
        color = sand * (1.05 - 0.38 * shaded)
        away = nearing(where, top, depth)
        plate = over(
            plate, where.soft(where.y - top), lit(color.astype(np.float32), air, depth), depth, away=away
        )
    if rng.random() < 0.5:
        for _ in range(int(rng.integers(1, 3))):
            plate = cactus(
                plate, air, _at(rng, where), rng.uniform(0.80, 0.90), rng.uniform(0.16, 0.26), 0.05
            )
    return plate


def _at(rng: np.random.Generator, where: Grid) -> float:
    return float(rng.uniform(0.12, 0.88) * where.aspect)


def meadow(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """Rolling grass with one to three broad trees, and flowers while it is warm."""
    where = plate.grid
    grass = ground(air.weather, GRASS)
    top = where.line
    for i, base in enumerate((0.58, 0.66, 0.76)):
        top = base - 0.05 * noise1(rng, where.line, 1.3, 1)
        plate = hill(rng, plate, air, top, grass * (0.86 + 0.1 * i), 0.7 - 0.3 * i)
        if i == 1:
            for _ in range(int(rng.integers(1, 4))):
                tall = rng.uniform(0.18, 0.3)
                plate = round_tree(rng, plate, air, _at(rng, where), rng.uniform(0.70, 0.76), tall, 0.35)
    if air.weather in ("clear", "cloudy", "fog"):
        plate = flowers(rng, plate, air, top)
    return plate


def forest(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """Three rows of firs, the nearest the tallest."""
    where = plate.grid
    floor = ground(air.weather, rgb(0.16, 0.30, 0.14))
    for i, (foot, tall, count) in enumerate(((0.66, 0.24, 13), (0.78, 0.40, 8), (0.93, 0.62, 5))):
        depth = 0.75 - 0.33 * i
        top = foot - 0.03 + 0.02 * noise1(rng, where.line, 2, 1)
        plate = hill(rng, plate, air, top, floor * (1 - 0.06 * i), depth)
        n = max(2, round(count * where.aspect))
        for j in range(n):
            x = (j + rng.uniform(0.1, 0.9)) / n * where.aspect
            size = tall * rng.uniform(0.7, 1.05)
            plate = conifer(rng, plate, air, x, foot + rng.uniform(-0.01, 0.02), size, depth)
    return plate
