"""`FILM.audio.lock`: what was heard in a film's tracks, so that it compiles without them.

A JSON text: for each track, by its path from the film's folder, the digest of its file, its length, and the
groups of curves that the film reads, each with the version of its analysis. Curves are packed
(`audio.packed`) and written in base 64.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final

from anim_compiler.sound.limits import LONGEST

SUFFIX: Final = ".audio.lock"

MOST_BYTES: Final = 64 * 2**20
"""A lock file may have so many bytes: the curves of some twenty hours of music."""

_FORMAT: Final = 1
_SECONDS: Final = re.compile(r"[0-9]{1,18}(?:/[1-9][0-9]{0,17})?")
_MOST_TRACKS: Final = 256
_MOST_GROUPS: Final = 256


@dataclass(frozen=True, slots=True)
class LockedTrack:
    """What is kept of one track. `seconds` is its length by its header, None if that does not say it;
    `groups` are versions and packed curves by group.
    """

    sha256: str
    seconds: Fraction | None
    groups: Mapping[str, tuple[int, bytes]]


@dataclass(frozen=True, slots=True)
class AudioLock:
    """A lock file's content, by the tracks' paths from the film's folder; `name` is the file's.

    `fault` says why it cannot be used, "" if it can.
    """

    name: str
    tracks: Mapping[str, LockedTrack] = field(default_factory=lambda: MappingProxyType({}))
    fault: str = ""


def lock_path(folder: Path, film: str) -> Path:
    """Where the lock of a film lies, whose text is called so, in its folder."""
    return folder / f"{PurePosixPath(film.replace(chr(92), '/')).stem}{SUFFIX}"


def read_lock(path: Path) -> AudioLock | None:
    """The lock file at `path`; None if there is none. What is wrong with it is its `fault`."""
    try:
        if not path.is_file():
            return None
        if path.stat().st_size > MOST_BYTES:
            return AudioLock(path.name, fault=f"has more than {MOST_BYTES >> 20} MiB")
        told = json.loads(path.read_bytes())
    except OSError as problem:
        return AudioLock(path.name, fault=(problem.strerror or "cannot be opened").lower())
    except (ValueError, RecursionError):
        return AudioLock(path.name, fault="is no JSON text")
    if (
        not isinstance(told, dict)
        or told.get("format") != _FORMAT
        or not isinstance(told.get("tracks"), dict)
    ):
        return AudioLock(path.name, fault="was not written by this version")
    try:
        if len(told["tracks"]) > _MOST_TRACKS:
            raise ValueError("too many tracks")
        tracks = {place: _track(row) for place, row in told["tracks"].items()}
    except (ValueError, TypeError, KeyError, ZeroDivisionError, AttributeError):
        return AudioLock(path.name, fault="is damaged")
    return AudioLock(path.name, MappingProxyType(tracks))


def lock_text(tracks: Mapping[str, LockedTrack]) -> str:
    """The lock file of some tracks; the same text for the same tracks."""
    rows = {
        place: {
            "sha256": track.sha256,
            "seconds": None if track.seconds is None else str(track.seconds),
            "groups": {
                group: {"version": version, "curves": base64.b64encode(data).decode("ascii")}
                for group, (version, data) in sorted(track.groups.items())
            },
        }
        for place, track in sorted(tracks.items())
    }
    return json.dumps({"format": _FORMAT, "tracks": rows}, indent=1) + "\n"


def exact_seconds(text: object) -> Fraction:
    """Seconds as `7` or `22/3`; ValueError for anything else, before a number of huge size is made."""
    if not isinstance(text, str) or _SECONDS.fullmatch(text) is None:
        raise ValueError("no seconds")
    return Fraction(text)


def _track(row: Mapping[str, object]) -> LockedTrack:
    """One track as it was written; raises what a damaged text makes."""
    sha256, seconds, groups = row["sha256"], row["seconds"], row["groups"]
    if not isinstance(sha256, str) or len(sha256) != 64 or not isinstance(groups, dict):
        raise ValueError("no track")
    length = None if seconds is None else exact_seconds(seconds)
    if len(groups) > _MOST_GROUPS or (length is not None and length > LONGEST):
        raise ValueError("no track")
    return LockedTrack(sha256, length, MappingProxyType({name: _group(row) for name, row in groups.items()}))


def _group(row: Mapping[str, object]) -> tuple[int, bytes]:
    version, curves = row["version"], row["curves"]
    if type(version) is not int or not isinstance(curves, str):
        raise TypeError("no group")
    return version, base64.b64decode(curves, validate=True)
