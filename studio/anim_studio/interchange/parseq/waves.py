"""Parseq's waves in the words of films, or in its own arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anim_studio.interchange.parseq.formula import Call, Neg, Node, Num, Op, Var, children
from anim_studio.interchange.parseq.writing import (
    CHOICE,
    COMPARED,
    OR,
    PRODUCT,
    SIGNED,
    SUM,
    NoWords,
    Written,
    both,
    called,
    figure,
    plus,
    times,
)

if TYPE_CHECKING:
    from anim_studio.interchange.parseq.spell import Speller

#: letters of a number that people would write
_SHORT = 8


def wave_of(by: Speller, name: str, given: tuple[Node | None, ...]) -> Written:
    """A wave, with its amplitude and its middle. Raises `NoWords`."""
    period, phase = given_at(given, 0), given[1]
    wave = None
    if not by.is_exact:
        wave = _soft(by, name, period, phase, given[5])
    if wave is None:
        wave = _in_frames(by, name, period, phase, given[5])
    if given[2] is not None:
        wave = times(by.spelled(given[2]), wave)
    if given[3] is not None:
        wave = plus(by.spelled(given[3]), wave)
    if given[4] is not None:
        return _limited(by, wave, given[4], period)
    return wave


def _soft(by: Speller, name: str, period: Node, phase: Node | None, width: Node | None) -> Written | None:
    """A wave in the words of films: `sine(4beats, phase = 0.25)`; None if it is better said in frames."""
    inner, is_turned = (period.inner, True) if isinstance(period, Neg) else (period, False)
    if not isinstance(inner, Num) or inner.value == 0.0 or not (by.keeps_time or inner.unit in ("", "f")):
        return None
    shift = _shift(phase, inner)
    if shift is None:
        return None
    sign = -1.0 if is_turned else 1.0
    if name in ("sin", "tri", "sq"):
        if is_turned and name == "sq":
            return None
        own = {"sin": "sine", "tri": "tri", "sq": "square"}[name]
        turned = f", phase = {_share(sign * shift, inner.value)}" if shift else ""
        wave = Written(f"{own}({_duration(inner)}{turned})")
        return Written(f"-{wave.text}", SIGNED) if is_turned else wave
    if is_turned:
        return None
    if inner.unit == "s":
        return None
    clock = Written("beats" if inner.unit == "b" else "t")
    place = plus(clock, figure(shift)) if shift else clock
    rest = both("%", PRODUCT, place, figure(inner.value))
    if name == "saw":
        return rest if inner.value == 1.0 else both("/", PRODUCT, rest, figure(inner.value))
    wide = _shift(width or Num(5.0, "", "5", inner.span), inner)
    return None if wide is None else Written(f"{rest.text} < {figure(wide).text}", COMPARED)


def _share(part: float, whole: float) -> str:
    """A part of a period, as a number if that is a short one."""
    text = figure(part / whole).text
    return text if len(text) <= _SHORT else f"{figure(part).text} / {figure(whole).text}"


def _shift(node: Node | None, like: Num) -> float | None:
    """A constant in the unit of a period; None if it is in another one."""
    if node is None:
        return 0.0
    sign, inner = (-1.0, node.inner) if isinstance(node, Neg) else (1.0, node)
    if isinstance(inner, Num) and (inner.value == 0.0 or (inner.unit or "f") == (like.unit or "f")):
        return sign * inner.value
    return None


def _in_frames(by: Speller, name: str, period: Node, phase: Node | None, width: Node | None) -> Written:
    long = by.spelled(period)
    place = plus(Written("t"), by.spelled(phase)) if phase is not None else Written("t")
    angle = Written(f"{place.within(PRODUCT)} * pi * 2 / {long.within(SIGNED)}", PRODUCT)
    match name:
        case "sin":
            return called("sin", angle)
        case "tri":
            return Written(f"asin(sin({angle.text})) / 90deg", PRODUCT)
        case "sq":
            return Written(f"1 if sin({angle.text}) >= 0 else -1", CHOICE)
    if (phase is None or is_positive(phase)) and is_positive(period):
        rest = both("%", PRODUCT, place, long)
    else:
        by.named.helpers.add("rest")
        rest = called("rest", place, long)
    if name == "saw":
        return both("/", PRODUCT, rest, long)
    wide = figure(5.0) if width is None else by.spelled(width)
    return Written(f"{rest.text} < {wide.within(SUM)}", COMPARED)


def _limited(by: Speller, wave: Written, limit: Node, period: Node) -> Written:
    """After so many periods since the last key the value is 0."""
    times_ = by.constant(limit)
    if times_ <= 0:
        return wave
    long = times(figure(times_), by.spelled(period))
    along = by.variable(Var("k", limit.span))
    return Written(f"{wave.within(OR)} if {along.within(SUM)} <= {long.within(SUM)} else 0", CHOICE)


def given_at(given: tuple[Node | None, ...], place: int) -> Node:
    """An argument that must be there. Raises `NoWords`."""
    found = given[place]
    if found is None:
        raise NoWords
    return found


def is_positive(node: Node) -> bool:
    """Whether a formula is evidently never below 0."""
    match node:
        case Num():
            return True
        case Var(name, _):
            return name in ("f", "b", "wb", "s", "k", "fps", "bpm", "cadence", "last_frame", "PI", "E")
        case Op(sign, left, right, _):
            return sign in "+*/%^" and is_positive(left) and is_positive(right)
        case Call(name, _, _):
            return name in ("floor", "round", "ceil", "f2b", "f2s", "b2f", "s2f") and all(
                map(is_positive, children(node))
            )
        case _:
            return False


def _duration(node: Num) -> str:
    """A period as films write it."""
    value = figure(node.value).text
    if node.unit == "b":
        return f"{value}beat" if node.value == 1.0 else f"{value}beats"
    return f"{value}{node.unit or 'f'}"
