"""What is expected of shown frames; it changes none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from anim_compiler.diff import numbers
from anim_compiler.diff.align import aligned
from anim_compiler.diff.canon import canon
from anim_compiler.diff.change import Change, Kind
from anim_compiler.diff.number import Number
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.side import Side
from anim_compiler.diff.where import ranges
from anim_compiler.film import Curve, Expectation
from anim_compiler.takes import Take


@dataclass(frozen=True, slots=True)
class _Test:
    """One comparison: as it is written, and what it computes, whatever that is called."""

    expected: Expectation
    text: str
    computes: tuple[object, ...]


#: one comparison that both films write alike in a scene
_Kept = tuple[Matched, _Test, _Test]


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every comparison that is new, gone or written otherwise, then those that follow something else."""
    rows: dict[tuple[Kind, str, str], list[Matched]] = {}
    kept: dict[str, list[_Kept]] = {}
    for scene in pair.matched:
        for old, new in _sides(pair, scene):
            if old is not None and new is not None and old.text == new.text:
                kept.setdefault(new.text, []).append((scene, old, new))
            elif old is None or new is None or old.computes != new.computes:
                kind: Kind = "added" if old is None else "removed" if new is None else "changed"
                said = (kind, "" if old is None else old.text, "" if new is None else new.text)
                rows.setdefault(said, []).append(scene)
    written = (_change(pair, said, scenes) for said, scenes in rows.items())
    return (*written, *(change for text, same in kept.items() for change in _followed(pair, text, same)))


def _sides(pair: Pair, scene: Matched) -> Iterator[tuple[_Test | None, _Test | None]]:
    """The comparisons of both films in a scene, side by side."""
    before = [_test(pair.a, expected) for expected in scene.a.shot.expectations]
    after = [_test(pair.b, expected) for expected in scene.b.shot.expectations]
    for i, j in aligned(before, after, _same, _alike):
        yield None if i is None else before[i], None if j is None else after[j]


def _test(side: Side, expected: Expectation) -> _Test:
    when = "" if expected.when is None else f" if {side.written(expected.when)}"
    text = f"{expected.figure} {expected.op} {side.written(expected.bound)}{when}"
    computes = (None if curve is None else canon(curve.expr) for curve in (expected.bound, expected.when))
    return _Test(expected, text, (expected.figure, expected.op, *computes))


def _same(a: _Test, b: _Test) -> bool:
    return a.text == b.text or a.computes == b.computes


def _alike(a: _Test, b: _Test) -> float:
    """Bounds of one figure on the same side are one that was moved."""
    x, y = a.expected, b.expected
    if (x.figure, x.op[0]) != (y.figure, y.op[0]):
        return 0.0
    return 0.5 + 0.2 * (x.op == y.op) + 0.2 * (a.computes[3] == b.computes[3])


def _change(pair: Pair, said: tuple[Kind, str, str], scenes: list[Matched]) -> Change:
    kind, before, after = said
    frames = ranges(pair.seen(np.sort(np.concatenate([scene.frames for scene in scenes]))))
    scene = scenes[0].b.shot.name if pair.in_scenes and len(scenes) == 1 else ""
    return Change(
        "expectations",
        kind,
        f"expect {after or before}",
        f"expect `{before or after}`",
        f"→ `{after}`" if kind == "changed" else kind,
        pair.timeline.words(frames),
        scene,
        frames,
        before,
        after,
    )


def _followed(pair: Pair, text: str, rows: list[_Kept]) -> Iterator[Change]:
    """What is written as it was and has other values, as those of a `let`."""
    own = {
        id(take): test for scene, *both in rows for take, test in zip((scene.a, scene.b), both, strict=True)
    }
    for part, words in (("bound", ""), ("when", ", when it holds:")):

        def find(part: str, take: Take) -> Curve | None:
            test = own.get(id(take))
            return None if test is None else getattr(test.expected, part)

        subject = f"expect `{text}`{words}"
        yield from numbers.changes(
            pair, Number("expectations", f"expect {text}", subject, partial(find, part), kind="ratio")
        )
