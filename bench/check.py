"""What checking costs: `python -m bench.check [--lines 300] [--film FILM]`.

In a warm process a film of 300 lines is checked, and again after an edit in one block. Cold, the CPU time of
`anim check` is put beside that of bare `python -c pass`, with compiled modules cached as after an
installation, and the modules that it imports are listed by what they cost.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from anim_compiler.check import check
from anim_compiler.world import World
from anim_dsl.incremental import Parsed
from anim_dsl.source import Source
from bench.films import film
from bench.parse import seconds

WANTED_WARM, WANTED_EDIT, WANTED_COLD = 0.060, 0.015, 22.0
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s*(\S+)")
_SHOWN = 25


def warm(lines: int, folder: Path) -> tuple[float, float, float]:
    """Seconds to parse and check, to do so after an edit, and to parse alone after that edit."""
    text = film(lines)
    at = text.index("steps = ") + len("steps = ")
    source = Source("bench.anim", text)
    edited = Source("bench.anim", f"{text[:at]}1{text[at:]}")
    world = World(folder, folder)
    parsed = Parsed.of(source)
    whole = seconds(lambda: check(Parsed.of(source).document, world), 5)
    again = seconds(lambda: check(parsed.edited(edited).document, world), 5)
    return whole, again, seconds(lambda: parsed.edited(edited).document, 5)


def cpu(command: list[str], environment: dict[str, str], rounds: int = 5) -> float:
    """The least CPU seconds of a command among several rounds, after one that fills the caches."""
    best = float("inf")
    for number in range(rounds + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if number:
            spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            best = min(best, spent)
    return best


def cold(path: Path, caches: Path) -> tuple[float, float, list[tuple[int, str]]]:
    """CPU seconds of `anim check` and of bare Python, and the imports in microseconds, dearest first."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(caches)
    start = "import sys; from anim_studio.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "check", str(path)]
    checked = cpu(command, environment)
    bare = cpu([sys.executable, "-c", "pass"], environment)
    listing = subprocess.run(
        [sys.executable, "-X", "importtime", *command[1:]],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    ).stderr
    found = [(int(own), name) for own, _, name in _IMPORT.findall(listing)]
    return checked, bare, sorted(found, reverse=True)


def main() -> int:
    """Measures once; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--film", type=Path, default=Path("examples/postcard.anim"))
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="anim-bench-") as folder:
        whole, again, parsing = warm(chosen.lines, Path(folder))
        checked, bare, imports = cold(chosen.film, Path(folder))
    ratio = checked / bare
    print(f"a film of {chosen.lines} lines in a warm process")
    print(f"  parsed and checked              {whole * 1000:7.1f} ms (wanted: {WANTED_WARM * 1000:g})")
    print(f"  the same after an edit          {again * 1000:7.1f} ms (wanted: {WANTED_EDIT * 1000:g})")
    print(f"  of that the parser and its tree {parsing * 1000:7.1f} ms")
    print(f"`anim check {chosen.film}`: {checked * 1000:.1f} ms CPU, bare Python {bare * 1000:.1f} ms")
    print(f"  {ratio:.1f} times bare Python (wanted: {WANTED_COLD:g})")
    print(f"  {len(imports)} modules, {sum(own for own, _ in imports) / 1000:.0f} ms; the dearest:")
    for own, name in imports[:_SHOWN]:
        print(f"  {own / 1000:8.2f} ms  {name}")
    return 0 if whole <= WANTED_WARM and again <= WANTED_EDIT and ratio <= WANTED_COLD else 1


if __name__ == "__main__":
    sys.exit(main())
