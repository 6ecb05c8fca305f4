"""Every name that stands in a Deforum settings file, and what becomes of it here: one table.

The importer tells its user what the rows say, `docs/import.md` has a table of them, and tests hold that
they agree with the hints of `anim_grammar/foreign.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from anim_studio.interchange.deforum.param import Param
from anim_studio.interchange.deforum.rows_hybrid import HYBRID
from anim_studio.interchange.deforum.rows_more import CONTROL, FORGE, NOTEBOOK, RENAMED, SAVED
from anim_studio.interchange.deforum.rows_motion import ANIMATION
from anim_studio.interchange.deforum.rows_run import RUN

GROUPS: Mapping[str, tuple[Param, ...]] = MappingProxyType(
    {
        "Animation": ANIMATION,
        "Hybrid video": HYBRID,
        "Run, masks, guided images, Parseq, output": RUN,
        "What a saved file holds besides": SAVED,
        "ControlNet, for each unit": CONTROL,
        "Of the Forge fork": FORGE,
        "Of the notebook": NOTEBOOK,
    }
)
"""The rows by the part of Deforum that they belong to; the first three are its own dictionaries."""

PARAMS: Mapping[str, Param] = MappingProxyType({row.name: row for rows in GROUPS.values() for row in rows})
"""The rows by name."""


def param(name: str) -> Param | None:
    """The row of a name as it is today; numbered ControlNet units have those of the first."""
    return PARAMS.get(re.sub(r"^cn_[0-9]+_", "cn_1_", name))


def todays(name: str) -> str:
    """What a name of an older version is called today; any other as it is."""
    return RENAMED.get(name, name)


__all__ = ["GROUPS", "PARAMS", "RENAMED", "Param", "param", "todays"]
