"""Lines a second of the parser against plain Lark: `python -m bench.parse [--lines 10000]`.

Both read the same generated film in one run and must build the same tree, positions included; Lark uses the
same grammar file with a contextual lexer and `propagate_positions`. Lark's time is for its own tree, ours for
everything that `parse` does: slips looked for, texts and their inserts read, nodes built. Then one block is
edited and only that is parsed again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from anim_dsl.incremental import Parsed
from anim_dsl.parse import parse
from anim_dsl.source import Source
from bench import lark_film
from bench.films import film

WANTED = 2.0
"""So many times Lark's lines a second."""

WANTED_EDIT = 100.0
"""So many times less for an edit in one block than for the file."""


def seconds(work: Callable[[], object], rounds: int) -> float:
    """The least CPU time of several rounds."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def compare(text: str, rounds: int) -> tuple[float, float]:
    """Seconds of Lark and of ours. Exits if the trees differ."""
    source = Source("bench.anim", text)
    lark = lark_film.make()
    document, found = parse(source)
    if found:
        sys.exit(f"the film does not parse: {found[0].message}")
    if lark_film.nodes(lark.parse(text), source) != document.statements:
        sys.exit("Lark and anim built different trees")
    return seconds(lambda: lark.parse(text), rounds), seconds(lambda: parse(Source("b", text)), rounds)


def edit(text: str, rounds: int) -> tuple[float, float]:
    """Seconds to follow an edit in a block in the middle: parsing alone, and with the moved tree built.

    Exits if the result is not a fresh parse's.
    """
    at = text.index("steps = ", len(text) // 2) + len("steps = ")
    plain, edited = Source("bench.anim", text), Source("bench.anim", f"{text[:at]}1{text[at:]}")
    before = Parsed.of(plain)
    after = before.edited(edited)
    if (after.document, after.diagnostics) != parse(edited):
        sys.exit("an edit gave another tree than a fresh parse")
    parsing = seconds(lambda: before.edited(edited), rounds * 4)
    return parsing, seconds(lambda: before.edited(edited).document, rounds)


def main() -> int:
    """Measures once; exit code 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    text = film(chosen.lines)
    lines = text.count("\n")
    lark, ours = compare(text, chosen.rounds)
    edited, moved = edit(text, chosen.rounds)
    print(f"{lines} lines, {len(text) / 1024:.0f} KiB; both trees are equal, positions included")
    print(f"  {'Lark, contextual, propagate_positions':<40} {lark:8.3f} s {lines / lark:10,.0f} lines/s")
    print(f"  {'anim':<40} {ours:8.3f} s {lines / ours:10,.0f} lines/s")
    print(f"  {'anim, after an edit in one block':<40} {edited:8.4f} s")
    print(f"  {'  and the whole tree behind it moved':<40} {moved:8.4f} s")
    print(f"{lark / ours:.2f} times Lark's lines a second (wanted: {WANTED:g})")
    print(f"an edit takes {ours / edited:.0f} times less than the file (wanted: {WANTED_EDIT:g})")
    return 0 if lark / ours >= WANTED and ours / edited >= WANTED_EDIT else 1


if __name__ == "__main__":
    sys.exit(main())
