"""The LALR machine of `anim.lark`: one statement's or value's tokens to its node.

It does what Lark's own parser does with the same table, in one loop: reductions that only pass a value on are
taken in one step, and every other one calls its function of `anim_dsl.tree`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias

from anim_dsl import automaton
from anim_dsl.tokens import END, Token
from anim_dsl.tree import BUILDERS

Start: TypeAlias = Literal["statement", "value"]

Build: TypeAlias = Callable[..., Any]
"""Makes a node of a rule's children; their kinds are the grammar's business."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The machine could not go on: the index of the token, and the kinds that could stand there."""

    at: int
    expected: frozenset[str]


@dataclass(frozen=True, slots=True)
class Built:
    """What the tokens were: a statement or an expression."""

    node: Any  # what the start rule's function of `anim_dsl.tree` gives


def run(tokens: Sequence[Token], start: Start) -> Built | Refused:
    """Takes all tokens, which must not hold line ends or braces."""
    machine = _machine()
    shifts, reductions = machine.shifts, machine.reductions
    state = machine.starts[start]
    states = [state]
    values: list[Any] = []
    for at, token in enumerate((*tokens, _THE_END)):
        kind = token[0]
        while (target := shifts[state].get(kind)) is None:
            reduction = reductions[state].get(kind)
            if reduction is None:
                return Refused(at, machine.accepts(states))
            size, build, origin, landings = reduction
            if size == 1:
                values[-1] = build(values[-1])
            else:
                node = build(*values[-size:])
                del values[-size:]
                values.append(node)
            del states[-size:]
            below = states[-1]
            # no reduction leads to state 0, where statements begin
            state = landings.get((below, kind)) or machine.landing(origin, below, kind)
            states.append(state)
        states.append(target)
        values.append(token)
        state = target
    return Built(values[0])


_THE_END = Token(END, "", 0, 0)

_Landings: TypeAlias = dict[tuple[int, str], int]
"""The states that follow a completed rule, by the state below and the next terminal."""

_Reduction: TypeAlias = tuple[int, Build, str, _Landings]
"""How many children, what they make, the rule that they complete, and where that leads."""


class _Machine:
    """The automaton with the functions of its rules."""

    def __init__(self, table: automaton.Automaton) -> None:
        self.starts = table.starts
        self.shifts = table.shifts
        self.gotos = table.gotos
        self.landings: dict[str, _Landings] = {origin: {} for origin, _, _ in table.rules}
        rules = [
            (len(shape.replace("n", "")), _builder(method, shape), origin, self.landings[origin])
            for origin, method, shape in table.rules
        ]
        self.reductions: tuple[Mapping[str, _Reduction], ...] = tuple(
            {terminal: rules[rule] for terminal, rule in row.items()} for row in table.reductions
        )

    def landing(self, origin: str, below: int, terminal: str) -> int:
        """The state after a completed rule and all that only pass its value on; remembered."""
        state = self.gotos[below][origin]
        while terminal not in self.shifts[state]:
            reduction = self.reductions[state].get(terminal)
            if reduction is None or reduction[1] is not _same:
                break
            state = self.gotos[below][reduction[2]]
        self.landings[origin][below, terminal] = state
        return state

    def accepts(self, states: list[int]) -> frozenset[str]:
        """The terminals that could come next."""
        near = {*self.shifts[states[-1]], *self.reductions[states[-1]]}
        if self.shifts[states[-1]].get(END) == states[-1]:
            near.remove(END)  # all is read: Lark ends on the way here, and has nothing to offer
        return frozenset(terminal for terminal in near if self._takes(states, terminal))

    def _takes(self, states: list[int], terminal: str) -> bool:
        states = list(states)
        while terminal not in self.shifts[states[-1]]:
            reduction = self.reductions[states[-1]].get(terminal)
            if reduction is None:
                return False
            size, _, origin, _ = reduction
            del states[len(states) - size :]
            states.append(self.gotos[states[-1]][origin])
        return True


@cache
def _machine() -> _Machine:
    return _Machine(automaton.load())


def _builder(method: str, shape: str) -> Build:
    """A function of the popped values."""
    if not method:
        return _same
    if method == "*":
        return _joined_first if shape[0] == "i" else _joined
    build = BUILDERS[method]
    given, missing = len(shape.rstrip("n")), shape.count("n")
    if "i" not in shape and "n" not in shape[:given]:
        return _followed(build, missing) if missing else build
    return _arranged(build, shape)


def _same(value: Any) -> Any:
    return value


def _joined(*values: Any) -> list[Any]:
    return list(values)


def _joined_first(first: list[Any], *values: Any) -> list[Any]:
    """Adds to the list that is there, which nothing else holds; so long lists take linear time."""
    first.extend(values)
    return first


def _followed(build: Build, missing: int) -> Build:
    """What is missing stands last."""
    nones = (None,) * missing
    return lambda *values: build(*values, *nones)


def _arranged(build: Build, shape: str) -> Build:
    """Nones where children are missing, and lists joined."""

    def arranged(*values: Any) -> Any:
        children: list[Any] = []
        rest = iter(values)
        for letter in shape:
            if letter == "n":
                children.append(None)
            elif letter == "i":
                children += next(rest)
            else:
                children.append(next(rest))
        return build(*children)

    return arranged
