"""What is known of a fetched model, kept beside it, so that the index can be made again from the disk.

`FILE.anim.json` lies only beside what anim fetched itself: folders of other programs are not written to.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from anim_compiler.models.facts import ModelFacts
from anim_compiler.whole_file import write_whole
from anim_runtime.models.entry import Entry

SUFFIX: Final = ".anim.json"

_MOST_BYTES: Final = 1 << 18
_OWN: Final = ("also", "source", "revision", "category", "notes", "is_nsfw", "added", "quick")
_FACTS: Final = tuple(field.name for field in fields(ModelFacts) if field.name != "told_by")


def sidecar(path: Path) -> Path:
    """Where it lies for a model at a path."""
    return path.with_name(f"{path.name}{SUFFIX}")


def write_sidecar(entry: Entry) -> None:
    """Writes what is known of a fetched model beside it. Raises OSError."""
    if not entry.is_own:
        return
    told = {name: getattr(entry.facts, name) for name in _FACTS} | {
        name: getattr(entry, name) for name in _OWN
    }
    write_whole(sidecar(entry.path), json.dumps(told, indent=1).encode() + b"\n")


def read_sidecar(entry: Entry) -> Entry:
    """The entry with what lies beside its model; as it is if nothing does, or it is of another content."""
    path = sidecar(entry.path)
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return entry
        told: dict[str, Any] = json.loads(path.read_bytes())
        if told["quick"] != entry.quick:
            return entry
        facts = replace(
            entry.facts, **{name: _like(getattr(entry.facts, name), told[name]) for name in _FACTS}
        )
        own = {name: _like(getattr(entry, name), told[name]) for name in _OWN}
        return replace(entry, facts=facts, is_own=True, **own)
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return entry


def _like(before: object, told: object) -> Any:  # Any: a field of the dataclass it came from
    """A value as it was written, of the kind that the field has. Raises TypeError for any other."""
    if isinstance(before, tuple):
        if not isinstance(told, list) or not all(isinstance(word, str) for word in told):
            raise TypeError("no list of texts")
        return tuple(told)
    if before is None or (told is None and isinstance(before, int)):
        if told is not None and type(told) is not int:
            raise TypeError("no number")
        return told
    if isinstance(before, float) and type(told) in (int, float):
        return float(told)  # type: ignore[arg-type]  # it is a number
    if type(told) is not type(before):
        raise TypeError("another kind of value")
    return told
