"""What may stand behind `anim models`: its commands, names of the library, and files."""

from __future__ import annotations

from collections.abc import Iterator

from anim_studio.completing.line import Line
from anim_studio.completing.values import Candidate, files

#: commands that take models of the library
_OF_LIBRARY = frozenset({"info", "where", "note", "verify", "remove"})
_PICKLES = (".ckpt", ".pt", ".pth", ".bin")


def commands() -> Iterator[Candidate]:
    """The commands of `anim models`."""
    from anim_studio.commands.models.group import ROWS

    return (Candidate(row.name, row.help) for row in ROWS)


def of_place(line: Line) -> Iterator[Candidate]:
    """What may stand where no option of a command below `anim models` is being written."""
    match line.done[1]:
        case command if command in _OF_LIBRARY:
            yield from names()
            if command == "info":
                yield from files(line.current, (".safetensors",))
        case "add":
            yield from files(line.current, (".safetensors", *_PICKLES))
        case "convert":
            yield from files(line.current, _PICKLES)
        case "scan":
            yield from (one for one in files(line.current, ("/",)) if one.is_open)
        case "lock":
            yield from files(line.current, (".anim",))
        case "sync":
            yield from files(line.current, (".anim", ".lock"))
        case "login" | "logout":
            yield from (Candidate("civitai"), Candidate("hf"))
        case _:
            return


def names() -> Iterator[Candidate]:
    """What films call the models of the library, with their titles."""
    from anim_runtime.models.collection import Library
    from anim_studio.cli.environment import read_environment

    library = Library(read_environment().models)
    if not library.is_there:
        return
    try:
        for entry in library.index.entries():
            yield Candidate(entry.facts.reference or entry.name, f"{entry.facts.kind}, {entry.title}")
    finally:
        library.close()


def of_option(line: Line, option: str) -> Iterator[Candidate] | None:
    """The values of an option below `anim models` that no list of choices tells; None for others."""
    if line.command != "models":
        return None
    return {"--kind": kinds, "--family": families}.get(option, lambda: None)()


def kinds() -> Iterator[Candidate]:
    """What a model may be."""
    from typing import get_args

    from anim_compiler.models.facts import ModelKind

    return (Candidate(kind) for kind in get_args(ModelKind) if kind != "unknown")


def families() -> Iterator[Candidate]:
    """Which family a model may be of."""
    from anim_compiler.models.families import FAMILIES

    return (Candidate(family.name, family.title) for family in FAMILIES.values())
