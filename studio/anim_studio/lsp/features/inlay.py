"""Inlay hints: what a time is in the other counts, what a value comes to, which parameter a number is for.

Each kind can be switched off: `anim.inlayHints.enabled`, and below it `times` (frames, beats and names as
seconds), `frames` (seconds as frames; off unless wanted), `values` (what formulas and seeds come to) and
`parameters`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from lsprotocol import types

from anim_dsl import functions, syntax
from anim_dsl.source import Span
from anim_dsl.syntax import Expr, Key, Keys, Statement
from anim_dsl.walk import walk
from anim_studio.lsp.analysed import Analysed
from anim_studio.lsp.columns import column, names_in
from anim_studio.lsp.named import Named, found, scene_at, visible
from anim_studio.lsp.telling.layout import number
from anim_studio.lsp.timing import clock_at

MOST = 120
"""More hints than these are noise, and none of them is read."""

_LITERAL = (syntax.Number, syntax.Quantity, syntax.Percent)
_FEWEST_PARAMETERS = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """A text beside an offset; one for a parameter stands before its value."""

    at: int
    text: str
    is_parameter: bool = False
    says: str = ""


def inlay_hints(analysed: Analysed, params: types.InlayHintParams) -> list[types.InlayHint]:
    """The answer to `textDocument/inlayHint`."""
    return [_shown(analysed, hint) for hint in hints(analysed, analysed.positions.span(params.range))]


def hints(analysed: Analysed, within: Span) -> tuple[Hint, ...]:
    """The hints of a part of a text, in its order."""
    if not analysed.desk.switched_on("inlayHints.enabled"):
        return ()
    made = _Hints(analysed, within)
    every = sorted(made.of(analysed.document.statements), key=lambda hint: hint.at)
    inside = [hint for hint in every if within.start <= hint.at <= within.end]
    return tuple(inside[:MOST])


def _shown(analysed: Analysed, hint: Hint) -> types.InlayHint:
    return types.InlayHint(
        analysed.positions.position(hint.at),
        hint.text,
        kind=types.InlayHintKind.Parameter if hint.is_parameter else types.InlayHintKind.Type,
        tooltip=hint.says or None,
        padding_left=not hint.is_parameter,
        padding_right=hint.is_parameter,
    )


class _Hints:
    """The hints of one text; statements outside of what is shown are passed over."""

    def __init__(self, analysed: Analysed, within: Span) -> None:
        self.analysed = analysed
        self.within = within
        self.clock = clock_at(analysed, 0)
        self.context = "film"
        self.heads: tuple[str, ...] = ()
        self.names: dict[int, dict[str, Named]] = {}
        desk = analysed.desk
        self.times = desk.switched_on("inlayHints.times")
        self.frames = desk.switched_on("inlayHints.frames", default=False)
        self.values = desk.switched_on("inlayHints.values")
        self.parameters = desk.switched_on("inlayHints.parameters")

    def of(self, statements: tuple[Statement, ...]) -> Iterator[Hint]:
        for statement in statements:
            if statement.span.end < self.within.start or statement.span.start > self.within.end:
                continue
            match statement:
                case syntax.KeyLine(keys):
                    yield from self._in_value(keys)
                case syntax.Setting(name, _, value, block):
                    yield from self._of_setting(name, value)
                    yield from self.of(block.statements if block is not None else ())
                case syntax.Let(name, value):
                    yield from self._of_let(name, value)
                case syntax.Def(_, _, value):
                    yield from self._in_value(value)
                case syntax.Word():
                    yield from self._of_word(statement)

    def _of_word(self, statement: syntax.Word) -> Iterator[Hint]:
        word, outer = statement.word.text, self.clock
        if word == "scene":
            self.clock = clock_at(self.analysed, statement.span.start + 1)
            yield from self._length_of(statement)
        for part in statement.head:
            if isinstance(part, syntax.Call) and word == "use":
                yield from self._in_value(part)
        if statement.value is not None:
            yield from self._in_value(statement.value)
        # what a template's times come to depends on where it is used
        if statement.block is not None and word != "template":
            around = self.context, self.heads
            self.context, self.heads = _context(statement)
            yield from self.of(statement.block.statements)
            self.context, self.heads = around
        self.clock = outer

    def _length_of(self, statement: syntax.Word) -> Iterator[Hint]:
        """How long a scene is, behind its length."""
        length = statement.head[1] if len(statement.head) == 2 else statement.value
        if isinstance(length, syntax.Dimension | None) or not self.times:
            return
        time = self.clock.time(length)
        seconds = None if time is None else self.clock.lasting(time)
        if seconds is not None and not isinstance(length, syntax.Number):
            frames = self.clock.frame(self.clock.start + seconds) - self.clock.frame(self.clock.start)
            told = "" if _in_seconds(length) else f"{number(float(seconds))} s, "
            yield Hint(length.span.end, f"= {told}{frames} frames")

    # --- settings and lets ---

    def _of_setting(self, name: syntax.Name, value: Expr) -> Iterator[Hint]:
        if name.text in ("length", "morph_time", "loop_time") and self.times and not isinstance(value, Keys):
            yield from self._duration(value)
        elif name.text == "seed" and self.values and _is_drawn(value):
            yield from self._seed(value)
        elif self.values and _is_formula(value):
            yield from self._comes_to(name.span, value, name.path)
        yield from self._in_value(value)

    def _of_let(self, name: syntax.Name, value: Expr) -> Iterator[Hint]:
        if self.values and _is_formula(value):
            yield from self._comes_to(name.span, value, ("let", name.text))
        yield from self._in_value(value)

    def _comes_to(self, span: Span, value: Expr, path: tuple[str, ...]) -> Iterator[Hint]:
        """The number that a formula is on every frame."""
        good = self.analysed.good
        if good is None or good.film.source.text != self.analysed.text:
            return
        curve = column(self.analysed, span.start, names_in(self.context, self.heads, path))
        if curve is not None and curve.is_current and curve.is_still:
            yield Hint(value.span.end, f"= {number(curve.low)}")

    def _duration(self, value: Expr) -> Iterator[Hint]:
        time = self.clock.time(value)
        seconds = None if time is None else self.clock.lasting(time)
        if seconds is not None and (not _in_seconds(value) or self.frames):
            yield Hint(value.span.end, f"= {self._told(value, seconds)}")

    def _seed(self, value: Expr) -> Iterator[Hint]:
        from anim_compiler.seeds import drawn  # not at the top: it brings arrays

        film = self.analysed.film
        if film is not None:
            yield Hint(value.span.end, f"= {drawn(film.name)}", says="the seed that is drawn for this film")

    # --- keys and calls ---

    def _in_value(self, value: Expr) -> Iterator[Hint]:
        for node, _ in walk(value):
            if isinstance(node, Keys) and (self.times or self.frames):
                for key in node.keys:
                    yield from self._of_key(key)
            elif isinstance(node, syntax.Call) and self.parameters:
                yield from self._of_call(node)

    def _of_key(self, key: Key) -> Iterator[Hint]:
        wanted = self.frames if _in_seconds(key.at) else self.times
        time = self.clock.time(key.at)
        seconds = None if time is None or not wanted else self.clock.seconds(time)
        if seconds is None or seconds == self.clock.start:
            return
        yield Hint(key.at.span.end, f"= {self._told(key.at, seconds - self.clock.start)}")

    def _told(self, written: Expr, seconds: Fraction) -> str:
        """A time in the counts that it is not written in: of frames the seconds, of beats both."""
        in_seconds = f"{number(float(seconds))} s"
        in_frames = f"f{float(round(seconds * self.clock.fps, 1)):g}"
        if _in_seconds(written):
            return in_frames
        return in_seconds if _in_frames(written) else f"{in_seconds}, {in_frames}"

    def _of_call(self, call: syntax.Call) -> Iterator[Hint]:
        """The parameters that plain numbers are for, where there are enough of them to mistake one."""
        if not any(argument.name is None and _is_literal(argument.value) for argument in call.arguments):
            return
        names = self._parameters_of(call)
        if len(names) < _FEWEST_PARAMETERS:
            return
        for name, argument in zip(names, call.arguments, strict=False):
            if argument.name is None and _is_literal(argument.value):
                yield Hint(argument.value.span.start, f"{name}:", is_parameter=True)

    def _parameters_of(self, call: syntax.Call) -> tuple[str, ...]:
        name = call.function.text
        spec = functions.FUNCTIONS.get(name)
        if spec is not None:
            # `min`, `max`: which comes first says nothing
            return () if spec.many else tuple(p.name for p in spec.parameters)
        own = found(self._names(call.span.start), call.function.path)
        return () if own is None else tuple(parameter.name for parameter in own.parameters)

    def _names(self, offset: int) -> dict[str, Named]:
        """The names at a place; those of a scene are looked up once."""
        scene = scene_at(self.analysed.document, offset)
        start = -1 if scene is None else scene.span.start
        if start not in self.names:
            self.names[start] = visible(self.analysed, offset if scene is None else scene.span.end)
        return self.names[start]


def _context(statement: syntax.Word) -> tuple[str, tuple[str, ...]]:
    """What a statement's block belongs to, and the names behind its word."""
    word = statement.word.text
    axes = next((part.axes for part in statement.head if isinstance(part, syntax.Dimension)), None)
    names = tuple(part.text for part in statement.head if isinstance(part, syntax.Name))
    return (word if axes is None else f"{word} {axes}d"), names


def _in_seconds(value: Expr) -> bool:
    """Whether a time is written in seconds alone."""
    return isinstance(value, syntax.Quantity) and all(unit in ("s", "ms", "m") for _, unit in value.parts)


def _in_frames(value: Expr) -> bool:
    """Whether a time is written in frames alone."""
    if isinstance(value, syntax.Quantity):
        return all(unit == "f" for _, unit in value.parts)
    return isinstance(value, syntax.Number | syntax.Call)


def _is_literal(value: Expr) -> bool:
    if isinstance(value, syntax.Unary):
        return _is_literal(value.operand)
    return isinstance(value, _LITERAL)


def _is_formula(value: Expr) -> bool:
    """Whether a value is reckoned: a literal says by itself what it is, a key list is a curve."""
    return isinstance(value, syntax.Binary | syntax.Call | syntax.Conditional | syntax.Name)


def _is_drawn(value: Expr) -> bool:
    return isinstance(value, syntax.Unary) and value.op == "-" and _is_literal(value.operand)
