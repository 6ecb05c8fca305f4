"""The scenes: new, gone, renamed, in another place, longer, or shown in another way."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from anim_compiler.diff.align import in_order
from anim_compiler.diff.amounts import plural
from anim_compiler.diff.change import Change, Kind, Range
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.where import Timeline, short
from anim_compiler.film import Transition
from anim_compiler.takes import Take


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every changed scene, in the order of the film; nothing for a film that has no scenes."""
    if not pair.in_scenes and not _was_named(pair):
        return ()
    return tuple(_changes(pair))


def _was_named(pair: Pair) -> bool:
    """Whether the one shot that there is stands in a scene."""
    return any(take.shot.name != "film" for side in (pair.a, pair.b) for take in side.takes)


def _changes(pair: Pair) -> Iterator[Change]:
    for i, j in pair.scenes:
        if i is None and j is not None:
            yield _new(pair, j)
        elif j is None and i is not None:
            yield _gone(pair, i)
    rows = [(i, j) for i, j in pair.scenes if i is not None and j is not None]
    kept = in_order(rows)
    for i, j in rows:
        scene = Matched(pair.a.takes[i], pair.b.takes[j])
        yield from _renamed(pair, scene)
        if j not in kept:
            yield _moved(pair, j)
        yield from _longer(pair, scene)
        yield from _transition(pair, scene, j)
        yield from _seed(pair, scene)


def _new(pair: Pair, j: int) -> Change:
    take = pair.b.takes[j]
    return _change(pair, "added", take, f"added ({_lasts(take)})", pair.timeline, after=take.shot.name)


def _gone(pair: Pair, i: int) -> Change:
    take = pair.a.takes[i]
    return _change(pair, "removed", take, f"removed ({_lasts(take)})", None, before=take.shot.name)


def _renamed(pair: Pair, scene: Matched) -> Iterator[Change]:
    before, after = scene.a.shot.name, scene.b.shot.name
    if before == after:
        return
    if not pair.in_scenes:
        # a film without scenes and the same film in its only scene
        yield from ()
        return
    sentence = f"renamed to `{after}`"
    made = _change(pair, "renamed", scene.b, sentence, None, before, after)
    yield Change("scenes", "renamed", made.path, f"scene `{before}`", sentence, "", after, (), before, after)


def _moved(pair: Pair, j: int) -> Change:
    take = pair.b.takes[j]
    place = "to the beginning" if j == 0 else f"behind `{pair.b.takes[j - 1].shot.name}`"
    return _change(pair, "moved", take, f"moved {place}", pair.timeline)


def _longer(pair: Pair, scene: Matched) -> Iterator[Change]:
    before, after = scene.a.shot.length, scene.b.shot.length
    if before == after or not pair.in_scenes:
        return
    way = "longer" if after > before else "shorter"
    texts = f"{short(float(before))} s", f"{short(float(after))} s"
    sentence = f"{_duration(pair, abs(after - before))} {way}, {texts[0]} → {texts[1]}"
    yield _change(pair, "changed", scene.b, sentence, None, *texts)


def _duration(pair: Pair, seconds: Fraction) -> str:
    """`2 s`, and whole beats where there is a tempo."""
    grid = pair.timeline.grid
    even = grid is not None and grid.is_steady
    beats = float(seconds / grid.lasting(Fraction(0), Fraction(1))) if grid is not None and even else 0.5
    whole = round(beats)
    told = f" ({plural(whole, 'beat')})" if whole and abs(beats - whole) < 1e-6 else ""
    return f"{short(float(seconds))} s{told}"


def _transition(pair: Pair, scene: Matched, j: int) -> Iterator[Change]:
    # nothing is shown before the first scene, whatever it says
    before, after = _way(scene.a.shot.transition), _way(scene.b.shot.transition)
    if before == after or j == 0:
        return
    made = _change(pair, "changed", scene.b, f"begins with {after} instead of {before}", None, before, after)
    yield made


def _way(transition: Transition) -> str:
    """`a cut`, `crossfade(1 s)`, `wipe(1 s, left)`."""
    if transition.kind == "cut":
        return "a cut"
    if transition.kind == "continue":
        return "the last picture"
    more = {"wipe": f", {transition.direction}", "dip": f", {transition.color}"}.get(transition.kind, "")
    return f"{transition.kind}({short(float(transition.seconds))} s{more})"


def _seed(pair: Pair, scene: Matched) -> Iterator[Change]:
    """A scene's own seed; that of the film is told of the film."""
    own = [
        None if take.shot.seed == side.film.seed else take.shot.seed
        for side, take in ((pair.a, scene.a), (pair.b, scene.b))
    ]
    if own[0] == own[1] or not pair.in_scenes:
        return
    texts = tuple("the film's" if seed is None else str(seed) for seed in own)
    yield _change(pair, "changed", scene.b, f"seed {texts[0]} → {texts[1]}", None, *texts)


def _lasts(take: Take) -> str:
    return f"{short(float(take.shot.length))} s, {plural(take.own, 'frame')}"


def _change(
    pair: Pair,
    kind: Kind,
    take: Take,
    sentence: str,
    told: Timeline | None,
    before: str = "",
    after: str = "",
) -> Change:
    """A change of a scene; `told` says its frames as frames, for they are its name otherwise."""
    name, first = take.shot.name, take.clock.first
    where = (Range(first, first + take.own - 1),)
    words = "" if told is None else Timeline(told.fps, told.frames, (), told.grid).words(where)
    return Change(
        "scenes", kind, f"scene {name}", f"scene `{name}`", sentence, words, name, where, before, after
    )
