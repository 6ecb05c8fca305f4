"""Why a curve has other values: its own text, a `let` that it uses, or what it listens to and counts by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from anim_compiler.curves import Evaluator, rounded
from anim_compiler.diff.canon import canon
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.side import Side, column
from anim_compiler.film import Curve, Film
from anim_compiler.film_events import Markers, Score, Series
from anim_compiler.sound.problem import AudioError
from anim_compiler.typed import Clock, Feature, KeyCurve, Typed, walk

_STRING = re.compile(r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\]|\\.)*"', re.DOTALL)
_INSERT = re.compile(r"\{([^{}]*)\}")
_NAME = re.compile(r"[^\W\d]\w*")
_MUSICAL = frozenset({"beats", "bars", "beat_seconds", "bar_seconds"})


def causes(pair: Pair, scene: Matched, before: Curve, after: Curve) -> tuple[str, ...]:
    """Paths of the changes that this one may follow from; none if the curve itself was edited."""
    if canon(before.expr) == canon(after.expr):
        return tuple(_inputs(pair, scene, after.expr))
    first, second = pair.a.written(before), pair.b.written(after)
    if first != second or not second:
        return ()
    return (*_changed_files(pair, second), *changed_lets(pair, scene, second))


def _changed_files(pair: Pair, text: str) -> Iterator[str]:
    """Paths of the files of times and curves that a text names, and the `let`s in it, where they changed."""
    lets = _lets(pair.b)
    texts = (text, *(pair.b.written(lets[name]) for name in used_lets(pair, text) if name in lets))
    a, b = _told(pair.was.film), _told(pair.b.film)
    for name in dict.fromkeys(name for written in texts for name in names(written)):
        if name in a and name in b and replace(a[name][1], path="") != replace(b[name][1], path=""):
            yield f"{b[name][0]} {name}"


def _told(film: Film) -> Mapping[str, tuple[str, Markers | Score | Series]]:
    """Files of times and curves by name, each with the word of its statement."""
    rows = (("markers", film.markers), ("midi", film.scores), ("series", film.series))
    return {file.name: (word, file) for word, files in rows for file in files}


def _is_edited(pair: Pair, name: str) -> bool:
    """Whether a `let` is written otherwise, and does not only follow another one."""
    before, after = _lets(pair.a).get(name), _lets(pair.b).get(name)
    if before is None or after is None:
        return True
    return pair.a.written(before) != pair.b.written(after)


def used_lets(pair: Pair, text: str) -> tuple[str, ...]:
    """The `let`s and `def`s that a text names, and those that these name in turn."""
    found: dict[str, None] = {}
    waiting = [text]
    known = _lets(pair.b)
    texts = pair.declared[1]
    while waiting:
        for name in names(waiting.pop()):
            if name in found or not (name in known or name in texts):
                continue
            found[name] = None
            waiting.append(pair.b.written(known[name]) if name in known else texts[name][1])
    return tuple(found)


def changed_lets(pair: Pair, scene: Matched, text: str) -> tuple[str, ...]:
    """Paths of the changes of `let`s and `def`s that a text uses, those that only follow others left out."""
    found = [name for name in used_lets(pair, text) if _let_differs(pair, scene, name)]
    edited = [name for name in found if _is_edited(pair, name)]
    return tuple(f"let {name}" for name in edited or found)


def names(text: str) -> tuple[str, ...]:
    """The names in an expression's text, those in the inserts of its strings too."""
    inside = [part for string in _STRING.findall(text) for part in _INSERT.findall(string)]
    return tuple(dict.fromkeys(_NAME.findall(" ".join([_STRING.sub(" ", text), *inside]))))


def _lets(side: Side) -> Mapping[str, Curve]:
    return {**{n: c for take in side.takes for n, c in take.shot.lets.items()}, **side.film.lets}


