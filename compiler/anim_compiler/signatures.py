"""The functions as the checker binds them: a view of the language's one table (`anim_dsl.functions`).

The checker reads this without numpy; `functions` holds the implementations under the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from anim_dsl import functions as table
from anim_dsl.functions import Takes


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; without a default it must be given. A `fixed` one may not depend on the frame."""

    name: str
    takes: Takes = "number"
    default: float | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """A function; `gives` is the dimension of its result, `same` that of its `same` parameters.

    `live`: the result depends on the frame even if no argument does. `many`: the last parameter
    repeats. `grid`: musical periods count from the song's grid, not from the film's start.
    """

    name: str
    parameters: tuple[Parameter, ...]
    gives: str = "plain"
    live: bool = False
    many: bool = False
    grid: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class FeatureSignature:
    """An audio feature: what it takes in brackets and the range of its values."""

    name: str
    takes: tuple[Takes, ...] = ()
    low: float | None = None
    high: float | None = None
    help: str = ""


def _signature(spec: table.FunctionSpec) -> Signature:
    parameters = tuple(Parameter(p.name, p.takes, p.default, p.fixed) for p in spec.parameters)
    return Signature(spec.name, parameters, spec.gives, spec.live, spec.many, spec.grid, spec.help)


_ALL = {name: _signature(spec) for name, spec in table.FUNCTIONS.items()}

SPECIAL: Mapping[str, Signature] = MappingProxyType(
    {name: signature for name, signature in _ALL.items() if table.FUNCTIONS[name].special}
)
"""Functions of lists, which the checker rewrites; they have no implementation."""

SIGNATURES: Mapping[str, Signature] = MappingProxyType(
    {name: signature for name, signature in _ALL.items() if name not in SPECIAL}
)
"""Functions that are computed."""

FEATURES: Mapping[str, FeatureSignature] = MappingProxyType(
    {
        name: FeatureSignature(name, tuple(p.takes for p in spec.parameters), spec.low, spec.high, spec.help)
        for name, spec in table.FEATURES.items()
    }
)
"""Audio features."""

READABLE = tuple(name for name, spec in table.FEATURES.items() if not spec.parameters)
"""Features that need no argument, in the table's order."""

#: what `-x` and `not x` are as functions; the other operators have signs in the table
_UNARY = frozenset({"neg", "not"})

#: what `cadence = on(trigger)` is
_INTERNAL = frozenset({"until"})

OPERATORS = (
    frozenset(spec.function for sign, spec in table.OPERATORS.items() if sign != "per") | _UNARY | _INTERNAL
)
"""What `Apply` holds beside the functions of the table: operators, and what settings make of their values."""

EASINGS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {name: (spec.least, len(spec.parameters)) for name, spec in table.EASINGS.items()}
)
"""Easing name -> how many numbers it takes at least and at most."""
