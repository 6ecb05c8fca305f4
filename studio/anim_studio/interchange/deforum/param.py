"""A row of the table of Deforum's parameters."""

from __future__ import annotations

from dataclasses import dataclass

from anim_studio.interchange.imported import Fate

#: the letters of a row's `modes`
MODES = {"2": "2D", "3": "3D", "V": "Video Input", "I": "Interpolation"}


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter: what it is called, what Deforum takes without it, and what becomes of it here.

    `modes` are the letters of the animation modes in which Deforum acts on it, "" for none. `switch` is the
    parameter that turns it on. `note` says in a few words what else is to be known; what to write instead
    stands in the table of foreign names, which `anim explain` reads. `was` are its names in older versions.
    """

    name: str
    default: str
    fate: Fate
    modes: str = "23VI"
    switch: str = ""
    note: str = ""
    was: tuple[str, ...] = ()
