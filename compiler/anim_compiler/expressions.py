"""Expressions: names are bound, dimensions checked, units removed."""

from __future__ import annotations

from anim_compiler import arithmetic, calls, keys, speeds, texts
from anim_compiler.constants import constant
from anim_compiler.film import Track
from anim_compiler.moments import Moments
from anim_compiler.names import CLOCKS, CONSTANTS, LIVE_CLOCKS, did_you_mean, nearest
from anim_compiler.scope import Scope
from anim_compiler.signatures import FEATURES, LATER_FEATURES, SIGNATURES
from anim_compiler.typed import Apply, Clock, Const, Feature
from anim_compiler.values import ListValue, NumberValue, TextValue, Value
from anim_dsl.diagnostic import Edit
from anim_dsl.source import Span
from anim_dsl.syntax import (
    Binary,
    Call,
    Comparison,
    Conditional,
    Expr,
    Keys,
    ListExpr,
    Name,
    Number,
    Per,
    Percent,
    Quantity,
    Size,
    Text,
    Unary,
)
from anim_dsl.units import UNITS, Dimension

MOST_NODES = 100_000
"""So many values may come of one film's expressions, after `def`s are expanded."""

_DEEPEST = 64


class TooLarge(Exception):
    """The film's expressions expand beyond `MOST_NODES`; caught by the checker."""


