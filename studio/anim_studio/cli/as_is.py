"""A file on standard output."""

from __future__ import annotations

import sys

from anim_dsl.visible import escaped
from anim_studio.cli.terminal import Terminal


def write_as_is(data: bytes, terminal: Terminal) -> None:
    """The file byte for byte for a pipe; a terminal is shown nothing that moves its cursor."""
    if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        for line in data.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n").split("\n"):
            terminal.say(escaped(line))
        return
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
