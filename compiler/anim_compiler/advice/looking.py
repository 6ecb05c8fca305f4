"""Looking at a checked film: what a curve always is, what stands in it, which shots share it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from anim_compiler.constants import constant
from anim_compiler.film import Curve, Film, Shot
from anim_compiler.typed import KeyCurve, OnFilm, TimedKey, Typed, walk
from anim_dsl.source import Span


def bare(expr: Typed) -> Typed:
    """The expression without the clock that it is carried to."""
    while isinstance(expr, OnFilm):
        expr = expr.expr
    return expr


def always(curve: Curve | None) -> float | None:
    """The number that a curve is at every frame; None if it changes or is not known before compiling."""
    return None if curve is None else steady(curve.expr)


def steady(expr: Typed) -> float | None:
    """The number that an expression always is, equal keys included."""
    expr = bare(expr)
    if not isinstance(expr, KeyCurve):
        return constant(expr)
    values = {constant(bare(key.value)) for key in expr.keys}
    return values.pop() if len(values) == 1 else None


def levels(expr: Typed) -> Iterator[tuple[float, Span]]:
    """The constants that a curve is written with, each with its place: the number, or those of its keys."""
    expr = bare(expr)
    parts = [key.value for key in expr.keys] if isinstance(expr, KeyCurve) else [expr]
    for part in parts:
        value = constant(bare(part))
        if value is not None:
            yield value, part.span


def segments(expr: Typed) -> Iterator[tuple[TimedKey, float, TimedKey, float, float]]:
    """Neighbouring fixed keys with their values and the seconds between them, where both are known."""
    expr = bare(expr)
    if not isinstance(expr, KeyCurve):
        return
    for first, second in pairwise(expr.keys):
        a, b = constant(bare(first.value)), constant(bare(second.value))
        if a is None or b is None or first.at.beats or second.at.beats:
            continue
        yield first, a, second, b, float(second.at.seconds - first.at.seconds)


def key_curves(expr: Typed) -> Iterator[KeyCurve]:
    """Every key list in an expression."""
    return (node for node in walk(expr) if isinstance(node, KeyCurve))


def curves(film: Film) -> Iterator[tuple[Shot, str, Curve]]:
    """Every curve that is written, with its shot and its path; a `let` of the film is in the first shot."""
    for name, curve in film.lets.items():
        yield film.shots[0], name, curve
    for shot in film.shots:
        for path, curve in (*shot.numbers.items(), *shot.lets.items()):
            if written(curve):
                yield shot, path, curve
        for lora in shot.loras:
            yield shot, f"lora.{lora.name}.weight", lora.weight
        for control in shot.controls:
            for name, curve in control.numbers.items():
                if written(curve):
                    yield shot, f"control.{control.name}.{name}", curve


def written(curve: Curve | None) -> bool:
    """Whether a curve stands in the film, and is no default."""
    return curve is not None and curve.span is not None and curve.span.end > curve.span.start


def shared(film: Film, path: str) -> Iterator[tuple[Curve, tuple[Shot, ...]]]:
    """A setting as often as it is written, each time with the shots that take it from there."""
    homes: dict[Span, tuple[Curve, list[Shot]]] = {}
    for shot in film.shots:
        curve = shot.numbers.get(path)
        if curve is not None and written(curve) and curve.span is not None:
            homes.setdefault(curve.span, (curve, []))[1].append(shot)
    for curve, shots in homes.values():
        yield curve, tuple(shots)


def frames(film: Film, shot: Shot) -> int:
    """How many frames a shot has."""
    first = -((-shot.start * film.fps) // 1)
    last = -((-shot.end * film.fps) // 1)
    return max(1, int(last - first))


def called(film: Film) -> str:
    """What a shot is called in messages."""
    return "film" if len(film.shots) == 1 else "scene"
