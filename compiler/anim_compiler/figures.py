"""The figures that are measured of every frame that is shown: what an `expect` may speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, 0..1: what it tells, and what its ends are."""

    name: str
    help: str
    low: str
    high: str


FIGURES: Mapping[str, Figure] = MappingProxyType(
    {
        figure.name: figure
        for figure in (
            Figure("luma", "how bright the frame is: the mean of its luma", "black", "white"),
            Figure(
                "contrast", "how far its luma spreads: twice the standard deviation", "even", "half black"
            ),
            Figure("saturation", "how strong its colours are: the mean of (max - min) / max", "grey", "pure"),
            Figure("black", "how much of it is nearly black: luma below 4%", "nothing", "all of it"),
            Figure(
                "drift", "how far its mean colour is from the scene's first: CIE76 / 100", "the same", "far"
            ),
            Figure(
                "flicker",
                "how much it differs from the frame before, moved as the camera moved",
                "calm",
                "other",
            ),
            Figure(
                "sharpness", "how much fine detail there is: 1 - detail lost by a small blur", "soft", "sharp"
            ),
            Figure(
                "motion", "how far the camera's move takes its pixels: shares of the height", "still", "far"
            ),
        )
    }
)
"""By name, in the order in which they are told."""
