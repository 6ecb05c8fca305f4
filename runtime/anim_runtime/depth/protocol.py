"""What a depth estimator is."""

from __future__ import annotations

from typing import Literal, Protocol, TypeAlias

from torch import Tensor

Space: TypeAlias = Literal["distance", "logarithm", "disparity"]
"""What an estimator's values are: distances, their logarithms (both grow with the distance), or disparities,
which are one over the distance and shrink with it. Units and offset are free.
"""


class Estimator(Protocol):
    """Tells how far things are, of one picture, without a look at any other.

    It must not stretch its values to the picture's own extremes: the world would breathe from frame to frame.
    """

    @property
    def space(self) -> Space:
        """What the values are."""
        ...

    @property
    def least(self) -> float:
        """The range of values below which a scene counts as even: it is not stretched further."""
        ...

    def __call__(self, image: Tensor) -> Tensor:
        """Values float32 `[1,1,h,w]`, at the estimator's own size, of an image float32 `[1,3,H,W]` 0..1."""
        ...
