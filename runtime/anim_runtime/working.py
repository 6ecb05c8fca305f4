"""What there is to do in a plan: the frames' order, what each needs, which pass the model together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from anim_compiler.frame_table import FrameTable
from anim_compiler.plan import FrameKind, Plan, Template
from anim_compiler.ranges import read_ranges
from anim_runtime.program import Program
from anim_runtime.schedule import Work
from anim_runtime.sources import Sources

#: ops that read another frame's carry
_CHAIN = frozenset({"previous", "next"})


def scene_places(plan: Plan) -> dict[int, tuple[int, int]]:
    """The scene of every frame, and the frame's number in it."""
    return {f: (index, place) for index, s in enumerate(plan.scenes) for place, f in enumerate(s.frames)}


def working_order(plan: Plan, table: FrameTable) -> tuple[int, ...]:
    """The frames in the order they can be made one by one: a tween comes after the later of its two ends.

    With cadence 3: 0, 3, 1, 2, 6, 4, 5. A scene is done before the one it shows through begins.
    """
    places = scene_places(plan)

    def turn(frame: int) -> tuple[tuple[int, int], bool, int]:
        tween = table.kinds[frame] == "tween"
        return (places[table.after[frame] if tween else frame], tween, frame)

    return tuple(sorted(range(plan.made), key=turn))


def makers(order: Sequence[int], keys: Sequence[str]) -> tuple[int, ...]:
    """For every frame the first one, in that order, that is the same picture: it is made for all of them."""
    first: dict[str, int] = {}
    for frame in order:
        first.setdefault(keys[frame], frame)
    return tuple(first[key] for key in keys)


def twins_of(makers: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The frames that are made with each, where there are any."""
    found: dict[int, list[int]] = {}
    for frame, maker in enumerate(makers):
        if frame != maker:
            found.setdefault(maker, []).append(frame)
    return {maker: tuple(frames) for maker, frames in found.items()}


def work(
    plan: Plan,
    table: FrameTable,
    makers: Sequence[int],
    programs: Mapping[tuple[int, FrameKind], Program],
    sources: Sources,
    room: Callable[[], int],
) -> Work:
    """The work of a plan; `room` is how many frames may pass the model at once unless the film says it."""
    places = scene_places(plan)
    said = limits(plan)

    def program(frame: int) -> Program:
        return programs[places[frame][0], table.kinds[frame]]

    def needs(frame: int) -> tuple[int, ...]:
        start = plan.scenes[places[frame][0]].start
        return tuple(sorted({makers[n] for n in read(table, frame, start, program(frame).ops)} - {frame}))

    def kind(frame: int) -> tuple[object, ...]:
        return tuple(sources.kind(op, at(frame), frame) for op, at in program(frame).asks)

    return Work(
        order=working_order(plan, table),
        needs=[needs(frame) for frame in range(plan.made)],
        drawn=lambda frame: any(sources.takes_steps(op, at(frame)) for op, at in program(frame).asks),
        kind=kind,
        most=lambda frame: said[places[frame][0]] or room(),
    )


def read(table: FrameTable, frame: int, start: int, ops: Collection[str]) -> Iterator[int]:
    """The frames that a frame of a scene from `start` on is made from by those ops, itself perhaps."""
    others = {"previous": table.before[frame], "next": table.after[frame], "first": start}
    return (other for op, other in others.items() if op in ops and other >= 0)


def limits(plan: Plan) -> tuple[int, ...]:
    """How many frames of each scene may pass the model at once: what the film says, or 0.

    The plan says it with the templates that wait for no other frame. A scene without one goes on from the
    scene before and is like it.
    """
    found: list[int] = []
    for scene in plan.scenes:
        free = [t.batch for t in scene.templates.values() if is_free(t)]
        found.append(free[0] if free else found[-1] if found else 1)
    return tuple(found)


def side_by_side(plan: Plan, missing: Collection[int]) -> int:
    """How many of the missing frames can be made without each other: of a scene those that wait for none,
    or the one with which its chain goes on.
    """
    wanted, count = frozenset(missing), 0
    for scene in plan.scenes:
        free = [read_ranges(t.frames) for t in scene.templates.values() if is_free(t)]
        alone = sum(frame in wanted for frames in free for frame in frames)
        count += max(alone, any(frame in wanted for frame in scene.frames))
    return count


def is_free(template: Template) -> bool:
    """Whether the carry of a template is made without another frame's."""
    stack, seen = [template.carry], set[int]()
    while stack:
        place = stack.pop()
        if place not in seen:
            seen.add(place)
            stack.extend(template.nodes[place].inputs)
    return not any(template.nodes[place].op in _CHAIN for place in seen)
