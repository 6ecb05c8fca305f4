"""Writing a first film, with the files that it needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from anim_studio.cli.exits import Exit, Stop
from anim_studio.firsts.templates import Template, filled


@dataclass(frozen=True, slots=True)
class Written:
    """Files beside the film: those that were made, and those that were there already, which it uses."""

    made: tuple[Path, ...]
    kept: tuple[Path, ...]


def write_first(path: Path, template: Template) -> Written:
    """Writes a film that is not there yet, and its media. Raises `Stop` if it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write_new(path, filled(template, path.stem))
    made, kept = [], []
    for medium in template.media:
        file = path.parent / medium.file
        if file.exists():
            kept.append(file)
        else:
            medium.write(file)
            made.append(file)
    return Written(tuple(made), tuple(kept))


def _write_new(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise Stop(
            Exit.USAGE, f"`{path}` is there already, and is left as it is", "give the new film another name"
        ) from None
