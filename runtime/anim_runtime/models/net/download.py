"""A file from the network, whole or not at all; a stopped download goes on where it stood."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from anim_runtime.locks import RunLock
from anim_runtime.models.net.client import Client
from anim_runtime.models.net.order import Got, Order
from anim_runtime.models.net.part import Part
from anim_runtime.models.net.problems import NetProblem
from anim_runtime.models.net.room import free_of
from anim_runtime.models.net.transfer import Transfer


def download(client: Client, order: Order, *, free: Callable[[Path], int] | None = None) -> Got:
    """Fetches a file to its place; one that is there with the right digest stays. `free` tells how many bytes
    the disk of a folder has left.

    Raises `NetProblem`. After it, or after a Ctrl-C or a kill, the same call goes on where this one stood.
    """
    here = _here(order)
    if here is not None:
        return here
    part = Part(order.target)
    try:
        order.target.parent.mkdir(parents=True, exist_ok=True)
        with RunLock(part.lock) as lock:
            other = lock.acquire()
            if other is not None:
                by = f"process {other.pid}" if other.pid else "another process"
                raise NetProblem("busy", f"{by} is fetching `{order.name}` already", "wait until it is done")
            try:
                # it may have come while the lock was somebody else's
                return _here(order) or Transfer(client, order, part, free or free_of).run()
            finally:
                if not part.path.exists():
                    # nothing is left that another process could spoil
                    with suppress(OSError):
                        part.lock.unlink()
    except OSError as error:
        raise _of_disk(error, order) from None


def _here(order: Order) -> Got | None:
    """The file if it is there and is known to be the right one."""
    from anim_runtime.models.library import file_sha256

    if not order.sha256 or not order.target.is_file():
        return None
    size = order.target.stat().st_size
    if (order.size is not None and size != order.size) or file_sha256(order.target) != order.sha256:
        return None
    return Got(order.target, order.sha256, size, was_here=True)


def _of_disk(error: OSError, order: Order) -> NetProblem:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = "make room, then run the same command: it goes on from there"
        return NetProblem("disk", f"the disk is full, before `{order.name}` was whole", hint)
    reason = (error.strerror or type(error).__name__).lower()
    return NetProblem(
        "disk", f"`{order.name}` cannot be written: {reason}", "the library's folder must be yours"
    )
