"""The pipeline as what it does: steps that are new, gone, in another order or with other arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anim_compiler.diff import numbers
from anim_compiler.diff.align import aligned, in_order
from anim_compiler.diff.change import Change, Kind
from anim_compiler.diff.number import Number
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.prompt_text import spoken
from anim_compiler.diff.where import listed, ranges
from anim_compiler.film import Curve, OpCall, PictureExpr, PictureRef, Pipeline, Word


@dataclass(frozen=True, slots=True)
class _Step:
    """One operation: what it is called, what it reads (places of steps, or names of pictures)."""

    op: str
    reads: tuple[int | str, ...]
    words: Mapping[str, Word]
    curves: Mapping[str, Curve]


@dataclass(frozen=True, slots=True)
class _Steps:
    """A pipeline without the names of its steps: `carry` and `frame` are places of steps, or pictures."""

    rows: tuple[_Step, ...]
    carry: int | str
    frame: int | str

    def called(self, place: int | str) -> str:
        """A step as messages call it."""
        return f"`{self.rows[place].op}`" if isinstance(place, int) else f"`{place}`"


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every change of every scene's pipeline; the same in several scenes once."""
    told: dict[tuple[str, str], Change] = {}
    for scene in pair.matched:
        for change in _of_scene(pair, scene):
            told.setdefault((change.path, change.sentence), change)
    return tuple(told.values())


def _of_scene(pair: Pair, scene: Matched) -> Iterator[Change]:
    before, after = scene.a.shot.pipeline, scene.b.shot.pipeline
    if before is None and after is None:
        return
    if before is None or after is None:
        ways = ("the standard one", "the film's own")
        old, new = ways if before is None else ways[::-1]
        yield _change(pair, scene, "changed", "pipeline", "pipeline", f"{old} → {new}")
        return
    yield from _steps(pair, scene, _flat(before), _flat(after))


def _flat(pipeline: Pipeline) -> _Steps:
    """The operations in the order in which they are done, each once."""
    rows: list[_Step] = []
    named: dict[str, int | str] = {}

    def place(expr: PictureExpr) -> int | str:
        if isinstance(expr, PictureRef):
            return expr.name
        if not isinstance(expr, OpCall):
            return named[expr.name]
        reads = tuple(place(inner) for inner in expr.inputs)
        curves = {name: value for name, value in expr.args.items() if isinstance(value, Curve)}
        words = {name: value for name, value in expr.args.items() if not isinstance(value, Curve)}
        rows.append(_Step(expr.op, reads, words, curves))
        return len(rows) - 1

    for name, picture in pipeline.steps:
        named[name] = place(picture)
    return _Steps(tuple(rows), named[pipeline.carry], named[pipeline.frame])


def _steps(pair: Pair, scene: Matched, a: _Steps, b: _Steps) -> Iterator[Change]:
    pairs = aligned(
        range(len(a.rows)),
        range(len(b.rows)),
        lambda i, j: a.rows[i].op == b.rows[j].op and a.rows[i].words == b.rows[j].words,
        lambda i, j: 0.9 if a.rows[i].op == b.rows[j].op else 0.0,
    )
    both = {i: j for i, j in pairs if i is not None and j is not None}
    kept = in_order(list(zip(both, both.values(), strict=True)))
    for i, j in pairs:
        if i is None and j is not None:
            told = f"added after {_reads(b, j)}" if b.rows[j].reads else "added"
            yield _step(pair, scene, "added", b, j, told)
        elif j is None and i is not None:
            yield _step(pair, scene, "removed", a, i, "removed")
        elif i is not None and j is not None:
            yield from _same_step(pair, scene, (a, i), (b, j), both, kept)
    for name in ("carry", "frame"):
        first, second = getattr(a, name), getattr(b, name)
        if both.get(first, first) != second and not (
            _is_new(first, both) or _is_new(second, set(both.values()))
        ):
            sentence = f"is what {b.called(second)} makes, not {a.called(first)}"
            yield _change(pair, scene, "changed", f"pipeline.{name}", f"`{name}`", sentence)


