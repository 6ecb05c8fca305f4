"""The file behind an `audio` statement: found, its header read, and compared with what was locked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path, PurePath

from anim_compiler.findings import Findings
from anim_compiler.sound.lock import AudioLock, LockedTrack, lock_path, read_lock
from anim_compiler.sound.probe import probe
from anim_compiler.sound.problem import AudioError
from anim_compiler.sound.seconds import in_seconds
from anim_compiler.world import Problem, World
from anim_dsl.source import Span

#: seconds that a file may be shorter than its header claims: codecs work in pieces of so many
SLACK = Fraction(1, 10)


@dataclass(frozen=True, slots=True)
class Found:
    """A track's file: its path from the root, its digest and its length, None if nothing tells it."""

    path: str
    sha256: str
    seconds: Fraction | None


def film_lock(world: World, film: str) -> AudioLock | None:
    """The lock beside the film whose text is called so, read once for a world; None if there is none."""
    if film not in world.locks:
        world.locks[film] = _read(world, film)
    return world.locks[film]


def _read(world: World, film: str) -> AudioLock | None:
    path = lock_path(world.folder, film)
    found = world.resolve(path.name)
    if isinstance(found, Problem):
        # a link that leads out of the film's folder is no lock of its
        return None if found.code == "E4002" else AudioLock(path.name, fault="lies elsewhere, or is no file")
    return read_lock(found)


def locked_place(world: World, path: Path) -> str:
    """What a lock calls a file: its path from the film's folder, with forward slashes."""
    return PurePath(os.path.relpath(path, world.folder)).as_posix()


def find(findings: Findings, world: World, name: str, text: str, span: Span) -> Found | None:
    """The file that the track `name` reads; None if there is none that can be, which is reported.

    A file that is missing and locked stands as it was: the film can be checked and compiled without it.
    """
    lock = film_lock(world, findings.sources.rows[0][1].name)
    if lock is not None and lock.fault:
        _unusable(findings, lock, span)
    path = world.resolve(text)
    if isinstance(path, Problem):
        locked = _locked(world, lock, text) if path.code == "E4002" else None
        if locked is not None:
            return locked
        findings.error(path.code, span, path.message, hint=path.hint)
        return None
    try:
        header = probe(world, path)
    except AudioError as error:
        findings.error(error.code, span, error.message, hint=error.hint)
        return None
    if header.claimed is not None and header.seconds is not None and header.claimed - header.seconds > SLACK:
        shorter(findings, span, name, float(header.seconds), float(header.claimed))
    sha256 = world.sha256(path)
    kept = None if lock is None else lock.tracks.get(locked_place(world, path))
    if lock is not None and kept is not None and kept.sha256 != sha256:
        _changed(findings, lock, text, span)
    return Found(world.relative(path), sha256, header.seconds)


def shorter(findings: Findings, span: Span, name: str, there: float, claimed: float) -> None:
    """Warns that a track ends before its header says."""
    findings.warning(
        "W6150",
        span,
        f"`{name}` is cut short: {in_seconds(there)} of {in_seconds(claimed)} are there",
        hint="copy or export the track again; what lacks is silent and its curves are 0",
    )


def _locked(world: World, lock: AudioLock | None, text: str) -> Found | None:
    """The track as it was locked, for a file that is not there."""
    path = (world.folder / text.replace("\\", "/")).resolve()
    kept: LockedTrack | None = None if lock is None else lock.tracks.get(locked_place(world, path))
    return None if kept is None else Found(world.relative(path), kept.sha256, kept.seconds)


def _changed(findings: Findings, lock: AudioLock, text: str, span: Span) -> None:
    findings.warning(
        "W6153",
        span,
        f"`{text}` has changed since `{lock.name}` was written",
        hint="`anim compile FILM --audio-lock` writes it anew; until then the track is analysed here",
    )


def _unusable(findings: Findings, lock: AudioLock, span: Span) -> None:
    findings.warning(
        "W6154",
        span,
        f"`{lock.name}` is not used: it {lock.fault}",
        hint="`anim compile FILM --audio-lock` writes it anew; until then tracks are analysed here",
    )
