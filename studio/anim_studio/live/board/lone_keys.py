"""Lists that are no curves: of one key, which the compiler takes for a constant, of tempi and of titles.

The checker's own rule says where: a formula of such keys is asked of the film, and its moments are read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import ceil

from anim_compiler.asking import check_expression
from anim_compiler.clock import FilmClock
from anim_compiler.takes import Take
from anim_compiler.tempo import TempoMap
from anim_compiler.typed import KeyCurve, walk
from anim_dsl.syntax import Text
from anim_studio.live.board.pinned import Pinned
from anim_studio.live.board.written_keys import WrittenKey
from anim_studio.live.version import Version

_FAR = "1000000s"


@dataclass(frozen=True, slots=True)
class _Home:
    """The clock that a list is read by: a scene's, or the film's."""

    scene: str | None
    clock: FilmClock
    first: int
    end: int


def lone_keys(
    version: Version,
    clock: FilmClock,
    grid: Callable[[], TempoMap | None],
    shots: tuple[Take, ...],
    written: Sequence[WrittenKey],
    seen: set[tuple[int, int]],
) -> Iterator[tuple[str, Pinned, WrittenKey]]:
    """Keys of the film's own text that no curve shows, each with the lane that it belongs to."""
    lone = [
        key
        for key in written
        if _is_lone(key) and not key.why_not and (key.key.span.start, key.key.span.end) not in seen
    ]
    for scene, group in groupby(sorted(lone, key=_scene), key=_scene):
        home = _home(scene, clock, shots)
        keys = list(group)
        if home is None:
            continue
        for key, position, frame in _placed(version, home, grid, keys):
            lane = _lane(key)
            yield lane, Pinned(lane, key.key.span, position, frame, ((home.first, home.end),)), key


def _is_lone(key: WrittenKey) -> bool:
    """Whether no curve has the key: a list's only one, a tempo's, or that of a layer's text."""
    is_tempo = key.name == "bpm" and not key.path
    return key.of == 1 or is_tempo or (key.name == "text" and key.path[-1].startswith("layer"))


def _home(scene: str, clock: FilmClock, shots: tuple[Take, ...]) -> _Home | None:
    if not scene:
        return _Home(None, clock, 0, clock.frames)
    take = next((take for take in shots if take.shot.name == scene), None)
    if take is None:
        return None
    return _Home(scene, take.clock, take.clock.first, take.clock.first + take.own)


def _placed(
    version: Version, home: _Home, grid: Callable[[], TempoMap | None], keys: Sequence[WrittenKey]
) -> Iterator[tuple[WrittenKey, float, int]]:
    text = " + ".join(f"({key.time}: {number}, {_FAR}: 0)" for number, key in enumerate(keys, 1))
    chosen = version.choice.variant
    asked = check_expression(version.document, version.world, text, scene=home.scene, variant=chosen)
    if asked.curve is None:
        return
    lists = [node for node in walk(asked.curve.expr) if isinstance(node, KeyCurve)]
    for curve in lists:
        first = curve.keys[0]
        number = int(getattr(first.value, "value", 0))
        if 1 <= number <= len(keys):
            clock = home.clock
            if first.at.beats and clock.grid is None:
                # nothing else in the film counts in beats, so its clock has none
                clock = replace(clock, grid=grid())
            is_text = isinstance(keys[number - 1].key.value, Text)
            place = clock.stands(first.at) if is_text else clock.place(first.at)
            frame = clock.first + ceil(place - (1e-9 if is_text else clock.ahead(first.at)))
            yield keys[number - 1], clock.first + place, min(max(frame, home.first), home.end)


def _scene(key: WrittenKey) -> str:
    """The scene that a list stands in; empty for the film."""
    words = key.path[0].split() if key.path else []
    return words[1] if len(words) > 1 and words[0] == "scene" else ""


def _lane(key: WrittenKey) -> str:
    """What a list is called among the film's curves."""
    if key.is_let:
        return key.name
    path = key.path[1:] if _scene(key) else key.path
    words = path[-1].split() if path else []
    if key.name in ("", "prompt") or words[:1] == ["prompt"]:
        return "negative" if key.name == "negative" else "prompts"
    block = ".".join([words[0], *words[1:2]] if words[:1] == ["layer"] else words[:1])
    return f"{block}.{key.name}" if block else key.name
