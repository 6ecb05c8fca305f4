"""Ocean and lake."""

import math
from dataclasses import replace

import cv2
import numpy as np

from tools.postcard.growth import GREENS, SNOW, conifer, foliage
from tools.postcard.land import ground, ridge
from tools.postcard.mood import Mood, lit, mix, rgb
from tools.postcard.noise import Array, noise1, noise2
from tools.postcard.plate import LOG_RANGE, Plate, nearing, over
from tools.postcard.plate import level as perspective

SEA = rgb(0.06, 0.34, 0.56)
SAIL = rgb(1.0, 0.98, 0.92)
HULL = rgb(0.45, 0.16, 0.10)
FOAM = rgb(0.85, 0.94, 0.96)


def ocean(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """A flat horizon, rows of waves that widen towards the viewer, sometimes a sail."""
    where = plate.grid
    level = rng.uniform(0.47, 0.56)
    far = np.clip((where.y - level) / (1 - level), 0, 1)
    bend = 0.06 * noise2(rng, where.height, where.width, 4, 2, stretch=2.5)
    phase = np.log(0.06 + far + bend * far) * 9.0
    crest = np.clip(np.sin(phase * 2) * 1.4 - 0.35, 0, 1) * np.clip(far * 5, 0.1, 1)
    sheen = air.horizon * 0.55 * (1 - far[..., None]) * (0.4 if air.weather == "cloudy" else 0.8)
    water = SEA * air.light * (1.1 - 0.3 * far[..., None]) + sheen
    water = water * (1 - 0.42 * crest[..., None]) + 0.42 * crest[..., None] * FOAM * air.light
    veil = 0.75 * (1 - far[..., None]) if air.weather == "fog" else 0.0
    water = water * (1 - veil) + air.horizon * veil
    away = perspective(where, level)
    plate = over(plate, where.soft(where.y - level), np.clip(water, 0, 1).astype(np.float32), 0.5, away=away)
    plate = _glitter(plate, air, level, crest)
    if rng.random() < 0.55:
        foot = level + rng.uniform(0.06, 0.16)
        plate = _boat(rng, plate, air, foot, -math.log((foot - level) / (1 - level)) / LOG_RANGE)
    return _floes(rng, plate, air, level) if air.weather == "snow" else plate


def _glitter(plate: Plate, air: Mood, level: float, crest: Array) -> Plate:
    where = plate.grid
    if not plate.lights.any() or air.weather in ("cloudy", "fog"):
        return plate
    sky = plate.lights * (where.y < level)
    x = float((sky * where.x).sum() / max(float(sky.sum()), 1e-6))
    wide = 0.03 + 0.10 * np.clip(where.y - level, 0, 1)
    path = np.exp(-(((where.x - x) / wide) ** 2)) * (where.y > level) * (0.35 + 0.65 * crest)
    share = (path * (0.35 if air.time == "day" else 0.8))[..., None]
    return replace(plate, rgb=plate.rgb * (1 - share) + air.sun * share)


def _boat(rng: np.random.Generator, plate: Plate, air: Mood, foot: float, away: float) -> Plate:
    where = plate.grid
    x, tall = rng.uniform(0.2, 0.8) * where.aspect, rng.uniform(0.16, 0.26)
    dx, up = (where.x - x) / tall, (foot - where.y) / tall
    sail = np.minimum(np.minimum(dx + 0.02, up - 0.08), (0.95 - up) * 0.55 - dx) * tall
    jib = np.minimum(np.minimum(-0.05 - dx, up - 0.08), (0.75 - up) * 0.45 + dx) * tall
    hull = np.minimum(np.minimum(up + 0.14, 0.03 - up), 0.42 + up * 0.6 - np.abs(dx)) * tall
    plate = over(plate, where.soft(sail), lit(SAIL, air, 0.1), 0.2, away=away)
    plate = over(plate, where.soft(jib), lit(SAIL * 0.85, air, 0.1), 0.2, away=away)
    return over(plate, where.soft(hull), lit(HULL, air, 0.1), 0.2, away=away)


def _floes(rng: np.random.Generator, plate: Plate, air: Mood, level: float) -> Plate:
    where = plate.grid
    canvas = np.zeros_like(where.x)
    for _ in range(int(9 * where.aspect)):
        y = rng.uniform(level + 0.08, 0.92)
        size = (y - level) * rng.uniform(0.2, 0.36) * where.height
        center = (round(rng.uniform(0, where.width)), round(y * where.height))
        cv2.ellipse(canvas, center, (round(size) + 1, round(size * 0.3) + 1), 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    return over(plate, canvas, lit(SNOW, air, 0.1), 0.1, away=plate.away)


def lake(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    """Low mountains and a wooded shore, mirrored in still water."""
    where = plate.grid
    level = rng.uniform(0.60, 0.66)
    plate = ridge(rng, plate, air, level + 0.02, rng.uniform(0.22, 0.32), 0.7, 2 + int(rng.integers(2)))
    top = level - 0.05 - 0.03 * noise1(rng, where.line, 4, 3)
    shore = ground(air.weather, foliage(rng, air.weather, GREENS))
    plate = over(
        plate, where.soft(where.y - top), lit(shore, air, 0.4), 0.4, away=nearing(where, top, 0.45, 0.8)
    )
    for _ in range(int(rng.integers(2, 6))):
        x = rng.uniform(0.03, 0.97) * where.aspect
        plate = conifer(rng, plate, air, x, level, rng.uniform(0.13, 0.24), 0.3)
    return _mirror(plate, air, level)


def _mirror(plate: Plate, air: Mood, level: float) -> Plate:
    where = plate.grid
    row = round(level * where.height)
    rows = np.clip(2 * row - 1 - np.arange(where.height), 0, where.height - 1)
    image: Array = cv2.GaussianBlur(plate.rgb[rows], (1, 5), 0)
    ripple = 0.09 * np.sin(np.log(0.05 + np.clip(where.y - level, 0, 1)) * 22)[..., None]
    tint = mix(SEA * air.light, air.horizon, 0.25)
    water = np.clip((image * 0.72 + tint * 0.28) * (1 + ripple), 0, 1).astype(np.float32)
    lines, lights = plate.lines[rows] * 0.35, plate.lights[rows] * 0.4
    under = (where.y > level).astype(np.float32)
    wet = over(plate, under, water, 0.3, ink=0.7, away=nearing(where, level, 0.3, 1.0))
    return replace(
        wet, lines=np.maximum(wet.lines, lines * under), lights=np.maximum(wet.lights, lights * under)
    )
