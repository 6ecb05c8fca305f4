"""Six ways to render a plate."""

import cv2
import numpy as np

from tools.postcard.mood import mix, rgb
from tools.postcard.noise import Array, noise2, single
from tools.postcard.plate import Plate

PAPER = rgb(0.97, 0.96, 0.93)
GRAPHITE = rgb(0.16, 0.16, 0.18)
MAGENTA = rgb(1.0, 0.12, 0.78)
CYAN = rgb(0.10, 0.95, 1.0)
NIGHT_GLASS = {
    "dawn": rgb(0.30, 0.12, 0.30), "day": rgb(0.12, 0.20, 0.44),
    "sunset": rgb(0.42, 0.10, 0.16), "night": rgb(0.04, 0.01, 0.10),
}  # fmt: skip
TONE = {"dawn": 0.85, "day": 1.0, "sunset": 0.68, "night": 0.30}


def grey(image: Array) -> Array:
    """Luma [H,W] of [H,W,3]."""
    luma: Array = image @ rgb(0.299, 0.587, 0.114)
    return luma


def saturate(image: Array, gain: float) -> Array:
    """The image with its colours pushed away from grey."""
    level = grey(image)[..., None]
    return single(np.clip(level + (image - level) * gain, 0, 1))


def photo(rng: np.random.Generator, plate: Plate, time: str) -> Array:
    """Plain, with a slight vignette."""
    where = plate.grid
    edge = np.hypot(where.x / where.aspect - 0.5, where.y - 0.5)
    return single(plate.rgb * (1 - 0.22 * np.clip(edge - 0.35, 0, 1) ** 1.5)[..., None])


def oil(rng: np.random.Generator, plate: Plate, time: str) -> Array:
    """Thick strokes of strong colour, laid at the angle of a slow field."""
    where = plate.grid
    image = saturate(np.clip(plate.rgb, 0, 1), 1.3)
    canvas = np.ascontiguousarray(cv2.GaussianBlur(image, (0, 0), where.height / 50))
    angle = noise2(rng, where.height, where.width, 2.0, 1) * 80 - 40
    count = int(900 * where.aspect)
    xs, ys = rng.random(count) * where.width, rng.random(count) * where.height
    sizes, tints = rng.uniform(0.020, 0.036, count) * where.height, rng.uniform(0.86, 1.14, count)
    for x, y, size, tint in zip(xs, ys, sizes, tints, strict=True):
        row, column = int(y), int(x)
        color = tuple(float(c) for c in np.clip(image[row, column] * tint, 0, 1))
        axes = (round(size), max(1, round(size * 0.36)))
        cv2.ellipse(canvas, (column, row), axes, float(angle[row, column]), 0, 360, color, -1, cv2.LINE_AA)
    return np.asarray(canvas, np.float32)


def watercolor(rng: np.random.Generator, plate: Plate, time: str) -> Array:
    """Thin washes that pool, inside a ragged edge of white paper."""
    where = plate.grid
    source = np.clip(plate.rgb, 0, 1).astype(np.float32)
    wash = cv2.GaussianBlur(source, (0, 0), where.height / 90)
    pools = noise2(rng, where.height, where.width, 5, 3)
    strength = (0.60 + 0.34 * pools)[..., None]
    image = PAPER * (1 - strength) + saturate(wash, 1.25) * strength
    image = image * (1 - 0.12 * cv2.GaussianBlur(plate.lines, (0, 0), 1.0)[..., None])
    inside = np.minimum(np.minimum(where.x, where.aspect - where.x), np.minimum(where.y, 1 - where.y))
    ragged = 0.055 + 0.05 * (noise2(rng, where.height, where.width, 6, 3) - 0.5)
    cover = np.clip((inside - ragged) * 28, 0, 1)[..., None]
    rim = np.clip(1 - np.abs(inside - ragged - 0.025) * 45, 0, 1)[..., None]
    return single(PAPER * (1 - cover) + image * (1 - 0.10 * rim) * cover)


def sketch(rng: np.random.Generator, plate: Plate, time: str) -> Array:
    """Pencil outlines and hatching on paper, with a breath of the scene's colour."""
    where = plate.grid
    light = grey(np.clip(plate.rgb, 0, 1))
    spread = np.clip((light - light.mean()) / (2.5 * light.std() + 0.08) + 0.6, 0, 1)
    tone = TONE.get(time, 1.0)
    paper = tone * (0.55 + 0.45 * spread)
    slant = where.x + where.y + 0.01 * noise2(rng, where.height, where.width, 6, 2)
    stroke = 0.5 + 0.5 * np.sin(slant * 2 * np.pi * 14)
    hatched = paper * (1 - 0.22 * stroke * (1 - spread))
    lines = cv2.GaussianBlur(plate.lines, (0, 0), 0.6)
    inked = hatched[..., None] * PAPER
    tint = np.clip(plate.rgb, 0, 1) - light[..., None]
    inked = np.clip(inked + 0.35 * tint * (0.4 + 0.6 * tone), 0, 1)
    share = np.clip(lines * 1.1, 0, 0.9)[..., None]
    ink = mix(GRAPHITE, PAPER, 0.75) if time == "night" else GRAPHITE
    return single(inked * (1 - share) + ink * share)


def neon(rng: np.random.Generator, plate: Plate, time: str) -> Array:
    """Glowing cyan and magenta outlines on dark glass tinted by the hour."""
    where = plate.grid
    luma = grey(np.clip(plate.rgb, 0, 1))
    glass = NIGHT_GLASS.get(time, NIGHT_GLASS["night"])
    low = np.clip(where.y, 0, 1)[..., None]
    base = glass * (0.55 + 0.9 * luma[..., None]) + 0.30 * (plate.rgb - luma[..., None]) * 0.8
    base = base * (1.1 - 0.4 * low)
    lines = cv2.GaussianBlur(plate.lines, (0, 0), 0.7) * 1.25
    halo = cv2.GaussianBlur(plate.lines, (0, 0), where.height / 40) * 0.9
    hue = np.clip((where.y - 0.3) * 1.8, 0, 1)[..., None]
    tube = MAGENTA * (1 - hue) + CYAN * hue
    glow = base + (lines + halo)[..., None] * tube
    lamp = cv2.GaussianBlur(plate.lights, (0, 0), 0.8)[..., None]
    shine = lamp * (CYAN * (1 - hue) + MAGENTA * hue) * 0.75
    return single(np.clip(glow + shine, 0, 1))


def pixel(rng: np.random.Generator, plate: Plate, time: str) -> Array:
    """Square blocks of few, strong colours: 32 to a height."""
    where = plate.grid
    rows = 32
    columns = max(1, round(rows * where.aspect))
    small = cv2.resize(
        np.clip(plate.rgb, 0, 1).astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA
    )
    lines = cv2.resize(plate.lines.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    small = saturate(small, 1.35) * (1 - 0.45 * lines[..., None])
    small = (np.round(np.sqrt(small) * 9) / 9) ** 2
    blocks = cv2.resize(
        small.astype(np.float32), (where.width, where.height), interpolation=cv2.INTER_NEAREST
    )
    return np.clip(np.asarray(blocks, np.float32), 0, 1)


RENDER = {
    "photo": photo, "oil": oil, "watercolor": watercolor,
    "sketch": sketch, "neon": neon, "pixel": pixel,
}  # fmt: skip
