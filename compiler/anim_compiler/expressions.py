"""Expressions: names are bound, dimensions checked, units removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from anim_compiler import arithmetic, calls, keys, members, quantities, speeds, texts
from anim_compiler.constants import constant
from anim_compiler.crossing import on_film
from anim_compiler.env import (
    Binding,
    DefBinding,
    Env,
    GivenBinding,
    LetBinding,
    MediumBinding,
    ModuleBinding,
    WrittenBinding,
)
from anim_compiler.film import Curve, Track
from anim_compiler.moments import Moments
from anim_compiler.names import CLOCKS, CONSTANTS, LIVE_CLOCKS
from anim_compiler.scope import Scope
from anim_compiler.setting import Entry
from anim_compiler.signatures import FEATURES
from anim_compiler.typed import Clock, Const, Feature
from anim_compiler.values import ListValue, NumberValue, TextValue, Value
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

MOST_NODES = 100_000
"""So many values may come of one film's expressions, after `def`s are expanded."""

_DEEPEST = 64


#: what tells the same moments by the film's own tempo
_EVERY = {"beat": "every(1beat)", "downbeat": "every(1bar)"}


class TooLarge(Exception):
    """The film's expressions expand beyond `MOST_NODES`; caught by the checker."""


class Expressions:
    """Checks expressions where `env` stands; what is wrong is reported and None.

    `active` are the `let`s and `def`s that are being read, outermost first.
    """

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.findings = scope.findings
        self.env = Env(scope.film)
        self.moments = Moments(self)
        self.active: list[LetBinding | DefBinding | WrittenBinding] = []
        self.seeding = False
        #: settings that were read, by the identity of their entries
        self.curves: dict[int, tuple[Entry, int, Curve | None]] = {}
        #: rises when rate and length are settled, so that nothing is kept from before
        self.round = 0
        self._made = 0
        #: how many definitions stand on each other below the one that is being read
        self._below = 0

    @contextmanager
    def inside(self, env: Env) -> Iterator[None]:
        """Reads expressions where that scope stands."""
        outer, self.env = self.env, env
        self.findings.used_at = env.used_at
        try:
            yield
        finally:
            self.env = outer
            self.findings.used_at = outer.used_at

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
                return quantities.quantity(self, expr)
            case Size():
                self.findings.error(
                    "E3002", expr.span, "a size is not a number", hint="write one number, like `512`"
                )
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
            "E3002",
            expr.span,
            f"a number is wanted here, and `{self.findings.text(expr.span)}` is {kind}",
            hint="choose an element: `pick(list, 0)`"
            if kind == "a list"
            else "write a number, without quotes",
        )
        return None

    # --- names ---

    def name(self, expr: Name) -> Value | None:
        """What a name stands for."""
        if len(expr.path) > 1:
            return members.member(self, expr)
        name = expr.text
        binding = self.env.find(name)
        if binding is not None:
            return self.bound(binding, expr)
        if name in CONSTANTS:
            return NumberValue(Const(CONSTANTS[name], expr.span))
        if name in CLOCKS:
            return self.clock(name, expr.span)
        if name in FEATURES:
            return self.feature(None, name, (), expr.span)
        members.unknown(self, expr)
        return None

    def resolve(self, expr: Name) -> Binding | None:
        """What a name, or a name of an imported file, stands for; nothing is reported."""
        found = self.env.find(expr.path[0])
        if len(expr.path) == 1 or not isinstance(found, ModuleBinding):
            return found if len(expr.path) == 1 else None
        found.used = True
        return found.env.names.get(".".join(expr.path[1:])) if found.env is not None else None

    def bound(self, binding: Binding, expr: Name) -> Value | None:
        """The value of what a name stands for; what has none is reported."""
        match binding:
            case LetBinding():
                return self.let(binding, expr.span)
            case WrittenBinding():
                return self._kept(binding, binding.expr, expr.text, expr.span)
            case GivenBinding():
                return binding.value
            case MediumBinding(kind="lyrics"):
                from anim_compiler import sung

                binding.used = True
                self.scope.used.add(expr.text)
                return sung.text(self, expr.text, expr.span)
            case MediumBinding(kind="markers" | "midi" | "series"):
                from anim_compiler.events import reading

                binding.used = True
                self.scope.used.add(expr.text)
                return reading.alone(self, expr.text, expr.span)
            case _:
                members.no_value(self, binding, expr)
                return None

    def let(self, binding: LetBinding, span: Span) -> Value | None:
        """The value of a `let`, checked once; one of another clock is read on the film."""
        binding.used = True
        return self._kept(binding, binding.statement.value, binding.statement.name.text, span)

    def own_value(self, binding: LetBinding) -> Value | None:
        """The value of a `let` by its own clock, without counting as a use of it."""
        with self.inside(binding.env):
            return self._kept(binding, binding.statement.value, binding.statement.name.text, binding.at)

    def _kept(self, binding: LetBinding | WrittenBinding, expr: Expr, name: str, span: Span) -> Value | None:
        if binding.round != self.round:
            if binding in self.active or len(self.active) >= _DEEPEST:
                self._circle(binding, name, span)
                return None
            self.active.append(binding)
            around, self._below = self._below, 0
            outer, self.env = self.env, binding.env
            try:
                value = self.value(expr)
            finally:
                self.active.pop()
                self.env = outer
                binding.depth, self._below = self._below + 1, around
            binding.value, binding.round = value, self.round
        if self.active and binding.depth >= _DEEPEST and binding.value is not None:
            # in whatever order they are read: long chains are walked again for every link
            self._circle(binding, name, span)
            return None
        self._below = max(self._below, binding.depth)
        if binding.value is None or binding.env.clock is self.env.clock:
            return binding.value
        return on_film(binding.value, span)

    def _circle(self, binding: LetBinding | WrittenBinding, name: str, span: Span) -> None:
        if binding not in self.active:
            self.findings.error(
                "E2017",
                span,
                f"`{name}` stands on more than {_DEEPEST} other names",
                hint="write some of them in one formula",
            )
            return
        path = [called(b) for b in self.active[self.active.index(binding) :]] + [name]
        self.findings.error(
            "E2008",
            span,
            "this goes in a circle: " + " → ".join(f"`{n}`" for n in path),
            hint="let one of them stand on numbers alone",
        )

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
        why, hint = self.scope.lack_of_tempo
        self.findings.error("E2013", span, f"`{what}` needs a tempo, and {why}", hint=hint)

    def feature(self, track: str | None, name: str, numbers: tuple[float, ...], span: Span) -> Value | None:
        """An audio feature of a track, or of the only one."""
        found = self._track(track, name, span)
        if found is None:
            return None
        if len(numbers) != len(FEATURES[name].takes):
            takes = "band(20hz, 80hz)" if name == "band" else f"{name}(0)"
            takes = takes if track is None else f"{track}.{takes}"
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
        if not scope.tracks and scope.names_tracks:
            message = f"`{name}` is heard, and this is settled before anything is"
            self.findings.error("E3004", span, message, hint="write a number")
            return None
        if scope.tracks:
            first = next(iter(scope.tracks))
            scope.used.update(scope.tracks)
            called = f"{name}(…)" if FEATURES[name].takes else name
            hint = f"write `{first}.{called}`, or `clock = {first}` at the top"
            self.findings.error(
                "E2014", span, f"`{name}` of which track? there are {len(scope.tracks)}", hint=hint
            )
        else:
            hint = 'write `audio song = "song.mp3"` above'
            if scope.bpm is not None and name in _EVERY:
                hint = f"write `{_EVERY[name]}`, by the film's `bpm`"
            self.findings.error(
                "E2014", span, f"`{name}` is read from a track, and the film has none", hint=hint
            )
        return None

    def zero(self, value: NumberValue) -> bool:
        """Whether a value is always 0."""
        return constant(value.expr) == 0.0


def called(binding: LetBinding | DefBinding | WrittenBinding) -> str:
    """The name that messages call a definition by."""
    return "a parameter" if isinstance(binding, WrittenBinding) else binding.statement.name.text
