"""The sky: gradient, stars, sun or moon, clouds."""

from dataclasses import replace

import cv2
import numpy as np

from tools.postcard.mood import Mood, mix, rgb
from tools.postcard.noise import Array, noise2
from tools.postcard.plate import Grid, Plate, bare, over, shine

WHITE = rgb(1.0, 1.0, 1.0)


def sky(rng: np.random.Generator, where: Grid, air: Mood) -> Plate:
    """A plate with the sky only."""
    t = np.clip(where.y / 0.55, 0, 1)[..., None]
    plate = bare(where, air.zenith * (1 - t) + air.horizon * t)
    if air.time == "night" and air.weather in ("clear", "autumn", "snow"):
        plate = _stars(rng, plate)
    if air.weather != "cloudy":
        plate = _sun(rng, plate, air)
    if air.weather == "cloudy" or (air.weather != "fog" and rng.random() < 0.3):
        plate = _clouds(rng, plate, air)
    return plate


def _stars(rng: np.random.Generator, plate: Plate) -> Plate:
    canvas = np.zeros_like(plate.depth)
    for _ in range(int(26 * plate.grid.aspect)):
        x, y = rng.uniform(0, plate.grid.width), rng.uniform(0, 0.5) * plate.grid.height
        radius = rng.uniform(0.5, 1.1) * plate.grid.height / 128
        cv2.circle(
            canvas, (round(x * 16), round(y * 16)), round(radius * 16), rng.uniform(0.5, 1.0), -1,
            cv2.LINE_AA, 4,
        )  # fmt: skip
    return shine(plate, canvas, WHITE)


def _sun(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    where = plate.grid
    x = rng.uniform(0.18, 0.82) * where.aspect
    y = air.sun_y + rng.uniform(-0.04, 0.03)
    radius = air.sun_radius * rng.uniform(0.85, 1.2)
    distance = np.hypot(where.x - x, where.y - y)
    strength = 0.25 if air.weather == "fog" else 0.6
    if air.time == "night":
        strength *= 0.35
    halo = strength * np.exp(-((distance / (radius * 3)) ** 2))[..., None]
    disc = where.soft(radius - distance) * (0.35 if air.weather == "fog" else 1.0)
    glowing = over(plate, np.zeros_like(disc), WHITE, 1.0, ink=0)
    bright = glowing.rgb * (1 - halo) + air.sun * halo
    return shine(replace(glowing, rgb=bright, lines=plate.lines, lights=plate.lights), disc, air.sun, ink=0.8)


def _clouds(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    where = plate.grid
    dense = air.weather == "cloudy"
    field = noise2(rng, where.height, where.width, 3.0, 3, stretch=2.2)
    cover = np.clip((field - (0.36 if dense else 0.62)) * 5, 0, 1) * np.clip((0.56 - where.y) * 8, 0, 1)
    shade = noise2(rng, where.height, where.width, 4.0, 2, stretch=2.0)[..., None]
    top = mix(WHITE * air.light, air.horizon, 0.35)
    under = top * (0.62 if dense else 0.85)
    return over(plate, cover * 0.9, _gradient(top, under, shade), 1.0, ink=0.25 if dense else 0.4)


def _gradient(top: Array, under: Array, shade: Array) -> Array:
    return top * (1 - shade) + under * shade
