"""The prompts: new, gone, reworded, moved, and how one becomes the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anim_compiler.diff.align import aligned
from anim_compiler.diff.causes import changed_lets
from anim_compiler.diff.change import Change, Range
from anim_compiler.diff.keys import distance
from anim_compiler.diff.pair import Matched, Pair
from anim_compiler.diff.prompt_keys import WHICH, Keys, Which, keys, likeness
from anim_compiler.diff.prompt_morph import morph
from anim_compiler.diff.prompt_text import spoken
from anim_compiler.diff.where import ranges, short
from anim_compiler.typed import Ease, Moment

Row: TypeAlias = tuple[int, int]
"""The places of one prompt in the earlier and in the later schedule."""


def changes(pair: Pair) -> tuple[Change, ...]:
    """Every change of every scene's prompts, negative ones behind; the same in several scenes once."""
    found: list[Change] = []
    for scene in pair.matched:
        for which in WHICH:
            found += _schedule(pair, scene, which)
        found += morph(pair, scene)
    return _once(pair, found)


def _schedule(pair: Pair, scene: Matched, which: Which) -> list[Change]:
    a, b = keys(pair.a, scene.a, which), keys(pair.b, scene.b, which)
    numbers = list(range(len(a.keys))), list(range(len(b.keys)))
    pairs = aligned(
        *numbers,
        lambda i, j: a.texts[i].key == b.texts[j].key,
        lambda i, j: likeness(a, i, b, j),
    )
    build = _Builder(pair, scene, which, a, b)
    both = [(i, j) for i, j in pairs if i is not None and j is not None]
    elsewhere = [row for row in both if build.is_elsewhere(*row)]
    swaps = build.swaps(elsewhere)
    swapped = {row for swap in swaps for row in swap}
    made = [build.swapped(*swap) for swap in swaps]
    made += build.moved([row for row in elsewhere if row not in swapped])
    for i, j in pairs:
        if i is None and j is not None:
            made.append(build.added(j))
        elif j is None and i is not None:
            made.append(build.removed(i))
        elif i is not None and j is not None:
            made += build.reworded(i, j)
    return [change for change in made if change.frames]


