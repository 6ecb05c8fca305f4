"""How long a film's sound is, without decoding it: by its header, or by FFmpeg once, which is remembered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from anim_compiler.sound import header
from anim_compiler.sound.header import Header
from anim_compiler.sound.limits import guard, unreadable
from anim_compiler.sound.lock import exact_seconds
from anim_compiler.sound.problem import AudioError
from anim_compiler.world import World

_VERSION: Final = 1
_MOST_BYTES: Final = 4096
_DEAR: Final = 1 << 22  # bytes of an MP3 whose frames are counted quicker than they are remembered


def probe(world: World, path: Path) -> Header:
    """What is known of a sound file before it is decoded.

    What only a decoder can tell is kept in the world's cache by the file's content, so that the next check
    needs none. Raises AudioError for what is no sound, and for sound beyond a limit.
    """
    place = None
    if world.cache is not None and path.is_file():
        place = world.cache / "audio" / f"{world.sha256(path)}-header-{_VERSION}.json"
    known = _remembered(place)
    if known is not None:
        return known
    found = header.read(path)
    if found.seconds is not None and (found.kind != "mp3" or path.stat().st_size < _DEAR):
        return found
    if found.seconds is None:
        found = _asked(path, found)
    if place is not None:
        _remember(place, found)
    return found


def _asked(path: Path, found: Header) -> Header:
    """What the decoders say of a file whose header is not read here."""
    from anim_compiler.media import sound_header

    told = sound_header(path, found.kind)
    if told is None or not told[0] or not told[1]:
        raise unreadable(path.name)
    rate, channels, seconds = told
    guard(path.name, rate, channels, seconds or 0)
    return Header(found.kind, rate, channels, seconds)


def _remembered(place: Path | None) -> Header | None:
    """The header that was kept there; None if none was, or it is damaged."""
    try:
        if place is None or not place.is_file() or place.stat().st_size > _MOST_BYTES:
            return None
        kind, rate, channels, seconds, claimed, skip = json.loads(place.read_bytes())
        found = Header(
            str(kind),
            int(rate),
            int(channels),
            None if seconds is None else exact_seconds(seconds),
            None if claimed is None else exact_seconds(claimed),
            int(skip),
        )
        guard(place.name, found.rate, found.channels, found.seconds or 0)
    except (OSError, ValueError, TypeError, ZeroDivisionError, RecursionError, AudioError):
        return None
    return found


def _remember(place: Path, found: Header) -> None:
    from anim_compiler.sound.keeping import keep

    told = [None if value is None else str(value) for value in (found.seconds, found.claimed)]
    row = [found.kind, found.rate, found.channels, *told, found.skip]
    keep(place, json.dumps(row).encode())
