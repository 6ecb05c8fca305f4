"""Curves that were locked beside a film: read in the place of an analysis, and noted to be written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from anim_compiler.audio.facts import Facts
from anim_compiler.audio.measure import TRACK
from anim_compiler.audio.packed import pack, unpack
from anim_compiler.sound.limits import LONGEST
from anim_compiler.sound.lock import MOST_BYTES, LockedTrack

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from anim_compiler.audio.measure import Curves

_NEAREST: Final = 0.05  # seconds from a beat to the next: 1200 bpm

_Array: TypeAlias = "NDArray[np.float32] | NDArray[np.float64]"


class TrackLock:
    """What a lock holds of one track: an `analyse.Lock`. `path` is the track's file, `cache` what is known
    beside the lock. `lacked` are the groups that were asked for and are not there, or not in this version.

    A lock holds only the curves that its film read: another one of a group is measured when it is asked for.
    """

    def __init__(self, kept: LockedTrack, path: Path, cache: Path | None) -> None:
        self._kept = kept
        self._path = path
        self._cache = cache
        self.lacked: set[str] = set()
        #: set once the curves turned out to fit nothing: then none is given any more
        self.is_false = False

    def load(self, sha256: str, group: str, version: int) -> Curves | None:
        """The locked curves of a group; None if they are of other content or another analysis."""
        if sha256 != self._kept.sha256 or self.is_false:
            return None
        locked = self._kept.groups.get(group)
        if locked is not None and locked[0] == version:
            try:
                curves = unpack(locked[1], MOST_BYTES)
                _refuse_impossible(group, curves)
                return _Partial(curves, lambda: self._measured(sha256, group))
            except (ValueError, KeyError, IndexError):
                pass
        self.lacked.add(group)
        return None

    def _measured(self, sha256: str, group: str) -> Curves:
        from anim_compiler.audio.analyse import hear

        self.lacked.add(group)
        return hear(self._path, sha256=sha256, cache=self._cache, groups={group})[group]


def _refuse_impossible(group: str, curves: Curves) -> None:
    """Raises ValueError or KeyError for a length that no track has, and for beats that no song has."""
    if group == TRACK and not 0 < Facts.of(curves).duration <= LONGEST:
        raise ValueError("no track's length")
    if group == "beats" and "times" in curves:
        times = curves["times"]
        gaps = times[1:] - times[:-1]
        if times.size and (times[0] < -_NEAREST or times[-1] > LONGEST or gaps.min(initial=1.0) < _NEAREST):
            raise ValueError("no song's beats")


class _Partial(Mapping[str, "_Array"]):
    """Some curves of a group, and how to come by the others."""

    def __init__(self, curves: Curves, others: Callable[[], Curves]) -> None:
        self._curves = curves
        self._others: Callable[[], Curves] | None = others

    def __getitem__(self, name: str) -> _Array:
        if name not in self._curves and self._others is not None:
            self._curves, self._others = self._others(), None
        return self._curves[name]

    def __contains__(self, name: object) -> bool:
        # whoever only asks whether a curve is there wants none to be measured
        return name in self._curves

    def __iter__(self) -> Iterator[str]:
        return iter(self._curves)

    def __len__(self) -> int:
        return len(self._curves)


class Noting:
    """Curves noted as they are read: an `analyse.Lock` by which a lock is written."""

    def __init__(self, path: Path, sha256: str, cache: Path | None) -> None:
        self._path, self._sha256, self._cache = path, sha256, cache
        self._heard: dict[str, _Noted] = {}
        self._versions: dict[str, int] = {}

    def hear(self, groups: Collection[str]) -> None:
        """Sees to it that groups are known, in one go; raises AudioError."""
        from anim_compiler.audio.analyse import hear

        missing = {TRACK, *groups} - self._heard.keys()
        if missing:
            heard = hear(self._path, sha256=self._sha256, cache=self._cache, groups=missing)
            self._heard |= {group: _Noted(heard[group]) for group in missing}

    def load(self, sha256: str, group: str, version: int) -> Curves | None:
        """The curves of a group."""
        self.hear({group})
        self._versions[group] = version
        return self._heard[group]

    def keep(self, group: str) -> None:
        """Notes a whole group, which somebody else reads before the film's curves are."""
        from anim_compiler.audio.groups import version

        curves = self.load(self._sha256, group, version(group))
        for name in curves or ():
            self._heard[group][name]

    def locked(self, seconds: Fraction | None) -> LockedTrack:
        """The track of that length with the curves that were read; its facts are kept whole."""
        groups = {
            group: (version, pack(self._heard[group].all if group == TRACK else self._heard[group].noted))
            for group, version in self._versions.items()
            if group == TRACK or self._heard[group].noted
        }
        return LockedTrack(self._sha256, seconds, groups)


class _Noted(Mapping[str, "_Array"]):
    """A group's curves; `noted` are those that were read."""

    def __init__(self, curves: Curves) -> None:
        self.all = curves
        self.noted: dict[str, _Array] = {}

    def __getitem__(self, name: str) -> _Array:
        self.noted[name] = self.all[name]
        return self.all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)