def _let_differs(pair: Pair, scene: Matched, name: str) -> bool:
    """Whether a `let` has other values, by the film's clock or by the scene's."""
    for a, b, before, after in (
        (pair.a.evaluator, pair.b.evaluator, pair.a.film.lets, pair.b.film.lets),
        (scene.a.evaluator, scene.b.evaluator, scene.a.shot.lets, scene.b.shot.lets),
    ):
        if name in before and name in after:
            return differs(a, before[name], b, after[name])
    texts = [declared.get(name) for declared in pair.declared]
    return None not in texts and texts[0] != texts[1]


def differs(a: Evaluator, before: Curve, b: Evaluator, after: Curve) -> bool:
    """Whether two curves have other values on the frames that both have."""
    try:
        first, second = rounded(a.column(before.expr)), rounded(b.column(after.expr))
    except (AudioError, ValueError):
        return canon(before.expr) != canon(after.expr)
    count = min(len(first), len(second))
    return not np.array_equal(first[:count], second[:count], equal_nan=True)


def _inputs(pair: Pair, scene: Matched, expr: Typed) -> Iterator[str]:
    """What an unchanged formula reads that changed: sound, tempo and seed before lengths and places."""
    nodes = tuple(walk(expr))
    a, b = pair.was.film, pair.b.film
    for name in dict.fromkeys(node.track for node in nodes if isinstance(node, Feature)):
        if _track(a, name) != _track(b, name):
            yield f"audio {name}"
    clocks = {node.name for node in nodes if isinstance(node, Clock)}
    if clocks & _MUSICAL or any(key.at.beats for n in nodes if isinstance(n, KeyCurve) for key in n.keys):
        if (a.tempo.bpm, a.tempo.given) != (b.tempo.bpm, b.tempo.given):
            yield "bpm"
        if a.tempo.beats_per_bar != b.tempo.beats_per_bar:
            yield "beats_per_bar"
    if "s" in clocks and scene.a.clock.seed != scene.b.clock.seed:
        yield "seed"
    yield from _places(pair, scene)
    if a.length != b.length:
        yield "length"
    if a.fps != b.fps:
        yield "fps"


def _places(pair: Pair, scene: Matched) -> Iterator[str]:
    """The scene itself if its length changed; if it stands elsewhere, every scene that can have moved it."""
    if scene.a.shot.length != scene.b.shot.length:
        yield f"scene {scene.b.shot.name}"
    if scene.a.shot.start == scene.b.shot.start:
        return
    for i, j in pair.scenes:
        before = None if i is None else pair.a.takes[i].shot
        after = None if j is None else pair.b.takes[j].shot
        if before is None or after is None or before.length != after.length:
            shot = after or before
            yield "" if shot is None else f"scene {shot.name}"
    yield f"scene {scene.b.shot.name}"


def _track(film: Film, name: str) -> tuple[object, ...]:
    """What of a track its features depend on."""
    found = (t for t in film.tracks if t.name == name)
    told = ((t.sha256, t.bpm, t.given, t.offset, t.beats_per_bar, t.is_fixed, t.gain_db) for t in found)
    return next(told, ())


def follows_time(found: tuple[str, ...]) -> bool:
    """Whether it can only be lengths, places or the rate that give an unchanged formula other values."""
    return bool(found) and all(path in ("length", "fps") or path.startswith("scene ") for path in found)


def stretched(pair: Pair, scene: Matched, path: str, before: Curve, after: Curve) -> bool:
    """Whether a curve only keeps its shape over another length: the same at the same share of it."""
    if scene.a.shot.length == scene.b.shot.length or scene.a.own == scene.b.own:
        return False
    side = pair.known.get(f"stretched {scene.a.shot.name}")
    if side is None:
        rate = pair.b.clock.fps * Fraction(scene.b.shot.length) / Fraction(scene.a.shot.length)
        side = pair.known[f"stretched {scene.a.shot.name}"] = pair.a.at_rate(rate)
    assert isinstance(side, Side)
    take = next((t for t in side.takes if t.shot.name == scene.a.shot.name), None)
    a = None if take is None else column(take, path, before)
    b = column(scene.b, path, after)
    if a is None or b is None or abs(len(a) - len(b)) > 1:
        return False
    count = min(len(a), len(b))
    return bool(np.allclose(a[:count], b[:count], rtol=1e-9, atol=1e-12, equal_nan=True))
