"""The `let`s of both films whose values changed: told for the settings that changed because of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from anim_compiler.curves import rounded
from anim_compiler.diff.amounts import unit_of
from anim_compiler.diff.change import Change
from anim_compiler.diff.pair import Pair
from anim_compiler.diff.prompt_text import spoken
from anim_compiler.diff.relation import relation, sentence
from anim_compiler.diff.where import ranges
from anim_compiler.film import Curve
from anim_compiler.functions.registry import Array
from anim_compiler.sound.problem import AudioError


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every such `let` of the film, then those of its scenes."""
    found = (*_declared(pair), *_of_scenes(pair), *_of_film(pair))
    return tuple({change.path: change for change in found}.values())


def _declared(pair: Pair) -> Iterator[Change]:
    """What has no values of its own here: texts, `def`s, and what is imported."""
    before, after = pair.declared
    for name, (word, text) in after.items():
        was = before.get(name)
        if was is None or was == (word, text) or name in pair.b.film.lets:
            continue
        words = spoken(was[1], text)
        yield Change("lets", "changed", f"let {name}", f"{word} `{name}`", words, before=was[1], after=text)


def _of_film(pair: Pair) -> Iterator[Change]:
    a, b = pair.a, pair.b
    for name, after in b.film.lets.items():
        before = a.film.lets.get(name)
        if before is None:
            continue
        try:
            values = rounded(a.evaluator.column(before.expr)), rounded(b.evaluator.column(after.expr))
        except (AudioError, ValueError):
            continue
        yield from _change(pair, name, (before, after), values)


def _of_scenes(pair: Pair) -> Iterator[Change]:
    for scene in pair.matched:
        for name, after in scene.b.shot.lets.items():
            before = scene.a.shot.lets.get(name)
            if before is None:
                continue
            try:
                values = tuple(
                    rounded(take.evaluator.column(curve.expr))[: take.own]
                    for take, curve in ((scene.a, before), (scene.b, after))
                )
            except (AudioError, ValueError):
                continue
            yield from _change(pair, name, (before, after), (values[0], values[1]))


def _change(
    pair: Pair, name: str, curves: tuple[Curve, Curve], values: tuple[Array, Array]
) -> Iterator[Change]:
    count = min(len(values[0]), len(values[1]))
    a, b = values[0][:count], values[1][:count]
    differs = ~((a == b) | (np.isnan(a) & np.isnan(b)))
    if not differs.any():
        return
    written = pair.a.written(curves[0]), pair.b.written(curves[1])
    words = sentence(
        relation(a[differs], b[differs]), a[differs], b[differs], unit_of(curves[1].unit, written)
    )
    if written[0] != written[1] and max(map(len, written)) <= 30:
        words = f"{written[0]} → {written[1]}"
    frames = ranges(np.flatnonzero(differs).astype(np.int64), 2)
    yield Change(
        "lets",
        "changed",
        f"let {name}",
        f"let `{name}`",
        words,
        frames=frames,
        before=written[0],
        after=written[1],
    )
