"""The digests of rows that go on from each other's.

A row is digested from its own bytes (blake2b) and from the digests of the rows that it goes on from. These
are added, each times an odd number of its leaf, as two lanes of 64 bits: d = h + Σ cₗ·dₗ, modulo 2⁶⁴. Since h
is as good as random, so is every such sum, whatever the order, and two different ones are equal with the
chance of less than 2⁻¹⁰⁰. What it buys: h needs no other row, so only the rows whose own bytes change are
digested again, and a chain d[i] = h[i] + c·d[i-1] is one prefix sum: d[i] = cⁱ · Σ h[k]·c⁻ᵏ over k ≤ i.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler import row_bytes
from anim_compiler.recipe_rows import LEAVES, Group
from anim_compiler.row_bytes import Bytes

Rows: TypeAlias = NDArray[np.int64]

Lanes: TypeAlias = NDArray[np.uint64]
"""Digests as numbers: uint64 `[rows, 2]`."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where rows find what their leaves stand for.

    `rows` is by leaf the row that each row goes on from, int64 `[rows]`, -1 for none; other leaves are not
    digested. `given` are the digests that a leaf finds there, uint8 `[rows, 16]`; if they are not given they
    are those that are being made.
    """

    rows: Mapping[str, Rows]
    given: Mapping[str, Bytes]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that can be worked out at once, by their places in the order: what they need lies before `begin`,
    save the row right before each, where `chain` holds.

    `reads` are the leaves with the places that read them, counted from `begin`, and those they go on from.
    """

    begin: int
    end: int
    reads: tuple[tuple[str, Rows, Rows], ...]
    chain: NDArray[np.bool_]


Ways: TypeAlias = tuple[Stretch, ...]
"""How rows go on from the digests that are being made."""


@dataclass(frozen=True, slots=True)
class Chained:
    """What rows were digested from, the digests of each group's own bytes, and those of all rows: uint8
    `[rows, 16]` each.
    """

    groups: Sequence[Group]
    order: Rows
    links: Links
    bodies: Sequence[Bytes]
    ways: Ways
    digests: Bytes


def chained(
    groups: Sequence[Group], order: Rows, links: Links, start: Bytes, old: Chained | None = None
) -> Chained:
    """The digests of the rows in `order`, in which each comes after those it goes on from; the others are
    those of `start`. `old` is an earlier result, of which the rows are taken whose own bytes did not change.
    """
    if old is not None and _is_as_it_was(groups, order, links, old):
        return old
    before = () if old is None else zip(old.groups, old.bodies, strict=True)
    known = {_key(group): (group, body) for group, body in before}
    bodies = [_bodies(group, known.get(_key(group))) for group in groups]
    lanes = np.zeros((len(start), 2), dtype=np.uint64)
    for group, body in zip(groups, bodies, strict=True):
        lanes[group.rows] = _lanes(body)
    for leaf, rows, sources in _reads(groups, links):
        if leaf in links.given:
            lanes[rows] += _factor(leaf) * _lanes(links.given[leaf][sources])
    ways = old.ways if old is not None and _goes_as_it_did(groups, order, links, old) else None
    ways = ways or _ways(groups, order, links, len(start))
    made = start.copy()
    made[order] = _linked(lanes[order], ways).astype("<u8").view(np.uint8)
    return Chained(groups, order, links, bodies, ways, made)


def _is_as_it_was(groups: Sequence[Group], order: Rows, links: Links, old: Chained) -> bool:
    """Whether everything is the same objects as in an earlier result."""
    if len(groups) != len(old.groups) or any(a is not b for a, b in zip(groups, old.groups, strict=True)):
        return False
    ways = ((links.rows, old.links.rows), (links.given, old.links.given))
    same = all(a.keys() == b.keys() and all(a[leaf] is b[leaf] for leaf in a) for a, b in ways)
    return same and (order is old.order or np.array_equal(order, old.order))


def _key(group: Group) -> tuple[bytes, tuple[int, ...]]:
    return (group.rows.tobytes(), group.bytes.shape)


def _bodies(group: Group, old: tuple[Group, Bytes] | None) -> Bytes:
    """The digests of a group's own bytes: uint8 `[rows, 16]`."""
    if old is None:
        return row_bytes.digests(group.bytes)
    before, bodies = old
    if before is group:
        return bodies
    changed = np.flatnonzero(row_bytes.differ(group.bytes, before.bytes))
    if len(changed) == len(bodies):
        return row_bytes.digests(group.bytes)
    made = bodies.copy()
    made[changed] = row_bytes.digests(group.bytes[changed])
    return made


def _lanes(digests: Bytes) -> Lanes:
    return np.ascontiguousarray(digests).view("<u8").astype(np.uint64)


# --- what rows go on from ---


