"""The nodes of a template at its rows, numbered by what they make there.

At a row a node may give back one of its inputs, start from noise alone, or make what another node makes too.
Value numbering (Cocke and Schwartz, *Programming Languages and Their Compilers*, 1970), for all rows at once:
`means[i]` is the number of the op that stands for node i, one a row or one for all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler import row_bytes
from anim_compiler.drawing.drawn_rows import is_drawer, resting
from anim_compiler.drawing.extras import MODEL, from_noise
from anim_compiler.graph import Arg, Choice, Column, Node, Product
from anim_compiler.memo import Memo
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.row_bytes import Bytes
from anim_compiler.row_facts import RowFacts, Rows

Means: TypeAlias = int | Rows
"""The number of an op, the same at all rows or one a row."""


_READ = frozenset({"init", "still", "clip", "cutout", "title", "lut"})
"""The ops that read a file, which their `name` or `font` names."""


@dataclass(frozen=True, slots=True)
class Work:
    """An op as it is done at some rows. `parts` are its arguments as bytes, by name and how they are written
    (`amount:8`); `fixed` are those that no column could hold.
    """

    op: str
    version: int
    inputs: tuple[Means, ...]
    fixed: tuple[tuple[str, object], ...]
    parts: Mapping[str, Bytes]

    @property
    def shape(self) -> tuple[object, ...]:
        """All but the inputs and the numbers."""
        return (self.op, self.version, len(self.inputs), self.fixed, tuple(self.parts))


@dataclass(slots=True)
class Numbered:
    """The ops that the nodes of a template come to at its rows."""

    rows: Rows
    columns: Mapping[str, NDArray[Any]]
    memo: Memo
    works: list[Work] = field(default_factory=list)
    means: dict[int, Means] = field(default_factory=dict)
    _alike: dict[tuple[object, ...], list[int]] = field(default_factory=dict)

    @property
    def _facts(self) -> RowFacts:
        return RowFacts(self.columns, self.memo)

    def leaf(self, node: Node, name: str) -> None:
        """Takes a node as given: what it makes is known by `name`."""
        self.means[id(node)] = self._found(Work(name, 0, (), (), {}))

    def add(
        self, node: Node, own: Mapping[str, Bytes], media: Mapping[str, str], covers: NDArray[np.bool_]
    ) -> None:
        """Numbers a node whose inputs are numbered. `own` is what it depends on besides its inputs and
        arguments; `media` are the digests of the pictures that leaves name; a `reveal` gives back its input
        where it `covers` no frame.
        """
        inputs = tuple(self.means[id(i)] for i in node.inputs)
        rests = resting(node, self.rows, self.columns)
        means = self._shown(node, inputs, own, media, rests)
        if node.op == "diffuse" and "fill_strength" not in dict(node.args):
            holds = self._facts.all_steps(node, self.rows)
            if holds.any():
                alone, shown = self._alone(node, inputs, rests)
                means = _where(holds, self._shown(*alone, own, {}, shown), means)
        if KERNEL_OPS[node.op].identity:
            through = self._facts.through(node, self.rows)
            if node.op == "reveal":
                through = np.where(covers, through, 0)
            for number, taken in enumerate(inputs):
                means = _where(through == number, taken, means)
        self.means[id(node)] = means

    def _work(
        self, node: Node, inputs: tuple[Means, ...], own: Mapping[str, Bytes], media: Mapping[str, str]
    ) -> Work:
        fixed: list[tuple[str, object]] = []
        parts: dict[str, Bytes] = {}
        for name, value in node.args:
            if name in own or (MODEL in own and is_drawer(name)):
                continue
            if name in ("name", "font") and node.op in _READ:
                value = _hashed(value, media)
            if isinstance(value, bool) or value is None:
                fixed.append((name, value))
                continue
            packed, layout = self._packed(value)
            parts[f"{name}:{layout}"] = packed
        parts |= {f"{name}:own": packed for name, packed in own.items()}
        return Work(node.op, KERNEL_OPS[node.op].version, inputs, tuple(fixed), parts)

    def _packed(self, value: object) -> tuple[Bytes, str]:
        """An argument as bytes and how it is written: numbers by how many there are, texts as `t`."""
        match value:
            case str():
                return row_bytes.texts([value]), "t"
            case Choice():
                column = self.columns[value.name]
                return self.memo.recall(
                    lambda: self._texts(value, column), *("texts", value.texts), column, self.rows
                ), "t"
            case Column():
                packed = self._numbers(value.name)
            case Product():
                packed = row_bytes.joined([self._numbers(name) for name in value.names], len(self.rows))
            case int() | float():
                packed = row_bytes.number(value)
            case _:
                raise TypeError(f"no argument of a node: {value!r}")
        return packed, str(packed.shape[1] // 8)

    def _numbers(self, name: str) -> Bytes:
        column = self.columns[name]
        return self.memo.recall(lambda: row_bytes.numbers(column[self.rows]), "numbers", column, self.rows)

    def _texts(self, value: Choice, column: NDArray[Any]) -> Bytes:
        return row_bytes.texts(value.texts)[column[self.rows].astype(np.int64)]

    def _shown(
        self,
        node: Node,
        inputs: tuple[Means, ...],
        own: Mapping[str, Bytes],
        media: Mapping[str, str],
        rests: Mapping[int, NDArray[np.bool_]],
    ) -> Means:
        """What a node comes to, without the pictures of controls at the rows at which they rest."""
        if not rests:
            return self._found(self._work(node, inputs, own, media))
        means: Means = -1
        for places in patterns([holds.astype(np.int64) for holds in rests.values()], len(self.rows)):
            here = np.zeros(len(self.rows), dtype=bool)
            here[places] = True
            gone = {place for place, holds in rests.items() if holds[places[0]]}
            kept = tuple(taken for place, taken in enumerate(inputs) if place not in gone)
            means = _where(here, self._found(self._work(node, kept, own, media)), means)
        return means

    @staticmethod
    def _alone(
        node: Node, inputs: tuple[Means, ...], rests: Mapping[int, NDArray[np.bool_]]
    ) -> tuple[tuple[Node, tuple[Means, ...]], dict[int, NDArray[np.bool_]]]:
        """Image to image without its image, which is lost in noise if every step is taken."""
        shown, args = from_noise(inputs, dict(node.args))
        lost = len(inputs) - len(shown)
        alone = replace(node, op="generate", inputs=node.inputs[lost:], args=tuple(sorted(args.items())))
        return (alone, shown), {place - lost: holds for place, holds in rests.items()}

    def _found(self, work: Work) -> Means:
        """The number of a piece of work: at rows where another makes the same, that one's."""
        number = len(self.works)
        self.works.append(work)
        means: Means = number
        others = self._alike.setdefault(work.shape, [])
        for other in others:
            means = _where(self._same(self.works[other], work), other, means)
        others.append(number)
        return means

    def _same(self, one: Work, other: Work) -> NDArray[np.bool_]:
        """The rows at which two pieces of work of one shape are the same."""
        holds = np.ones(len(self.rows), dtype=bool)
        for mine, theirs in zip(one.inputs, other.inputs, strict=True):
            holds &= np.asarray(mine == theirs)
        for name, part in one.parts.items():
            if not holds.any():
                break
            holds &= (part == other.parts[name]).all(axis=1)
        return holds


def _hashed(value: Arg, media: Mapping[str, str]) -> Arg:
    """What the files hold that an argument names, instead of their names."""
    if isinstance(value, Choice):
        return replace(value, texts=tuple(media.get(name, name) for name in value.texts))
    return media.get(value, value) if isinstance(value, str) else value


def _where(holds: NDArray[np.bool_], one: Means, other: Means) -> Means:
    """`one` at the rows where something holds; one number if it is the same at all of them."""
    if not holds.any():
        return other
    made = np.asarray(one, dtype=np.int64) if holds.all() else np.where(holds, one, other)
    if made.ndim == 0 or (made == made[0]).all():
        return int(made.flat[0])
    return made


def patterns(means: Sequence[Means], rows: int) -> list[Rows]:
    """The rows in groups at which all nodes mean the same, as places among them, ascending."""
    kinds = np.zeros(rows, dtype=np.int64)
    for one in means:
        if isinstance(one, np.ndarray):
            kinds = np.unique(kinds * (int(one.max()) + 1) + one, return_inverse=True)[1].reshape(-1)
    return [np.flatnonzero(kinds == kind) for kind in range(int(kinds.max(initial=-1)) + 1)]
