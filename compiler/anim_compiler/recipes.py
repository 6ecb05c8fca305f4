"""Recipes: a machine-free digest of everything that a frame's carry depends on.

Two frames with one recipe have the same carry on one machine. A recipe holds op versions, argument values
at the frame, conditionings, hashes of media and model, the size, and the recipes of the frames that
the frame is made from; no positions, names of columns or output settings. An op that changes nothing
with its values is left out, so that an effect that begins later does not touch the frames before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anim_compiler.frames import Frames
from anim_compiler.graph import Arg, Choice, Column, Graph, Node, topological
from anim_compiler.ops import OPS
from anim_compiler.passes.identity import passed_through
from anim_compiler.plan import ColumnRef, Columns, Morph, Prompts
from anim_compiler.texts import format_number


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a film's frames have in common: `media` is name -> sha256, `model` a sha256, `morphs` how
    each scene's conditionings are mixed.
    """

    width: int
    height: int
    model: str
    media: Mapping[str, str]
    prompts: Prompts
    morphs: Sequence[Morph]


def recipes(graph: Graph, frames: Frames, columns: Columns, inputs: Inputs) -> tuple[str, ...]:
    """The recipe of every frame, as hex sha256."""
    known: dict[int, str] = {}
    places = {f: (index, place) for index, s in enumerate(frames.scenes) for place, f in enumerate(s)}
    tweens = [f for f, kind in enumerate(frames.kinds) if kind == "tween"]
    for f in (*frames.diffused, *tweens):
        scene, place = places[f]
        carry = graph.templates[scene, frames.kinds[f]]["carry"]
        at = _Frame(f, scene, place, frames, columns, inputs, known)
        known[f] = _digest(["frame", inputs.width, inputs.height, at.nodes({"carry": carry})[id(carry)]])
    return tuple(known[f] for f in range(len(frames.kinds)))


@dataclass(frozen=True, slots=True)
class _Frame:
    """Frame `index` in work, the `place`-th of its scene; `known` are the recipes of the frames that
    are made before it.
    """

    index: int
    scene: int
    place: int
    frames: Frames
    columns: Columns
    inputs: Inputs
    known: Mapping[int, str]

    def nodes(self, results: Mapping[str, Node]) -> dict[int, str]:
        """The digest of every node of a template at this frame, by identity."""
        done: dict[int, str] = {}
        for node in topological(results):
            values = {name: self._argument(value) for name, value in node.args}
            through = passed_through(node.op, values)
            ins = [done[id(i)] for i in node.inputs]
            done[id(node)] = ins[through] if through is not None else self._node(node, values, ins)
        return done

    def _node(self, node: Node, values: Mapping[str, Any], inputs: list[str]) -> str:
        plain = {name: _plain(value) for name, value in values.items()}
        parts: list[Any] = [node.op, OPS[node.op].version, plain, inputs]
        match node.op:
            case "previous":
                parts.append(self.known[self.frames.before[self.index]])
            case "next":
                parts.append(self.known[self.frames.after[self.index]])
            case "first":
                parts.append(self.known[self.frames.scenes[self.scene][0]])
            case "add_noise":
                # the grain of a frame depends on where it stands in its scene
                parts.append(self.place)
            case "init":
                parts[2] = self.inputs.media[str(values["name"])]
            case "generate" | "diffuse":
                parts += [self.inputs.model, self._morphed("prompt"), self._morphed("negative")]
            case _:
                pass
        return _digest(parts)

    def _argument(self, value: Arg) -> Any:
        """What an argument is at this frame; Any because a column's row is."""
        match value:
            case Column():
                return self._value(value.name)
            case Choice():
                return value.texts[int(self._value(value.name))]
            case _:
                return value

    def _value(self, column: str) -> Any:
        """A number or a vector; Any because numpy's indexing is."""
        return self.columns[column][self.index]

    def _morphed(self, name: str) -> list[Any]:
        """The conditioning at this frame: an end that has no share in it is left out."""
        start, end = (int(self._value(f"{name}.{side}")) for side in ("from", "to"))
        mix = float(self._value(f"{name}.mix"))
        if start == end or mix == 0.0:
            return [self._conditioning(start)]
        if mix == 1.0:
            return [self._conditioning(end)]
        return [self._conditioning(start), self._conditioning(end), mix, self.inputs.morphs[self.scene]]

    def _conditioning(self, number: int) -> list[Any]:
        rows = self.inputs.prompts.conditionings[number]
        weighted = [(self._text(row.text), self._weight(row.weight)) for row in rows]
        total = sum(weight for _, weight in weighted)
        if len(weighted) == 1 or total == 0.0:
            return [[text, weight if total == 0.0 else 1.0] for text, weight in weighted]
        return [[text, _plain(weight / total)] for text, weight in weighted if weight != 0.0]

    def _weight(self, weight: float | ColumnRef) -> float:
        return float(self._value(weight.column)) if isinstance(weight, ColumnRef) else weight

    def _text(self, number: int) -> str:
        return "".join(
            part if isinstance(part, str) else format_number(float(self._value(part.column)))
            for part in self.inputs.prompts.texts[number]
        )


def _plain(value: Any) -> Any:
    """A value as JSON has it, whole numbers of one kind, floats at 12 significant digits."""
    if isinstance(value, str | bool) or value is None:
        return value
    if getattr(value, "ndim", 0):
        return [_plain(v) for v in value.tolist()]
    number = float(f"{float(value):.12g}")
    return int(number) if number.is_integer() else number


def _digest(parts: list[Any]) -> str:
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()
