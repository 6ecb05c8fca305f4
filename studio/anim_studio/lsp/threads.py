"""Threads that know the command line which the server was started by, as `--untrusted` is part of it."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from threading import Thread


def thread(name: str, run: Callable[[], None], context: Context) -> Thread:
    """A thread in a context, which ends with the process."""
    return Thread(target=context.run, args=(run,), name=name, daemon=True)


def inherit(context: Context) -> None:
    """Takes over the context of another thread."""
    for variable, value in context.items():
        variable.set(value)
