"""What a result of a template comes to at each of its rows, as bytes to be digested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anim_compiler import row_bytes
from anim_compiler.drawing.drawn_rows import drawn
from anim_compiler.drawing.extras import MODEL
from anim_compiler.drawing.refs import Drawers
from anim_compiler.graph import Node, Rate
from anim_compiler.memo import Memo
from anim_compiler.numbered import Means, Numbered, Work, patterns
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.row_bytes import Bytes
from anim_compiler.row_facts import Rows, columns_of, written
from anim_compiler.told import Told

CARRY = "carry"
"""The leaf that stands for a frame's own carry in what is shown of it."""

BENEATH = "beneath"
"""The leaf that stands for the carry of the frame that a `reveal` shows."""

LEAVES = ("previous", "next", "first", "reveal", BENEATH, CARRY)
"""What goes on from the digest of a frame, in the order in which they are put together. `reveal` is what is
done to the carry of the frame beneath.
"""


@dataclass(frozen=True, slots=True)
class Common:
    """What a film's frames have in common: `media` is the digest of every picture by name, `drawers` are the
    models; `columns` are those that the graph reads.
    """

    width: int
    height: int
    drawers: Drawers
    media: Mapping[str, str]
    columns: Mapping[str, NDArray[Any]]
    told: Told
    memo: Memo


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows that are made by one template: each one's place in its scene, its second of the film, and whether
    a frame lies beneath.
    """

    rows: Rows
    places: Rows
    seconds: NDArray[np.float64]
    covers: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Group:
    """Some of a shift's rows, which differ in numbers only: uint8 `[rows, width]`; and what they read."""

    rows: Rows
    bytes: Bytes
    leaves: tuple[str, ...]

    @property
    def is_carry(self) -> bool:
        """Whether nothing is done: what comes out is the frame's own carry."""
        return self.bytes.size == 0


def grouped(result: Node, shift: Shift, common: Common, carry: Node | None = None) -> list[Group]:
    """The rows of a shift in groups, for what `result` is made from; `carry` is taken as given."""
    nodes = _needed(result, carry)
    read = [name for node in nodes if node is not carry for name in columns_of(node)]
    at = next((i for i, node in enumerate(nodes) if node is carry), -1)
    parts = (written(nodes), at, tuple(common.columns[name] for name in dict.fromkeys(read)))
    files = tuple(sorted(common.media.items())), common.drawers.told
    whole = (common.width, common.height, *files, common.told)
    return common.memo.recall(
        lambda: _grouped(nodes, shift, common, carry), "groups", *parts, *whole, shift.rows, shift.seconds
    )


def _grouped(nodes: list[Node], shift: Shift, common: Common, carry: Node | None) -> list[Group]:
    numbered = Numbered(shift.rows, common.columns, common.memo)
    for node in nodes:
        if node is carry:
            numbered.leaf(node, CARRY)
        else:
            numbered.add(node, _own(node, shift, common), common.media, shift.covers)
    found = patterns(list(numbered.means.values()), len(shift.rows))
    return [_group(places, numbered, numbered.means[id(nodes[-1])], common) for places in found]


def _needed(result: Node, given: Node | None) -> list[Node]:
    """The nodes that a result needs, inputs first, without those behind the given one."""
    done: dict[int, Node] = {}
    stack = [(result, False)]
    while stack:
        node, ready = stack.pop()
        if id(node) in done:
            continue
        if ready or node is given:
            done[id(node)] = node
            continue
        stack.append((node, True))
        stack.extend((i, False) for i in reversed(node.inputs))
    return list(done.values())


def _own(node: Node, shift: Shift, common: Common) -> dict[str, Bytes]:
    """What a node depends on besides its inputs and its arguments."""
    op = KERNEL_OPS[node.op]
    if op.cost == "model":
        tracks = {side: str(dict(node.args).get(side) or side) for side in ("prompt", "negative")}
        told = {side: common.told.track(name)[shift.rows] for side, name in tracks.items()}
        return {MODEL: drawn(node, shift.rows, common.columns, common.drawers), **told}
    if node.op == "title":
        return {"text": common.told.track(str(node.arg("text")))[shift.rows]}
    if op.inputs and op.rate is Rate.IMAGE and node.op != "reveal":
        # noise and grain are drawn for a place in the scene
        return {"place": row_bytes.numbers(shift.places)}
    return {}


def _group(places: Rows, numbered: Numbered, result: Means, common: Common) -> Group:
    """Rows at those places of the shift, at which every node means one thing."""
    first = int(places[0])
    works = _live(numbered.works, _at(result, first), first)
    rows = numbered.rows[places]
    if [work.op for work in works.values()] == [CARRY]:
        return Group(rows, np.empty((len(rows), 0), dtype=np.uint8), (CARRY,))
    number = {which: i for i, which in enumerate(works)}
    shapes = [(work.shape, [number[_at(i, first)] for i in work.inputs]) for work in works.values()]
    head = json.dumps([common.width, common.height, shapes], separators=(",", ":"))
    parts = [np.frombuffer(row_bytes.digest(head.encode()), dtype=np.uint8)[None]]
    for work in works.values():
        parts += [part if len(part) in (1, len(places)) else part[places] for part in work.parts.values()]
    read = {work.op for work in works.values()}
    if "reveal" in read:
        read.add(BENEATH)
    return Group(rows, row_bytes.joined(parts, len(rows)), tuple(leaf for leaf in LEAVES if leaf in read))


def _at(means: Means, place: int) -> int:
    return means if isinstance(means, int) else int(means[place])


def _live(works: list[Work], result: int, place: int) -> dict[int, Work]:
    """The works that a result needs at a place, by number, inputs first: the order is that of what is done,
    not that in which it was written.
    """
    done: dict[int, Work] = {}
    stack = [(result, False)]
    while stack:
        number, ready = stack.pop()
        if number in done:
            continue
        if ready:
            done[number] = works[number]
            continue
        stack.append((number, True))
        stack.extend((_at(i, place), False) for i in reversed(works[number].inputs))
    return done
