"""Reads what is kept and finds what is not whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from anim_studio.caching.holding import Held, Kind

_TORN = "its checksum does not fit what it holds"
_FOREIGN = "another version of anim wrote it"


@dataclass(frozen=True, slots=True)
class Unsound:
    """A thing that cannot be used, and why.

    One that is `foreign` was written by another version of anim, which may still be in use: it is whole, as
    far as this one can tell. The others are made again when they are needed.
    """

    thing: Held
    why: str
    foreign: bool = False


def unsound(things: Iterable[Held]) -> Iterator[Unsound]:
    """Those that are not what was written. Their time of last use stays as it is."""
    for thing in things:
        # a temporary file may still be written
        check = None if thing.is_temporary else _CHECKS.get(thing.kind)
        if check is None:
            continue
        try:
            why = check(thing.path)
        except FileNotFoundError:
            continue
        except OSError as error:
            why = f"it cannot be read: {error.strerror or error}"
        if why:
            yield Unsound(thing, why, foreign=why is _FOREIGN)


def _frame(path: Path) -> str:
    from anim_runtime.store import STORE_VERSION, sound, version_of

    data = path.read_bytes()
    if sound(data):
        return ""
    version = version_of(data)
    return _TORN if version is None or version == STORE_VERSION else _FOREIGN


def _preview(path: Path) -> str:
    from anim_studio.live.paint.pictures import unpacked

    return "" if unpacked(path.read_bytes()) is not None else _TORN


def _audio(path: Path) -> str:
    if path.suffix == ".json":
        return _json(path)
    if path.suffix != ".curves":
        return _FOREIGN
    from anim_compiler.audio.packed import unpack

    try:
        unpack(path.read_bytes())
    except ValueError as error:
        return f"it is no analysis of a track: {error}"
    return ""


def _json(path: Path) -> str:
    import json

    try:
        json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return "it is cut short"
    return ""


def _text(path: Path) -> str:
    from anim_runtime.diffusion.encoding.shelf import sound

    return "" if sound(path.read_bytes()) else _TORN


def _run(path: Path) -> str:
    plan = path / "plan.json"
    return _json(plan) if plan.exists() else ""


_CHECKS: dict[Kind, Callable[[Path], str]] = {
    "frames": _frame,
    "previews": _preview,
    "audio": _audio,
    "texts": _text,
    "runs": _run,
}