class Expressions:
    """Checks expressions in one scope; what is wrong is reported and None.

    `local` are the parameters of the `def` that is being expanded.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.findings = scope.findings
        self.moments = Moments(scope)
        self.local: dict[str, Value | None] = {}
        self.active: list[str] = []
        self.seeding = False
        self._made = 0

    def value(self, expr: Expr) -> Value | None:
        """The value of an expression."""
        self._made += 1
        if self._made > MOST_NODES:
            raise TooLarge
        match expr:
            case Number():
                return NumberValue(Const(expr.value, expr.span))
            case Percent():
                return NumberValue(Const(expr.value / 100.0, expr.span), "ratio")
            case Quantity():
                return self._quantity(expr)
            case Size():
                self.findings.error("E3002", expr.span, "a size is not a number")
                return None
            case Text():
                return texts.text(self, expr)
            case Name():
                return self.name(expr)
            case Keys():
                return keys.key_curve(self, expr)
            case ListExpr():
                return self._list(expr)
            case _:
                return self._compound(expr)

    def _list(self, expr: ListExpr) -> Value | None:
        items = [self.value(item) for item in expr.items]
        known = tuple(item for item in items if item is not None)
        return ListValue(known) if len(known) == len(items) else None

    def _compound(self, expr: Call | Unary | Binary | Comparison | Conditional | Per) -> Value | None:
        match expr:
            case Call():
                return calls.call(self, expr)
            case Unary():
                return arithmetic.unary(self, expr)
            case Binary():
                return arithmetic.binary(self, expr)
            case Comparison():
                return arithmetic.comparison(self, expr)
            case Conditional():
                return arithmetic.conditional(self, expr)
            case Per():
                return speeds.per(self, expr)

    def number(self, expr: Expr) -> NumberValue | None:
        """The value of an expression that must be a number."""
        value = self.value(expr)
        if value is None or isinstance(value, NumberValue):
            return value
        kind = "a text" if isinstance(value, TextValue) else "a list"
        self.findings.error(
            "E3002", expr.span, f"a number is wanted here, and `{self.findings.text(expr.span)}` is {kind}"
        )
        return None

    def _quantity(self, expr: Quantity) -> Value | None:
        dims: set[Dimension] = {UNITS[unit].dimension for _, unit in expr.parts}
        if len(dims) != 1:
            self.findings.error("E3001", expr.span, f"`{self.findings.text(expr.span)}` mixes units")
            return None
        dim = dims.pop()
        if dim == "time":
            return self._duration(expr)
        total = sum(number * (UNITS[unit].factor or 1.0) for number, unit in expr.parts)
        return NumberValue(Const(total, expr.span), dim)

    def _duration(self, expr: Quantity) -> Value | None:
        moment = self.moments.moment(expr)
        if moment is None:
            return None
        seconds = Const(float(moment.seconds), expr.span)
        if moment.beats == 0:
            return NumberValue(seconds, "time")
        beats = Apply(
            "mul", (Clock("beat_seconds", expr.span), Const(float(moment.beats), expr.span)), expr.span
        )
        both = beats if moment.seconds == 0 else Apply("add", (seconds, beats), expr.span)
        return NumberValue(both, "time")

    # --- names ---

    def name(self, expr: Name) -> Value | None:
        """What a name stands for."""
        if len(expr.path) > 1:
            return self._member(expr)
        name = expr.text
        if name in self.local:
            return self.local[name]
        if name in self.scope.lets:
            return self.let(name, expr.span)
        if name in CONSTANTS:
            return NumberValue(Const(CONSTANTS[name], expr.span))
        if name in CLOCKS:
            return self.clock(name, expr.span)
        if name in FEATURES:
            return self.feature(None, name, (), expr.span)
        self._unknown(expr)
        return None

    def clock(self, name: str, span: Span) -> Value | None:
        """A value of the clock; `s` warns outside seeds, `beats` needs a tempo."""
        if name == "s" and not self.seeding:
            self.findings.warning("W6003", span, "`s` is the seed", hint="seconds are `time`")
        if name in ("beats", "bars") and not self.scope.has_tempo:
            self.no_tempo(name, span)
            return None
        soft = name in ("time", "duration")
        return NumberValue(Clock(name, span), "time" if soft else "plain", name in LIVE_CLOCKS, soft=soft)

    def no_tempo(self, what: str, span: Span) -> None:
        """Reports that musical time has nothing to go by."""
        self.findings.error(
            "E2013",
            span,
            f"`{what}` needs a tempo, and the film has no track and no `bpm`",
            hint="write `bpm = 120` at the top",
        )

    def let(self, name: str, span: Span) -> Value | None:
        """The value of a `let`, checked once."""
        self.scope.used.add(name)
        if name in self.scope.values:
            return self.scope.values[name]
        if name in self.active or len(self.active) >= _DEEPEST:
            path = [*self.active[self.active.index(name) :], name] if name in self.active else [name]
            self.findings.error("E2008", span, "this goes in a circle: " + " → ".join(f"`{n}`" for n in path))
            return None
        self.active.append(name)
        outer, self.local = self.local, {}
        try:
            value = self.value(self.scope.lets[name].value)
        finally:
            self.active.pop()
            self.local = outer
        self.scope.values[name] = value
        return value

    def feature(self, track: str | None, name: str, numbers: tuple[float, ...], span: Span) -> Value | None:
        """An audio feature of a track, or of the only one."""
        if name in LATER_FEATURES:
            self.findings.error("E2009", span, f"`{name}` is not in this version yet")
            return None
        found = self._track(track, name, span)
        if found is None:
            return None
        if len(numbers) != len(FEATURES[name].takes):
            takes = "band(20hz, 80hz)" if name == "band" else f"{name}(0)"
            self.findings.error("E2010", span, f"`{name}` needs to know which one", hint=f"write `{takes}`")
            return None
        return NumberValue(Feature(found.name, name, numbers, span), live=True)

    def _track(self, track: str | None, name: str, span: Span) -> Track | None:
        scope = self.scope
        if track is not None or scope.track is not None:
            chosen = scope.tracks.get(track) if track is not None else scope.track
            if chosen is not None:
                scope.used.add(chosen.name)
            return chosen
        if scope.missing:
            return None
        if scope.tracks:
            first = next(iter(scope.tracks))
            hint = f"write `{first}.{name}`, or `clock = {first}` at the top"
            self.findings.error(
                "E2014", span, f"`{name}` of which track? there are {len(scope.tracks)}", hint=hint
            )
        else:
            hint = 'write `audio song = "song.mp3"` above'
            self.findings.error(
                "E2014", span, f"`{name}` is read from a track, and the film has none", hint=hint
            )
        return None

    def _member(self, expr: Name) -> Value | None:
        owner, *rest = expr.path
        member = ".".join(rest)
        if owner == "film" and member in CLOCKS:
            return self.clock(member, expr.span)
        if owner in self.scope.missing:
            return None
        if owner in self.scope.tracks:
            if member in FEATURES:
                return self.feature(owner, member, (), expr.span)
            hint = did_you_mean(member, FEATURES)
            self.findings.error("E2001", expr.span, f"a track has no feature `{member}`", hint=hint)
            return None
        hint = did_you_mean(owner, [*self.scope.tracks, "film"])
        self.findings.error("E2001", expr.span, f"nothing here is called `{owner}`", hint=hint)
        return None

    def _unknown(self, expr: Name) -> None:
        name = expr.text
        if name in self.scope.missing:
            return
        if name in SIGNATURES or name in self.scope.defs:
            hint = f"write `{name}(…)`"
            self.findings.error(
                "E2001", expr.span, f"`{name}` is a function and stands here alone", hint=hint
            )
            return
        known = [*self.local, *self.scope.lets, *CLOCKS, *CONSTANTS, *FEATURES]
        if name in self.scope.stills or name in self.scope.tracks:
            self.findings.error("E3002", expr.span, f"a number is wanted here, and `{name}` is a file")
            return
        near = nearest(name, known)
        edit = Edit(expr.span, near) if near else None
        self.findings.error(
            "E2001", expr.span, f"nothing here is called `{name}`", hint=did_you_mean(name, known), edit=edit
        )

    def zero(self, value: NumberValue) -> bool:
        """Whether a value is always 0."""
        return constant(value.expr) == 0.0
