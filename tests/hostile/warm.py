"""Runs `anim` again and again, each time in a fork of one process that has imported it: `warm.py FILM`.

Orders come as lines of JSON on the standard input; each is answered by a line that says how the fork ended. A
fork starts as a new process does (its folder, environment, streams, limits, watcher), but for the imports,
which would take most of the time of a hundred small films. FILM is checked once before, for what is imported
late.
"""

from __future__ import annotations

import gc
import importlib.util
import json
import os
import resource
import signal
import sys
import time
from typing import Any, NoReturn

_EACH_S = 0.005


def serve(film: str) -> None:
    """Answers orders until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    _streams(os.devnull, os.devnull)
    from anim_studio.cli import main

    main(["check", film])
    gc.freeze()  # what is not looked at by the collector is shared with the forks
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(order)
        answers.write(json.dumps(_ended(child, order["wait_s"])) + "\n")
        answers.flush()


def _ended(child: int, wait_s: float) -> dict[str, Any]:
    """Status, processor time and largest memory of a child; one that still waits after `wait_s` is killed."""
    given_up = time.monotonic() + wait_s
    is_late = False
    while True:
        done, status, usage = os.wait4(child, os.WNOHANG)
        if done:
            break
        if not is_late and time.monotonic() > given_up:
            is_late = True
            os.kill(child, signal.SIGKILL)
        time.sleep(_EACH_S)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return {
        "code": os.waitstatus_to_exitcode(status),
        "is_late": is_late,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "rss_mb": usage.ru_maxrss / unit,
    }


def _run(order: dict[str, Any]) -> NoReturn:
    """The order's command, in this fork, which ends with it."""
    code = 70  # EX_SOFTWARE, should the command raise
    try:
        from anim_studio.cli import main

        os.setsid()
        os.chdir(order["folder"])
        os.environ.clear()
        os.environ.update(order["environment"])
        _streams(order["out"], order["err"])
        limit = order["cpu_s"]
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 2))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _watch(order["watcher"])
        code = main(order["words"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _streams(out: str, err: str) -> None:
    for number, name in ((1, out), (2, err)):
        file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(file, number)
        os.close(file)


def _watch(path: str) -> None:
    spec = importlib.util.spec_from_file_location("watcher", path)
    assert spec is not None
    assert spec.loader is not None
    sys.modules["watcher"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules["watcher"])


if __name__ == "__main__":
    serve(sys.argv[1])
