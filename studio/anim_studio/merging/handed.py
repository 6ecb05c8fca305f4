"""Which files are merged, and how conflicts are to be written: as a person says it, or as git does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from anim_dsl.merge import Marking, Style
from anim_studio.cli.exits import Exit, Stop
from anim_studio.diffing.git import ask

_MOST_BYTES = 16 << 20
_SIZES = range(1, 201)


@dataclass(frozen=True, slots=True)
class Handed:
    """Files that hold the three versions, and `path`, which messages name and which media count from."""

    base: Path
    ours: Path
    theirs: Path
    path: Path
    marking: Marking


def handed(words: Sequence[str], *, git: bool, style: str | None, marker_size: int) -> Handed:
    """What the arguments of the command say. Raises `Stop`."""
    if git:
        return _from_git(words, style, marker_size)
    if len(words) != 3:
        raise Stop(
            Exit.USAGE,
            f"three films are merged, not {len(words)}",
            "write `anim merge BASE OURS THEIRS`: the version that both began with, and the two changed ones",
        )
    base, ours, theirs = map(Path, words)
    labels = (str(ours), str(base), str(theirs))
    marking = Marking(Style(style or "merge"), _size(marker_size), *map(_label, labels))
    return Handed(base, ours, theirs, ours, marking)


def _from_git(words: Sequence[str], style: str | None, marker_size: int) -> Handed:
    """The placeholders of a merge driver: `%O %A %B %P`, then perhaps `%L`, then perhaps `%S %X %Y`."""
    if len(words) not in (4, 5, 8):
        line = "anim merge --git %O %A %B %P %L %S %X %Y"
        hint = f'write `git config merge.anim.driver "{line}"`, and let git call it'
        raise Stop(Exit.USAGE, "`--git` takes the files of a git merge driver", hint)
    base, ours, theirs, path = map(Path, words[:4])
    size = int(words[4]) if len(words) > 4 and words[4].isdecimal() else marker_size
    base_name, our_name, their_name = _names(words[5:])
    marking = Marking(Style(style or _configured()), _size(size), our_name, base_name, their_name)
    return Handed(base, ours, theirs, path, marking)


def _names(labels: Sequence[str]) -> Sequence[str]:
    """What git calls the base, ours and theirs; an older git hands placeholders that it does not know on."""
    names = ("base", "ours", "theirs")
    if not labels:
        return names
    known = zip(names, map(_label, labels), strict=True)
    return [name if label in ("", "%S", "%X", "%Y") else label for name, label in known]


def _configured() -> str:
    """git's own `merge.conflictStyle`."""
    code, out, _ = ask(Path(), "config", "--get", "merge.conflictstyle")
    said = out.decode("utf-8", "replace").strip().lower() if code == 0 else ""
    return said if said in set(Style) else "merge"


def _size(size: int) -> int:
    if size not in _SIZES:
        raise Stop(
            Exit.USAGE, f"markers of {size} characters cannot be written", "write a number from 1 to 200"
        )
    return size


def _label(name: str) -> str:
    return " ".join(name.split())


def read(path: Path) -> str:
    """A version's text, byte for byte; bytes that are no UTF-8 come out again as they went in."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Stop(Exit.LIMIT, f"`{path}` is larger than {_MOST_BYTES >> 20} MiB", "is it a film?")
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise Stop(Exit.USAGE, f"`{path}` cannot be read: {error.strerror}", "name a `.anim` file") from None
