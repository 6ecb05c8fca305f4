"""What a difference is made of: changes, each one edit of the film, and the frames that they reach."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from anim_compiler.functions.registry import Array

Area: TypeAlias = Literal[
    "film",
    "scenes",
    "prompts",
    "lets",
    "camera",
    "settings",
    "media",
    "models",
    "layers",
    "pipeline",
    "expectations",
    "outputs",
    "variants",
]
"""The kinds of things a film has, in the order in which their changes are told."""

SEEN = "seen "
"""What `where` begins with if the edit stands at one moment and shows at others."""

Kind: TypeAlias = Literal["added", "removed", "changed", "moved", "renamed", "replaced"]


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Frames `first` to `last`, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A curve in both films on the frames of the later one: float64[frames], NaN where it has no values."""

    before: Array
    after: Array


@dataclass(frozen=True, slots=True)
class Change:
    """One edit.

    `subject` is what changed, as people call it; `sentence` what happened to it and `where` in the film, so
    that `subject sentence where` is a line. `path` names it for programs (`diffuse.strength`, `prompt 3`).
    `frames` are frames of the film after the change (of the film before, for what was removed); none for
    what has no frames. `before` and `after` are what was written. `causes` are paths of changes that this
    one may follow from; put together, it stands among their `effects`. `drawn` is what can be plotted of it.
    """

    area: Area
    kind: Kind
    path: str
    subject: str
    sentence: str
    where: str = ""
    scene: str = ""
    frames: tuple[Range, ...] = ()
    before: str = ""
    after: str = ""
    causes: tuple[str, ...] = ()
    effects: tuple[Change, ...] = ()
    drawn: Drawn | None = field(default=None, compare=False, repr=False)

    @property
    def line(self) -> str:
        """The whole change in words."""
        joint = ", " if self.where.startswith(SEEN) else " "
        told = f"{self.subject} {self.sentence}"
        return f"{told}{joint}{self.where}" if self.where else told


def nested(changes: tuple[Change, ...]) -> tuple[Change, ...]:
    """Each change that follows from another one among that one's effects.

    `amount` 0.5 → 0.7; `strength` +0.10 because of `amount`  ⇒  `amount` 0.5 → 0.7 [`strength` +0.10].
    A `let` is only told for its effects: by itself it shows nothing.
    """
    paths = {change.path for change in changes if not change.causes}
    followers: dict[str, list[Change]] = {}
    kept: list[Change] = []
    for change in changes:
        cause = next((path for path in change.causes if path in paths and path != change.path), None)
        (kept if cause is None else followers.setdefault(cause, [])).append(change)
    made = (replace(change, effects=(*change.effects, *followers.pop(change.path, ()))) for change in kept)
    return tuple(change for change in made if change.area != "lets" or change.effects)
