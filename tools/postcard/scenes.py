"""Captioned pictures from a seed."""

from dataclasses import dataclass

import numpy as np

from tools.postcard.captions import caption
from tools.postcard.land import desert, forest, meadow, mountains
from tools.postcard.mood import mood
from tools.postcard.noise import Array
from tools.postcard.plate import Plate, grid
from tools.postcard.products import still
from tools.postcard.sky import sky
from tools.postcard.spec import Landscape, Spec, random_spec
from tools.postcard.styles import RENDER
from tools.postcard.town import city
from tools.postcard.water import lake, ocean
from tools.postcard.weather import foreground

TERRAIN = {
    "mountains": mountains, "forest": forest, "desert": desert, "ocean": ocean,
    "city": city, "meadow": meadow, "lake": lake,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn picture, what it shows, and a wording of it."""

    rgb: Array  # [H,W,3], 0..1
    depth: Array  # [H,W], 0 near, 1 the sky or the backdrop: the order of the layers
    away: Array  # [H,W], 0 nearest .. 1 the sky: the logarithm of the distance in units of `plate.LOG_RANGE`
    spec: Spec
    caption: str


def paint(rng: np.random.Generator, spec: Spec, height: int, width: int) -> Plate:
    """The scene before its style."""
    where = grid(height, width)
    match spec.subject:
        case Landscape(place, time, weather):
            air = mood(time, weather)
            plate = TERRAIN[place](rng, sky(rng, where, air), air)
            return foreground(rng, plate, air, place)
        case product:
            return still(rng, where, product)


def draw(rng: np.random.Generator, spec: Spec, height: int = 128, width: int = 128) -> Picture:
    """One picture of `spec`, with one of its wordings."""
    plate = paint(rng, spec, height, width)
    time = spec.subject.time if isinstance(spec.subject, Landscape) else ""
    rgb = np.clip(RENDER[spec.style](rng, plate, time), 0, 1).astype(np.float32)
    return Picture(rgb, plate.depth.astype(np.float32), plate.away, spec, caption(rng, spec))


def picture(seed: int, height: int = 128, width: int = 128, product_share: float = 0.12) -> Picture:
    """The picture that belongs to a seed."""
    rng = np.random.default_rng(seed)
    return draw(rng, random_spec(rng, product_share), height, width)
