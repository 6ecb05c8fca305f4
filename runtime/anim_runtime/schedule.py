"""In which order frames are made, and which of them pass the model together.

The groups are made once, for what is missing when a run begins, and written into its folder: a run that was
stopped draws every frame in a batch of the size and at the place that it would have had, and so equals the
undisturbed one bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import TypeAlias

#: frames that pass the model together, each at its place; most often one
Group: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What there is to do. `order` are the frames in the order in which one after the other could be made.

    `needs[f]` are the frames that f is made from; `drawn(f)` says whether f passes the model, `kind(f)` what
    frames must have in common to pass it together; `most(f)` is the largest group that f may be in.
    """

    order: Sequence[int]
    needs: Sequence[tuple[int, ...]]
    drawn: Callable[[int], bool]
    kind: Callable[[int], Hashable]
    most: Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Call:
    """The frames of a group that are made now; the others of it are made already, or later."""

    group: Group
    frames: tuple[int, ...]


def groups(work: Work, missing: Collection[int]) -> tuple[Group, ...]:
    """Groups of the missing frames, in an order in which they can be made.

    Of what can be made, frames that do not pass the model come first: a tween as soon as both its ends are
    there. Else the kind of which most frames are ready. Chains that have begun come before others, and long
    ones before short ones, since the film takes as long as its longest chain; then the earlier frame. So
    chains of several scenes advance together, and free frames fill what is left.
    """
    wanted = frozenset(missing)
    order = tuple(f for f in work.order if f in wanted)
    if all(work.most(f) == 1 for f in order):
        return tuple((f,) for f in order)
    return tuple(_Grouping(work, order).groups())


class _Grouping:
    """Frames that become ready as those that they need are made; only while groups are formed."""

    def __init__(self, work: Work, order: tuple[int, ...]) -> None:
        self._work = work
        self._order = order
        self._turn = {frame: turn for turn, frame in enumerate(order)}
        self._waits = {f: sum(n in self._turn for n in work.needs[f]) for f in order}
        self._users: dict[int, list[int]] = {}
        for frame in order:
            for needed in work.needs[frame]:
                self._users.setdefault(needed, []).append(frame)
        #: what is ready, as turns: not drawn, drawn but not looked at yet, drawn by kind
        self._plain: list[int] = []
        self._new: list[int] = []
        self._drawn: dict[Hashable, list[tuple[bool, int, int]]] = {}
        self._behind = self._lengths()

    def groups(self) -> Iterator[Group]:
        """The groups, each of frames that only need those of groups before."""
        for frame, count in self._waits.items():
            if count == 0:
                self._ready(frame)
        while self._plain or self._new or self._drawn:
            group = self._next()
            yield group
            for frame in group:
                for user in self._users.get(frame, ()):
                    self._waits[user] -= 1
                    if self._waits[user] == 0:
                        self._ready(user)

    def _ready(self, frame: int) -> None:
        heappush(self._new if self._work.drawn(frame) else self._plain, self._turn[frame])

    def _next(self) -> Group:
        if self._plain:
            return (self._order[heappop(self._plain)],)
        if len(self._new) == 1 and not self._drawn:
            # the frames of one chain have no company: what kind they are of need not be asked
            return (self._order[self._new.pop()],)
        for turn in self._new:
            frame = self._order[turn]
            begins = not self._work.needs[frame]
            row = (begins, -self._behind[frame], turn)
            heappush(self._drawn.setdefault(self._work.kind(frame), []), row)
        self._new.clear()
        return self._fullest()

    def _fullest(self) -> Group:
        def emptiness(kind: Hashable) -> tuple[int, tuple[bool, int, int]]:
            rows = self._drawn[kind]
            return -min(len(rows), self._most(rows[0])), rows[0]

        kind = min(self._drawn, key=emptiness)
        rows, turns, most = self._drawn[kind], list[int](), len(self._order)
        while rows and len(turns) < most:
            most = min(most, self._most(rows[0]))
            if len(turns) < most:
                turns.append(heappop(rows)[2])
        if not rows:
            del self._drawn[kind]
        return tuple(self._order[turn] for turn in sorted(turns))

    def _most(self, row: tuple[bool, int, int]) -> int:
        return self._work.most(self._order[row[2]])

    def _lengths(self) -> dict[int, int]:
        """How many frames stand one behind the other from each frame on."""
        found: dict[int, int] = {}
        for frame in reversed(self._order):
            found[frame] = 1 + max((found[user] for user in self._users.get(frame, ())), default=0)
        return found


def calls(
    planned: Sequence[Group], done: Collection[int], needs: Sequence[tuple[int, ...]]
) -> Iterator[Call]:
    """What to make next, again and again: groups whose missing frames can all be made, in their order.

    `done` must hold a call's frames before the next one is asked for. A group of which a part has to wait
    for another group (its neighbour was lost since) is made in parts.
    """
    pending = [(group, _missing(group, done)) for group in planned]
    pending = [(group, frames) for group, frames in pending if frames]
    while pending:
        later: list[tuple[Group, tuple[int, ...]]] = []
        for group, frames in pending:
            if all(n < 0 or n in done for f in frames for n in needs[f]):
                yield Call(group, frames)
            else:
                later.append((group, frames))
        if len(later) == len(pending):
            part = next(_parts(later, done, needs))
            yield part
            later = [(group, _missing(group, done)) for group, _ in later]
            later = [(group, frames) for group, frames in later if frames]
        pending = later


def _parts(
    pending: list[tuple[Group, tuple[int, ...]]], done: Collection[int], needs: Sequence[tuple[int, ...]]
) -> Iterator[Call]:
    for group, frames in pending:
        ready = tuple(f for f in frames if all(n < 0 or n in done for n in needs[f]))
        if ready:
            yield Call(group, ready)


def _missing(group: Group, done: Collection[int]) -> tuple[int, ...]:
    return tuple(f for f in group if f not in done)


def split(planned: Sequence[Group], done: Collection[int], most: int) -> tuple[Group, ...]:
    """The groups, those with missing frames cut into pieces of at most `most`."""
    pieces: list[Group] = []
    for group in planned:
        whole = len(group) <= most or not _missing(group, done)
        pieces += [group] if whole else [group[i : i + most] for i in range(0, len(group), most)]
    return tuple(pieces)
