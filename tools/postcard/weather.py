"""What the weather puts in front of a scene."""

from dataclasses import replace

import cv2
import numpy as np

from tools.postcard.growth import SNOW, bushes
from tools.postcard.mood import Mood, lit
from tools.postcard.noise import noise1, noise2, single
from tools.postcard.plate import Plate, nearing, over

PAVED = ("ocean", "city", "desert", "lake")


def foreground(rng: np.random.Generator, plate: Plate, air: Mood, place: str) -> Plate:
    """The plate with a snow bank and flakes, autumn bushes, or fog."""
    match air.weather:
        case "snow":
            return _flakes(rng, _bank(rng, plate, air, place), air)
        case "autumn" if place in PAVED:
            return bushes(rng, plate, air)
        case "fog":
            return _fog(rng, plate, air)
        case _:
            return plate


def _bank(rng: np.random.Generator, plate: Plate, air: Mood, place: str) -> Plate:
    if place not in PAVED:
        return plate
    where = plate.grid
    top = 0.91 - 0.04 * noise1(rng, where.line, 1.5, 2)
    return over(
        plate, where.soft(where.y - top), lit(SNOW, air, 0.05), 0.05, away=nearing(where, top, 0.08, 1.0)
    )


def _flakes(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    where = plate.grid
    canvas = np.zeros_like(where.x)
    for _ in range(int(34 * where.aspect)):
        center = (round(rng.uniform(0, where.width) * 16), round(rng.uniform(0, where.height) * 16))
        radius = rng.uniform(0.006, 0.012) * where.height
        cv2.circle(canvas, center, round(radius * 16), 0.85, -1, cv2.LINE_AA, 4)
    return over(plate, canvas, np.clip(air.light + 0.25, 0, 1), 0.0, ink=0, away=plate.away)


def _fog(rng: np.random.Generator, plate: Plate, air: Mood) -> Plate:
    where = plate.grid
    banks = noise2(rng, where.height, where.width, 2.5, 2, stretch=3)
    veil = np.clip(0.30 + 0.5 * plate.depth + 0.35 * (banks - 0.4), 0, 0.82)[..., None]
    return replace(
        plate,
        rgb=single(plate.rgb * (1 - veil) + air.horizon * veil),
        lines=single(plate.lines * (1 - 0.8 * veil[..., 0])),
        lights=single(plate.lights * (1 - 0.5 * veil[..., 0])),
    )