@dataclass(frozen=True, slots=True)
class _Builder:
    """Writes the changes of one schedule."""

    pair: Pair
    scene: Matched
    which: Which
    a: Keys
    b: Keys

    def is_elsewhere(self, i: int, j: int) -> bool:
        """Whether a prompt stands at another frame of its scene."""
        return abs(self.a.moments[i] - self.b.moments[j]) > 1e-6

    def added(self, j: int) -> Change:
        """A prompt that was not there."""
        at = f" at {self._time(self.b, j)}" if len(self.b.keys) > 1 else ""
        text = self.b.texts[j].text
        return self._change("added", j, f"added{at}: {text}", self._frames(self.b.bounds(j)), after=text)

    def removed(self, i: int) -> Change:
        """A prompt that is gone; it is numbered as it was."""
        text = self.a.texts[i].text
        sentence = f"removed: {text}"
        reach = self._frames(self.a.bounds(i))
        return replace(
            self._change("removed", i, sentence, reach, before=text),
            subject=self._called(self.a, i),
            path=self._path(self.a, i),
        )

    def reworded(self, i: int, j: int) -> Iterator[Change]:
        """Another text, other numbers in it, or another way to the next."""
        before, after = self.a.texts[i], self.b.texts[j]
        reach = self._frames(self.b.bounds(j))
        if before.key != after.key:
            texts = (before.text, after.text)
            same = texts[0] == texts[1]
            sentence = f"has other numbers: {after.text}" if same else spoken(*texts)
            causes = self._causes(i, j)
            yield self._change("changed", j, sentence, reach, before.text, after.text, causes)
        if self._eases(i, j):
            ease, was = self.b.keys[j].ease, self.a.keys[i].ease
            frames = self._frames((self.b.places[j], self.b.end(j)))
            yield self._change("changed", j, f"morphs with {_ease(ease)} instead of {_ease(was)}", frames)

    def swaps(self, rows: Sequence[Row]) -> list[tuple[Row, Row]]:
        """Pairs of prompts of which each stands where the other one stood."""
        return [
            (row, other)
            for n, row in enumerate(rows)
            for other in rows[n + 1 :]
            if self._takes_place(row, other) and self._takes_place(other, row)
        ]

    def _takes_place(self, row: Row, other: Row) -> bool:
        return abs(self.b.moments[row[1]] - self.a.moments[other[0]]) <= 1e-6

    def swapped(self, row: Row, other: Row) -> Change:
        """Two prompts that changed places, as one change."""
        frames = {f for i, j in (row, other) for f in self._moved_frames(i, j)}
        made = self._change("moved", row[1], "swapped", np.array(sorted(frames), dtype=np.int64))
        numbers = " and ".join(str(j + 1) for j in sorted((row[1], other[1])))
        path = f"{self.which}s {numbers}"
        return replace(made, subject=path + self._of_scene(), path=path + self._of_scene())

    def moved(self, rows: Sequence[tuple[int, int]]) -> Iterator[Change]:
        """Prompts at another moment; neighbours that moved equally far are one change."""
        groups: list[tuple[str, list[tuple[int, int]]]] = []
        for i, j in rows:
            moments = self._moment(self.a, i), self._moment(self.b, j)
            way = distance(*moments, self.scene.b.clock, self.pair.tempo)
            if groups and groups[-1][0] == way and groups[-1][1][-1][1] == j - 1:
                groups[-1][1].append((i, j))
            else:
                groups.append((way, [(i, j)]))
        for way, group in groups:
            reach = {f for i, j in group for f in self._moved_frames(i, j)}
            first, last = group[0][1], group[-1][1]
            frames = np.array(sorted(reach), dtype=np.int64)
            made = self._change("moved", first, f"moved {way}", frames, causes=self._tempo(group))
            if first != last:
                numbers = f"{first + 1}–{last + 1}"
                path = f"{self.which}s {numbers}"
                made = replace(made, subject=path + self._of_scene(), path=path + self._of_scene())
            yield made

    # --- parts ---

    def _change(
        self,
        kind: Literal["added", "removed", "changed", "moved"],
        j: int,
        sentence: str,
        frames: NDArray[np.int64],
        before: str = "",
        after: str = "",
        causes: tuple[str, ...] = (),
    ) -> Change:
        where = ranges(self.pair.seen(frames))
        words = self.pair.timeline.words(where)
        if words == f"in scene `{self.scene.b.shot.name}`":
            words = ""  # its name says so
        return Change(
            "prompts",
            kind,
            self._path(self.b, j),
            self._called(self.b, j),
            sentence,
            words,
            self.scene.b.shot.name if self.pair.in_scenes else "",
            where,
            before,
            after,
            causes,
        )

    def _called(self, keys: Keys, place: int) -> str:
        number = f" {place + 1}" if max(len(self.a.keys), len(self.b.keys)) > 1 else ""
        return f"{self.which}{number}{self._of_scene()}"

    def _path(self, keys: Keys, place: int) -> str:
        return self._called(keys, place).replace("`", "")

    def _of_scene(self) -> str:
        return f" of `{self.scene.b.shot.name}`" if self.pair.in_scenes else ""

    def _time(self, keys: Keys, place: int) -> str:
        return f"{short(keys.moments[place] / float(keys.take.clock.fps))} s"

    def _moment(self, keys: Keys, place: int) -> tuple[Moment, float]:
        return keys.keys[place].at, keys.moments[place]

    def _eases(self, i: int, j: int) -> bool:
        """Whether the way to the next prompt has another shape, where there is a next one."""
        last = j + 1 >= len(self.b.keys) or i + 1 >= len(self.a.keys)
        return not last and self.a.keys[i].ease != self.b.keys[j].ease

    def _causes(self, i: int, j: int) -> tuple[str, ...]:
        """The `let`s that a prompt is made of and that changed, if it is written as it was."""
        sides = ((self.pair.a, self.a.keys[i]), (self.pair.b, self.b.keys[j]))
        texts = [" ".join(side.film.sources.slice(key.span).split()) for side, key in sides]
        return changed_lets(self.pair, self.scene, texts[1]) if texts[0] == texts[1] else ()

    def _tempo(self, group: Sequence[tuple[int, int]]) -> tuple[str, ...]:
        """What moves prompts whose moments are written as they were: the tempo, or the length."""
        written = all(self._relative(self.a, i) == self._relative(self.b, j) for i, j in group)
        return (
            ("bpm", "beats_per_bar", *(f"audio {t.name}" for t in self.pair.b.film.tracks)) if written else ()
        )

    @staticmethod
    def _relative(keys: Keys, place: int) -> tuple[object, ...]:
        at = keys.keys[place].at
        return at.seconds, at.beats, at.from_second

    # --- frames ---

    def _frames(self, bounds: tuple[float, float]) -> NDArray[np.int64]:
        """Frames of b from `bounds[0]` to before `bounds[1]`, both frames of the scene."""
        own, first = self.scene.b.own, self.scene.b.clock.first
        begin = max(0, int(np.ceil(bounds[0] - 1e-9)))
        end = min(own, int(np.ceil(bounds[1] - 1e-9)))
        return np.arange(first + begin, first + max(begin, end), dtype=np.int64)

    def _moved_frames(self, i: int, j: int) -> list[int]:
        """Where a prompt showed or shows: all but the frames at which both films ask for the same."""
        bounds = [self.a.bounds(i), self.b.bounds(j)]
        frames = self._frames((min(x[0] for x in bounds), max(x[1] for x in bounds)))
        return [int(f) for f in frames]


def _ease(ease: Ease) -> str:
    inside = ", ".join(f"{value:g}" for value in ease.arguments)
    return f"`{ease.name}({inside})`" if inside else f"`{ease.name}`"


def _once(pair: Pair, found: Sequence[Change]) -> tuple[Change, ...]:
    """Changes that scenes have in common, because they inherit them, as one."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in found:
        own = change.subject.partition(" of `")[0]
        key = (own, change.kind, change.sentence, change.before, change.after, change.causes)
        groups.setdefault(key, []).append(change)
    return tuple(_united(pair, group) for group in groups.values())


def _united(pair: Pair, group: Sequence[Change]) -> Change:
    if len(group) == 1:
        return group[0]
    frames = sorted({f for change in group for r in change.frames for f in range(r.first, r.last + 1)})
    where: tuple[Range, ...] = ranges(np.array(frames, dtype=np.int64))
    subject = group[0].subject.partition(" of `")[0]
    path = group[0].path.partition(" of ")[0]
    words = pair.timeline.words(where)
    return replace(group[0], subject=subject, path=path, scene="", frames=where, where=words)
