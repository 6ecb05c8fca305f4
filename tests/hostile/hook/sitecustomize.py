"""Put on a child's PYTHONPATH: writes down what the process does that a check of a film never needs.

The rules come as `ANIM_HOSTILE_RULES`, a JSON object: `log` is the file that takes one line a deed, `write`
the folders that may be written to, `hidden` the folder beneath which nothing may be read but `read`.
"""

from __future__ import annotations

import json
import os
import sys

_RULES = json.loads(os.environ["ANIM_HOSTILE_RULES"])
_LOG = os.open(_RULES["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
_DEEDS = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.system",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
)
_CHANGES = (
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _note(what: str) -> None:
    os.write(_LOG, what.encode("utf-8", "backslashreplace") + b"\n")


def _beneath(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(folder + os.sep) for folder in folders)


def _opened(path: object, mode: object, flags: object) -> None:
    if isinstance(path, int) or path is None:
        return
    name = os.path.realpath(os.fsdecode(path))  # type: ignore[arg-type]
    writing = (isinstance(mode, str) and any(c in mode for c in "wax+")) or (
        isinstance(flags, int) and bool(flags & _WRITING)
    )
    if writing and name != os.devnull and not _beneath(name, _RULES["write"]):
        _note(f"writes {name}")
    if _beneath(name, [_RULES["hidden"]]) and not _beneath(name, _RULES["read"] + _RULES["write"]):
        _note(f"reads {name}")
    if name in ("/etc/passwd", "/etc/shadow") or name.endswith("/environ"):
        _note(f"reads {name}")


def _audit(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open":
        _opened(arguments[0], arguments[1], arguments[2])
    elif event.startswith(_DEEDS):
        _note(event)
    elif event.startswith(_CHANGES):
        path = os.path.realpath(os.fsdecode(arguments[0]))  # type: ignore[arg-type]
        if not _beneath(path, _RULES["write"]):
            _note(f"{event} {path}")


sys.addaudithook(_audit)
