"""Digests of rows that go on from each other's, against the same sums row by row."""

from __future__ import annotations

import random

import numpy as np
import pytest

from anim_compiler import row_bytes
from anim_compiler.chained_digests import Chained, Links, Rows, chained
from anim_compiler.recipe_rows import Group

ROWS = 60


def links(source: random.Random) -> Links:
    """Chains with breaks and jumps, and a first row for all; a leaf whose digests are given."""
    before = [row - 1 if source.random() < 0.7 else source.randint(-1, row - 1) for row in range(ROWS)]
    first = [source.randint(0, min(row, 20)) for row in range(ROWS)]
    beneath = [source.randint(-1, ROWS - 1) for _ in range(ROWS)]
    given = np.frombuffer(source.randbytes(16 * ROWS), dtype=np.uint8).reshape(ROWS, 16)
    rows = {"previous": before, "first": first, "beneath": beneath}
    return Links({leaf: np.array(way, dtype=np.int64) for leaf, way in rows.items()}, {"beneath": given})


def groups(source: random.Random, kinds: Rows) -> list[Group]:
    """Rows of three kinds, which read other leaves and are of other widths."""
    leaves = (("previous",), ("previous", "first", "beneath"), ("first",))
    made = []
    for kind, read in enumerate(leaves):
        rows = np.flatnonzero(kinds == kind)
        data = np.array([[source.randrange(3) for _ in range(8 + kind)] for _ in rows], dtype=np.uint8)
        made.append(Group(rows, data.reshape(len(rows), 8 + kind), read))
    return made


def edited(group: Group, source: random.Random) -> Group:
    """The same rows, of which a few say something else."""
    data = group.bytes.copy()
    data[source.sample(range(len(data)), 3), 0] += 1
    return Group(group.rows, data, group.leaves)


def plainly(found: list[Group], way: Links) -> dict[int, int]:
    """The digest of every row, one after the other, the two lanes of 64 bits each a number of its own."""
    by_row = {int(row): (group, i) for group in found for i, row in enumerate(group.rows)}
    lanes: dict[int, list[int]] = {}
    for row in range(ROWS):
        group, i = by_row[row]
        made = _split(row_bytes.digest(group.bytes[i].tobytes()))
        for leaf in group.leaves:
            there = int(way.rows[leaf][row])
            if there < 0 or there == row:
                continue
            other = _split(way.given[leaf][there].tobytes()) if leaf in way.given else lanes[there]
            odd = [number & ~7 | 5 for number in _split(row_bytes.digest(leaf.encode()))]
            made = [(a + b * c) % 2**64 for a, b, c in zip(made, odd, other, strict=True)]
        lanes[row] = made
    return {row: low | high << 64 for row, (low, high) in lanes.items()}


def _split(digest: bytes) -> list[int]:
    return [int.from_bytes(digest[:8], "little"), int.from_bytes(digest[8:], "little")]


def numbers(made: Chained) -> dict[int, int]:
    return {row: int.from_bytes(digest.tobytes(), "little") for row, digest in enumerate(made.digests)}


@pytest.mark.parametrize("seed", range(12))
def test_chains_are_the_sums_that_they_say(seed: int) -> None:
    """Also after an edit, when only what changed is digested again; and what did not change is kept."""
    source = random.Random(seed)
    kinds = np.array([source.choices(range(3), (6, 2, 1))[0] for _ in range(ROWS)])
    way, found, order = links(source), groups(source, kinds), np.arange(ROWS)
    start = np.zeros((ROWS, 16), dtype=np.uint8)
    made = chained(found, order, way, start)
    assert numbers(made) == plainly(found, way)
    assert chained(found, order, way, start, made) is made
    after = [edited(found[0], source), *found[1:]]
    again = chained(after, order, way, start, made)
    assert numbers(again) == plainly(after, way) != numbers(made)
    elsewhere = links(source)
    assert numbers(chained(after, order, elsewhere, start, again)) == plainly(after, elsewhere)


def test_the_order_of_what_a_chain_did_counts() -> None:
    rows = np.arange(2)
    way = Links({"previous": np.array([-1, 0])}, {})
    data = np.array([[1] * 8, [2] * 8], dtype=np.uint8)
    start = np.zeros((2, 16), dtype=np.uint8)
    one, other = (
        chained([Group(rows, d, ("previous",))], rows, way, start) for d in (data, data[::-1].copy())
    )
    assert numbers(one)[1] != numbers(other)[1]
