"""Recipes row by row, as plainly as they can be said: what the columnar ones are compared with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anim_compiler.frame_table import FrameTable
from anim_compiler.graph import Arg, Choice, Column, Graph, Node, topological
from anim_compiler.ops import KERNEL_OPS
from anim_compiler.passes.identity import all_steps, passed_through
from anim_compiler.plan import ColumnRef, Plan
from anim_compiler.texts import format_number

MODEL = ("generate", "diffuse")


def naive_recipes(plan: Plan, table: FrameTable, plain: Graph) -> tuple[list[str], list[str]]:
    """The recipe of every row, and of what is shown of it."""
    rows = len(table.kinds)
    places = {f: (index, place) for index, s in enumerate(plan.scenes) for place, f in enumerate(s.frames)}
    by_row = {row: template for template in plain.templates.values() for row in template.frames}
    known: dict[int, str] = {}
    tweens = [f for f, kind in enumerate(table.kinds) if kind == "tween"]
    for f in (*(f for f in range(rows) if f not in tweens), *tweens):
        at = _Row(f, *places[f], plan, table, plain.columns, known, {}, None)
        known[f] = _digest(["carry", plan.width, plan.height, at.result(by_row[f].results["carry"])])
    shown: dict[int, str] = {}
    for f in reversed(range(rows)):
        results = by_row[f].results
        at = _Row(f, *places[f], plan, table, plain.columns, known, shown, results["carry"])
        found = at.result(results["frame"])
        own = at.result(results["carry"])
        shown[f] = known[f] if found == own else _digest(["frame", plan.width, plan.height, found])
    return [known[f] for f in range(rows)], [shown[f] for f in range(rows)]


@dataclass(frozen=True)
class _Row:
    """Row `index` in work, the `place`-th of its scene; `known` are the recipes of the rows before it."""

    index: int
    scene: int
    place: int
    plan: Plan
    table: FrameTable
    columns: Mapping[str, Any]
    known: Mapping[int, str]
    shown: Mapping[int, str]
    given: Node | None

    def result(self, node: Node) -> str:
        """The digest of a node at this row."""
        done: dict[int, str] = {}
        for one in topological({"result": node}):
            if one is self.given:
                done[id(one)] = _digest(["own carry", self.known[self.index]])
                continue
            values = {name: self._argument(value) for name, value in one.args}
            ins = [done[id(i)] for i in one.inputs]
            through = passed_through(one.op, values)
            if one.op == "reveal" and self.table.under[self.index] < 0:
                through = 0
            if through is not None:
                done[id(one)] = ins[through]
            elif one.op == "diffuse" and len(ins) == 1 and all_steps(values):
                kept = {name: value for name, value in values.items() if name != "strength"}
                done[id(one)] = self._node("generate", kept, [])
            else:
                done[id(one)] = self._node(one.op, values, ins)
        return done[id(node)]

    def _node(self, op: str, values: Mapping[str, Any], inputs: list[str]) -> str:
        plain = {name: _plain(value) for name, value in values.items()}
        parts: list[Any] = [op, KERNEL_OPS[op].version, plain, inputs]
        match op:
            case "previous":
                parts.append(self.known[self.table.before[self.index]])
            case "next":
                parts.append(self.known[self.table.after[self.index]])
            case "first":
                parts.append(self.known[self.plan.scenes[self.scene].start])
            case "reveal":
                parts.append(self.shown[self.table.under[self.index]])
            case "add_noise" | "grain":
                parts.append(self.place)
            case "init" | "still":
                media = {m.name: m.sha256 for m in self.plan.media}
                parts[2] = media[str(values["name"])]
            case "generate" | "diffuse":
                told = [self._morphed(str(plain.pop(side))) for side in ("prompt", "negative")]
                parts += [self.plan.model.sha256, *told]
            case _:
                pass
        return _digest(parts)

    def _argument(self, value: Arg) -> Any:
        match value:
            case Column():
                return self._value(value.name)
            case Choice():
                return value.texts[int(self._value(value.name))]
            case _:
                return value

    def _value(self, column: str) -> Any:
        return self.columns[column][self.index]

    def _morphed(self, name: str) -> list[Any]:
        """The conditioning at this row: an end that has no share in it is left out."""
        start, end = (int(self._value(f"{name}.{side}")) for side in ("from", "to"))
        mix = float(self._value(f"{name}.mix"))
        if start == end or mix == 0.0:
            return [self._conditioning(start)]
        if mix == 1.0:
            return [self._conditioning(end)]
        morph = self.plan.scenes[self.scene].morph
        return [self._conditioning(start), self._conditioning(end), mix, morph]

    def _conditioning(self, number: int) -> list[Any]:
        rows = self.plan.prompts.conditionings[number]
        weighted = [(self._text(row.text), self._weight(row.weight)) for row in rows]
        total = sum(weight for _, weight in weighted)
        if len(weighted) == 1 or total == 0.0:
            return [[text, _plain(weight if total == 0.0 else 1.0)] for text, weight in weighted]
        return [[text, _plain(weight / total)] for text, weight in weighted if weight != 0.0]

    def _weight(self, weight: float | ColumnRef) -> float:
        return float(self._value(weight.column)) if isinstance(weight, ColumnRef) else weight

    def _text(self, number: int) -> str:
        return "".join(
            part if isinstance(part, str) else format_number(float(self._value(part.column)))
            for part in self.plan.prompts.texts[number]
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
