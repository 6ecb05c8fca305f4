"""Captions: one of the many wordings of a spec."""

import numpy as np

from tools.postcard.spec import Landscape, Product, Spec, pick
from tools.postcard.wordings import (
    BACKDROP,
    FILLER,
    NEGATIVE,
    OF,
    PLACE,
    STUDIO_FILLER,
    STYLE,
    THING,
    TIME,
    WEATHER,
)

KEEP = {"photo": 0.55, "day": 0.55, "clear": 0.35}  # how often a trait is said


def caption(rng: np.random.Generator, spec: Spec) -> str:
    """One wording; the commonest traits (photo, day, clear) are often left unsaid."""
    match spec.subject:
        case Landscape() as scene:
            parts = _landscape(rng, scene, spec.style)
        case Product() as thing:
            parts = _product(rng, thing, spec.style)
    if rng.random() < 0.35:
        rng.shuffle(parts)
    for _ in range(int(rng.choice(4, p=(0.55, 0.25, 0.12, 0.08)))):
        parts.insert(int(rng.integers(len(parts) + 1)), pick(rng, FILLER))
    return _joined(rng, parts)


def _said(rng: np.random.Generator, trait: str) -> bool:
    return bool(rng.random() < KEEP.get(trait, 0.95))


def _landscape(rng: np.random.Generator, scene: Landscape, style: str) -> list[str]:
    place = pick(rng, PLACE[scene.place])
    if rng.random() < 0.25 and _said(rng, style):
        parts = [f"{pick(rng, OF[style])} {place}"]
    else:
        parts = [place] + ([pick(rng, STYLE[style])] if _said(rng, style) else [])
    if _said(rng, scene.time):
        parts.insert(1, pick(rng, TIME[scene.time]))
    if _said(rng, scene.weather):
        parts.insert(min(len(parts), 2), pick(rng, WEATHER[scene.weather]))
    return parts


def _product(rng: np.random.Generator, what: Product, style: str) -> list[str]:
    thing = (
        f"{what.color} {pick(rng, THING[what.thing])}"
        if rng.random() < 0.85
        else pick(rng, THING[what.thing])
    )
    parts = [f"{pick(rng, OF[style])} a {thing}"] if rng.random() < 0.25 else [thing]
    if rng.random() < 0.9:
        parts.append(pick(rng, BACKDROP[what.backdrop]))
    if len(parts[0].split()) < 4 and _said(rng, style):
        parts.append(pick(rng, STYLE[style]))
    if rng.random() < 0.3:
        parts.append(pick(rng, STUDIO_FILLER))
    return parts


def _joined(rng: np.random.Generator, parts: list[str]) -> str:
    return (" " if rng.random() < 0.25 else ", ").join(parts)


def empty_caption(rng: np.random.Generator) -> str:
    """What stands for no prompt in classifier-free guidance: nothing, filler, or complaints."""
    kind = rng.random()
    if kind < 0.6:
        return ""
    table = NEGATIVE if kind < 0.8 else FILLER
    return ", ".join(pick(rng, table) for _ in range(int(rng.integers(1, 4))))
