"""Everything that happens to a picture besides the model, against the plain way: `python -m bench.picture`.

Each line is one comparison in one run, taken in turns, on one thread: ours, the plain way, how many times as
fast, what is wanted. The peers are written as a user would: OpenCV, scikit-image, Pillow, torch eager. With
a GPU also the chain at 768×512, which may not wait for the device within a frame. Ends with 1 where a figure
is missed. `--only NAME` takes the lines with that word, `--size 512` one size; `--stream` also streams a
1080p video of 2,000 frames through and tells how much memory that took.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import cv2
import torch

from bench.picture_case import Case

MODULES = ("picture_warps", "picture_colour", "picture_chain", "picture_output")


def cpu_milliseconds(work: Callable[[], object]) -> tuple[float, object]:
    """The CPU time of one call, whatever thread it is spent on, and what was made."""
    started = time.process_time()
    made = work()
    return (time.process_time() - started) * 1e3, made


def compared(case: Case, rounds: int) -> bool:
    """Prints a line; whether ours is as much faster as wanted. AssertionError if the results differ."""
    told = case.check(case.ours(), case.peer()) if case.check is not None else ""
    ours: list[float] = []
    peer: list[float] = []
    for _ in range(rounds):
        ours.append(cpu_milliseconds(case.ours)[0])
        peer.append(cpu_milliseconds(case.peer)[0])
    # the least of each is disturbed least; the ratio of pairs shows how much the machine wavers
    least, plain = min(ours), min(peer)
    ratio = plain / least
    pairs = statistics.median(b / a for a, b in zip(ours, peer, strict=True))
    mark = "" if ratio >= case.wanted else "  MISSED"
    print(
        f"  {case.name:<48} {least:9.2f} {plain:9.2f}  {ratio:6.2f}x (pairs {pairs:5.2f}x)"
        f"  wanted {case.wanted:g}x{mark}  {told}"
    )
    return ratio >= case.wanted


def chosen(side: int, only: str) -> Iterator[Case]:
    """The cases of a size whose names hold a word."""
    for name in MODULES:
        module = importlib.import_module(f"bench.{name}")
        yield from (case for case in module.cases(side) if only in case.name)


def main() -> int:
    """Compares; exit code 1 if a figure is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default="")
    parser.add_argument("--stream", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    # memory of this size given back once makes glibc keep smaller pieces, as it does in a render with a model
    torch.zeros(1 << 22)
    met = []
    for side in options.size or (512, 1024):
        print(f"{side}x{side}, CPU ms: ours, plain way, how many times as fast")
        with torch.inference_mode():
            met += [compared(case, options.rounds) for case in chosen(side, options.only)]
    if torch.cuda.is_available():
        from bench.picture_device import chain

        met.append(chain())
    if options.stream:
        from bench.picture_stream import stream

        met.append(stream())
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
