"""Which picture each frame of a film shows: the newest version's best, or an older one until then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_studio.live.paint.messages import Painted
from anim_studio.live.tier import Tier

#: keys of previews by frame, `""` where there is none
Keys: TypeAlias = NDArray[np.object_]

_PICTURED = (Tier.CAMERA, Tier.DRAFT, Tier.FINAL)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a frame shows: a preview's key, its tier, and whether it is an older version's."""

    key: str
    tier: Tier
    old: bool


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """Pictures of a film's frames.

    `new` are the version's own by tier (camera, draft, final), `old` what was shown before it came. An older
    picture stays while the new version has none for its frame, and also while the best that the new one has
    is the very picture that the older one was made upon (a prompt was edited: the moves of the camera are
    as they were, so a bare camera frame would be a step back).
    """

    version: int
    new: tuple[Keys, Keys, Keys]
    old: tuple[Keys, Keys, Keys]

    @property
    def frames(self) -> int:
        """How many frames the film has."""
        return len(self.new[0])

    def painted(self, told: Painted) -> Shown:
        """With these pictures too; those of another version are left out."""
        if told.version != self.version or told.tier is Tier.CURVES:
            return self
        place = _PICTURED.index(told.tier)
        keys = self.new[place].copy()
        for frame, key in zip(told.frames, told.keys, strict=True):
            if 0 <= frame < self.frames:
                keys[frame] = key
        return replace(self, new=_with(self.new, place, keys))

    def after(self, version: int, frames: int) -> Shown:
        """A newer version of so many frames, which has no picture yet and keeps these."""
        kept = tuple(_fitted(keys, frames) for keys in self._merged())
        return replace(nothing(version, frames), old=(kept[0], kept[1], kept[2]))

    def tiers(self, ceiling: Tier = Tier.FINAL) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
        """The tier that each frame shows, and whether it is an older version's; none above `ceiling`."""
        fresh, aged = _best(self.new, ceiling), _best(self.old, ceiling)
        stays = (fresh == 0) & (aged > 0)
        for number, (new, old) in enumerate(zip(self.new, self.old, strict=True), 1):
            stays |= (fresh == number) & (aged > number) & (new == old).astype(np.bool_)
        return np.where(stays, aged, fresh).astype(np.uint8), stays

    def at(self, frame: int, ceiling: Tier = Tier.FINAL) -> Seen | None:
        """What a frame shows; None where there is no picture of it."""
        if not 0 <= frame < self.frames:
            return None
        here = Shown(self.version, _one(self.new, frame), _one(self.old, frame))
        tiers, old = here.tiers(ceiling)
        tier = Tier(int(tiers[0]))
        if tier is Tier.CURVES:
            return None
        side = here.old if old[0] else here.new
        return Seen(str(side[_PICTURED.index(tier)][0]), tier, bool(old[0]))

    def _merged(self) -> list[Keys]:
        """What was shown, by tier: older pictures stay below or beside the new ones where these agree."""
        stale = np.zeros(self.frames, np.bool_)
        merged = []
        for new, old in zip(self.new, self.old, strict=True):
            there = (new != "").astype(np.bool_)
            stale |= there & (new != old).astype(np.bool_)
            keys = new.copy()
            keys[~there & ~stale] = old[~there & ~stale]
            merged.append(keys)
        return merged


def nothing(version: int, frames: int) -> Shown:
    """A film of which no frame has a picture."""

    def blank() -> Keys:
        return np.full(frames, "", np.object_)

    return Shown(version, (blank(), blank(), blank()), (blank(), blank(), blank()))


def _best(sides: tuple[Keys, Keys, Keys], ceiling: Tier) -> NDArray[np.uint8]:
    best = np.zeros(len(sides[0]), np.uint8)
    for tier, keys in zip(_PICTURED, sides, strict=True):
        if tier <= ceiling:
            best[(keys != "").astype(np.bool_)] = tier
    return best


def _with(sides: tuple[Keys, Keys, Keys], place: int, keys: Keys) -> tuple[Keys, Keys, Keys]:
    changed = [*sides]
    changed[place] = keys
    return changed[0], changed[1], changed[2]


def _one(sides: tuple[Keys, Keys, Keys], frame: int) -> tuple[Keys, Keys, Keys]:
    return sides[0][frame : frame + 1], sides[1][frame : frame + 1], sides[2][frame : frame + 1]


def _fitted(keys: Keys, frames: int) -> Keys:
    fitted = np.full(frames, "", np.object_)
    count = min(frames, len(keys))
    fitted[:count] = keys[:count]
    return fitted
