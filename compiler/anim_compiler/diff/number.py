"""What is compared as a number: which curve of which scene, and how its values are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anim_compiler.diff.change import Area
from anim_compiler.diff.pair import Matched
from anim_compiler.film import Curve
from anim_compiler.takes import Take

#: a curve of a scene, by the scene
Find = Callable[[Take], Curve | None]


@dataclass(frozen=True, slots=True)
class Number:
    """What is compared: a setting's path, what messages call it, and where a scene has its curve.

    `kind` and `unit` are the setting's own; `default` is the curve where nothing is written; `blame` names
    what else changed in a scene that the setting only follows.
    """

    area: Area
    path: str
    subject: str
    find: Find
    find_before: Find | None = None
    kind: str = "number"
    unit: str = ""
    default: Curve | None = None
    blame: Callable[[Matched], tuple[str, ...]] = lambda _: ()
