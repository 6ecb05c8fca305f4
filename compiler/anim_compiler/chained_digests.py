"""The digests of rows that go on from each other's, worked out from the first row that is not as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.recipe_rows import Group
from anim_compiler.row_bytes import WIDTH, Bytes, joined

Rows: TypeAlias = NDArray[np.int64]


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
class Chained:
    """What rows were digested from, in the order of work, and their digests, uint8 `[rows, 16]`."""

    groups: Sequence[Group]
    order: Rows
    links: Links
    digests: Bytes


def chained(
    groups: Sequence[Group], order: Rows, links: Links, start: Bytes, old: Chained | None = None
) -> Chained:
    """The digests of the rows in `order`, in which each comes after those it goes on from; the others are
    those of `start`. `old` is an earlier result: what is as it was up to the first row that is not is taken
    from it.
    """
    same = 0 if old is None else _same(groups, order, links, old)
    made = start.copy()
    if old is not None:
        made[order[:same]] = old.digests[order[:same]]
    if same < len(order):
        known = _listed(made) if same else [b""] * len(made)
        found = _digested(known, groups, order[same:], links)
        made[order[same:]] = np.frombuffer(found, dtype=np.uint8).reshape(-1, WIDTH)
    return Chained(groups, order, links, made)


def _listed(digests: Bytes) -> list[bytes]:
    return _split(digests.tobytes(), WIDTH)


def _split(whole: bytes, width: int) -> list[bytes]:
    return [whole[at : at + width] for at in range(0, len(whole), width)]


def _digested(known: list[bytes], groups: Sequence[Group], order: Rows, links: Links) -> bytes:
    """The digests of the rows in `order`, one after the other; `known` are those of the others."""
    rows = len(known)
    known.append(b"")
    # the rows that each row goes on from; where it does from fewer, that of nothing
    most = max((len(_own(group, links)) for group in groups), default=0)
    sources = np.full((max(most, 2), rows), rows, dtype=np.int64)
    for group in groups:
        for number, leaf in enumerate(_own(group, links)):
            sources[number, group.rows] = links.rows[leaf][group.rows]
    first, second, *others = sources[:, order].tolist()
    numbers, bodies = order.tolist(), _bodies(groups, order, links)
    if others:
        assert len(others) == 1, "a carry goes on from the frame before, the one after and the scene's first"
        for row, body, one, two, three in zip(numbers, bodies, first, second, *others, strict=True):
            data = body + known[one] + known[two] + known[three]
            known[row] = blake2b(data, digest_size=WIDTH).digest()
    else:
        for row, body, one, two in zip(numbers, bodies, first, second, strict=True):
            known[row] = blake2b(body + known[one] + known[two], digest_size=WIDTH).digest()
    return b"".join([known[row] for row in numbers])


def _bodies(groups: Sequence[Group], order: Rows, links: Links) -> list[bytes]:
    """What is digested of every row of the order besides the digests that are being made."""
    bodies = [body for group in groups for body in _split(*_body(group, links))]
    rows = np.concatenate([group.rows for group in groups])
    place = np.zeros(int(rows.max()) + 1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    return [bodies[at] for at in place[order].tolist()]


def _own(group: Group, links: Links) -> list[str]:
    """The leaves of a group that stand for digests which are being made."""
    return [leaf for leaf in group.leaves if leaf in links.rows and leaf not in links.given]


def _body(group: Group, links: Links) -> tuple[bytes, int]:
    """What is digested of each row of a group besides those: the bytes of all rows, and how many of each."""
    given = [leaf for leaf in group.leaves if leaf in links.rows and leaf in links.given]
    parts = [group.bytes, *(links.given[leaf][links.rows[leaf][group.rows]] for leaf in given)]
    whole = joined(parts, len(group.rows)) if given else group.bytes
    return whole.tobytes(), whole.shape[1]


def _same(groups: Sequence[Group], order: Rows, links: Links, old: Chained) -> int:
    """How many rows of the order are as they were, from its first on."""
    if order is not old.order and not np.array_equal(order, old.order):
        return 0
    as_it_was = np.zeros(int(order.max(initial=-1)) + 1, dtype=bool)
    before = {_key(group): group for group in old.groups}
    for group in groups:
        there = before.get(_key(group))
        if there is None:
            continue
        holds = np.ones(len(group.rows), dtype=bool)
        if group is not there:
            holds = (group.bytes == there.bytes).all(axis=1)
        for leaf in (leaf for leaf in group.leaves if leaf in links.rows):
            source = links.rows[leaf][group.rows]
            if links.rows[leaf] is not old.links.rows[leaf]:
                holds &= source == old.links.rows[leaf][group.rows]
            if leaf in links.given and links.given[leaf] is not old.links.given[leaf]:
                holds &= (links.given[leaf][source] == old.links.given[leaf][source]).all(axis=1)
        as_it_was[group.rows] = holds
    in_order = as_it_was[order]
    return len(order) if in_order.all() else int(np.argmin(in_order))


def _key(group: Group) -> tuple[bytes, tuple[str, ...], tuple[int, ...]]:
    return (group.rows.tobytes(), group.leaves, group.bytes.shape)
