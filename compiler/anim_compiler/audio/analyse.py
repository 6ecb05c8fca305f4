"""Listening to a track: decoded, measured, its beats found, and remembered by content, group by group."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from anim_compiler.audio import store
from anim_compiler.audio.analysis import Analysis
from anim_compiler.audio.beats import NO_BEATS, Beats, found, grid
from anim_compiler.audio.decode import blocks
from anim_compiler.audio.downbeats import downbeats, evidence, first
from anim_compiler.audio.groups import EVIDENCE, STANDARD, derivation, sources, version
from anim_compiler.audio.measure import TRACK, measure, rounded
from anim_compiler.audio.unmeasured import refuse

if TYPE_CHECKING:
    from anim_compiler.audio.measure import Curves


class Lock(Protocol):
    """Curves that lie beside a film."""

    def load(self, sha256: str, group: str, version: int) -> Curves | None:
        """A group's curves, if they are there for this content and version."""


def analyse(
    path: Path,
    *,
    sha256: str,
    cache: Path | None,
    lock: Lock | None = None,
    groups: Collection[str] = STANDARD,
    bpm: float | None = None,
    offset: float = 0.0,
    beats_per_bar: int = 4,
    is_fixed: bool = False,
    gain_db: float = 0.0,
) -> Analysis:
    """Listens to the track at `path`, whose content has the hash `sha256`, for `groups` (`groups_for`).

    What `lock` or `cache` holds is not measured again. `bpm` > 0 lays an even grid of beats instead of
    finding them, through the beat at `offset` seconds into the track, or, where `offset` is 0, where the
    onsets fit best. `is_fixed` and `gain_db`: see `Analysis`. Raises AudioError if the track cannot be read.
    """
    is_told = bpm is not None and bpm > 0
    wanted = _for_told_beats(groups) if is_told else groups
    heard = hear(path, sha256=sha256, cache=cache, lock=lock, groups=wanted)
    duration = float(heard[TRACK]["duration"][0])
    beats = _beats(heard, duration, bpm, offset)
    bars = downbeats(beats.times, _first(heard, beats, beats_per_bar, is_told), beats_per_bar, offset)
    heard |= {group: {} for group in groups if group not in heard}  # asked for, and not needed
    return Analysis(heard, beats.times, bars, beats.tempo, duration, beats.confidence, is_fixed, gain_db)


def _for_told_beats(groups: Collection[str]) -> frozenset[str]:
    """The groups to ask for where the beats need not be found: what beats and bars are laid by instead."""
    wanted = set(groups) - {"beats", "bars"}
    if "beats" in groups:
        wanted.add("pulse")
    if "bars" in groups:
        wanted.update(EVIDENCE)
    return frozenset(wanted)


def _first(heard: Mapping[str, Curves], beats: Beats, beats_per_bar: int, is_told: bool) -> int:
    """The number of the first beat that begins a bar."""
    if not is_told and "bars" in heard and beats_per_bar < heard["bars"]["first"].size:
        return int(heard["bars"]["first"][beats_per_bar])
    if all(group in heard for group in EVIDENCE):
        return first(evidence(beats.times, heard), beats_per_bar)
    return 0


def hear(
    path: Path,
    *,
    sha256: str,
    cache: Path | None,
    lock: Lock | None = None,
    groups: Collection[str] = STANDARD,
) -> dict[str, Curves]:
    """The curves of `groups` and TRACK, before anything that a film says of the track; raises AudioError.

    Missing groups are measured in one pass over the samples, then the derived ones are made.
    """
    wanted = {TRACK, *groups}
    have = {group: kept for group in wanted if (kept := _kept(sha256, cache, lock, group)) is not None}
    missing = set(_with_sources(wanted - have.keys()))
    for group in sorted(missing - have.keys()):
        if (kept := _kept(sha256, cache, lock, group)) is not None:
            have[group] = kept
    missing -= have.keys()
    if missing:
        refuse(path.name)
    measured = {group for group in missing if not sources(group)}
    made: dict[str, Curves] = {}
    if measured:
        samples = blocks(path)
        made = measure(samples, measured)
        made[TRACK] = samples.facts.curves()
    have |= made
    for group in _in_order(missing - measured):
        made[group] = have[group] = rounded(derivation(group)(have, float(have[TRACK]["duration"][0])))
    if cache is not None:
        for group, curves in made.items():
            store.save(cache, sha256, group, version(group), curves)
    return {group: have[group] for group in wanted}


def _kept(sha256: str, cache: Path | None, lock: Lock | None, group: str) -> Curves | None:
    found = lock.load(sha256, group, version(group)) if lock is not None else None
    if found is None and cache is not None:
        found = store.load(cache, sha256, group, version(group))
    return found


def _with_sources(groups: Collection[str]) -> Iterator[str]:
    for group in groups:
        yield group
        yield from _with_sources(sources(group))


def _in_order(derived: Collection[str]) -> Iterator[str]:
    """Derived groups, each after those that it is made from."""
    return iter(sorted(derived, key=lambda group: (_depth(group), group)))


def _depth(group: str) -> int:
    return max((1 + _depth(each) for each in sources(group)), default=0)


def _beats(heard: Mapping[str, Curves], duration: float, bpm: float | None, offset: float) -> Beats:
    if bpm is not None and bpm > 0 and "pulse" in heard:
        return grid(heard["pulse"], duration, bpm, offset)
    return found(heard["beats"]) if "beats" in heard else NO_BEATS
