"""What a picture shows, as data."""

from dataclasses import dataclass

import numpy as np

PLACES = ("mountains", "forest", "desert", "ocean", "city", "meadow", "lake")
PRODUCTS = ("bottle", "cup", "shoe", "lamp")
TIMES = ("dawn", "day", "sunset", "night")
WEATHERS = ("clear", "snow", "autumn", "fog", "cloudy")
STYLES = ("photo", "oil", "watercolor", "sketch", "neon", "pixel")
COLORS = ("red", "blue", "green", "yellow", "white", "black")
BACKDROPS = ("white", "grey", "dark", "warm")

PRODUCT_SHARE = 0.12
STYLE_SHARES = (0.34, 0.13, 0.13, 0.13, 0.14, 0.13)
WEATHER_SHARES = (0.28, 0.18, 0.18, 0.18, 0.18)


@dataclass(frozen=True, slots=True)
class Landscape:
    """One place, at one time of day, in one weather."""

    place: str
    time: str
    weather: str


@dataclass(frozen=True, slots=True)
class Product:
    """One coloured thing before a studio backdrop."""

    thing: str
    color: str
    backdrop: str


@dataclass(frozen=True, slots=True)
class Spec:
    """A subject and the style that it is drawn in."""

    subject: Landscape | Product
    style: str


def pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    """One of `words`, evenly."""
    return words[int(rng.integers(len(words)))]


def landscape(rng: np.random.Generator) -> Landscape:
    """A random landscape."""
    weather = WEATHERS[int(rng.choice(len(WEATHERS), p=WEATHER_SHARES))]
    return Landscape(pick(rng, PLACES), pick(rng, TIMES), weather)


def product(rng: np.random.Generator) -> Product:
    """A random product."""
    return Product(pick(rng, PRODUCTS), pick(rng, COLORS), pick(rng, BACKDROPS))


def random_spec(rng: np.random.Generator, product_share: float = PRODUCT_SHARE) -> Spec:
    """A random subject in a random style, in the shares that training uses."""
    subject = product(rng) if rng.random() < product_share else landscape(rng)
    return Spec(subject, STYLES[int(rng.choice(len(STYLES), p=STYLE_SHARES))])
