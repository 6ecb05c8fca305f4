"""Which expressions of a film are the same: what is written twice is computed once.

Numbers are cheaper than the digests of `alike`, and hold within one evaluator only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from anim_compiler.typed import Apply, Clock, Const, Feature, OnFilm, Recorded, Schedule, Typed

Number: TypeAlias = int | str | tuple[float | str]
"""What two expressions have in common if they say the same: a count, a clock's name, a constant."""


@dataclass(slots=True)
class Structure:
    """Numbers expressions by what they say, not by where they stand. `shared` are the numbers that were
    met more than once. Key lists are told apart by identity: they hardly ever repeat.
    """

    shared: set[Number] = field(default_factory=set)
    _numbers: dict[int, int] = field(default_factory=dict)
    _table: dict[tuple[object, ...], int] = field(default_factory=dict)
    #: numbered expressions, so that no other takes the identity of one
    _nodes: list[Typed] = field(default_factory=list)

    def number(self, expr: Typed) -> Number:
        """The number of an expression; to ask for it is not to meet it again."""
        found = self._numbers.get(id(expr))
        return self._met(expr) if found is None else found

    def _met(self, expr: Typed) -> Number:
        """The number of an expression that stands in another one, or is asked for first."""
        kind = type(expr)
        if kind is Const:
            # 0 and -0 are equal and not the same
            return (expr.value or str(expr.value),)  # type: ignore[union-attr]
        if kind is Clock:
            return expr.name  # type: ignore[union-attr]
        found = self._numbers.get(id(expr))
        if found is not None:
            self.shared.add(found)
            return found
        return self._applied(expr) if isinstance(expr, Apply) else self._noted(expr, self._other(expr))

    def _applied(self, expr: Apply) -> Number:
        """The number of a call; chains of first arguments may be longer than the stack is deep."""
        chain: list[Apply] = []
        node: Typed = expr
        while isinstance(node, Apply) and node.arguments and id(node) not in self._numbers:
            chain.append(node)
            node = node.arguments[0]
        number = self._met(node) if chain else self._noted(expr, (expr.function,))
        for call in reversed(chain):
            rest = call.arguments[1:]
            number = self._noted(call, (call.function, number, *map(self._met, rest)))
        return number

    def _other(self, expr: Typed) -> tuple[object, ...]:
        match expr:
            case Feature():
                return ("feature", expr.track, expr.name, expr.arguments)
            case Recorded():
                return ("recorded", expr.how, expr.points.says)
            case Schedule():
                return ("schedule", expr.text)
            case OnFilm():
                return ("on film", self._met(expr.expr))
            case _:
                return ("this one", id(expr))

    def _noted(self, expr: Typed, says: tuple[object, ...]) -> int:
        number = self._table.get(says)
        if number is None:
            number = self._table[says] = len(self._table)
        else:
            self.shared.add(number)
        self._numbers[id(expr)] = number
        self._nodes.append(expr)
        return number
