"""Ways from keyframe to keyframe that films have too: straight, held, a natural spline's cubics, `bez`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anim_studio.interchange.parseq.easing import control_points
from anim_studio.interchange.parseq.formula import Call, Neg, Node, Num, Text, Var
from anim_studio.interchange.parseq.splines import Points, differences
from anim_studio.interchange.parseq.truth import Curve
from anim_studio.interchange.parseq.writing import NoWords, figure

_CSS = {
    (0.25, 0.1, 0.25, 1.0): "ease",
    (0.42, 0.0, 1.0, 1.0): "ease_in",
    (0.0, 0.0, 0.58, 1.0): "ease_out",
    (0.42, 0.0, 0.58, 1.0): "ease_in_out",
    (0.0, 0.0, 1.0, 1.0): "",
}
_LETTERS = ("L", "S", "C")
_NUMBERS = ("x1", "y1", "x2", "y2")


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a film: its frame, its value, and how the way after it is travelled."""

    frame: int
    value: str
    easing: str = ""


def is_simple(node: Node) -> bool:
    """Whether a formula is a way from keyframe to keyframe."""
    if isinstance(node, Var):
        return node.name in _LETTERS
    return isinstance(node, Call) and node.name == "bez" and _curve(node) is not None


def key_at(curve: Curve, formula: Node, frame: int, at: int) -> Key:
    """The key at a frame, on the way after the keyframe of place `at`, by a simple formula."""
    points = curve.setting.points
    is_last = at == len(points.frames) - 1
    if isinstance(formula, Var) and formula.name == "L":
        value = points.values[at] if points.frames[at] == frame else curve.values[frame]
        return Key(frame, figure(value).text)
    value_text = figure(points.values[at]).text
    if is_last or (isinstance(formula, Var) and formula.name == "S"):
        return Key(frame, value_text, "hold")
    if isinstance(formula, Var):
        return _spline(curve, frame, at)
    numbers = _curve(formula) if isinstance(formula, Call) else None
    if numbers is None:
        raise NoWords
    return Key(frame, value_text, easing_of(numbers))


def easing_of(numbers: tuple[float, float, float, float]) -> str:
    """What a film calls the easing of these control points; "" for a straight way."""
    easing = _CSS.get(numbers)
    return f"bezier({', '.join(figure(n).text for n in numbers)})" if easing is None else easing


def _curve(call: Call) -> tuple[float, float, float, float] | None:
    """The control points of a `bez` from one key's value to the next's; None if it is another."""
    numbers = [0.5, 0.0, 0.5, 1.0]
    for place, (name, node) in enumerate(call.args):
        if name in ("c", "curve"):
            named = control_points(node.value) if isinstance(node, Text) else None
            if named is None:
                return None
            numbers = list(named)
            continue
        index = _NUMBERS.index(name) if name in _NUMBERS else 4 if name else place
        value = _constant(node)
        if index > 3 or value is None:
            return None
        numbers[index] = value
    x1, y1, x2, y2 = numbers
    return (x1, y1, x2, y2) if 0.0 <= x1 <= 1.0 and 0.0 <= x2 <= 1.0 else None


def _constant(node: Node) -> float | None:
    match node:
        case Num(value, unit, _, _) if unit in ("", "f"):
            return value
        case Neg(Num(value, unit, _, _), _) if unit in ("", "f"):
            return -value
        case _:
            return None


def _spline(curve: Curve, frame: int, at: int) -> Key:
    """A natural spline's way to the next key: each cubic is a Bézier easing whose times are thirds."""
    points, ends = curve.setting.points, curve.setting.slopes
    width = points.frames[at + 1] - points.frames[at]
    value, rise = points.values[at], points.values[at + 1] - points.values[at]
    if abs(rise) > 1e-6 * max(1.0, abs(value)):
        y1 = figure(round(ends[at] * width / (3.0 * rise), 12)).text
        y2 = figure(round(1.0 - ends[at + 1] * width / (3.0 * rise), 12)).text
        return Key(frame, figure(value).text, f"bezier(1/3, {y1}, 2/3, {y2})")
    # from a value back to itself no easing bulges: the cubic as a formula
    a, b = ends[at], -ends[at + 1]
    far = f"({points.frames[at + 1]} - t)"
    along = f"(t - {frame})" if frame else "t"
    bend = f"({_tiny(a)} * {far} + {_tiny(b)} * {along}) * {along} * {far} / {width}**2"
    return Key(frame, f"({figure(value).text} + {bend})")


def _tiny(value: float) -> str:
    found = figure(value)
    return f"({found.text})" if value < 0 else found.text


def polynomial(points: Points) -> str:
    """The polynomial through all keys, nested as Newton has it. Raises `NoWords` for many keys, between which
    it swings beyond all numbers.
    """
    if len(points.frames) > 8:
        raise NoWords
    factors = differences(points)
    text = _tiny(factors[-1])
    for frame, factor in zip(points.frames[-2::-1], factors[-2::-1], strict=True):
        along = f"(t - {frame})" if frame else "t"
        text = f"({_tiny(factor)} + {along} * {text})"
    return text


def listed(keys: Sequence[Key]) -> str:
    """Keys as a list on one line; an easing that all ways have stands at its end."""
    if len(keys) == 1:
        return keys[0].value
    easings = {key.easing for key in keys[:-1]}
    shared = easings.pop() if len(easings) == 1 and len(keys) > 2 else ""
    if shared and shared != "hold":
        return ", ".join(f"{key.frame}: {key.value}" for key in keys) + f" with {shared}"
    return ", ".join(f"{key.frame}: {key.value} {key.easing}".rstrip() for key in keys)


def whole(curve: Curve, formula: Node) -> str:
    """A simple formula, or `P`, as a curve of its own through all keyframes. Raises `NoWords`."""
    points = curve.setting.points
    if isinstance(formula, Var) and formula.name == "P":
        return polynomial(points)
    keys = [key_at(curve, formula, frame, at) for at, frame in enumerate(points.frames)]
    return listed([*keys[:-1], Key(keys[-1].frame, keys[-1].value)])


def name_of(curve: Curve, formula: Node) -> str:
    """What such a curve is called."""
    letter = formula.name if isinstance(formula, Var) else "bez"
    endings = {"L": "line", "S": "steps", "C": "spline", "P": "polynomial"}
    return f"{curve.name}_{endings.get(letter, 'ways')}"
