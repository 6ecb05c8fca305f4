"""Two lists side by side: what is in both, what changed, what is new and what is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

Item = TypeVar("Item")
Pairs: TypeAlias = tuple[tuple[int | None, int | None], ...]
"""Places in the one list and the other; None where it has nothing."""

LEAST = 0.25
"""Two things less alike than this are not one thing that changed."""


def aligned(
    a: Sequence[Item],
    b: Sequence[Item],
    same: Callable[[Item, Item], bool],
    likeness: Callable[[Item, Item], float],
) -> Pairs:
    """Equal things first, in order and then across the order; the rest by likeness (0..1), in order.

    Pairs stand in the order of b, with what is gone where it stood.
    """
    found = dict(_longest(a, b, same))
    _crossed(a, b, same, found)
    _rest(a, b, likeness, found)
    taken = {j: i for i, j in found.items()}
    gone = [i for i in range(len(a)) if i not in found]
    pairs: list[tuple[int | None, int | None]] = []
    for j in range(len(b)):
        i = taken.get(j)
        while gone and i is not None and gone[0] < i:
            pairs.append((gone.pop(0), None))
        pairs.append((i, j))
    return (*pairs, *((i, None) for i in gone))


def in_order(pairs: Sequence[tuple[int, int]]) -> frozenset[int]:
    """The places in b whose things stand, among each other, as they did in a: the most that do."""
    best: list[tuple[int, ...]] = []
    for n, (i, j) in enumerate(pairs):
        before = [best[m] for m in range(n) if pairs[m][0] < i]
        best.append((*_most(before), j))
    return frozenset(_most(best))


def _most(rows: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """The longest row, the first of several."""
    return max(rows, key=lambda row: len(row), default=())


def _longest(
    a: Sequence[Item], b: Sequence[Item], same: Callable[[Item, Item], bool]
) -> list[tuple[int, int]]:
    """The longest common subsequence."""
    length = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            length[i][j] = (
                length[i + 1][j + 1] + 1 if same(a[i], b[j]) else max(length[i + 1][j], length[i][j + 1])
            )
    i = j = 0
    rows: list[tuple[int, int]] = []
    while i < len(a) and j < len(b):
        if same(a[i], b[j]):
            rows.append((i, j))
            i, j = i + 1, j + 1
        elif length[i + 1][j] >= length[i][j + 1]:
            i += 1
        else:
            j += 1
    return rows


def _crossed(
    a: Sequence[Item], b: Sequence[Item], same: Callable[[Item, Item], bool], found: dict[int, int]
) -> None:
    """Equal things that changed places."""
    taken = set(found.values())
    for i in range(len(a)):
        if i in found:
            continue
        for j in range(len(b)):
            if j not in taken and same(a[i], b[j]):
                found[i] = j
                taken.add(j)
                break


def _rest(
    a: Sequence[Item], b: Sequence[Item], likeness: Callable[[Item, Item], float], found: dict[int, int]
) -> None:
    """What is alike enough among the rest, the likest first, never across another such pair."""
    left = [i for i in range(len(a)) if i not in found]
    right = [j for j in range(len(b)) if j not in set(found.values())]
    scored = sorted(
        ((-likeness(a[i], b[j]), x, y) for x, i in enumerate(left) for y, j in enumerate(right)),
    )
    chosen: list[tuple[int, int]] = []
    for score, x, y in scored:
        if -score < LEAST or any(x == u or y == v or (x < u) != (y < v) for u, v in chosen):
            continue
        chosen.append((x, y))
    found.update({left[x]: right[y] for x, y in chosen})