def _is_new(place: int | str, known: object) -> bool:
    """Whether a place is a step that the other film does not have, which is told already."""
    return isinstance(place, int) and place not in known  # type: ignore[operator]  # a set or a dict of places


def _same_step(
    pair: Pair,
    scene: Matched,
    first: tuple[_Steps, int],
    second: tuple[_Steps, int],
    both: Mapping[int, int],
    kept: frozenset[int],
) -> Iterator[Change]:
    """A step of both films: its place, what it reads, its words and its numbers."""
    (a, i), (b, j) = first, second
    was, now = a.rows[i], b.rows[j]
    reads = tuple(both.get(r, r) if isinstance(r, int) else r for r in was.reads)
    stays = {x: y for x, y in both.items() if y in kept}
    if j not in kept:
        yield _step(pair, scene, "moved", b, j, f"moved behind {_reads(b, j)}")
    elif reads != now.reads and not _spliced(a, b, stays, was, now):
        yield _step(pair, scene, "changed", b, j, f"reads {_reads(b, j)} instead of {_reads(a, i)}")
    for name in dict.fromkeys((*was.words, *now.words)):
        texts = _word(was.words, name), _word(now.words, name)
        if texts[0] != texts[1]:
            yield _step(pair, scene, "changed", b, j, f"`{name}` {spoken(*texts)}")
    for name in dict.fromkeys((*was.curves, *now.curves)):
        yield from _argument(pair, scene, now.op, name, was.curves.get(name), now.curves.get(name))


def _spliced(a: _Steps, b: _Steps, both: Mapping[int, int], was: _Step, now: _Step) -> bool:
    """Whether it only reads on through steps that are new, or past steps that are gone."""
    back = {j: i for i, j in both.items()}

    def through(steps: _Steps, place: int | str, known: Mapping[int, int]) -> int | str:
        while isinstance(place, int) and place not in known and steps.rows[place].reads:
            place = steps.rows[place].reads[0]
        return place

    ends_a = [through(a, r, both) for r in was.reads]
    ends_b = [through(b, r, back) for r in now.reads]
    return [both.get(e, e) if isinstance(e, int) else e for e in ends_a] == ends_b


def _argument(
    pair: Pair, scene: Matched, op: str, name: str, before: Curve | None, after: Curve | None
) -> Iterator[Change]:
    """A number of a step; without one it is the setting's or the operation's own."""
    if before is None or after is None:
        curve = after or before
        assert curve is not None
        side = pair.b if after is not None else pair.a
        text = side.written(curve)
        sentence = f"set to {text}" if before is None else f"no longer set (was {text})"
        yield _change(pair, scene, "changed", f"pipeline.{op}.{name}", f"`{op}`: `{name}`", sentence)
        return
    yield from numbers.changes(
        pair,
        Number(
            "pipeline",
            f"pipeline.{op}.{name}",
            f"`{op}`: `{name}`",
            lambda take: after if take is scene.b else None,
            lambda take: before if take is scene.a else None,
            kind=after.unit,
        ),
    )


def _reads(steps: _Steps, place: int) -> str:
    reads = steps.rows[place].reads
    return listed([steps.called(read) for read in reads]) if reads else "nothing"


def _step(pair: Pair, scene: Matched, kind: Kind, steps: _Steps, place: int, sentence: str) -> Change:
    op = steps.rows[place].op
    return _change(pair, scene, kind, f"pipeline.{op}", f"`{op}`", sentence)


def _change(pair: Pair, scene: Matched, kind: Kind, path: str, subject: str, sentence: str) -> Change:
    frames = ranges(pair.seen(scene.frames))
    name = scene.b.shot.name if pair.in_scenes else ""
    return Change("pipeline", kind, path, subject, sentence, pair.timeline.words(frames), name, frames)


def _word(words: Mapping[str, Word], name: str) -> str:
    """What a step says of a word: texts for the model as a prompt is written."""
    value = words.get(name, "default")
    return f'"{value}"' if name in words and name in ("prompt", "negative") else str(value)
