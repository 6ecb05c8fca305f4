"""What may stand at the cursor of a command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from anim_studio.completing import models
from anim_studio.completing.line import Line
from anim_studio.completing.values import Candidate, files, of_option, of_place

if TYPE_CHECKING:
    from cyclopts import App
    from cyclopts.argument import Argument

_EVERYWHERE = {
    "--help": "how it is used",
    "--colour": "whether to write in colours",
    "--untrusted": "somebody else's project",
}


def candidates(line: Line) -> tuple[Candidate, ...]:
    """What begins like the word at the cursor, each once."""
    found: dict[str, Candidate] = {}
    for one in _all(line.without_globals()):
        if one.word.startswith(line.current):
            found.setdefault(one.word, one)
    return tuple(found.values())


def _all(line: Line) -> Iterator[Candidate]:
    from anim_studio.cli.app import COMMANDS, GROUPS, build_app

    if not line.command:
        if line.current.startswith("-"):
            yield from (Candidate(name, says) for name, says in _EVERYWHERE.items())
            yield Candidate("--version", "which anim this is")
        else:
            yield from (Candidate(row.name, row.help) for row in COMMANDS)
        return
    if line.command in ("--colour", "--color"):
        yield from _values(line, line.command, {})
    if all(row.name != line.command for row in COMMANDS):
        return
    app, command = build_app(), line.command
    if command in GROUPS:
        if len(line.done) == 1:
            yield from models.commands()
            return
        app, command = app[command], line.done[1]
        if command not in {one.word for one in models.commands()}:
            return
    arguments = _arguments(app, command)
    option, equals, written = line.current.partition("=")
    if equals and option.startswith("--"):
        for one in _values(Line(line.done, written), option, arguments):
            yield Candidate(f"{option}={one.word}", one.says, one.is_open)
    elif _wants_value(line.done[-1], arguments):
        yield from _values(line, line.done[-1], arguments)
    elif line.current.startswith("-"):
        yield from _options(arguments)
    else:
        yield from _positional(line, arguments)


def _arguments(app: App, command: str) -> dict[str, Argument]:
    """A command's options by their names, and what stands at a place by its number."""
    found: dict[str, Argument] = {}
    for argument in app[command].assemble_argument_collection():
        names = [name for name in argument.parameter.name or () if name.startswith("-")]
        found |= dict.fromkeys(names, argument)
        if argument.index is not None:
            found[str(argument.index)] = argument
    return found


def _wants_value(word: str, arguments: dict[str, Argument]) -> bool:
    if word in ("--colour", "--color"):
        return True
    argument = arguments.get(word)
    return argument is not None and word.startswith("-") and argument.hint is not bool


def _values(line: Line, option: str, arguments: dict[str, Argument]) -> Iterator[Candidate]:
    found = models.of_option(line, option) or of_option(line, option)
    if found is not None:
        yield from found
        return
    argument = arguments.get(option)
    if argument is None:
        return
    choices = argument.get_choices()
    if choices:
        yield from (Candidate(choice) for choice in choices)
    elif "Path" in str(argument.hint):
        yield from files(line.current)


def _options(arguments: dict[str, Argument]) -> Iterator[Candidate]:
    for name, argument in arguments.items():
        if name.startswith("-"):
            says = " ".join(str(argument.parameter.help or "").split())
            yield Candidate(name, says)
    yield from (Candidate(name, says) for name, says in _EVERYWHERE.items())


def _positional(line: Line, arguments: dict[str, Argument]) -> Iterator[Candidate]:
    first = arguments.get("0")
    choices = first.get_choices() if first is not None else None
    if choices:
        yield from (Candidate(choice) for choice in choices)
    elif line.command == "models":
        yield from models.of_place(line)
    else:
        yield from of_place(line)
