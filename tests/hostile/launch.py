"""Runs one command with limits and writes down how it ended: `launch.py REPORT SECONDS COMMAND…`.

A process of its own, small, because the system counts the memory of the process that starts another
towards the started one.
"""

from __future__ import annotations

import json
import os
import resource
import sys


def launch(report: str, seconds: int, command: list[str]) -> None:
    """Starts the command, waits for it, and writes its status, processor time and largest memory as JSON."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    ended = {
        "code": os.waitstatus_to_exitcode(status),
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "rss_mb": usage.ru_maxrss / unit,
    }
    with open(report, "w", encoding="utf-8") as file:
        json.dump(ended, file)


if __name__ == "__main__":
    launch(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
