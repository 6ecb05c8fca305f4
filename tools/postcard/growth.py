"""Trees, bushes, cacti and flowers."""

import cv2
import numpy as np

from tools.postcard.mood import Mood, lit, rgb
from tools.postcard.noise import Array, noise1
from tools.postcard.plate import Grid, Plate, over

TRUNK = rgb(0.30, 0.20, 0.12)
SNOW = rgb(0.96, 0.97, 1.0)
AUTUMN = (rgb(0.90, 0.42, 0.08), rgb(0.82, 0.24, 0.08), rgb(0.96, 0.66, 0.12))
GREENS = (rgb(0.14, 0.38, 0.16), rgb(0.10, 0.32, 0.18), rgb(0.20, 0.42, 0.14))
LEAVES = (rgb(0.24, 0.52, 0.14), rgb(0.30, 0.58, 0.18), rgb(0.18, 0.46, 0.16))
FLOWERS = (rgb(0.92, 0.20, 0.28), rgb(1.0, 0.85, 0.2), rgb(0.72, 0.40, 0.85), rgb(1.0, 0.97, 0.95))


def foliage(rng: np.random.Generator, weather: str, greens: tuple[Array, ...]) -> Array:
    """The colour of one tree."""
    table = AUTUMN if weather == "autumn" else greens
    return table[int(rng.integers(len(table)))] * rng.uniform(0.88, 1.12)


def conifer(
    rng: np.random.Generator, plate: Plate, air: Mood, x: float, foot: float, tall: float, depth: float
) -> Plate:
    """A fir with four tiers of branches, white on top in snow."""
    where = plate.grid
    up = np.clip((foot - where.y) / tall, 0, 1)  # 0 at the foot, 1 at the tip
    tier = (up * 4) % 1.0
    half = tall * 0.30 * (1 - up) ** 0.85 * (1.0 - 0.42 * tier) + 0.004
    side = np.abs(where.x - x)
    inside = (where.y < foot) & (where.y > foot - tall)
    mask = where.soft(half - side) * inside
    color = foliage(rng, air.weather, GREENS) * np.where(where.x < x, 1.15, 0.85)[..., None]
    if air.weather == "snow":
        white = np.clip((tier - 0.35) * 6, 0, 1)[..., None] * 0.9
        color = color * (1 - white) + SNOW * white
    trunk = where.soft(tall * 0.035 - side) * (where.y >= foot) * (where.y < foot + tall * 0.08)
    plate = over(plate, trunk.astype(np.float32), lit(TRUNK, air, depth), depth, ink=0)
    return over(plate, mask.astype(np.float32), lit(color.astype(np.float32), air, depth), depth)


def round_tree(
    rng: np.random.Generator, plate: Plate, air: Mood, x: float, foot: float, tall: float, depth: float
) -> Plate:
    """A broad-leaved tree: a trunk and three overlapping balls."""
    where = plate.grid
    trunk = where.soft(tall * 0.06 - np.abs(where.x - x)) * (where.y < foot) * (where.y > foot - tall * 0.6)
    plate = over(plate, trunk.astype(np.float32), lit(TRUNK, air, depth), depth)
    crown = np.zeros_like(where.x)
    for dx, dy, size in ((-0.2, 0.62, 0.26), (0.2, 0.62, 0.26), (0.0, 0.78, 0.30)):
        ball = np.hypot(where.x - x - dx * tall, where.y - foot + dy * tall)
        crown = np.maximum(crown, where.soft(size * tall - ball))
    color = foliage(rng, air.weather, LEAVES)
    height = np.clip((foot - where.y) / tall, 0, 1)[..., None]
    shade = 0.65 + 0.5 * height
    shown = color * shade
    if air.weather == "snow":
        white = np.clip((height - 0.62) * 5, 0, 1)
        shown = shown * (1 - white) + SNOW * white
    return over(plate, crown, lit(shown.astype(np.float32), air, depth), depth)


def cactus(plate: Plate, air: Mood, x: float, foot: float, tall: float, depth: float) -> Plate:
    """A saguaro with two arms."""
    where = plate.grid
    canvas = np.zeros_like(where.x)
    thick = max(1, round(tall * 0.16 * where.height))
    stem = ((0.0, 0.0), (0.0, 1.0))
    left = ((0.0, 0.35), (-0.28, 0.35), (-0.28, 0.7))
    right = ((0.0, 0.5), (0.26, 0.5), (0.26, 0.85))
    for path in (stem, left, right):
        points = [
            ((x + px * tall) * where.height * 16, (foot - py * tall) * where.height * 16) for px, py in path
        ]
        cv2.polylines(canvas, [np.round(points).astype(np.int32)], False, 1.0, thick, cv2.LINE_AA, 4)
    return over(plate, canvas, lit(rgb(0.20, 0.42, 0.20), air, depth), depth)


def flowers(rng: np.random.Generator, plate: Plate, air: Mood, top: Array) -> Plate:
    """Dots of two colours below the line `top` [W], larger towards the viewer."""
    where = plate.grid
    for index in rng.permutation(len(FLOWERS))[:2]:
        canvas = np.zeros_like(where.x)
        for _ in range(int(28 * where.aspect)):
            x, y = rng.uniform(0, where.aspect), rng.uniform(0.68, 1.0)
            if y < top[min(where.width - 1, int(x * where.height))] + 0.03:
                continue
            radius = (0.008 + 0.022 * (y - 0.62)) * where.height
            center = (round(x * where.height * 16), round(y * where.height * 16))
            cv2.circle(canvas, center, round(radius * 16), 1.0, -1, cv2.LINE_AA, 4)
        plate = over(plate, canvas, lit(FLOWERS[index] * 1.05, air, 0.1), 0.1, ink=0.25)
    return plate


def bushes(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """A row of autumn bushes along the lower edge."""
    where = plate.grid
    plate_x = where.line
    for row, foot in enumerate((0.90, 0.97)):
        bumps = np.abs(np.sin(plate_x * rng.uniform(12, 18) + rng.uniform(0, 6)))
        top = foot - 0.06 * np.sqrt(bumps) - 0.02 * noise1(rng, plate_x, 4, 2)
        color = lit(AUTUMN[2 * row], air, 0.05)
        plate = over(plate, where.soft(where.y - top), color, 0.05)
    return plate


def shore_line(where: Grid, height: float, rng: np.random.Generator) -> Array:
    """A soft bank near the lower edge, [W]."""
    return height + 0.03 * noise1(rng, where.line, 2, 2)
