"""Lexical scopes: what names stand for in a file, a scene, a block or the body of a template."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, TypeAlias

from anim_compiler.values import Value
from anim_dsl.source import Span
from anim_dsl.syntax import Block, Def, Expr, Let, Name, Parameter

MediumKind: TypeAlias = Literal["audio", "image", "video", "mask", "markers", "midi", "series", "lyrics"]


@dataclass(slots=True, eq=False)
class Timebase:
    """A clock: the film's, or a scene's. `start` and `length` are seconds of the film.

    The film's is made before its length is known; `settled` tells when it is.
    """

    name: str = ""
    start: Fraction = Fraction(0)
    length: Fraction = Fraction(1)
    settled: bool = True

    @property
    def end(self) -> Fraction:
        """Where it ends, in seconds of the film."""
        return self.start + self.length

    @property
    def start_called(self) -> str:
        """What messages call its start."""
        return f"start of scene `{self.name}`" if self.name else "film's start"

    @property
    def end_called(self) -> str:
        """What messages call its end."""
        return f"end of scene `{self.name}`" if self.name else "film's end"


@dataclass(slots=True, eq=False)
class Env:
    """The names of one block; `outer` is what it stands in. Expressions in it run by `clock`.

    `used_at` is the film's own `use` that a template's scope comes from.
    """

    clock: Timebase
    outer: Env | None = None
    names: dict[str, Binding] = field(default_factory=dict)
    used_at: Span | None = None

    def find(self, name: str) -> Binding | None:
        """What a name stands for here, the innermost first."""
        env: Env | None = self
        while env is not None:
            found = env.names.get(name)
            if found is not None:
                return found
            env = env.outer
        return None

    def visible(self) -> Iterator[tuple[str, Binding]]:
        """Every name that can be seen from here."""
        env: Env | None = self
        while env is not None:
            yield from env.names.items()
            env = env.outer

    def inner(self) -> Env:
        """An empty scope inside this one, by the same clock."""
        return Env(self.clock, self, used_at=self.used_at)


@dataclass(slots=True, eq=False)
class LetBinding:
    """A `let` and where it was written; its value is kept once it is known."""

    statement: Let
    env: Env
    used: bool = False
    round: int = -1
    depth: int = 0
    value: Value | None = None

    @property
    def at(self) -> Span:
        """Where it is defined."""
        return self.statement.name.span


@dataclass(slots=True, eq=False)
class DefBinding:
    """A `def` and where it was written."""

    statement: Def
    env: Env
    used: bool = False

    @property
    def at(self) -> Span:
        """Where it is defined."""
        return self.statement.name.span


@dataclass(slots=True, eq=False)
class TemplateBinding:
    """A `template` and where it was written."""

    name: Name
    parameters: tuple[Parameter, ...]
    body: Block
    env: Env
    used: bool = False

    @property
    def at(self) -> Span:
        """Where it is defined."""
        return self.name.span


@dataclass(slots=True, eq=False)
class ModuleBinding:
    """An imported file under a name of its own; `env` is None if it could not be read."""

    path: str
    at: Span
    env: Env | None
    used: bool = False


@dataclass(slots=True, eq=False)
class MediumBinding:
    """`audio`, `image`, `video`, `mask`, or a file of times or curves."""

    kind: MediumKind
    at: Span
    used: bool = False


@dataclass(slots=True, eq=False)
class GivenBinding:
    """A parameter of a `def`: its value is known."""

    value: Value | None
    at: Span
    used: bool = True


@dataclass(slots=True, eq=False)
class WrittenBinding:
    """A parameter of a template: what was written for it, and where."""

    expr: Expr
    env: Env
    at: Span
    used: bool = True
    round: int = -1
    depth: int = 0
    value: Value | None = None


Binding: TypeAlias = (
    LetBinding | DefBinding | TemplateBinding | ModuleBinding | MediumBinding | GivenBinding | WrittenBinding
)
