"""`anim check` in a child process with limits on what it takes and a watcher of what it does.

`run` starts the command as a user does; a `Warm` process forks it with its imports done, five times as fast.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.cases import Case
from tests.staging import staged

HERE = Path(__file__).parent
HOOK = HERE / "hook"
CPU_S = 2
WAIT_S = 30
"""A child that waits, for the network or a pipe, takes no processor time: it is given up after this."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: `code` is negative if a signal ended it, `deeds` what the watcher wrote down."""

    code: int
    out: str
    err: str
    rss_mb: float
    deeds: str

    @property
    def said(self) -> str:
        """Both streams."""
        return self.out + self.err


def lay_out(case: Case, root: Path) -> Path:
    """Writes the case's files and returns the film; all beside its folder is none of its business."""
    project = root / "project"
    project.mkdir()
    (project / "anim.toml").write_text("")
    (project / "song.ogg").write_bytes(staged()["song.ogg"])
    for name, content in case.files.items():
        if name.endswith("->"):
            (project / name.removesuffix("->")).symlink_to(str(content))
        else:
            (project / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    film = project / "film.anim"
    film.write_bytes(case.film if isinstance(case.film, bytes) else case.film.encode("utf-8"))
    return film


def run(film: Path, root: Path, *arguments: str) -> Ended:
    """Checks the film; `root` holds its folder, the cache and what is written down."""
    command = [sys.executable, "-m", "anim_studio", "check", film.name, *arguments]
    launcher = [sys.executable, "-I", "-S", str(HERE / "launch.py"), str(root / "usage.json"), str(CPU_S)]
    child = subprocess.Popen(
        [*launcher, *command],
        cwd=film.parent,
        env=_environment(film, root),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        out, err = child.communicate(timeout=WAIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()
        raise
    return _ended(json.loads((root / "usage.json").read_text(encoding="utf-8")), out, err, root)


class Warm:
    """A process that has imported the command and forks it for each film."""

    def __init__(self, folder: Path) -> None:
        film = folder / "plain.anim"
        film.write_text('length = 2s\nprompt { 0s: "a cat" }\n', encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, str(HERE / "warm.py"), str(film)],
            cwd=folder,
            env={**os.environ, "ANIM_CACHE": str(folder / "cache"), "NO_COLOR": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, film: Path, root: Path, command: str = "check") -> Ended:
        """As the function `run`."""
        out, err = root / "out", root / "err"
        order = {
            "words": [command, film.name],
            "folder": str(film.parent),
            "environment": _environment(film, root),
            "watcher": str(HOOK / "sitecustomize.py"),
            "out": str(out),
            "err": str(err),
            "cpu_s": CPU_S,
            "wait_s": WAIT_S,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        usage = json.loads(self._process.stdout.readline())
        assert not usage["is_late"], f"it still waits after {WAIT_S} s"
        return _ended(usage, out.read_bytes(), err.read_bytes(), root)

    def close(self) -> None:
        """Ends the process."""
        self._process.communicate("")


def _environment(film: Path, root: Path) -> dict[str, str]:
    """That of a child that checks the film, watched."""
    cache = root / "cache"
    cache.mkdir(exist_ok=True)
    rules: dict[str, str | list[str]] = {
        "log": str(root / "deeds.log"),
        "write": [str(cache)],
        "hidden": str(root),
        "read": [str(film.parent)],
    }
    return watched(rules) | {"ANIM_CACHE": str(cache), "NO_COLOR": "1"}


def _ended(usage: dict[str, float], out: bytes, err: bytes, root: Path) -> Ended:
    told, complained = (stream.decode("utf-8", "surrogateescape") for stream in (out, err))
    deeds = (root / "deeds.log").read_text(encoding="utf-8")
    return Ended(int(usage["code"]), told, complained, usage["rss_mb"], deeds)


def watched(rules: Mapping[str, str | list[str]]) -> dict[str, str]:
    """The environment of a child that is watched; folders in the rules are given as they are on the disk."""
    real = {
        name: [os.path.realpath(folder) for folder in value]
        if isinstance(value, list)
        else os.path.realpath(str(value))
        for name, value in rules.items()
    }
    path = os.pathsep.join(part for part in (str(HOOK), os.environ.get("PYTHONPATH", "")) if part)
    return {
        **os.environ,
        "ANIM_HOSTILE_RULES": json.dumps(real),
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
