"""The syntax tree: what was written, nothing resolved, every node with its span.

Names are unresolved, units are kept as written, and inserts in texts are parsed expressions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from anim_dsl.source import Source, Span

# --- expressions -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A plain number: `0.2`, `1e-3`."""

    value: float
    span: Span


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit, or several: `10s`, `1m30s`, `360deg`, `-6db` is a `Unary` around one.

    `parts` holds `(number, unit)` with the unit in its canonical spelling of `anim_dsl.units`
    (`s ms f m beat bar deg rad fps bpm khz hz db px`).
    """

    parts: tuple[tuple[float, str], ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Percent:
    """`50%`: `value` is 50.0."""

    value: float
    span: Span


@dataclass(frozen=True, slots=True)
class Size:
    """`768x512`, in pixels."""

    width: int
    height: int
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """A string after escapes; `parts` alternates plain text and inserted expressions."""

    parts: tuple[str | Expr, ...]
    span: Span

    @property
    def plain(self) -> str | None:
        """The text, if nothing is inserted in it."""
        if not self.parts:
            return ""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        return None


@dataclass(frozen=True, slots=True)
class Name:
    """`bass`, `song.bass`."""

    path: tuple[str, ...]
    span: Span

    @property
    def text(self) -> str:
        """The name as written, without spaces."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a call; `name` is None for a positional one."""

    name: str | None
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """`smooth(bass, 80ms)`."""

    function: Name
    arguments: tuple[Argument, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x`, `+x`, `not x`; `op` is `-`, `+` or `not`."""

    op: str
    operand: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is one of `+ - * / % ** and or`; in the value of an `expect` also `if`: left where right holds."""

    op: str
    left: Expr
    right: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Comparison:
    """A chain: `0 < x <= 1` has three operands and two operators of `< <= > >= == !=`."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Conditional:
    """`then if test else other`."""

    test: Expr
    then: Expr
    other: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Per:
    """A speed: `36deg per s`, `20px per 4beats`; `count` is 1.0 for a bare unit."""

    value: Expr
    count: float
    unit: str
    span: Span


@dataclass(frozen=True, slots=True)
class ListExpr:
    """`[1, 2, 3]`."""

    items: tuple[Expr, ...]
    span: Span


# --- keys --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Easing:
    """`ease_in_out`, `bezier(0.7, 0, 0.3, 1)`."""

    name: str
    arguments: tuple[Argument, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Key:
    """`4s: 1.2 ease_out`: a value pinned to a moment; the easing shapes the segment after it."""

    at: Expr
    value: Expr
    easing: Easing | None
    span: Span


@dataclass(frozen=True, slots=True)
class Keys:
    """A key list in written order; `easing` is the one after `with`, for every segment.

    Also an expression: inside a call or `[ ]` a key list stands in parentheses.
    """

    keys: tuple[Key, ...]
    easing: Easing | None
    span: Span


Expr: TypeAlias = (
    Number
    | Quantity
    | Percent
    | Size
    | Text
    | Name
    | Call
    | Unary
    | Binary
    | Comparison
    | Conditional
    | Per
    | ListExpr
    | Keys
)

# --- statements --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """`{ … }`; the span includes the braces."""

    statements: tuple[Statement, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Setting:
    """`zoom = …`, `diffuse.strength += …`, `init = photo { … }`; `op` is `=`, `+=` or `*=`.

    `name { key ⏎ key }` (a key list written as a block) is also a Setting with a `Keys` value
    when its block holds nothing but keys and its name is no statement word.
    """

    name: Name
    op: str
    value: Expr
    block: Block | None
    span: Span


@dataclass(frozen=True, slots=True)
class Let:
    """`let thump = smooth(bass, 80ms)`, or `let swell { 0s: 0 ⏎ 4s: 1 }`."""

    name: Name
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a `def` or `template`, with its default."""

    name: str
    default: Expr | None
    span: Span


@dataclass(frozen=True, slots=True)
class Def:
    """`def name(a, b = 2) = expr`."""

    name: Name
    parameters: tuple[Parameter, ...]
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Dimension:
    """The `2d` or `3d` in a statement's head; `axes` is 2 or 3."""

    axes: int
    span: Span


Head: TypeAlias = Text | Quantity | Number | Size | Name | Call | Dimension


@dataclass(frozen=True, slots=True)
class Word:
    """A statement word with what follows: `camera 3d { … }`, `audio song = "…" { bpm = 120 }`,
    `output "a.mp4"`, `scene a 8bars { … }`. Whether the word exists is the checker's business.
    """

    word: Name
    head: tuple[Head, ...]
    value: Expr | None
    block: Block | None
    span: Span


@dataclass(frozen=True, slots=True)
class KeyLine:
    """Keys that stand as a statement, as inside `prompt { 0s: "…" }`."""

    keys: Keys
    span: Span


Statement: TypeAlias = Setting | Let | Def | Word | KeyLine


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value for the `let` of that path; `span` is the path's own. Spans count in the given source."""

    path: tuple[str, ...]
    value: Expr
    span: Span


@dataclass(frozen=True, slots=True)
class Given:
    """Values that stand in place of those of a film's `let`s, and the text that they were read from."""

    source: Source
    values: tuple[GivenValue, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A whole file; what could not be parsed is missing here and reported beside it.

    `broken` names the `let`s and `def`s among that, so that their users are not reported as well. `given`
    is what whoever compiles the film says in place of its `let`s.
    """

    source: Source
    statements: tuple[Statement, ...]
    broken: tuple[str, ...] = ()
    given: Given | None = None
