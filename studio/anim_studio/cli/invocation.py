"""The command as the user wrote it: for messages that name it, and for what holds for every command."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from anim_studio.cli.exits import Exit, Stop

#: what every command takes, whichever it is
GLOBAL_HELP = "Everywhere: --colour auto|always|never, --untrusted (somebody else's project)\n"

_COLOURS = ("auto", "always", "never")


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command line. `words` are all of it, `own` those of its command without what holds for every one."""

    words: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    colour: str | None = None
    untrusted: bool = False

    @property
    def folder(self) -> Path:
        """Where the work is: the folder of the first film that is named, else the current one."""
        film = next((word for word in self.own[1:] if word.endswith(".anim")), "")
        try:
            return Path(film).absolute().parent if film else Path.cwd()
        except FileNotFoundError:
            # the current folder is gone: there is nothing to look into
            return Path()


_NOWHERE = Invocation()
_NOW: ContextVar[Invocation] = ContextVar("invocation", default=_NOWHERE)


def read_words(words: tuple[str, ...]) -> Invocation:
    """The words of a command line, taken apart. Raises `Stop` for a colour that is none."""
    own: list[str] = []
    colour: str | None = None
    untrusted = False
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if word == "--":
            own += (word, *rest)
        elif word == "--untrusted":
            untrusted = True
        elif name in ("--colour", "--color"):
            colour = value if equals else next(rest, "")
            if colour not in _COLOURS:
                raise Stop(Exit.USAGE, f"`{name}` is `{colour}`", f"it is one of {', '.join(_COLOURS)}")
        else:
            own.append(word)
    return Invocation(words, tuple(own), colour, untrusted)


def invocation() -> Invocation:
    """The command line that is being run; an empty one outside of any."""
    return _NOW.get()


@contextmanager
def invoked(now: Invocation) -> Iterator[None]:
    """Remembers the command line inside the block."""
    token = _NOW.set(now)
    try:
        yield
    finally:
        _NOW.reset(token)


def spelled() -> str:
    """`anim render film.anim --size 64x64`, quoted for a shell."""
    return shlex.join(("anim", *_NOW.get().words))
