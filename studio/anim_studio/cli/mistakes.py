"""What is wrong with a command line, in our words instead of the option parser's."""

from __future__ import annotations

from typing import Literal, get_args, get_origin

from cyclopts import CoercionError, CycloptsError, MissingArgumentError, RepeatArgumentError
from cyclopts.exceptions import UnknownCommandError, UnknownOptionError, UnusedCliTokensError

from anim_dsl.nearest import nearest
from anim_studio.cli.exits import Exit, Stop

_KINDS = {int: "a whole number", float: "a number", bool: "a switch, which takes no value"}


def mistake(error: CycloptsError, command: str, commands: tuple[str, ...]) -> Stop:
    """How a command ends that is not written as it must be; `command` is empty where none is named."""
    usage = f"`anim {command} --help` shows how to use it" if command else "`anim --help` lists the commands"
    match error:
        case UnknownCommandError() | UnknownOptionError() if not command:
            wanted = (error.unused_tokens or error.root_input_tokens or [""])[0]
            if wanted.startswith("-"):
                return Stop(Exit.USAGE, f"there is no option `{wanted}` before a command", usage)
            near = nearest(wanted, commands)
            return Stop(
                Exit.USAGE, f"there is no command `{wanted}`", f"did you mean `{near}`?" if near else usage
            )
        case UnknownOptionError():
            return _option(error, usage)
        case CoercionError() if error.token is not None:
            return _value(error, usage)
        case MissingArgumentError() if error.keyword:
            return Stop(Exit.USAGE, f"`{error.keyword}` needs a value", usage)
        case MissingArgumentError() if error.argument is not None:
            return Stop(Exit.USAGE, f"`{command}` needs a {error.argument.name.lower()}", usage)
        case RepeatArgumentError():
            return Stop(Exit.USAGE, f"`{error.token.keyword}` is given twice", "leave one of them out")
        case UnusedCliTokensError():
            word = (error.unused_tokens or [""])[0]
            return Stop(Exit.USAGE, f"`{command}` does not take `{word}` as well", usage)
        case _:
            line = " ".join(str(error).split()).rstrip(".")
            return Stop(Exit.USAGE, line[:1].lower() + line[1:], usage)


def _option(error: UnknownOptionError, usage: str) -> Stop:
    wanted = (error.token.keyword or error.token.value).partition("=")[0]
    names = [name for one in error.argument_collection for name in one.names if name.startswith("--")]
    near = nearest(wanted, names) if wanted.startswith("--") else None
    return Stop(
        Exit.USAGE, f"there is no option `{wanted}` here", f"did you mean `{near}`?" if near else usage
    )


def _value(error: CoercionError, usage: str) -> Stop:
    """A value that an option cannot have, with what it can have."""
    token = error.token
    assert token is not None
    name = token.keyword
    wrong = f"`{name}` cannot be `{token.value}`" if name else f"`{token.value}` cannot stand here"
    choices = _choices(error)
    if choices:
        listed = ", ".join(f"`{choice}`" for choice in choices)
        return Stop(Exit.USAGE, wrong, f"it is one of {listed}")
    # our own converters say what is wrong, and behind a colon what to write
    message, _, advice = str(error.msg or "").partition(": ")
    if "`" in message:
        return Stop(Exit.USAGE, f"`{name}`: {message}", advice or usage)
    kind = next((kind for known, kind in _KINDS.items() if error.target_type is known), None)
    if kind is not None:
        return Stop(Exit.USAGE, f"{wrong}: it is {kind}", usage)
    return Stop(Exit.USAGE, wrong, usage)


def _choices(error: CoercionError) -> tuple[str, ...]:
    hint = error.target_type
    found = get_args(hint) if get_origin(hint) is Literal else ()
    if not found and error.argument is not None:
        found = error.argument.get_choices() or ()
    return tuple(map(str, found))
