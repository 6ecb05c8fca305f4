"""How good a frame's picture is."""

from __future__ import annotations

from enum import IntEnum


class Tier(IntEnum):
    """From numbers alone to the film itself; a higher tier replaces a lower one."""

    CURVES = 0
    #: the real moves of the camera on the still or a grid, without diffusion
    CAMERA = 1
    #: diffused by the built-in model, or small and in few steps
    DRAFT = 2
    FINAL = 3

    @property
    def word(self) -> str:
        """As it is written on the command line and on the screen."""
        return self.name.lower()


#: added to a tier in a map of tiers (uint8 a frame) where the picture is of an older version
OLD = 16
