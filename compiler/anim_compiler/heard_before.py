"""The grid of a song that was heard before, from the lock beside the film or from the cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_compiler.film import Track
from anim_compiler.scope import GUESSED
from anim_compiler.tempo import TempoMap, steady, through
from anim_compiler.world import World

if TYPE_CHECKING:
    from anim_compiler.audio.measure import Curves
    from anim_compiler.functions.registry import Array


def heard_before(track: Track, world: World, film: str, beats_per_bar: int) -> TempoMap | None:
    """The grid through a track's found beats, for the film whose text is called so; None if it was never
    heard. One without beats has the even grid of a guess, which is not called `heard`. Decodes nothing.
    """
    # numpy is loaded only by films whose lengths are told in the beats of a song
    from anim_compiler.audio.groups import version
    from anim_compiler.audio.locked import TrackLock
    from anim_compiler.audio.store import load
    from anim_compiler.landing import HEARD
    from anim_compiler.song_grid import film_seconds
    from anim_compiler.sound.problem import AudioError
    from anim_compiler.sound.tracks import film_lock, locked_place

    path = world.root / track.path
    lock = film_lock(world, film)
    kept = None if lock is None else lock.tracks.get(locked_place(world, path))
    beside = None if kept is None else TrackLock(kept, path, world.cache)

    def curves(group: str) -> Curves | None:
        found = None if beside is None else beside.load(track.sha256, group, version(group))
        if found is None and world.cache is not None:
            found = load(world.cache, track.sha256, group, version(group))
        return found

    beats, bars = curves("beats"), curves("bars")
    if beats is None or bars is None:
        return None
    try:
        times = beats["times"].astype(float)
        begins = _first_of_bar(times, bars, beats_per_bar, track.offset)
    except (KeyError, IndexError, ValueError, AudioError):
        # a lock or an entry that holds something else: a compile says what is wrong with it
        return None
    grid = through(film_seconds(times, track).tolist(), beats_per_bar, first=begins, tolerance=HEARD)
    return grid or steady(GUESSED, beats_per_bar)


def _first_of_bar(times: Array, bars: Curves, beats_per_bar: int, offset: float) -> int:
    """The number of the first beat that begins a bar: as it was heard, or by the beat nearest to `offset`."""
    if offset and times.size:
        return int(abs(times - offset).argmin()) % beats_per_bar
    firsts = bars["first"]
    return int(firsts[beats_per_bar]) if beats_per_bar < firsts.size else 0