def _goes_as_it_did(groups: Sequence[Group], order: Rows, links: Links, old: Chained) -> bool:
    """Whether the rows go on from the same ones as in an earlier result."""
    before, after = links.rows, old.links.rows
    return (
        (order is old.order or np.array_equal(order, old.order))
        and len(groups) == len(old.groups)
        and all(
            a.leaves == b.leaves and np.array_equal(a.rows, b.rows)
            for a, b in zip(groups, old.groups, strict=True)
        )
        and links.given.keys() == old.links.given.keys()
        and before.keys() == after.keys()
        and all(before[leaf] is after[leaf] for leaf in before)
    )


def _ways(groups: Sequence[Group], order: Rows, links: Links, rows: int) -> Ways:
    """How the rows in `order` go on from each other."""
    place = np.full(rows, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    chain = np.zeros(len(order), dtype=bool)
    # the last place in the order that a row needs besides the row right before it
    needs = np.full(len(order), -1, dtype=np.int64)
    reads: list[tuple[str, Rows, Rows]] = []
    for leaf, own, sources in _reads(groups, links):
        if leaf in links.given:
            continue
        # what is not in the order is made of nothing, and adds nothing
        made = place[sources] >= 0
        at, there = place[own[made]], place[sources[made]]
        goes_on = (there == at - 1) & (leaf == _CHAIN)
        chain[at[goes_on]] = True
        at, there = at[~goes_on], there[~goes_on]
        needs[at] = np.maximum(needs[at], there)
        reads.append((leaf, at, there))
    return tuple(_stretch(begin, end, reads, chain) for begin, end in _stretches(needs))


def _stretch(
    begin: int, end: int, reads: Sequence[tuple[str, Rows, Rows]], chain: NDArray[np.bool_]
) -> Stretch:
    found = []
    for leaf, at, there in reads:
        here = (at >= begin) & (at < end)
        if here.any():
            found.append((leaf, at[here] - begin, there[here]))
    goes_on = chain[begin:end].copy()
    if goes_on[0]:
        # the row before stands in another stretch, which is done
        found.append((_CHAIN, np.array([0]), np.array([begin - 1])))
        goes_on[0] = False
    return Stretch(begin, end, tuple(found), goes_on)


def _linked(ordered: Lanes, ways: Ways) -> Lanes:
    """The digests of rows in order, of which `ordered` are the own bytes'."""
    for stretch in ways:
        own = ordered[stretch.begin : stretch.end]
        for leaf, at, there in stretch.reads:
            own[at] += _factor(leaf) * ordered[there]
        if stretch.chain.any():
            own[:] = _summed(own, stretch.chain)
    return ordered


def _reads(groups: Sequence[Group], links: Links) -> Iterator[tuple[str, Rows, Rows]]:
    """The leaves of groups with the rows that read them, and the other rows that those go on from."""
    for group in groups:
        for leaf in group.leaves:
            if leaf in links.rows:
                sources = links.rows[leaf][group.rows]
                there = (sources >= 0) & (sources != group.rows)
                yield leaf, group.rows[there], sources[there]


def _stretches(needs: Rows) -> Iterator[tuple[int, int]]:
    """The order in stretches that can be worked out at once: what they need lies before them."""
    begin = 0
    while begin < len(needs):
        inside = needs[begin:] >= begin
        end = begin + int(np.argmax(inside)) if inside.any() else len(needs)
        assert end > begin, "a row goes on from one behind it"
        yield begin, end
        begin = end


def _summed(own: Lanes, chain: NDArray[np.bool_]) -> Lanes:
    """The digests of rows that go on from the one right before them where `chain` holds."""
    up, down = _powers(len(own))
    sums = np.concatenate([np.zeros((1, 2), dtype=np.uint64), np.cumsum(own * down, axis=0)])
    # where each row's chain begins
    first = np.maximum.accumulate(np.where(chain, 0, np.arange(len(own))))
    return np.asarray((sums[1:] - sums[first]) * up)


_CHAIN = "previous"
"""The leaf that long chains are made of."""


@lru_cache(maxsize=len(LEAVES))
def _factor(leaf: str) -> Lanes:
    """The odd numbers that a leaf's digests are taken by: uint64 `[2]`. They are 5 modulo 8, so that their
    powers come back as late as any (Knuth, *The Art of Computer Programming*, vol. 2, 3.2.1.2).
    """
    numbers = np.frombuffer(row_bytes.digest(leaf.encode()), dtype="<u8").astype(np.uint64)
    return np.asarray((numbers & ~np.uint64(7)) | np.uint64(5))


@lru_cache(maxsize=8)
def _powers(count: int) -> tuple[Lanes, Lanes]:
    """The powers of the chain's numbers from 0 on, and those of their inverses: uint64 `[count, 2]`."""
    up = _factor(_CHAIN)
    down = np.array([pow(int(number), -1, 2**64) for number in up], dtype=np.uint64)
    return _raised(up, count), _raised(down, count)


def _raised(numbers: Lanes, count: int) -> Lanes:
    steps = np.tile(numbers, (count, 1))
    steps[0] = 1
    return np.asarray(np.cumprod(steps, axis=0))
