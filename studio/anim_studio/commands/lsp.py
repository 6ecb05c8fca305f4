"""`anim lsp`: the language server, for editors."""

from __future__ import annotations

import gc
import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from anim_studio.cli.environment import Environment, read_environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.cli.options import Cache

if TYPE_CHECKING:
    from anim_studio.lsp.server import FilmServer

_LOG_BYTES = 1 << 20
_SWITCH_SECONDS = 0.001
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def lsp(
    *,
    stdio: bool = False,
    tcp: Annotated[int | None, Parameter(metavar="PORT")] = None,
    host: Annotated[str, Parameter(metavar="ADDRESS")] = "127.0.0.1",
    verbose: bool = False,
    cache: Cache = None,
) -> int:
    """Speak the Language Server Protocol with an editor, which shows what it says while you write.

    Parameters
    ----------
    stdio
        Speak on standard input and output, as it does unless told otherwise.
    tcp
        Wait for one editor on this port instead; 0 takes any that is free, and says which.
    host
        The address to wait on; only this machine can reach the usual one.
    verbose
        Log every message, to find out why an editor and the server misunderstand each other.
    """
    _refuse(stdio, tcp)
    environment = read_environment(cache=cache)
    _log(environment, verbose=verbose)
    # a check and an answer share one core: what is sent must not wait long for the check
    sys.setswitchinterval(_SWITCH_SECONDS)
    gc.set_threshold(20_000, 20, 20)
    from anim_studio.lsp.connection import leave
    from anim_studio.lsp.server import FilmServer

    code = _serve(FilmServer(environment, Path.cwd(), _version()), tcp, host)
    logging.shutdown()
    leave(code)
    return code


def _refuse(stdio: bool, tcp: int | None) -> None:
    if stdio and tcp is not None:
        raise Stop(Exit.USAGE, "`--stdio` and `--tcp` are two ways to connect", "give one of them")
    if tcp is not None and not 0 <= tcp < 1 << 16:
        raise Stop(Exit.USAGE, f"`--tcp {tcp}` is no port", "a port is a number from 0 to 65535")


def _serve(server: FilmServer, tcp: int | None, host: str) -> int:
    from anim_studio.lsp.connection import over_stdio, over_tcp

    if tcp is None:
        if sys.stdin is not None and sys.stdin.isatty():
            _say("this speaks with an editor, not with people: see `docs/editors.md`; Ctrl-D ends it")
        return over_stdio(server)
    if host not in _LOOPBACK:
        _say(f"whoever reaches `{host}` can read the films of this machine")
    return over_tcp(server, host, tcp, _say)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _log(environment: Environment, *, verbose: bool) -> None:
    """Logs to the folder of logs, or to standard error where that cannot be written."""
    level = logging.DEBUG if verbose else logging.WARNING
    handler: logging.Handler
    try:
        environment.logs.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            environment.logs / "lsp.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def _version() -> str:
    from importlib.metadata import version

    return version("anim")
