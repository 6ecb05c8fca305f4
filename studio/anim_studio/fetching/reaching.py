"""The sites, as this user's settings allow them; and their problems as the ends of commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from anim_studio.cli.environment import Environment
from anim_studio.cli.exits import Exit, Stop
from anim_studio.fetching.tokens import tokens

if TYPE_CHECKING:
    from anim_runtime.models.net.events import Tell
    from anim_runtime.models.net.problems import NetProblem
    from anim_runtime.models.sources.fetch import Sources

#: which of several weights are taken: half as large, and as good to look at
VARIANT = "fp16"

_CODES = {"usage": Exit.USAGE, "limit": Exit.LIMIT, "disk": Exit.DISK_FULL, "busy": Exit.BUSY}


@contextmanager
def reached(environment: Environment, tell: Tell | None = None, variant: str = VARIANT) -> Iterator[Sources]:
    """The sites, until the block ends; a problem of the network in it ends the command. Raises `Stop`."""
    from anim_runtime.models.net.events import untold
    from anim_runtime.models.net.network import CIVITAI, HUB, Network
    from anim_runtime.models.net.problems import NetProblem
    from anim_runtime.models.sources.fetch import Sources

    own = environment.settings.models
    network = Network(own.allowed, own.civitai or CIVITAI, own.hub or HUB, own.proxy or "")
    try:
        with Sources(network, tokens(), variant=variant, tell=tell or untold) as sources:
            yield sources
    except NetProblem as problem:
        raise stop_of(problem) from None


def stop_of(problem: NetProblem) -> Stop:
    """A problem of the network as the end of a command."""
    return Stop(_CODES.get(problem.trouble, Exit.MODEL_MISSING), problem.message, problem.hint)
