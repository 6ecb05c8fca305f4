"""The nearest known name, for "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

_LONGEST = 64


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that a slip of the fingers or of memory most likely meant, or None.

    Compared without case and underscores by restricted Damerau-Levenshtein distance; one edit is
    allowed per three letters, and one of the two being the beginning of the other counts as near.
    """
    if not name or len(name) > _LONGEST:
        return None
    return _nearest(name, frozenset(candidates))


# a slip stands in the text for a while as it is checked again with every character, and often many times
@lru_cache(maxsize=256)
def _nearest(name: str, candidates: frozenset[str]) -> str | None:
    wanted = _plain(name)
    best: tuple[int, int, str] | None = None
    for candidate in sorted(candidates):
        known = _plain(candidate)
        allowed = max(1, (max(len(wanted), len(known)) + 1) // 3)
        begins = known.startswith(wanted) or wanted.startswith(known)
        if abs(len(wanted) - len(known)) > allowed and not begins:
            continue
        cost = _distance(wanted, known)
        if len(wanted) >= 3 and begins and len(known) >= 3:
            cost = min(cost, 2)
        if len(wanted) == 1 or len(known) == 1:
            allowed = 0
        if cost <= allowed:
            # of two as near, the one that begins alike: people slip at the ends of words
            found = (cost, -_alike(wanted, known), candidate)
            best = found if best is None else min(best, found)
    return None if best is None else best[2]


def _alike(a: str, b: str) -> int:
    """How many first letters two names share."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def _plain(name: str) -> str:
    return name.lower().replace("_", "")


def _distance(a: str, b: str) -> int:
    """Optimal string alignment distance: insert, delete, replace, or swap two neighbours."""
    if abs(len(a) - len(b)) > 8:
        return 99
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]
