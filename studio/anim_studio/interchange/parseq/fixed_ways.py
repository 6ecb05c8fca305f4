"""`bez` from values, to values and over times that the formula names itself, as a curve of keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from anim_studio.interchange.parseq.easing import control_points
from anim_studio.interchange.parseq.formula import Node, Text
from anim_studio.interchange.parseq.stretches import Key, easing_of, listed
from anim_studio.interchange.parseq.truth import Curve, Section
from anim_studio.interchange.parseq.writing import NoWords, figure

_HANDLES = (0.5, 0.0, 0.5, 1.0)


def fixed_way(
    curve: Curve, section: Section, given: tuple[Node | None, ...], constant: Callable[[Node], float]
) -> str:
    """The keys of `bez(from=0, to=3, in=1b)`: a way from each key of the field on, which is over before the
    next one begins. Raises `NoWords`.
    """
    if given[7] is not None or given[9] is not None:
        raise NoWords
    easing = easing_of(_handles(given, constant))
    start, end, span = (None if node is None else constant(node) for node in given[4:7])
    keys = list(_keys(curve, section, easing, start, end, span))
    return listed([*keys[:-1], Key(keys[-1].frame, keys[-1].value)])


def _handles(
    given: tuple[Node | None, ...], constant: Callable[[Node], float]
) -> tuple[float, float, float, float]:
    if given[8] is not None:
        found = control_points(given[8].value) if isinstance(given[8], Text) else None
        if found is None:
            raise NoWords
        return found
    x1, y1, x2, y2 = (
        default if node is None else constant(node) for node, default in zip(given, _HANDLES, strict=False)
    )
    return x1, y1, x2, y2


def _keys(
    curve: Curve, section: Section, easing: str, start: float | None, end: float | None, span: float | None
) -> Iterator[Key]:
    points, last = curve.setting.points, curve.setting.last
    for at in range(points.active(section.first), len(points.frames)):
        frame = points.frames[at]
        if frame >= section.end:
            return
        value = points.values[at] if start is None else start
        if frame == last:
            yield Key(frame, figure(value).text)
            return
        after = min(at + 1, len(points.frames) - 1)
        long = points.frames[after] - frame if span is None else span
        ends = frame + long
        next_one = points.frames[after] if after > at else last + 1
        if long != int(long) or long < 0 or ends > min(next_one, last):
            raise NoWords
        yield Key(frame, figure(value).text, easing if long else "hold")
        if long and ends < next_one:
            yield Key(int(ends), figure(points.values[after] if end is None else end).text, "hold")
