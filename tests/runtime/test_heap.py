"""Blocks that are let go of and taken again cost no new pages while frames are made."""

from __future__ import annotations

import platform
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from anim_runtime.heap import kept_heap

ROOT = Path(__file__).resolve().parents[2]

#: prints the page faults of 20 rounds of three blocks of 8 MB each, all let go of at a round's end
CHILD = """
import resource, sys
from contextlib import nullcontext
import torch
from anim_runtime.heap import kept_heap

def rounds(count):
    for _ in range(count):
        blocks = [torch.ones(2**21) for _ in range(3)]
        del blocks

with kept_heap() if sys.argv[1] == "kept" else nullcontext():
    rounds(3)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    rounds(20)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


def faults(how: str) -> int:
    """Page faults in a process of its own: the limits stay as they were set."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, how], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is told")
def test_blocks_are_taken_again_without_new_pages() -> None:
    # two rounds' worth at most, of twenty: the heap may still find its size
    assert faults("kept") < 2 * 3 * 2**21 * 4 // resource.getpagesize()


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str | None) -> None:
        raise AssertionError("the C library was asked for")

    monkeypatch.setattr("anim_runtime.heap.platform.libc_ver", lambda: ("", ""))
    monkeypatch.setattr("anim_runtime.heap.ctypes.CDLL", none)
    with kept_heap():
        pass
