"""Processes that `bench.audio` starts: `python -m bench.audio_child anim|librosa TRACK`.

Each hears one track from nothing and prints its processor seconds and its largest memory as JSON.
"""

from __future__ import annotations

import json
import re
import resource
import sys
from pathlib import Path


def heard(track: Path) -> None:
    """Every standard feature with anim, nothing kept."""
    from anim_compiler.audio.analyse import hear

    hear(track, sha256="0" * 64, cache=None)


def called(track: Path) -> None:
    """The same features with librosa's functions."""
    from bench.audio_peer import calls, loaded

    samples = loaded(track)
    for call in calls(512).values():
        call(samples)


def largest_mb(told: int) -> float:
    """The most memory of this process; `told`, on Linux, also counts that of the one that started it."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        return int(found[1]) / 1024 if found is not None else told / 1024
    return told / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    """Runs one of them."""
    {"anim": heard, "librosa": called}[sys.argv[1]](Path(sys.argv[2]))
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = {
        "cpu_s": used.ru_utime + used.ru_stime,
        "rss_mb": largest_mb(used.ru_maxrss),
        "modules": sorted({"librosa", "numba", "torch", "sklearn"} & sys.modules.keys()),
    }
    print(json.dumps(spent))


if __name__ == "__main__":
    main()
