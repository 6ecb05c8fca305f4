"""Parseq's formulas in the words of films, as they are written: `sin(p=4b)*L` is `sine(4beats) * line`.

There are two ways. The first has the words that an animator would choose: `sine(4beats)`, `beats % 4 / 4`.
Where that is another number at some frame (a pulse whose edge lies on a frame is rounded the other way), the
second does Parseq's own arithmetic, in frames: `t % b(4) / b(4)`, with `b(n)` for the frames of n beats.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from anim_studio.interchange.parseq.evaluate import CONSTANTS, VARIABLES, Moment, as_number, compiled
from anim_studio.interchange.parseq.fixed_ways import fixed_way
from anim_studio.interchange.parseq.formula import (
    Call,
    FormulaError,
    If,
    Neg,
    Node,
    Num,
    Op,
    Text,
    Var,
    calls,
    variables,
)
from anim_studio.interchange.parseq.named import Named
from anim_studio.interchange.parseq.pieces import Pieces, pieced
from anim_studio.interchange.parseq.stretches import is_simple, name_of, whole
from anim_studio.interchange.parseq.truth import Curve, Section
from anim_studio.interchange.parseq.waves import given_at, is_positive, wave_of
from anim_studio.interchange.parseq.words import CHANCE, FUNCTIONS, LABELS, RAW, WAVES, arguments
from anim_studio.interchange.parseq.writing import (
    AND,
    ATOM,
    CHOICE,
    COMPARED,
    OR,
    POWER,
    PRODUCT,
    SIGNED,
    SUM,
    NoWords,
    Written,
    both,
    called,
    figure,
    is_figure,
    plus,
    times,
    truth,
)

#: variables that follow the keys of the field
_OF_KEYS = frozenset(name for name in VARIABLES if name in "LSCP" or "keyframe" in name)
#: functions that are called the same, but for the `_` before
_SAME = frozenset(RAW) - {"cbrt", "clz32", "log2", "asinh", "acosh", "atanh"}
#: functions that give an angle in films, and a plain number there
_ANGLES = frozenset(("asin", "acos", "atan"))
_RADIAN = Written("1rad")
_COMPARED = frozenset(("<", "<=", ">", ">=", "==", "!="))
_MOST_STEPS = 200
#: what stands in a formula may be sampled into so many keys
_MOST_PIECES = 16


@dataclass(frozen=True, slots=True)
class Speller:
    """Spells formulas of one field within one section. `is_exact` does Parseq's own arithmetic. `fields` are
    names that films know for fields, in prompts.
    """

    curve: Curve
    section: Section
    named: Named
    is_exact: bool = False
    fps: float = 0.0
    fields: Mapping[str, str] = field(default_factory=dict)

    def spelled(self, node: Node) -> Written:
        """A formula. Raises `NoWords`."""
        try:
            return self._of(node)
        except NoWords:
            if isinstance(node, Call | Op | If) and not isinstance(node, Text):
                return self._sampled(node)
            raise

    def _of(self, node: Node) -> Written:
        match node:
            case Num():
                return self._number(node)
            case Var():
                return self.variable(node)
            case Neg(inner, _):
                found = self.spelled(inner)
                return (
                    figure(-float(found.text))
                    if is_figure(found)
                    else Written(f"-{found.within(POWER)}", SIGNED)
                )
            case Op():
                return self._operation(node)
            case If():
                return self._choice(node)
            case Call():
                return self._call(node)
            case Text():
                raise NoWords

    # --- values ------------------------------------------------------------------------------------

    def _number(self, node: Num) -> Written:
        if node.unit == "b":
            return self._frames_of_beats(node.value)
        if node.unit == "s":
            return figure(node.value * self.curve.setting.fps)
        return figure(node.value)

    def _frames_of_beats(self, beats: float) -> Written:
        self.named.helpers.add("b")
        return Written(f"b({figure(beats).text})")

    @property
    def keeps_time(self) -> bool:
        """Whether the formulas count by the film's own rate."""
        return self.curve.setting.fps == self.fps

    def variable(self, node: Var) -> Written:
        """A variable of Parseq's. Raises `NoWords`."""
        name, setting = node.name, self.curve.setting
        if name in _OF_KEYS:
            return self._of_keys(name)
        if name == "k":
            active = self._of_keys("active_keyframe")
            return both("-", SUM, Written("t"), active) if active.text != "0" else Written("t")
        if name in self.fields:
            return Written(self.fields[name])
        if name in setting.tracks:
            return Written(self.named.track(name))
        constant = {"fps": setting.fps, "bpm": setting.bpm, "cadence": setting.cadence}
        if name in constant:
            return figure(constant[name])
        if name in ("b", "wb"):
            return self._beats(is_whole=name == "wb")
        if name == "s":
            return both("/", PRODUCT, Written("t"), figure(setting.fps))
        if name in CONSTANTS:
            own = {"PI": "pi", "E": "e"}.get(name)
            return Written(own) if own else figure(CONSTANTS[name])
        plain = {"f": "t", "last_frame": "max_f", "final_frame": "max_f"}
        if name not in plain:
            raise NoWords
        return Written(plain[name])

    def _beats(self, *, is_whole: bool) -> Written:
        if self.is_exact or not self.keeps_time:
            found = both("/", PRODUCT, Written("t"), self._frames_of_beats(1.0))
        else:
            found = Written("beats")
        return called("floor", found) if is_whole else found

    def _of_keys(self, name: str) -> Written:
        """`L`, `S` and the like: a number where it does not change in this section, else a curve by name."""
        read, setting = VARIABLES[name], self.curve.setting
        here = {read(Moment(setting, frame)) for frame in range(self.section.first, self.section.end)}
        is_instant = name == "L" and self.section.end - self.section.first == 1
        if len(here) == 1 and not is_instant:
            return figure(here.pop())
        if name in "LCP" or (name == "S" and len(setting.points.frames) <= _MOST_STEPS):
            return self._through(Var(name, self.section.formula.span))
        found = pieced([read(Moment(setting, frame)) for frame in range(setting.last + 1)])
        if found.count > _MOST_STEPS:
            raise NoWords
        return Written(self.named.name(f"{self.curve.name}_{name}", found.text))

    def _through(self, formula: Node) -> Written:
        """A way through all keyframes, as a curve of its own."""
        return Written(self.named.name(name_of(self.curve, formula), whole(self.curve, formula)))

    def _sampled(self, node: Node) -> Written:
        """What has no words, as the few keys that it comes to."""
        if self.fields or {"prev_computed_value"} & variables(node):
            raise NoWords
        setting = self.curve.setting
        try:
            formula = compiled(node, frozenset(setting.tracks))
            values = [
                as_number(formula(Moment(setting, frame, self.curve.values)))
                for frame in range(self.section.first, self.section.end)
            ]
        except FormulaError:
            raise NoWords from None
        found: Pieces = pieced(values, self.section.first)
        if found.count > _MOST_PIECES:
            raise NoWords
        if found.count == 1:
            return figure(values[0])
        head = node.name if isinstance(node, Call) else "part"
        return Written(self.named.name(f"{self.curve.name}_{head}", found.text))

    # --- operators ---------------------------------------------------------------------------------

    def _operation(self, node: Op) -> Written:
        a, b = self.spelled(node.left), self.spelled(node.right)
        match node.sign:
            case "+":
                return plus(a, b)
            case "-":
                return both("-", SUM, a, b)
            case "*":
                return times(a, b)
            case "/":
                return both("/", PRODUCT, a, b)
            case "%":
                return self._remainder(node, a, b)
            case "^":
                return Written(f"{a.within(ATOM)} ** {b.within(POWER)}", POWER)
            case "&&":
                return Written(f"{truth(a).within(AND)} and {truth(b).within(AND)}", AND)
            case "||":
                return Written(f"{truth(a).within(OR)} or {truth(b).within(OR)}", OR)
            case sign if sign in _COMPARED:
                return Written(f"{a.within(SUM)} {sign} {b.within(SUM)}", COMPARED)
            case _:
                raise NoWords

    def _remainder(self, node: Op, a: Written, b: Written) -> Written:
        """Parseq's remainder has the sign of what is divided, a film's that of the divisor."""
        if not self.is_exact or (is_positive(node.left) and is_positive(node.right)):
            return both("%", PRODUCT, a, b)
        self.named.helpers.add("rest")
        return called("rest", a, b)

    def _choice(self, node: If) -> Written:
        test = truth(self.spelled(node.test))
        then = self.spelled(node.then)
        other = self.spelled(node.other) if node.other else figure(0.0)
        return Written(f"{then.within(OR)} if {test.within(OR)} else {other.text}", CHOICE)

    # --- functions ---------------------------------------------------------------------------------

    def _call(self, node: Call) -> Written:
        name = node.name
        if name in self.curve.setting.tracks:
            return self._series_before(node)
        if name not in FUNCTIONS or name in CHANCE or name in LABELS:
            raise NoWords
        try:
            given = arguments(node, FUNCTIONS[name])
        except FormulaError:
            raise NoWords from None
        if is_simple(node):
            return self._through(node)
        if name in WAVES:
            return wave_of(self, name, given)
        if name == "slide":
            return self._slide(given)
        if name == "bez":
            text = fixed_way(self.curve, self.section, given, self.constant)
            return Written(self.named.name(f"{self.curve.name}_bez", text))
        if name in ("round", "floor", "ceil"):
            return self._rounded(name, given)
        args = [self.spelled(arg) for arg in given if arg is not None]
        plain: dict[str, Callable[[], Written]] = {
            "min": lambda: called("min", *args),
            "max": lambda: called("max", *args),
            "abs": lambda: called("abs", *args),
            "f2s": lambda: both("/", PRODUCT, args[0], figure(self.curve.setting.fps)),
            "s2f": lambda: times(args[0], figure(self.curve.setting.fps)),
            "f2b": lambda: both("/", PRODUCT, args[0], self._frames_of_beats(1.0)),
            "b2f": lambda: times(args[0], self._frames_of_beats(1.0)),
            "is_generation": lambda: Written(f"t % {self.curve.setting.cadence:g} == 0", COMPARED),
            "_log2": lambda: both("/", PRODUCT, called("log", *args), called("log", figure(2.0))),
        }
        if name in plain:
            return plain[name]()
        if name[:1] == "_" and name[1:] in _SAME:
            found = called(name[1:], *args)
            return both("/", PRODUCT, found, _RADIAN) if name[1:] in _ANGLES else found
        raise NoWords

    def _series_before(self, node: Call) -> Written:
        """`alias(f-5)`: a time series, so many frames late. Raises `NoWords`."""
        match node.args:
            case ((_, Op("-", Var("f"), Num(late, "" | "f"))),):
                return called("delay", Written(self.named.track(node.name)), Written(f"{figure(late).text}f"))
            case _:
                raise NoWords

    def _rounded(self, name: str, given: tuple[Node | None, ...]) -> Written:
        value = self.spelled(given_at(given, 0))
        digits = 0.0 if given[1] is None else self.constant(given[1])
        power = figure(10.0**digits)
        scaled = times(value, power)
        if name == "round":
            scaled, name = both("+", SUM, scaled, figure(0.5)), "floor"
        return (
            Written(f"{name}({scaled.text})")
            if not digits
            else both("/", PRODUCT, called(name, scaled), power)
        )

    def _slide(self, given: tuple[Node | None, ...]) -> Written:
        if given[3] is not None:
            raise NoWords
        start = self.spelled(given[0] or Var("S", self.section.formula.span))
        end = self.spelled(given[1] or Var("next_keyframe_value", self.section.formula.span))
        active = self._of_keys("active_keyframe")
        if given[2] is None:
            span = both("-", SUM, self._of_keys("next_keyframe"), active)
        else:
            span = self.spelled(given[2])
        along = both("-", SUM, Written("t"), active) if active.text != "0" else Written("t")
        share = called("clamp", both("/", PRODUCT, along, span))
        return called("mix", start, end, share)

    def constant(self, node: Node) -> float:
        """The value of a formula that is the same at every frame. Raises `NoWords`."""
        if variables(node) - {"fps", "bpm", "cadence", "last_frame", "final_frame", *CONSTANTS} or calls(
            node
        ):
            raise NoWords
        try:
            return as_number(compiled(node)(Moment(self.curve.setting, 0)))
        except FormulaError:
            raise NoWords from None
