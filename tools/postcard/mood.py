"""Light and air: the colours that a time and a weather give to everything."""

from dataclasses import dataclass

import numpy as np

from tools.postcard.noise import Array


def rgb(red: float, green: float, blue: float) -> Array:
    """A colour, [3] 0..1."""
    return np.array((red, green, blue), np.float32)


def mix(a: Array, b: Array, share: float) -> Array:
    """`a` moved towards `b` by `share`."""
    return a * (1 - share) + b * share


@dataclass(frozen=True, slots=True)
class Mood:
    """Light and air."""

    time: str
    weather: str
    zenith: Array
    horizon: Array
    light: Array  # what a white thing looks like
    sun: Array
    sun_y: float
    sun_radius: float
    haze: float  # how much the far layers fade into the horizon

    @property
    def is_dark(self) -> bool:
        """Whether lamps are lit."""
        return self.time in ("night", "sunset")


CLEAR = {
    "dawn": Mood(
        "dawn", "clear", rgb(0.56, 0.62, 0.88), rgb(1.0, 0.80, 0.78), rgb(0.90, 0.76, 0.84),
        rgb(1.0, 0.95, 0.82), 0.44, 0.055, 0.45,
    ),
    "day": Mood(
        "day", "clear", rgb(0.20, 0.50, 0.92), rgb(0.76, 0.90, 1.0), rgb(1.0, 1.0, 0.98),
        rgb(1.0, 0.98, 0.80), 0.14, 0.06, 0.35,
    ),
    "sunset": Mood(
        "sunset", "clear", rgb(0.40, 0.18, 0.46), rgb(1.0, 0.56, 0.16), rgb(0.80, 0.46, 0.36),
        rgb(1.0, 0.88, 0.42), 0.45, 0.085, 0.35,
    ),
    "night": Mood(
        "night", "clear", rgb(0.015, 0.02, 0.09), rgb(0.09, 0.13, 0.30), rgb(0.20, 0.25, 0.42),
        rgb(0.95, 0.95, 0.88), 0.17, 0.06, 0.30,
    ),
}  # fmt: skip
GREY = {
    "dawn": rgb(0.80, 0.74, 0.78), "day": rgb(0.72, 0.75, 0.78),
    "sunset": rgb(0.70, 0.50, 0.44), "night": rgb(0.13, 0.14, 0.20),
}  # fmt: skip


def _faded(clear: Mood, share: float, light: float, haze: float) -> Mood:
    grey = GREY[clear.time]
    return Mood(
        clear.time, clear.weather, mix(clear.zenith, grey, share), mix(clear.horizon, grey, share),
        clear.light * light, clear.sun, clear.sun_y, clear.sun_radius, haze,
    )  # fmt: skip


def mood(time: str, weather: str) -> Mood:
    """The light and air of a time and a weather."""
    match weather:
        case "fog":
            air = _faded(CLEAR[time], 0.85, 0.95, 0.85)
        case "cloudy":
            air = _faded(CLEAR[time], 0.55, 0.82, 0.4)
        case "snow":
            air = _faded(CLEAR[time], 0.30, 1.0, 0.35)
        case _:
            air = CLEAR[time]
    return Mood(
        time, weather, air.zenith, air.horizon, air.light, air.sun, air.sun_y, air.sun_radius, air.haze
    )


def lit(color: Array, air: Mood, depth: float) -> Array:
    """A colour [..., 3] under the light, faded into the horizon by its depth 0..1."""
    share = min(0.93, air.haze * (0.2 + depth) if air.weather == "fog" else air.haze * depth)
    shown: Array = color * air.light * (1 - share) + air.horizon * share
    return shown
