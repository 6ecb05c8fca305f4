"""The table of every function, audio feature, easing, built-in name and operator.

The checker, hints, `anim explain`, the editor and the manual read nothing else about them; what they
compute stands in the compiler under the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, TypeAlias

from anim_grammar.files import read_toml

#: what a parameter takes: `number` a plain number (units become s, rad, px, ratio), `same` any
#: dimension, one for all such parameters, `time` a duration (bare numbers are frames), `frequency`
#: (bare numbers are hertz), `any` whatever there is, `list` a list of texts or numbers
Takes: TypeAlias = Literal["number", "same", "time", "frequency", "any", "list"]


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter; without a default it must be given. A `fixed` one may not depend on the frame."""

    name: str
    takes: Takes = "number"
    default: float | None = None
    fixed: bool = False
    help: str = ""

    @property
    def shown(self) -> str:
        """As it stands in a signature: `phase = 0`."""
        return self.name if self.default is None else f"{self.name} = {self.default:g}"


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One function.

    `gives` is the dimension of its result, `same` that of its `same` parameters. `live`: the result
    depends on the frame even if no argument does. `many`: the last parameter repeats. `grid`: musical
    periods count from the song's grid. `special`: it chooses from a list, and may give a text.
    `low` and `high` hold for every result. `plot` are expressions that show what it does, the last one
    the function itself.
    """

    name: str
    group: str
    help: str
    parameters: tuple[ParameterSpec, ...]
    gives: str = "plain"
    live: bool = False
    many: bool = False
    grid: bool = False
    special: bool = False
    low: float | None = None
    high: float | None = None
    examples: tuple[str, ...] = ()
    plot: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """As it is called: `clamp(x, low = 0, high = 1)`."""
        rest = ", …" if self.many else ""
        return f"{self.name}({', '.join(p.shown for p in self.parameters)}{rest})"


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """An audio feature."""

    name: str
    help: str
    parameters: tuple[ParameterSpec, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    examples: tuple[str, ...] = ()

    @property
    def signature(self) -> str:
        """As it is written: `bass`, `band(low, high)`."""
        return f"{self.name}({', '.join(p.name for p in self.parameters)})" if self.parameters else self.name


@dataclass(frozen=True, slots=True)
class EasingSpec:
    """An easing; `whole` ones stand only after `with`. `arguments` are those of its example."""

    name: str
    help: str
    parameters: tuple[ParameterSpec, ...] = ()
    whole: bool = False
    arguments: tuple[float, ...] = ()

    @property
    def least(self) -> int:
        """How many numbers it takes at least."""
        return sum(parameter.default is None for parameter in self.parameters)

    @property
    def signature(self) -> str:
        """As it is written: `ease_in`, `steps(n)`."""
        inside = ", ".join(parameter.shown for parameter in self.parameters)
        return f"{self.name}({inside})" if self.parameters else self.name

    @property
    def example(self) -> str:
        """As it stands in a film: `spring(200, 12)`."""
        inside = ", ".join(f"{number:g}" for number in self.arguments)
        return f"{self.name}({inside})" if self.arguments else self.name


@dataclass(frozen=True, slots=True)
class NameSpec:
    """A name of the clock or a constant; a constant has a `value`, a clock's name a `unit`."""

    name: str
    help: str
    value: float | None = None
    unit: str = ""
    live: bool = False
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """An operator by its sign; `function` is the compiler's name of it."""

    sign: str
    function: str
    help: str
    examples: tuple[str, ...] = ()


def _parameters(entry: Mapping[str, Any]) -> tuple[ParameterSpec, ...]:
    return tuple(
        ParameterSpec(
            row["name"],
            row.get("takes", "number"),
            None if "default" not in row else float(row["default"]),
            row.get("fixed", False),
            row.get("help", ""),
        )
        for row in entry.get("parameters", ())
    )


def _function(name: str, entry: Mapping[str, Any]) -> FunctionSpec:
    low, high = entry.get("range", (None, None))
    return FunctionSpec(
        name,
        entry["group"],
        entry["help"],
        _parameters(entry),
        entry.get("gives", "plain"),
        live=entry.get("live", False),
        many=entry.get("many", False),
        grid=entry.get("grid", False),
        special=entry.get("special", False),
        low=low,
        high=high,
        examples=tuple(entry["examples"]),
        plot=tuple(entry["plot"]),
    )


def _feature(name: str, entry: Mapping[str, Any]) -> FeatureSpec:
    low, high = entry.get("range", (None, None))
    return FeatureSpec(
        name,
        entry["help"],
        _parameters(entry),
        low,
        high,
        entry.get("unit", ""),
        tuple(entry["examples"]),
    )


_WAYS = {
    "in": "eases at the beginning: {}",
    "out": "eases at the end: {}",
    "in_out": "eases at both ends: {}",
}


def _easings(table: Mapping[str, Any]) -> dict[str, EasingSpec]:
    found = {
        name: EasingSpec(
            name,
            entry["help"],
            _parameters(entry),
            entry.get("whole", False),
            tuple(map(float, entry.get("arguments", ()))),
        )
        for name, entry in table["easings"].items()
    }
    for family, how in table["families"].items():
        for way, sentence in _WAYS.items():
            found[f"{family}_{way}"] = EasingSpec(f"{family}_{way}", sentence.format(how))
    return found


def _name(name: str, entry: Mapping[str, Any]) -> NameSpec:
    return NameSpec(
        name,
        entry["help"],
        entry.get("value"),
        entry.get("unit", ""),
        entry.get("live", False),
        tuple(entry.get("examples", ())),
    )


_TABLE = read_toml("functions")

GROUPS: Mapping[str, str] = MappingProxyType(_TABLE["groups"])
"""The titles of the functions' groups, in order."""

FUNCTIONS: Mapping[str, FunctionSpec] = MappingProxyType(
    {name: _function(name, entry) for name, entry in _TABLE["functions"].items()}
)
"""Every function by name."""

FEATURES: Mapping[str, FeatureSpec] = MappingProxyType(
    {name: _feature(name, entry) for name, entry in _TABLE["features"].items()}
)
"""Every audio feature by name."""

EASINGS: Mapping[str, EasingSpec] = MappingProxyType(_easings(_TABLE))
"""Every easing by name."""

CONSTANTS: Mapping[str, NameSpec] = MappingProxyType(
    {name: _name(name, entry) for name, entry in _TABLE["constants"].items()}
)
"""`pi`, `tau` and `e`."""

CLOCKS: Mapping[str, NameSpec] = MappingProxyType(
    {name: _name(name, entry) for name, entry in _TABLE["clocks"].items()}
)
"""The names of the clock: the frame, the seconds, the beats …"""

SWITCHES: Mapping[str, bool] = MappingProxyType(_TABLE["switches"])
"""The words for on and off."""

OPERATORS: Mapping[str, OperatorSpec] = MappingProxyType(
    {
        sign: OperatorSpec(sign, entry.get("name", sign), entry["help"], tuple(entry.get("examples", ())))
        for sign, entry in _TABLE["operators"].items()
    }
)
"""Every operator by its sign, from loose to tight."""
