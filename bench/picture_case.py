"""One comparison of `bench.picture`: ours against the plain way, on the same input."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """`ours` and `peer` do the same work; each call does it once and gives what it made.

    `wanted` is how many times as fast ours should be. `check` gives a sentence about how far apart the two
    results are, and raises AssertionError if they are too far apart.
    """

    name: str
    ours: Callable[[], object]
    peer: Callable[[], object]
    wanted: float
    check: Callable[[object, object], str] | None = None
